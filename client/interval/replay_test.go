package interval

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// The files in testdata are conversations that were recorded between the real SDK
// and a runner. The tests here play the runner's side to our host, whose actions do
// what those of the recorded host did, and compare what comes back, frame by frame.
// Ids differ from run to run and are bound to each other as they appear; times and
// what is null or undefined are left out.

func ptr[T any](v T) *T { return &v }

type handlerFunc = func(ctx context.Context, tx *Transaction) (any, error)

// asks is an action that asks one thing and returns it.
func asks[T any](make func(io *IO) *Promise[T]) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		return make(tx.IO).Await(ctx)
	}
}

// told is an action that returns something else than what it asked.
func told[T any](make func(io *IO) *Promise[T], tell func(T) any) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		v, err := make(tx.IO).Await(ctx)
		return tell(v), err
	}
}

func names(slugs ...string) (out []Action) {
	for _, s := range slugs {
		out = append(out, Action{Slug: s})
	}
	return out
}

var title = asks(func(io *IO) *Promise[string] {
	return io.Input.Text("Title", schema.InputText{HelpText: "Shown under the field", Placeholder: "Type here", DefaultValue: ptr("draft"), MinLength: 3, MaxLength: 20})
})

// conversation are the actions of a recorded host.
type conversation struct {
	offers  []Action
	actions map[string]handlerFunc
	not     []string // transactions in which our host means to differ
}

// conversations are by the file with the recording; see also more.
var conversations = map[string]conversation{
	"group-validation": {offers: names("group_validate", "validate_single"), actions: map[string]handlerFunc{
		"group_validate": func(ctx context.Context, tx *Transaction) (any, error) {
			low := tx.IO.Input.Number("Low", schema.InputNumber{}).Validate(func(n float64) string {
				if n < 0 {
					return "Must not be negative"
				}
				return ""
			})
			high := tx.IO.Input.Number("High", schema.InputNumber{})
			_, err := tx.IO.Group(low, high).Validate(func() string {
				if low.Value() > high.Value() {
					return "Low must be at most High"
				}
				return ""
			}).Await(ctx)
			return map[string]float64{"a": low.Value(), "b": high.Value()}, err
		},
		"validate_single": asks(func(io *IO) *Promise[string] {
			return io.Input.Text("Code", schema.InputText{}).Validate(func(s string) string {
				if !strings.HasPrefix(s, "A") {
					return "Must start with A"
				}
				return ""
			})
		}),
	}},
	"confirm": {offers: names("in_text", "confirm", "confirm_identity", "credentials"), actions: map[string]handlerFunc{
		"in_text": title,
		"confirm": asks(func(io *IO) *Promise[bool] { return io.Confirm("Delete it?", "This **cannot** be undone.") }),
		"confirm_identity": asks(func(io *IO) *Promise[bool] {
			return io.ConfirmIdentity("Sensitive", schema.ConfirmIdentity{GracePeriodMs: 60000})
		}),
		"credentials": asks(func(io *IO) *Promise[schema.Login] {
			return io.Experimental.Credentials("calendar", schema.Credentials{})
		}),
	}},
	"inputs": {offers: names("in_text", "in_text_multiline", "in_email", "in_number", "in_currency", "in_slider", "in_url", "in_boolean",
		"in_boolean_default", "in_rich_text", "in_date", "in_time", "in_datetime", "in_file", "in_file_presigned", "in_file_multiple",
		"in_spreadsheet", "in_disabled"), actions: map[string]handlerFunc{
		"in_text": title,
		"in_text_multiline": asks(func(io *IO) *Promise[string] {
			return io.Input.Text("Notes", schema.InputText{Multiline: true, Lines: 4})
		}),
		"in_email": asks(func(io *IO) *Promise[string] {
			return io.Input.Email("Email", schema.InputEmail{Placeholder: "you@example.test"})
		}),
		"in_number": asks(func(io *IO) *Promise[float64] {
			return io.Input.Number("Quantity", schema.InputNumber{Min: ptr(1.0), Max: ptr(10.0), DefaultValue: ptr(2.0)})
		}),
		"in_currency": asks(func(io *IO) *Promise[float64] {
			return io.Input.Number("Amount", schema.InputNumber{Min: ptr(1.0), Prepend: "€", Decimals: 2, Currency: "EUR"})
		}),
		"in_slider": asks(func(io *IO) *Promise[float64] {
			return io.Input.Slider("Volume", schema.InputSlider{Max: 11, Step: 0.5, DefaultValue: ptr(3.0)})
		}),
		"in_url": told(func(io *IO) *Promise[string] {
			return io.Input.URL("Callback", schema.InputURL{AllowedProtocols: []string{"https"}})
		}, func(s string) any { return map[string]string{"type": "URL", "href": s} }),
		"in_boolean": asks(func(io *IO) *Promise[bool] {
			return io.Input.Boolean("Send receipt?", schema.InputBoolean{HelpText: "By email"})
		}),
		"in_boolean_default": asks(func(io *IO) *Promise[bool] {
			return io.Input.Boolean("On by default", schema.InputBoolean{DefaultValue: ptr(true)})
		}),
		"in_rich_text": asks(func(io *IO) *Promise[string] {
			return io.Input.RichText("Body", schema.InputRichText{DefaultValue: ptr("<p>Hello</p>")})
		}),
		"in_date": told(func(io *IO) *Promise[schema.Date] {
			return io.Input.Date("Start", schema.InputDate{
				DefaultValue: &schema.Date{Year: 2024, Month: 6, Day: 15}, Min: &schema.Date{Year: 2024, Month: 1, Day: 1}, Max: &schema.Date{Year: 2024, Month: 12, Day: 31},
			})
		}, func(d schema.Date) any {
			return map[string]any{"year": d.Year, "month": d.Month, "day": d.Day, "jsDate": d.String() + "T00:00:00.000Z"}
		}),
		"in_time": asks(func(io *IO) *Promise[schema.Clock] {
			return io.Input.Time("At", schema.InputTime{
				DefaultValue: &schema.Clock{Hour: 9, Minute: 15}, Min: &schema.Clock{Hour: 8}, Max: &schema.Clock{Hour: 18, Minute: 30},
			})
		}),
		"in_datetime": told(func(io *IO) *Promise[schema.DateTime] {
			return io.Input.DateTime("When", schema.InputDateTime{DefaultValue: &schema.DateTime{
				Date: schema.Date{Year: 2024, Month: 6, Day: 15}, Clock: schema.Clock{Hour: 13, Minute: 45},
			}})
		}, func(d schema.DateTime) any {
			return map[string]any{
				"year": d.Year, "month": d.Month, "day": d.Day, "hour": d.Hour, "minute": d.Minute, "jsDate": d.String() + ":00.000Z",
			}
		}),
		"in_disabled": func(ctx context.Context, tx *Transaction) (any, error) {
			locked := tx.IO.Input.Text("Locked", schema.InputText{DefaultValue: ptr("fixed"), Disabled: true})
			free := tx.IO.Input.Number("Free", schema.InputNumber{})
			_, err := tx.IO.Group(locked, free).Await(ctx)
			return []any{locked.Value(), free.Value()}, err
		},
		"in_spreadsheet": asks(func(io *IO) *Promise[[]schema.Record] {
			return io.Experimental.Spreadsheet("Rows", schema.InputSpreadsheet{
				HelpText:     "Paste here",
				Columns:      schema.SheetColumns{{Name: "name", Type: "string"}, {Name: "qty", Type: "number"}, {Name: "note", Type: "string?"}, {Name: "ok", Type: "boolean"}},
				DefaultValue: []schema.Record{{{Name: "name", Value: "bolt"}, {Name: "qty", Value: 3}, {Name: "note", Value: nil}, {Name: "ok", Value: true}}},
			})
		}),
	}},
}

