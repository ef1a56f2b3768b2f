package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"ioscope/ui/screen"
)

// clean makes a string from the bus safe to print on one line.
func clean(s string) string { return screen.Clean(s).String() }

// printLines prints a text that may have several lines, each sanitized; the
// first line gets the lead, the others are indented below it.
func printLines(w io.Writer, lead, text string) {
	for _, line := range screen.CleanLines(text) {
		fmt.Fprintf(w, "%s%s\n", lead, line)
		lead = strings.Repeat(" ", len(lead))
	}
}

// note prints a remark: nothing failed, and a person may want to know it.
func note(w io.Writer, format string, args ...any) {
	printLines(w, "note: ", fmt.Sprintf(format, args...))
}

// pretty lays a JSON value out over lines for people, each line sanitized.
func pretty(value json.RawMessage, indent string) string {
	var b bytes.Buffer
	if json.Indent(&b, value, indent, "  ") != nil {
		return indent + clean(string(value))
	}
	lines := screen.CleanLines(indent + b.String())
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.String()
	}
	return strings.Join(out, "\n")
}

// oneLine puts a JSON value on one line without touching any other byte: line
// breaks in JSON stand only between its words, where a blank means the same.
func oneLine(value json.RawMessage) json.RawMessage {
	if len(value) == 0 {
		return json.RawMessage("null")
	}
	if bytes.IndexByte(value, '\n') < 0 && bytes.IndexByte(value, '\r') < 0 {
		return value
	}
	return bytes.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, value)
}

// object is a JSON object being written, member by member, so that values from
// the bus keep their bytes: encoding/json would compact and escape them.
type object struct{ b []byte }

func (o *object) key(name string) *object {
	if len(o.b) == 0 {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = appendJSON(o.b, name)
	o.b = append(o.b, ':')
	return o
}

// set adds a member with the JSON of a value of ours.
func (o *object) set(name string, value any) *object {
	o.key(name)
	o.b = appendJSON(o.b, value)
	return o
}

// raw adds a member with JSON as it came; null when there is none.
func (o *object) raw(name string, value json.RawMessage) *object {
	o.key(name)
	o.b = append(o.b, oneLine(value)...)
	return o
}

// entry begins a line of what happens over time.
func entry(at time.Time, event string) *object {
	return (&object{}).set("time", at.Format(time.RFC3339Nano)).set("event", event)
}

// bytes returns the whole object.
func (o *object) bytes() []byte {
	if len(o.b) == 0 {
		return []byte("{}")
	}
	return append(o.b, '}')
}

// line returns the whole object as a line of its own.
func (o *object) line() []byte { return append(o.bytes(), '\n') }

// array puts JSON values side by side.
func array(values [][]byte) json.RawMessage {
	return append(append([]byte{'['}, bytes.Join(values, []byte{','})...), ']')
}

// appendJSON appends v without escaping <, > and &, which are common in
// signatures and mean nothing in a terminal.
func appendJSON(b []byte, v any) []byte {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return append(b, "null"...)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// alignUpTo is how wide a cell may be to be aligned. A longer one is printed
// whole and pushes the rest of its row on, since a table may be read by grep too.
const alignUpTo = 40

// printTable prints rows in aligned columns, two blanks apart. Cells are
// sanitized here; numbers names the columns that are aligned to the right.
func printTable(w io.Writer, head []string, rows [][]string, numbers ...int) error {
	width := make([]int, len(head))
	cells := make([][]screen.Text, 0, len(rows)+1)
	for _, row := range append([][]string{head}, rows...) {
		line := make([]screen.Text, len(row))
		for i, s := range row {
			line[i] = screen.Clean(s)
			if n := line[i].Width(); n <= alignUpTo {
				width[i] = max(width[i], n)
			}
		}
		cells = append(cells, line)
	}
	right := make([]bool, len(head))
	for _, i := range numbers {
		right[i] = true
	}
	out := bufio.NewWriter(w)
	for _, line := range cells {
		_, _ = out.WriteString(tableLine(line, width, right))
	}
	return out.Flush()
}

func tableLine(line []screen.Text, width []int, right []bool) string {
	var b strings.Builder
	for i, t := range line {
		pad := strings.Repeat(" ", max(0, width[i]-t.Width()))
		if i > 0 {
			b.WriteString("  ")
		}
		if right[i] {
			b.WriteString(pad + t.String())
		} else {
			b.WriteString(t.String() + pad)
		}
	}
	return strings.TrimRight(b.String(), " ") + "\n"
}

// duration prints how long something took, or may take, as the screen does.
func duration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d%time.Second == 0 && d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return d.Round(time.Second).String()
}

// plural counts things: 1 server, 2 servers.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
