package ui

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// TestCallWithTheKeyboard goes the whole way: to the method, into its form, past
// a wrong value, to the result.
func TestCallWithTheKeyboard(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("2", "enter")
	h.shows("0 Addition ━", "will reach CalcPrecise")
	h.write("2")
	h.press("tab")
	h.write("x")
	h.press("ctrl+s")
	h.shows(`✗ not an int: "x"`, "1 field to fix", "Nothing is sent until")
	if len(h.asked) > 0 {
		t.Fatal("a wrong value was sent")
	}
	h.press("backspace", "3", "ctrl+t", "down", "enter", "ctrl+s", "right", "enter")
	q := h.question()
	if string(q.Args) != `{"a":2,"b":3}` || q.Target.Mode != bus.All || q.Answer != 30*time.Second || q.Wait != 30*time.Second {
		t.Errorf("asked %s of %v, %v, %v", q.Args, q.Target, q.Wait, q.Answer)
	}
	if !q.Method.Matches(addition) {
		t.Errorf("asked %+v", q.Method)
	}
	h.pass(400 * time.Millisecond)
	h.shows("0.4 s of 30 s", "x gives up")
	h.answer(q, reply{"CalcPrecise", `{"sum":5}`, 3 * time.Millisecond}, reply{"Grumpy", "!no mood", 9 * time.Millisecond})
	h.finish(q, nil)
	h.shows("✓ 1  ✗ 1 of 2  9 ms", "▾ asked with"[len("▾ "):], "sum", "says: no mood")
	h.press("1")
	h.shows("✗    9 ms   ×3")
}

// A server that says no and not why is told so, on the screen and in the history.
func TestErrorWithoutAReason(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.call("Addition", bus.Target{Mode: bus.All}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond}, reply{"Grumpy", "!", time.Millisecond})
	h.shows("failed and gave no reason: agm.errors.invocation.failure")
	h.hides("says:")
	h.press("6")
	h.shows("gave no reason: agm.errors")
}

// TestFieldsTakeLetters writes what would be commands elsewhere.
func TestFieldsTakeLetters(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.app.state.OpenForm(h.method("Clients.Find"), bus.Target{})
	h.write("quit? 0xfy/,.")
	h.shows("quit? 0xfy/,.")
	h.press("ctrl+a")
	h.write("é界")
	h.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(" pasted\n"), Paste: true})
	h.shows("é界 pasted")
	h.press("ctrl+k")
	if args, wrong := h.app.state.Shown().Form.Args(h.now); wrong != nil || !strings.HasPrefix(string(args), `{"query":"é界 pasted`) {
		t.Errorf("the form has %s, %v", args, wrong)
	}
	h.press("ctrl+u", "ctrl+c")
	if !h.quit {
		t.Error("ctrl+c does not quit a form")
	}
}

// TestMouseDebrisIsNoText gives what is left of a mouse sequence that came in two.
func TestMouseDebrisIsNoText(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.app.state.OpenForm(h.method("Clients.Find"), bus.Target{})
	for _, s := range []string{"[<64;40;12M", "<64;40;12M", "64;40;12M", ";40;12m", "[<0;1;1m"} {
		h.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)})
	}
	if row, _ := h.app.state.Shown().FieldRow(h.now); row.Text != "" {
		t.Errorf("the field has %q", row.Text)
	}
}

// TestJSONSide flips to JSON and back, and sends what stands there.
func TestJSONSide(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.app.state.OpenForm(h.method("Addition"), bus.Target{})
	h.write("2")
	h.press("ctrl+g")
	h.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(" "), Paste: true})
	for range 40 {
		h.press("delete")
	}
	h.write(`{"a": 7,`)
	h.press("enter")
	h.write(`"b": 8`)
	h.press("ctrl+g")
	h.shows("not JSON yet")
	h.write("}")
	h.press("ctrl+g")
	h.shows("a      * 7", "b      * 8")
	h.press("ctrl+g", "ctrl+s")
	if got := string(h.question().Args); got != `{"a":7,"b":8}` {
		t.Errorf("asked with %s", got)
	}
}

