package interval

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"testing"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// line is a line of a recording: something that was said over the socket, or
// something else that happened.
type line struct {
	n    int
	Dir  string
	T    int // ms
	Data string
	M    *struct {
		WS      string            `json:"_ws"`
		HTTP    string            `json:"_http"`
		Code    int               `json:"code"`
		Status  int               `json:"status"`
		Reason  string            `json:"reason"`
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	}
	frame json.RawMessage // M, where it is a frame of a strange shape
}

func (l *line) byHost() bool { return l.Dir == "h>s" }

func (l *line) is(event string) bool { return l.M != nil && l.M.WS == event }

func readRecording(t *testing.T, file string) (lines []*line, endpoint string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if at := regexp.MustCompile(`http://([^/"\\]+)/dashboard`).FindSubmatch(text); at != nil {
		endpoint = "ws://" + string(at[1]) + "/websocket"
	}
	scan := bufio.NewScanner(bytes.NewReader(text))
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		l := &line{n: len(lines) + 1}
		var raw struct{ M json.RawMessage }
		if err := errors.Join(json.Unmarshal(scan.Bytes(), l), json.Unmarshal(scan.Bytes(), &raw)); err != nil {
			t.Fatalf("line %d: %v", l.n, err)
		}
		if l.M != nil && l.M.WS == "" && l.M.HTTP == "" {
			l.frame = raw.M
		}
		lines = append(lines, l)
	}
	return lines, endpoint
}

// postponed puts lines after others.
func postponed(lines []*line, later map[int]int) []*line {
	for n, after := range later {
		at := slices.IndexFunc(lines, func(l *line) bool { return l.n == n })
		moved := lines[at]
		lines = slices.Delete(slices.Clone(lines), at, at+1)
		at = slices.IndexFunc(lines, func(l *line) bool { return l.n == after })
		lines = slices.Insert(lines, at+1, moved)
	}
	return lines
}

// pinged is a connection whose pings the player answers as recorded.
type pinged struct {
	wire.Conn
	pings chan chan struct{}
}

func (c *pinged) Ping(ctx context.Context) error {
	pong := make(chan struct{})
	c.pings <- pong
	select {
	case <-pong:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func answerOf(status int, body []byte) *http.Response {
	w := &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, ProtoMajor: 1, ProtoMinor: 1}
	w.Body = io.NopCloser(bytes.NewReader(body))
	return w
}

// comparable is what a call says, the texts inside read, without ids and times.
func comparable(t *testing.T, data json.RawMessage) (v schema.Record, id, key string) {
	t.Helper()
	if err := schema.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for i, m := range v {
		text, isText := m.Value.(string)
		switch {
		case m.Name == "timestamp":
			v[i].Value = nil
		case isText && slices.Contains([]string{"ioCall", "result", "page"}, m.Name):
			inner, err := schema.Decode([]byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			v[i].Value = inner
			drawn := inner.(schema.Record)
			if children, ok := drawn.Get("children"); ok && children != nil {
				drawn = children.(schema.Record)
			}
			for j, n := range drawn {
				if n.Name == "id" {
					id, drawn[j].Value = n.Value.(string), nil
				}
				if n.Name == "inputGroupKey" {
					key, drawn[j].Value = n.Value.(string), nil
				}
			}
		}
	}
	return stripped(v).(schema.Record), id, key
}

// stripped leaves out what is null, as absence says the same, and the notes that
// say that it is undefined.
func stripped(v any) any {
	switch v := v.(type) {
	case schema.Record:
		out := schema.Record{}
		for _, m := range v {
			if m.Value = stripped(m.Value); !saysNothing(m) {
				out = append(out, m)
			}
		}
		return out
	case schema.List:
		for i := range v {
			v[i] = stripped(v[i])
		}
	}
	return v
}

// saysNothing reports a field that means the same as its absence.
func saysNothing(m schema.Member) bool {
	switch v := m.Value.(type) {
	case schema.Record:
		return len(v) == 0 && slices.Contains([]string{"multipleProps", "values", "propsMeta", "meta"}, m.Name)
	case schema.List:
		return len(v) == 1 && v[0] == "undefined"
	case string:
		return m.Name == "layout" && v == schema.LayoutGrid // the usual one, which the SDK forgets when a value comes late
	case bool:
		return v && (m.Name == "isSortable" || m.Name == "isFilterable")
	}
	return schema.Missing(m.Value)
}

// unworded leaves out what a failure says, and what follows a long text.
func unworded(v schema.Record) schema.Record {
	for i, m := range v {
		if line, ok := m.Value.(string); ok && m.Name == "data" && len(line) > maxLine {
			v[i].Value = line[:maxLine]
		}
	}
	result, _ := v.Get("result")
	inner, _ := result.(schema.Record)
	for i, m := range inner {
		if m.Name == "data" && m.Value != nil {
			inner[i].Value = "failed"
		}
	}
	return v
}

// bodyOf reads a request, without its time.
func bodyOf(t *testing.T, text []byte) any {
	t.Helper()
	v, err := schema.Decode(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range v.(schema.Record) {
		if m.Name == "createdAt" {
			v.(schema.Record)[i].Value = nil
		}
	}
	return stripped(v)
}
