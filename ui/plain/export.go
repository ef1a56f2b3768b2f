package plain

import (
	"slices"
	"strings"

	"ioscope/model"
)

// export writes something to a file, as JSON lines or CSV.
func (x *explorer) export(words []string) error {
	const examples = "export 1 prices.csv, export 1 shown, export history, export feed and export branches MarketData.Prices are examples"
	if len(words) == 0 {
		return problemf(examples, "export what?")
	}
	if x.o.Disk == nil {
		return problemf("", "nothing can be written here")
	}
	x.now()
	doc, stem, rest, err := x.document(words)
	if err != nil {
		return err
	}
	if doc == nil || doc.Len() == 0 {
		return problemf("", "nothing to export yet")
	}
	csv, file := false, ""
	for _, w := range rest {
		switch {
		case w == "csv":
			csv = true
		case w == "json" || w == "to" || w == "as":
		case file == "":
			file = w
			csv = csv || strings.HasSuffix(strings.ToLower(w), ".csv")
		default:
			return problemf(examples, "not understood: %q", w)
		}
	}
	if file == "" {
		ending := ".jsonl"
		if csv {
			ending = ".csv"
		}
		file = x.o.Disk.Free(model.FileStem(stem+"-"+x.state.Now.Format("20060102-150405")), ending)
	}
	x.run([]model.Effect{model.Export{File: file, CSV: csv, Doc: doc}})
	return nil
}

// take takes a word out of a list.
func take(words []string, word string) ([]string, bool) {
	i := slices.Index(words, word)
	if i < 0 {
		return words, false
	}
	return slices.Delete(slices.Clone(words), i, i+1), true
}

// document is what is exported, with a name for its file.
func (x *explorer) document(words []string) (doc model.Document, stem string, rest []string, err error) {
	rest = words[1:]
	switch words[0] {
	case "history":
		return model.HistoryDocument(x.state.History), "history", rest, nil
	case "feed":
		return x.state.FeedDocument(true), "feed", rest, nil
	case "branches":
		if len(rest) == 0 {
			return nil, "", nil, problemf("export branches MarketData.Prices is an example", "of which stream?")
		}
		list, err := x.offered(rest[0], true)
		if err != nil {
			return nil, "", nil, err
		}
		l := x.state.LensOf(list[0].ID)
		if l == nil {
			return nil, "", nil, problemf("branches "+rest[0]+" looks at them first", "the branches were not looked at")
		}
		v, stem := l.View(x.state.Now), l.Def.Name+"-branches"
		rest = rest[1:]
		if more, ok := take(rest, "private"); ok {
			return l.PrivateDocument(v), stem, more, nil
		}
		if more, ok := take(rest, "truth"); ok {
			return l.TruthDocument(v), stem, more, nil
		}
		return l.GroupsDocument(v), stem, rest, nil
	}
	k, rest, err := x.one(words, anything, "call or subscription")
	if err != nil {
		return nil, "", nil, err
	}
	t := k.thing
	stem = t.Def.Name
	if t.Stream() {
		x.settle()
		rest, shown := take(rest, "shown")
		rest, _ = take(rest, "all")
		return x.state.RowsDocument(t, !shown), stem, rest, nil
	}
	if more, ok := take(rest, "compared"); ok {
		if len(t.Results.Answers) < 2 {
			return nil, "", nil, problemf("", "only one server answers this call")
		}
		t.Results.ToggleCompared()
		doc := t.ComparedDocument()
		t.Results.ToggleCompared()
		return doc, stem, more, nil
	}
	return t.ResultsDocument(), stem, rest, nil
}
