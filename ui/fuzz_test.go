package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// player is a person and a bus that do what bytes say.
type player struct {
	*harness
	script []byte
	w, h   int
	seq    int
	// away are the applications that are not on the bus.
	away map[int]bool
}

// next takes a number below n off the script; 0 at its end.
func (p *player) next(n int) int {
	if len(p.script) == 0 {
		return 0
	}
	b := p.script[0]
	p.script = p.script[1:]
	return int(b) % n
}

// playKeys are all keys that anything is bound to, and some that write.
var playKeys = func() []string {
	keys := []string{"a", "1", "\"", "{", "}", ":", "é", "界", "delete", "ctrl+v", "f5", "alt+z", "backspace", "left", "right", "enter", "tab"}
	for _, b := range bindings {
		for _, k := range b.keys {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return keys
}()

var pastes = []string{"42", `{"a":1,"b":[2,{"c":null}]}`, "two\nlines\r\n", "\x1b[31m\u202e幅広い", `{"a":`, ""}

// step does one thing.
func (p *player) step() {
	switch op := p.next(32); {
	case op < 16:
		p.key(playKeys[p.next(len(playKeys))])
	case op == 16:
		p.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(pastes[p.next(len(pastes))]), Paste: true})
	case op == 17:
		p.click(p.next(p.w+2)-1, p.next(p.h+2)-1)
	case op == 18:
		p.wheel(p.next(p.w+2)-1, p.next(p.h+2)-1, p.next(2) == 0)
	case op == 19:
		size := sizes[p.next(len(sizes))]
		p.w, p.h = size[0], size[1]
		p.resize(p.w, p.h)
	case op < 22:
		p.pass([]time.Duration{10 * time.Millisecond, 300 * time.Millisecond, time.Second, 7 * time.Second, time.Hour}[p.next(5)])
	case op < 26:
		p.comeAndGo(p.next(len(townspeople)))
	case op == 26:
		p.connection(p.next(6))
	default:
		p.reply()
	}
}

// key presses a key; no letter but q may quit, and that only where nothing is
// typed.
func (p *player) key(name string) {
	before := p.app.context()
	p.press(name)
	typing := before == inForm || before == inJSON || before == inFilter || before == inDialog
	chosen := name == "enter" && before == inDialog // the palette offers it
	if p.quit && name != "ctrl+c" && !chosen && (name != "q" || typing) {
		p.t.Fatalf("%s quits in %s", name, contexts[before].title)
	}
	p.quit = false
}

func (p *player) comeAndGo(i int) {
	one := townspeople[i]
	if p.away[i] {
		p.join(one.name, one.pid, slices.Clone(one.methods)...)
	} else {
		p.hear(bus.ServerRemoved{At: p.now, Server: who(one.name), Reason: []string{"", "connection lost"}[p.next(2)]})
	}
	p.away[i] = !p.away[i]
}

func (p *player) connection(what int) {
	url := p.app.opts.Start.URL
	switch what {
	case 0, 1:
		p.lose()
	case 2:
		p.hear(bus.ConnChanged{State: bus.Connecting, At: p.now, URL: url, Attempt: 2})
	case 3, 4:
		p.hear(bus.ConnChanged{State: bus.Live, At: p.now, URL: url, Self: self, Registrations: 1, Subscriptions: 2})
	case 5:
		p.box.Put(model.Moved{Options: p.app.opts.Start})
		p.flush()
		p.away = map[int]bool{}
		for i := range townspeople {
			p.away[i] = true
		}
	}
}

var values = []string{`{"sum":5}`, `null`, `[1,[2,[3,{"deep":[]}]]]`, `"\u001b[31m幅"`, `{`, ``, `9007199254740993.10`}

// reply plays the bus: it answers the question that it picks.
func (p *player) reply() {
	var open []*asking
	for _, q := range p.asked {
		if q.err != nil || q.stream {
			open = append(open, q)
		}
	}
	if len(open) == 0 {
		return
	}
	q := open[p.next(len(open))]
	server := person(townspeople[p.next(len(townspeople))].name, 1)
	value := json.RawMessage(values[p.next(len(values))])
	switch what := p.next(8); {
	case what == 0 && q.err != nil:
		p.finish(q, errors.New("no"))
		return
	case what == 1 && q.err != nil:
		p.finish(q, nil)
		return
	case !q.stream && what < 4:
		q.sent([]bus.Instance{server, who("Grumpy")})
	case !q.stream && what == 4:
		q.returned(bus.Return{Server: who("Grumpy"), Err: &bus.Error{Reason: "no\nmood"}, At: p.now})
	case !q.stream:
		q.returned(bus.Return{Server: server, Value: value, At: p.now, Took: time.Second})
	case what == 2:
		q.on(bus.StreamAccepted{At: p.now, Server: server, Restored: p.next(2) == 0})
	case what == 3:
		q.on(bus.StreamLost{At: p.now})
	case what == 4:
		q.on(bus.StreamClosed{At: p.now, Server: server, Reason: "end"})
	default:
		for range 1 + p.next(60) {
			p.seq += 1 + p.next(20)/19
			q.on(bus.StreamData{
				At: p.now, Server: server.PeerID, Private: p.next(9) == 0, Snapshot: p.next(30) == 1,
				Sequence: json.Number(fmt.Sprint(p.seq)), Data: value,
			})
		}
	}
	p.flush()
}

// check tells which law does not hold.
func (p *player) check() string {
	if law := wrong(p.app.View(), p.w, p.h); law != "" {
		return law
	}
	st := p.app.state
	for _, pane := range []model.Pane{model.Servers, model.Methods, model.Streams, model.Open} {
		l := &st.Lists[pane]
		switch rows := l.Rows(); {
		case len(rows) == 0 && l.Cursor() != "":
			return fmt.Sprintf("%v is empty, and its cursor is on %q", pane, l.Cursor())
		case len(rows) > 0 && (l.Index() < 0 || l.Index() >= len(rows) || rows[l.Index()] != l.Cursor()):
			return fmt.Sprintf("%v: the cursor is on %q at %d of %q", pane, l.Cursor(), l.Index(), rows)
		}
	}
	if t := st.Shown(); t != nil {
		switch {
		case t.Part == model.InEvent && t.Event == nil:
			return "the keyboard is in an event that is not open"
		case t.Part == model.InForm && !slices.Contains(t.Stops(p.now), t.Focus):
			return fmt.Sprintf("the keyboard is at %q, and the form has no such stop", t.Focus)
		case t.Part == model.InResult && t.Results.Len() > 0 && t.Results.Index() >= t.Results.Len():
			return "the cursor is below the results"
		}
	}
	return ""
}

// run plays a script and looks at the laws after each step.
func run(t testing.TB, script []byte) {
	h := newHarness(t, setting{plain: len(script)%2 == 0, ascii: len(script)%3 == 0, w: 80, h: 24})
	h.town()
	p := &player{harness: h, script: script, w: 80, h: 24, away: map[int]bool{}}
	for len(p.script) > 0 {
		left := p.script
		p.step()
		if law := p.check(); law != "" {
			t.Fatalf("after %v of %v: %s", left[:len(left)-len(p.script)], script, law)
		}
	}
	p.escape()
}

// FuzzKeys plays keys, clicks, the wheel, sizes, time and a bus that comes and
// goes. Nothing of it may panic, draw a line that is too long, lose the cursor,
// or keep esc from reaching the rail.
func FuzzKeys(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		script := make([]byte, 150)
		for i := range script {
			script[i] = byte(random.IntN(256))
		}
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script []byte) { run(t, script[:min(len(script), 1000)]) })
}
