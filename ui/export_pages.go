package ui

import "ioscope/model"

// exportOf makes the dialog for a page, with a name for its file.
func (a *App) exportOf(title, stem string) *exportDialog {
	return &exportDialog{title: title, stem: model.FileStem(stem + "-" + a.state.Now.Format("20060102-150405"))}
}

func (d *exportDialog) add(words, noun string, count func() int, doc func() model.Document) {
	d.parts = append(d.parts, exportPart{words, noun, count, "", doc})
}

// exportFeed exports what happened: what is shown of it first, where that is less.
func (a *App) exportFeed(f *model.Chronicle) *exportDialog {
	s := a.state
	all := func() int { return len(f.Entries()) }
	shown := func() int { return len(s.Lists[model.Feed].Rows()) }
	if all() == 0 {
		return nil
	}
	d := a.exportOf("the feed", "feed")
	if n := shown(); n > 0 && n < all() {
		d.add("what is shown", "line", shown, func() model.Document { return s.FeedDocument(false) })
	}
	d.add("all that is kept", "line", all, func() model.Document { return s.FeedDocument(true) })
	return d
}

// exportLens exports the groups of a lens as they are when it is asked for, what was private, and
// the true branches where they are known.
func (a *App) exportLens(l *model.Lens) *exportDialog {
	v := l.View(a.state.Now)
	d := a.exportOf("branches of "+l.Def.Name+" as of "+a.state.Now.Format("15:04:05"), l.Def.Name+"-branches")
	for _, p := range []struct {
		words, one string
		doc        *model.TableDocument
	}{
		{"the groups", "subscription", l.GroupsDocument(v)},
		{"the private events", "event", l.PrivateDocument(v)},
		{"the true branches", "line", l.TruthDocument(v)},
	} {
		if n := p.doc.Len(); n > 0 {
			d.add(p.words+", "+model.Count(n, p.one), "", nil, func() model.Document { return p.doc })
		}
	}
	if len(d.parts) == 0 {
		return nil
	}
	return d
}
