package ui

import "ioscope/model"

// exportOf makes the dialog for a page, with a name for its file.
func (a *App) exportOf(title, stem string) *exportDialog {
	return &exportDialog{title: title, stem: model.FileStem(stem + "-" + a.state.Now.Format("20060102-150405"))}
}

func (d *exportDialog) add(words string, doc func() model.Document) {
	d.parts = append(d.parts, exportPart{words, doc})
}

// exportFeed exports what happened: what is shown of it first, where that is less.
func (a *App) exportFeed(f *model.Chronicle) *exportDialog {
	all, shown := len(f.Entries()), len(a.state.Lists[model.Feed].Rows())
	if all == 0 {
		return nil
	}
	d, s := a.exportOf("the feed", "feed"), a.state
	if shown > 0 && shown < all {
		d.add("what is shown, "+model.Count(shown, "line"), func() model.Document { return s.FeedDocument(false) })
	}
	d.add("all that is kept, "+model.Count(all, "line"), func() model.Document { return s.FeedDocument(true) })
	return d
}

// exportLens exports the groups of a lens as they are now, what was private, and
// the true branches where they are known.
func (a *App) exportLens(l *model.Lens) *exportDialog {
	v := l.View(a.state.Now)
	d := a.exportOf("branches of "+l.Def.Name, l.Def.Name+"-branches")
	for _, p := range []struct {
		words, one string
		doc        *model.TableDocument
	}{
		{"the groups", "subscription", l.GroupsDocument(v)},
		{"the private events", "event", l.PrivateDocument(v)},
		{"the true branches", "line", l.TruthDocument(v)},
	} {
		if n := p.doc.Len(); n > 0 {
			d.add(p.words+", "+model.Count(n, p.one), func() model.Document { return p.doc })
		}
	}
	if len(d.parts) == 0 {
		return nil
	}
	return d
}