func TestGiveUpEndsTheQuestion(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.ask("Addition", bus.Target{}, `{"a":1,"b":2}`)
	h.press("x")
	if q.ctx.Err() == nil {
		t.Error("the question goes on")
	}
	h.shows("given up")
	h.flush()
	h.shows("given up")
	h.press("x")
	if len(h.app.state.Things) != 0 || h.app.state.Focus == model.Workspace {
		t.Errorf("%d things are open, the keyboard in %v", len(h.app.state.Things), h.app.state.Focus)
	}
}

// TestSubscription subscribes with the keyboard, holds, reads, and ends it.
func TestSubscription(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("3", "/")
	h.write("prices")
	h.press("enter", "enter")
	h.write("AAPL")
	h.press("ctrl+s")
	h.shows("asked PriceFeed", "x gives up")
	q := h.question()
	if string(q.Args) != `{"symbol":"AAPL"}` || !q.stream {
		t.Fatalf("asked %s", q.Args)
	}
	q.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.finish(q, nil)
	h.shows("accepted by PriceFeed", "▼ following", "nothing came for")
	src := &source{q, "AAPL", 1, 10}
	h.flow(3, src)
	h.shows("seq 30", "10/s")
	h.press("space")
	h.flow(2, src)
	h.shows("20 new below", "‖ paused")
	if row, _ := h.app.state.Shown().Tail.Current(); row.Sequence != "30" {
		t.Errorf("the cursor went on to %s", row.Sequence)
	}
	h.press("up", "enter")
	h.shows("seq 29 ━", `"AAPL"`)
	h.press("J", "x", "G")
	h.shows("▼ following", "seq 50")
	h.press("u")
	select {
	case <-q.ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the subscription goes on")
	}
	h.shows("† unsubscribed at")
	h.press("u")
	if len(h.asked) != 2 {
		t.Error("u does not subscribe again")
	}
}

// TestPublisherRestarts lets a publisher go and come back under a subscription.
func TestPublisherRestarts(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	h.flow(2, &source{q, "AAPL", 1, 10})
	q.on(bus.StreamClosed{At: h.now, Server: who("PriceFeed"), URI: "agm.peer-removed"})
	h.flush()
	again := h.question()
	if again == q || string(again.Args) != string(q.Args) {
		t.Fatal("the stream is not asked for again")
	}
	h.pass(5 * time.Second)
	again.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.finish(again, nil)
	h.shows("PriceFeed is back after 5.0 s", "▼ following", "seq 20")
}

func TestNobodyAnswersKeys(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "nobody").play(t, 80, 24)
	h.press("enter", "d")
	if h.bus.retries != 1 || h.bus.demos != 1 {
		t.Errorf("%d retries, %d demos", h.bus.retries, h.bus.demos)
	}
	h.bus.demoErr = errors.New("no free port")
	h.press("d")
	h.shows("demo: no free port")
	h.press("a", "ctrl+u")
	h.write("localhost")
	h.press("enter")
	h.shows("an address begins with ws:// or wss://")
	h.press("ctrl+u")
	h.write("ws://other/gw3")
	h.press("enter")
	if len(h.bus.connected) != 1 || h.bus.connected[0] != "ws://other/gw3" {
		t.Errorf("went to %q", h.bus.connected)
	}
	h.press("y", "y")
	h.copied("Nobody answers at ws://10.0.4.12:8385/gw3")
}

// copied fails unless the text went to the clipboard.
func (h *harness) copied(want string) {
	h.t.Helper()
	if !strings.Contains(h.clip.String(), base64.StdEncoding.EncodeToString([]byte(want))[:len(want)*4/3-3]) {
		h.t.Errorf("%q was not copied: %q", want, h.clip.String())
	}
	h.clip.Reset()
}