// player is the runner of a recording.
type player struct {
	t     *testing.T
	raw   wire.Conn
	calls chan message
	ids   map[string]string // recorded to ours: renders, steps
	rpcs  map[string]string // recorded to ours: calls of the host
	not   []string          // transactions that are left out
	shown map[string]render // what was drawn last, by the recorded key
	asked bool              // the runner has said something since
}

// render is a recorded render, apart from its id.
type render struct {
	content schema.Record
	ours    string // id of our own
}

// listen acknowledges everything and keeps the calls.
func (p *player) listen() {
	for {
		text, err := p.raw.Read(context.Background())
		if err != nil {
			return
		}
		f, err := readFrame(text)
		if err != nil {
			p.t.Errorf("the host says %q: %v", text, err)
			return
		}
		if f.Type == frameAck {
			continue
		}
		_ = p.raw.Write(context.Background(), writeFrame(f.ID, frameAck, nil))
		var inner string
		var m message
		if json.Unmarshal(f.Data, &inner) != nil || json.Unmarshal([]byte(inner), &m) != nil {
			p.t.Errorf("the host says %s", f.Data)
			return
		}
		if m.Kind == kindCall {
			p.calls <- m
		}
	}
}

func (p *player) say(text string) {
	for recorded, ours := range p.ids {
		text = strings.ReplaceAll(text, recorded, ours)
	}
	_ = p.raw.Write(context.Background(), writeFrame(newID(), frameMessage, &text))
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
		case isText && (m.Name == "ioCall" || m.Name == "result"):
			inner, err := schema.Decode([]byte(text), nil)
			if err != nil {
				t.Fatal(err)
			}
			record := inner.(schema.Record)
			for j, n := range record {
				if n.Name == "id" {
					id, record[j].Value = n.Value.(string), nil
				}
				if n.Name == "inputGroupKey" {
					key, record[j].Value = n.Value.(string), nil
				}
			}
			v[i].Value = inner
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
	case bool:
		return v && (m.Name == "isSortable" || m.Name == "isFilterable")
	}
	return schema.Missing(m.Value)
}

