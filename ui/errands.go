package ui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Effects that neither ask the bus nor draw. The screen and the plain lines do them
// alike, each beside its own way.

// JudgeWatch asks the expression of a watch about its value.
func JudgeWatch(e model.JudgeWatch) model.WatchJudged {
	said := model.WatchJudged{Watch: e.Watch, Gen: e.Gen}
	code, wrong := readJQ(e.Expr)
	if code == nil {
		said.Fault = wrong
		return said
	}
	var out model.Judged
	said.Holds = ask(code, e.Value, &out).Keep
	if said.Fault = out.Stopped; said.Fault == "" && out.Failure != "" {
		said.Fault = "jq: " + out.Failure
	}
	return said
}

// FaultOfJQ says why an expression can't be read, and where; empty when it can.
func FaultOfJQ(text string) string {
	_, wrong := readJQ(text)
	return wrong
}

// KeepCalls keeps a call, or forgets some. Without histories it does nothing.
func KeepCalls(h Histories, e model.Effect) func() error {
	if h == nil {
		return func() error { return nil }
	}
	var do func() error
	switch e := e.(type) {
	case model.Keep:
		kept := *e.Record // it may get a late answer meanwhile
		do = func() error { return h.Keep(&kept) }
	case model.Unkeep:
		do = func() error { return h.Forget(e.IDs...) }
	default:
		do = func() error { return nil }
	}
	return func() error {
		if err := do(); err != nil {
			return fmt.Errorf("the history is not kept: %w", err)
		}
		return nil
	}
}

// CopyText copies a text, and says how it went.
func CopyText(to Clipboard, e model.Copy) string {
	if to == nil {
		return "not copied: this terminal takes no clipboard text"
	}
	way, err := to.Copy(e.Text)
	if err != nil {
		return "not copied: " + err.Error()
	}
	said := fmt.Sprintf("copied %s, %s, %s", e.What, model.Bytes(len(e.Text)), way)
	if n := screen.Controls(e.Text); n > 0 {
		said += fmt.Sprintf(", with %s", model.Count(n, "control character"))
	}
	return said
}

// WriteExport writes a document, and says where it is. told is told how far it has
// come. The error is fs.ErrExist where a file is there already that is not to be
// written over.
func WriteExport(disk Disk, e model.Export, told func(string)) (string, error) {
	total, last := e.Doc.Len(), 0
	path, size, err := disk.Write(e.File, e.Over, func(w io.Writer) error {
		step := func(done int) error {
			if percent := done * 100 / max(total, 1); percent >= last+10 {
				last = percent
				told(fmt.Sprintf("exporting %s: %d %%", e.Doc.Title(), percent))
			}
			return nil
		}
		if e.CSV {
			return e.Doc.CSV(w, step)
		}
		return e.Doc.JSONLines(w, step)
	})
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", err
	case err != nil:
		return "", fmt.Errorf("not exported: %w", err)
	}
	return fmt.Sprintf("exported %s, %s, to %s", model.Count(total, "row"), model.Bytes(int(size)), path), nil
}

// AsCommand writes the command of ours that asks the same, AsJavaScript and AsGo write
// it for the official client and for the library of ours, as a program that runs at once.
func AsCommand(q Question, streaming bool, url string) string { return asCommand(q, streaming, url) }

// AsJavaScript is described at [AsCommand].
func AsJavaScript(q Question, streaming bool, at model.Connection) string {
	return asJavaScript(q, streaming, at)
}

// AsGo is described at [AsCommand].
func AsGo(q Question, streaming bool, at model.Connection) string { return asGo(q, streaming, at) }

// BestOf is the server that target best takes of those that offer a method; nil for
// none.
func BestOf(m *model.Method) *model.Server {
	for _, o := range m.Offers {
		if o.Server.Instance.Local {
			return o.Server
		}
	}
	if len(m.Offers) > 0 {
		return m.Offers[0].Server
	}
	return nil
}