func TestCopy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scene string
		keys  []string
		want  string
	}{
		{"main", nil, "Addition"},
		{"server", nil, "CalcPrecise"},
		{"result-one", nil, `"Rotterdam"`},
		{"result-one", []string{"h", "h", "h"}, `{"id":9007199254740993`},
		{"stream", nil, `{"sym":"AAPL"`},
		{"event", nil, ""}, // whatever the cursor is on
		{"empty", nil, "ws://127.0.0.1:8385/gw3"},
	} {
		h := sceneNamed(t, c.scene).play(t, 120, 40)
		h.press(c.keys...)
		if tree := h.app.tree(); c.want == "" {
			c.want = string(tree.Row(tree.Cursor()).Raw)
		}
		h.press("y", "y")
		h.copied(c.want)
		h.shows("OSC 52")
	}
}

func TestCopyTellsWhatItCanNot(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.ask("Addition", bus.Target{}, `{"a":1,"b":2}`)
	big, err := json.Marshal(map[string]string{"text": strings.Repeat("x", 60_000), "bell": "\a"})
	if err != nil {
		t.Fatal(err)
	}
	h.answer(q, reply{"CalcPrecise", string(big), time.Millisecond})
	h.finish(q, nil)
	h.press("down", "y", "y")
	h.shows("not copied: 60 kB is over the 74 kB that OSC 52 carries")
	if h.clip.Len() > 0 {
		t.Error("something was copied")
	}
}

// TestClicks works the screen with the mouse alone.
func TestClicks(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	st := h.app.state
	h.clickOn("3 Streams")
	if st.Focus != model.Streams {
		t.Errorf("the keyboard is in %v", st.Focus)
	}
	h.clickOn("Clients.Find  ")
	h.shows("0 Clients.Find ─")
	h.clickOn("Clients.Find  ")
	h.shows("0 Clients.Find ━", "query")
	h.clickOn("limit")
	if st.Shown().Focus != "limit" {
		t.Errorf("the keyboard is at %s", st.Shown().Focus)
	}
	h.clickOn("ctrl+t target")
	h.shows("Send Clients.Find to")
	h.press("esc")
	before := len(h.asked)
	h.clickOn("[ Send ]")
	if len(h.asked) != before+1 {
		t.Error("a click on the button does not send")
	}
	h.clickOn("≈ Prices AAPL")
	h.shows("0 MarketData.Prices AAPL")
	h.clickOn("? keys")
	h.shows("Keys:")
	for y := 0; y < 40; y += 2 {
		for x := 0; x < 120; x += 11 {
			h.click(x, y)
		}
	}
}

func TestWheel(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	st := h.app.state
	h.wheel(60, 20, false)
	if st.Shown().Tail.Following() {
		t.Error("turning the wheel up does not hold the stream")
	}
	h.shows("‖ paused")
	h.wheel(5, 20, true)
	if st.Focus != model.Methods || st.Lists[model.Methods].Index() != wheelRows {
		t.Errorf("the wheel over Methods leads to %v, row %d", st.Focus, st.Lists[model.Methods].Index())
	}
	h.press("?")
	h.wheel(60, 20, true)
	h.wheel(60, 20, false)
	h.press("esc")
	h.hides("Keys:")
}

// TestFilterKeys types a filter, keeps it, takes an earlier one back, and clears.
func TestFilterKeys(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	l := &h.app.state.Lists[model.Methods]
	h.press("/")
	h.write("cli q?")
	if h.quit || len(h.app.dialogs) > 0 || l.Filter != "cli q?" {
		t.Errorf("the filter is %q, quit %v", l.Filter, h.quit)
	}
	h.press("backspace", "backspace", "enter")
	if len(l.Rows()) != 5 || l.Filter != "cli " {
		t.Errorf("%d rows pass %q", len(l.Rows()), l.Filter)
	}
	h.press("esc")
	if l.Filter != "" || len(l.Rows()) != 16 {
		t.Errorf("%q is left, %d rows", l.Filter, len(l.Rows()))
	}
	h.press("/")
	h.write("ord")
	h.press("enter", "/", "up", "up")
	if l.Filter != "cli " {
		t.Errorf("two up is %q", l.Filter)
	}
	h.press("esc", "esc")
	if l.Filter != "" || h.app.filtering {
		t.Error("esc does not clear the line")
	}
}

