package plain

import (
	"strings"

	"ioscope/model"
)

// tellNotice says what the model told the footer while it took in what was heard, where
// no line of ours tells the same.
func (x *explorer) tellNotice() {
	text := x.state.Notice.Text
	x.state.Notice.Text = ""
	if strings.HasPrefix(text, "a late answer") {
		x.say("history: " + text)
		return
	}
	for _, c := range x.state.Saves().Library.Calls {
		if c.Calls != nil && strings.HasPrefix(text, c.Path) {
			x.tellTalks() // what its calls returned comes first
			x.say(inPlainWords(text))
			return
		}
	}
}

// recall reads the calls of earlier runs.
func (x *explorer) recall() {
	h := x.o.Histories
	if h == nil {
		return
	}
	x.beside(func() func() {
		records, err := h.Load()
		return func() {
			if err != nil {
				x.say("history: " + err.Error())
			}
			x.run(x.state.Apply([]model.Input{model.Recalled{Records: records}}, x.o.Now()))
		}
	})
}

// rowWords tell the payload of a row: what an expression made of it, or the fields
// that were chosen.
func rowWords(t *model.Thing, row *model.TailRow) string {
	data := row.Payload()
	if t.View.Kind != model.ColumnsView || len(t.View.Columns) == 0 {
		return sentence(data)
	}
	var parts []string
	for _, f := range t.ColumnFields() {
		if raw := f.Steps.In(data); raw != nil {
			parts = append(parts, model.PathName(f.Path)+" "+sentence(raw))
		}
	}
	if len(parts) == 0 {
		return "none of the fields that were chosen"
	}
	return strings.Join(parts, ", ")
}
