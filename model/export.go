package model

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"ioscope/client/bus"
)

// Export writes a document to a file. Nothing is written over unless Over says so.
type Export struct {
	File string
	Over bool
	CSV  bool
	Doc  Document
}

func (Export) effect() {}

// Document is something that can be written to a file: as JSON lines, one value a
// line, or as CSV. It is a copy, so that it can be written beside the screen.
type Document interface {
	// Title says what it is, Len how many lines it has without a heading.
	Title() string
	Len() int
	// JSONLines and CSV write it; step is told how many lines are done, and ends
	// the writing with an error.
	JSONLines(w io.Writer, step func(done int) error) error
	CSV(w io.Writer, step func(done int) error) error
}

// stepRows is how often step is called.
const stepRows = 500

// RowsDocument are rows of a stream.
type RowsDocument struct {
	Stream string
	Rows   []TailRow
	// Columns are the fields that CSV has columns for; nil is every field that occurs.
	Columns []*Field
	// Server names a publisher.
	Server map[bus.PeerID]string
}

// Title says what it is.
func (d *RowsDocument) Title() string { return "rows of " + d.Stream }

// Len counts the rows.
func (d *RowsDocument) Len() int { return len(d.Rows) }

// exportTime is how times are written: in full, to the nanosecond that is known.
const exportTime = "2006-01-02T15:04:05.000000000Z07:00"

// exportedRow is a row as a line of JSON.
type exportedRow struct {
	N         uint64          `json:"n"`
	Time      string          `json:"time"`
	Publisher string          `json:"publisher,omitempty"`
	Private   bool            `json:"private,omitempty"`
	Snapshot  bool            `json:"snapshot,omitempty"`
	Sequence  json.RawMessage `json:"sequence,omitempty"`
	Gap       string          `json:"gap,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`
	Text      string          `json:"text,omitempty"`
}

// JSONLines writes a line for each event and each gap, payloads as they came or as
// an expression made them.
func (d *RowsDocument) JSONLines(w io.Writer, step func(int) error) error {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	for i := range d.Rows {
		r := &d.Rows[i]
		out := exportedRow{
			N: r.N, Time: r.At.Format(exportTime), Publisher: d.Server[r.Server], Private: r.Private, Snapshot: r.Snapshot,
			Sequence: json.RawMessage(r.Sequence), Gap: r.Gap,
		}
		if data := r.Payload(); json.Valid(data) {
			out.Data = data
		} else {
			out.Text = string(data)
		}
		line.Reset()
		if err := enc.Encode(out); err != nil {
			return err
		}
		if _, err := w.Write(line.Bytes()); err != nil {
			return err
		}
		if err := told(step, i); err != nil {
			return err
		}
	}
	return nil
}

func told(step func(int) error, i int) error {
	if step == nil || (i+1)%stepRows != 0 {
		return nil
	}
	return step(i + 1)
}

// TableDocument is a table that was made already: of results, for example. Cells
// are JSON; nil is nothing.
type TableDocument struct {
	Name  string
	Heads []string
	Lines [][]json.RawMessage
}

// Title says what it is.
func (d *TableDocument) Title() string { return d.Name }

// Len counts the lines.
func (d *TableDocument) Len() int { return len(d.Lines) }

// JSONLines writes each line as an object.
func (d *TableDocument) JSONLines(w io.Writer, step func(int) error) error {
	for i, cells := range d.Lines {
		var line bytes.Buffer
		line.WriteByte('{')
		for k, cell := range cells {
			if cell == nil || k >= len(d.Heads) {
				continue
			}
			if line.Len() > 1 {
				line.WriteByte(',')
			}
			name, err := json.Marshal(d.Heads[k])
			if err != nil {
				return err
			}
			line.Write(name)
			line.WriteByte(':')
			if json.Compact(&line, cell) != nil {
				text, err := json.Marshal(string(cell))
				if err != nil {
					return err
				}
				line.Write(text)
			}
		}
		line.WriteString("}\n")
		if _, err := w.Write(line.Bytes()); err != nil {
			return err
		}
		if err := told(step, i); err != nil {
			return err
		}
	}
	return nil
}

// CSV writes each line as cells, texts without their quotes.
func (d *TableDocument) CSV(w io.Writer, step func(int) error) error {
	return csvLines(w, d.Heads, len(d.Lines), func(i int) []string {
		line := make([]string, len(d.Heads))
		for k, cell := range d.Lines[i] {
			if k < len(line) {
				line[k] = csvCell(bytes.TrimSpace(cell))
			}
		}
		return line
	}, func(i int) error { return told(step, i) })
}

// ResultsDocument is what the servers answered, a line each.
func (t *Thing) ResultsDocument() *TableDocument {
	d := &TableDocument{Name: "results of " + t.Def.Name, Heads: []string{"server", "ok", "ms", "value", "error"}}
	for _, a := range t.Results.Answers {
		if a.Pending {
			continue
		}
		line := []json.RawMessage{jsonString(a.Server.Name()), json.RawMessage(strconv.FormatBool(a.Err == nil)), json.RawMessage(strconv.FormatInt(a.Took.Milliseconds(), 10)), a.Value, nil}
		if a.Err != nil {
			line[3], line[4] = nil, jsonString(a.Err.Error())
		}
		d.Lines = append(d.Lines, line)
	}
	return d
}

// ComparedDocument are the values of all servers beside each other, a line for
// each place in them.
func (t *Thing) ComparedDocument() *TableDocument {
	d := &TableDocument{Name: "comparison of " + t.Def.Name, Heads: []string{"path", "differs"}}
	c := t.Results.Compared
	for _, column := range c.Columns {
		d.Heads = append(d.Heads, column.Title)
	}
	for _, r := range c.rows {
		line := []json.RawMessage{jsonString(r.Path), json.RawMessage(strconv.FormatBool(r.Differs))}
		d.Lines = append(d.Lines, append(line, r.Cells...))
	}
	return d
}

func jsonString(s string) json.RawMessage {
	text, _ := json.Marshal(s) //nolint:errchkjson // a string always can be
	return text
}

// RowsDocument copies the rows of a stream: those that are shown, with the columns
// that were chosen where those are on the screen, or all that are kept.
func (s *State) RowsDocument(t *Thing, all bool) *RowsDocument {
	d := &RowsDocument{Stream: t.Def.Name, Server: map[bus.PeerID]string{}}
	if all {
		d.Rows = t.Tail.All()
		for i := range d.Rows {
			d.Rows[i].Shaped = nil
		}
	} else {
		if t.ChosenColumns() > 0 {
			d.Columns = t.ColumnFields()
		}
		t.Tail.ArrangeAll()
		d.Rows = t.Tail.Window(0, t.Tail.Len())
	}
	for i := range d.Rows {
		peer := d.Rows[i].Server
		if _, ok := d.Server[peer]; ok || peer == "" {
			continue
		}
		d.Server[peer] = string(peer)
		if name := s.Dir.NameOf(peer); name != "" {
			d.Server[peer] = name
		}
	}
	return d
}

// All returns all rows that are kept, whatever the filter.
func (t *Tail) All() []TailRow {
	rows := make([]TailRow, t.size())
	for i := range rows {
		rows[i] = *t.at(t.first + uint64(i))
	}
	return rows
}

// FileStem makes of a name what a file can be called.
func FileStem(name string) string {
	stem := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	if stem = strings.Trim(stem, "-."); stem == "" {
		return "export"
	}
	return stem[:min(len(stem), 80)]
}