// TestFocusSurvivesSizes shrinks the screen and lets it grow again.
func TestFocusSurvivesSizes(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := s.play(t, 200, 60)
			before := h.whereabouts()
			for _, size := range [][2]int{{120, 40}, {80, 24}, {40, 10}, {20, 5}, {200, 60}} {
				h.resize(size[0], size[1])
				if now := h.whereabouts(); now != before {
					t.Errorf("%dx%d: went from %s to %s", size[0], size[1], before, now)
				}
			}
			if law := h.lawAt(200, 60); law != "" {
				t.Error(law)
			}
		})
	}
}

// whereabouts tells where the keyboard and all cursors are.
func (h *harness) whereabouts() string {
	st := h.app.state
	words := fmt.Sprint(st.Focus, " ", st.Rail, " ", len(h.app.dialogs), " ", h.app.filtering)
	for p := model.Servers; p <= model.Open; p++ {
		words += fmt.Sprintf(" %q", st.Lists[p].Cursor())
	}
	if t := st.Shown(); t != nil {
		words += fmt.Sprint(" ", t.Part, " ", t.Focus, " ", t.Results.Index())
		if t.Tail != nil {
			words += fmt.Sprint(" ", t.Tail.Cursor(), " ", t.Tail.Following())
		}
	}
	return words
}

// TestDiscoveryLeavesTheCursor lets applications come and go around the cursor.
func TestDiscoveryLeavesTheCursor(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 80, 24)
	h.app.state.Point(model.Methods, h.method("Division").ID)
	h.pass(0)
	for i := range 40 {
		h.join("New"+string(rune('A'+i%26))+string(rune('a'+i/26)), int64(5000+i), method("A"+string(rune('a'+i%26))+string(rune('0'+i/26)), "", "", "", ""))
		if h.app.state.CardMethod().Def.Name != "Division" || !h.barAt("▌", "Division") {
			t.Fatalf("the cursor left Division:\n%s", h.text())
		}
	}
	h.leave("CalcPrecise")
	h.leave("CalcClassic")
	h.leave("Grumpy")
	if !h.barAt("▌", "Division") {
		t.Errorf("the cursor left the tombstone:\n%s", h.text())
	}
	h.shows("Nobody offers it any more")
}

// TestHostileTextNeverActs looks for what would reach the terminal as a command.
func TestHostileTextNeverActs(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "hostile").play(t, 120, 40)
	for _, keys := range [][]string{nil, {"i"}, {"esc", "esc"}, {"1", "G"}, {"2", "G"}, {"3", "G"}, {"/"}} {
		h.press(keys...)
		for _, r := range h.text() {
			if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r == 0x200b || r == 0xfeff {
				t.Fatalf("%U is on the screen after %q", r, keys)
			}
		}
	}
}

func TestStillTurnsNothing(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "in-flight").play(t, 120, 40)
	h.app.opts.Still = true
	seen := map[string]bool{}
	for range 8 {
		h.pass(250 * time.Millisecond)
		for _, spin := range []string{"◐", "◓", "◑", "◒"} {
			if strings.Contains(h.text(), spin) {
				seen[spin] = true
			}
		}
	}
	if len(seen) != 1 {
		t.Errorf("the spinner turns: %v", seen)
	}
}

// esc at the end of the way back says how to leave, and stays.
func TestBackSaysHowToQuit(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.press("2", "esc")
	h.shows("q quits")
}

// A filter that hides what the cursor was on goes to the first that it shows; one
// that does not leaves the cursor where it was.
func TestFilterGoesToTheFirst(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	list := &h.app.state.Lists[model.Methods]
	h.press("2", "g", "/")
	h.write("orders")
	h.pass(time.Second)
	if m := h.app.state.Dir.Method(list.Cursor()); m == nil || m.Def.Name != "Orders.Cancel" {
		t.Errorf("the cursor is on %v", m)
	}
	h.press("enter", "j", "/")
	h.write(" place")
	h.pass(time.Second)
	if m := h.app.state.Dir.Method(list.Cursor()); m == nil || m.Def.Name != "Orders.Place" {
		t.Errorf("the cursor is on %v", m)
	}
}