// expect compares the next call of our host with a recorded one.
func (p *player) expect(line int, want message) {
	p.t.Helper()
	w, wantID, wantKey := comparable(p.t, want.Data)
	if last, drawn := p.shown[wantKey]; wantKey != "" && drawn && !p.asked && schema.Equal(last.content, w) {
		p.ids[wantID] = last.ours // the SDK draws twice after a state, and once is enough
		return
	}
	if synctest.Wait(); len(p.calls) == 0 {
		time.Sleep(200 * time.Millisecond) // it may collect what it says
		synctest.Wait()
	}
	select {
	case got := <-p.calls:
		g, id, key := comparable(p.t, got.Data)
		if got.MethodName != want.MethodName || !schema.Equal(g, w) {
			p.t.Errorf("line %d:\n got %s %s\nwant %s %s", line, got.MethodName, schema.Text(g), want.MethodName, schema.Text(w))
		}
		p.rpcs[want.ID] = got.ID
		if wantID != "" {
			p.ids[wantID], p.ids[wantKey] = id, key
			p.shown[wantKey] = render{w, id}
			p.asked = false
		}
	default:
		p.t.Errorf("line %d: our host says nothing, the recorded one %s", line, want.MethodName)
	}
}

// recorded are all conversations that our host has, by file.
func recorded() map[string]conversation {
	all := maps.Clone(conversations)
	maps.Copy(all, more)
	maps.Copy(all, rest)
	all["displays"] = showing()
	return all
}

func TestRecordedConversations(t *testing.T) {
	t.Parallel()
	for file, c := range recorded() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("testdata/" + file + ".jsonl")
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				mine, raw := wire.Pipe()
				h := NewHost(HostOptions{SDKName: "@interval/sdk", RetryEvery: 1 << 40, Dial: func() func(context.Context, string, http.Header) (Conn, error) {
					used := false
					return func(context.Context, string, http.Header) (Conn, error) {
						if used {
							return nil, errors.New("once is enough")
						}
						used = true
						return mine, nil
					}
				}()})
				for _, a := range c.offers {
					a.Run = c.actions[a.Slug]
					h.Action(a)
				}
				go func() { _ = h.Listen(context.Background()) }()
				p := &player{t: t, raw: raw, calls: make(chan message, 100), ids: map[string]string{}, rpcs: map[string]string{}, shown: map[string]render{}, not: c.not}
				go p.listen()
				p.play(text)
				h.Close()
				_ = raw.Close(wire.CodeCut, "")
			})
		})
	}
}

// leavesOut reports a call of a transaction that is not to be compared.
func (p *player) leavesOut(m message) bool {
	var of struct {
		TransactionID string `json:"transactionId"`
	}
	return m.Kind == kindCall && json.Unmarshal(m.Data, &of) == nil && slices.Contains(p.not, of.TransactionID)
}

// play goes through a recording.
func (p *player) play(recording []byte) {
	lines := bufio.NewScanner(bytes.NewReader(recording))
	lines.Buffer(nil, 1<<20)
	calls := 0
	for n := 1; lines.Scan() && !p.t.Failed(); n++ {
		var l struct{ Dir, Data string }
		var m message
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			p.t.Fatal(err)
		}
		switch {
		case l.Data == "":
			continue
		case l.Data == authenticated:
			p.say(l.Data)
			continue
		case json.Unmarshal([]byte(l.Data), &m) != nil:
			p.t.Fatalf("line %d: %s", n, l.Data)
		}
		switch {
		case p.leavesOut(m):
		case l.Dir == "h>s" && m.Kind == kindCall:
			calls++
			p.expect(n, m)
		case l.Dir == "h>s": // it has heard what it was told
			synctest.Wait()
		case m.Kind == kindResponse:
			if id, known := p.rpcs[m.ID]; known {
				m.ID = id
				p.say(m.text())
			}
		default:
			p.asked = true
			p.say(l.Data)
		}
	}
	if synctest.Wait(); len(p.calls) > 0 {
		p.t.Errorf("our host says more: %+v", <-p.calls)
	}
	if calls < 4 {
		p.t.Errorf("only %d calls", calls)
	}
}