// While the bus is away, a stream does not say that it follows; and what a
// publisher sent keeps its name when the bus comes back with other peers.
func TestStreamWhileTheBusIsAway(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	q.on(tick("AAPL", 1, h.now))
	h.flush()
	h.shows("▼ following")
	h.lose()
	h.hides("▼ following")
	h.shows("! lost  as it was")
	anew := who("PriceFeed")
	anew.PeerID = "peer-PriceFeed-2"
	h.hear(bus.ServerAdded{At: h.now, Server: anew})
	q.on(bus.StreamAccepted{At: h.now, Server: anew, Restored: true})
	h.flush()
	h.shows("▼ following")
	if doc := h.app.state.RowsDocument(h.app.state.Things[0], true); doc.Server["peer-PriceFeed"] != "PriceFeed" {
		t.Errorf("the export calls publishers %v", doc.Server)
	}
	h.press("g", "enter")
	h.shows("PriceFeed   shared")
}

// Of several publishers each is named, and who sends no more has a row and a place in
// the line: refused, gone, or come later.
func TestStreamOfSeveralPublishers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	dup := bus.MethodDefinition{Name: "Dup", Streaming: true}
	a, b, c := h.join("FeedA", 1, dup), h.join("FeedB", 2, dup), h.join("FeedC", 3, dup)
	q := h.ask("Dup", bus.Target{Mode: bus.All}, `{}`)
	q.on(bus.StreamAccepted{At: h.now, Server: a})
	q.on(bus.StreamAccepted{At: h.now, Server: b})
	h.flush()
	h.shows("accepted by FeedA, FeedB", "not by FeedC")
	q.on(bus.StreamAccepted{At: h.now, Server: c})
	h.flush()
	h.shows("accepted by FeedA, FeedB, FeedC")
	h.hides("not by")
	q.on(bus.StreamLeft{At: h.now, Server: c, URI: "agm.peer-removed", Reason: "Peer has been removed"})
	h.leave("FeedC")
	q.on(bus.StreamLeft{At: h.now, Server: b, Reason: "end of day"})
	h.flush()
	h.shows("FeedC left; 2 publishers still here", "FeedB ended its part: end of day; 1 publisher still here", "accepted by FeedA", "not by FeedB")
	h.join("FeedC", 4, dup)
	h.flush()
	h.shows("not by FeedB, FeedC")
	q.on(bus.StreamClosed{At: h.now, Server: a, Reason: "closed"})
	h.flush()
	h.hides("not by")
}

// What nobody offers now can be asked for: the question waits.
func TestAskForWhatIsGone(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	for _, name := range []string{"MarketData.Prices", "Addition"} {
		m := h.method(name)
		for _, o := range slices.Clone(m.Offers) {
			h.hear(bus.ServerRemoved{At: h.now, Server: o.Server.Instance})
		}
		if m.Streaming() {
			h.app.state.Point(model.Streams, m.ID)
		} else {
			h.app.state.Point(model.Methods, m.ID)
		}
		h.press("enter")
		h.shows("reaches nobody now; it waits", "waits for a server, at most 30s")
		asked := len(h.asked)
		h.app.state.Shown().Form.Fill([]byte(`{"symbol":"AAPL","a":1,"b":2}`))
		h.press("ctrl+s")
		if len(h.asked) != asked+1 {
			t.Errorf("%s was not asked", name)
		}
	}
}

// TestUnsubscribeInOpen: what ends a stream and asks for it again works in the list, too.
func TestUnsubscribeInOpen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.ask("MarketData.Prices", bus.Target{}, `{"symbol":"AAPL"}`)
	q.on(bus.StreamAccepted{At: h.now, Server: who("PriceFeed")})
	h.flush()
	h.press("4")
	sub := h.app.state.Shown()
	h.press("u")
	if sub.Live() {
		t.Errorf("it is %v still", sub.Phase)
	}
	h.press("u")
	if !sub.Live() {
		t.Errorf("it is %v, and not asked for again", sub.Phase)
	}
}
