package plain

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// hostile does all to a terminal, and to who listens to it, that a text can do.
const hostile = "\x1b[31mred\x1b[0m \x1b[2J\x1b]0;owned\x07 bell\a\b\r\n\t\u202egnp\u202c \u200b \ufeff --------------------------------------------------------------------------- 幅広い 👩‍👩‍👧"

// TestAccessible plays a long session with everything in it, and holds each byte
// of its output against what a screen reader and a plain terminal need.
func TestAccessible(t *testing.T) {
	play(t, func(r *rig) {
		nasty := instance("Nasty " + hostile)
		r.hear(bus.ServerAdded{At: time.Now(), Server: nasty}, bus.MethodsAdded{At: time.Now(), Peer: nasty.PeerID, Methods: []bus.MethodDefinition{
			{ID: "1", Name: "Nasty." + hostile, DisplayName: hostile, Description: hostile, Accepts: hostile, ObjectTypes: []string{hostile}},
			{ID: "2", Name: "Nasty", Accepts: "string? text", Returns: "string text", Description: strings.Repeat("on and on ", 50)},
		}})
		value := string(bus.Object([]bus.Member{
			{Key: hostile, Value: bus.QuoteJSON(hostile)},
			{Key: "dashes", Value: bus.QuoteJSON(strings.Repeat("- ", 200))},
			{Key: "list", Value: []byte(`[1,[],{},[{"a":null}],"---"]`)},
			{Key: "long", Value: bus.QuoteJSON(strings.Repeat("x", 500))},
		}))
		r.bus.answer = answers(map[string]any{"CalcPrecise": value, "CalcClassic": "no json " + hostile, "Grumpy": &bus.Error{Reason: hostile}, "PriceFeed": errors.New(hostile)})
		feed := instance("PriceFeed")
		script := []string{
			"help", "help invoke", "servers", "methods", "streams", "bus", "feed", "open", "history",
			"show Nasty", "show Addition", "show PriceFeed", "show nobody" + hostile[:5],
			"invoke Addition a=1 b=2 target=all", "show 1", "invoke Nasty text=---", "invoke Addition a=x b=--", "history", "repeat 2", "lint info", "compare prices.get", "actions", "run refund", "---", "yes",
			"subscribe MarketData.Prices symbol=A", "open",
		}
		for _, line := range script {
			r.say(strings.ReplaceAll(line, "\n", " "))
		}
		r.push(bus.StreamAccepted{At: time.Now(), Server: feed})
		r.bus.accepts = &feed
		for i := range 60 {
			data := value
			if i%3 == 0 {
				data = `{"same":true}`
			}
			r.push(bus.StreamData{At: time.Now().Truncate(time.Second), Server: feed.PeerID, Private: i%7 == 0, Data: []byte(data)})
			r.pass(70 * time.Millisecond)
		}
		r.lookAtNasty()
		r.serveNasty(nasty)
		r.inbox.Hear(bus.ServerRemoved{At: time.Now(), Server: nasty, Reason: hostile})
		for _, line := range []string{"hold", "resume", "event", "filter same", "open", "close 4", "unsubscribe", "demo", "feed", "what?", "quit"} {
			r.say(line)
		}
		r.hear(bus.ConnChanged{State: bus.Lost, At: time.Now(), Err: errors.New(hostile)})
		if len(r.all) < 150 {
			t.Fatalf("only %d lines were said", len(r.all))
		}
		for _, f := range hindrances(r.all) {
			t.Error(f)
		}
		if !slices.ContainsFunc(r.all, func(p printed) bool { return speaks.MatchString(p.text) }) {
			t.Error("no stream spoke")
		}
	})
}

// lookAtNasty does all that looks at what came, goes back in time, watches and keeps.
func (r *rig) lookAtNasty() {
	var script []string
	for _, c := range commands() { // each of them without anything, and with nonsense
		if c.name != "quit" && c.name != "wait" && c.name != "run" && c.name != "login" && c.name != "demo" {
			script = append(script, c.name, c.name+" --- "+hostile[:4], c.name+" 1 --- x=", c.name+" 4 ---", "no")
		}
	}
	for _, line := range append(script,
		"fields", "columns list", "columns", "key", "key dashes", "latest", "only ---", "rates", "chart", "diff", "publishers", "jq .list", "jq", "jq .[", "find 4 red", "find 4 event 3 red", "find 1 a",
		"compare 1", "compare 1 before", "best Addition", "best Nasty", "reaches Addition target=all", "copy 4", "copy 1 command", "copy 4 go", "use 1", "use 4", "again 4", "export 4", "export history", "reopen",
		"feed 50", "at 1", "servers", "methods", "back", "ahead", "back 1m", "now", "mark", "changed", "forget all", "buses", "about", "record", "change Sum",
		"watch MarketData.Prices path=dashes symbol=A condition=changes", "watch 4", "watch Addition path=sum a=1 b=2 every=1s condition=changes", "watches", "watches 1", "watches 2 bell", "watches 1 condition=.x|",
		"saved", "save 1", "saved run x", "history show 1", "history compare 1 2", "history delete 1", "history red", "lint info",
		"servers by", "methods by server,prefix", "methods by signature folded", "streams by object type", "servers by kind, presence", "history by outcome,server", "history by day folded", "methods by ---", "servers by server group=--- folded",
		"filters save stream "+hostile[:4]+" ---", "filters save 4 ---", "filters save jq j .list", "filters save list crt !clients", "filters", "filters ---", "filters use j 4", "jq", "filters use crt methods", "filters use crt", "filters use ---", "filters delete crt", "yes",
	) {
		r.say(line)
	}
	r.pass(5 * time.Second)
	for _, line := range []string{"watches", "watches 1 remove", "watches 2 remove", "watches 3 remove", "jq 4", "filter 4"} {
		r.say(line)
	}
}

// serveNasty offers, and lets somebody ask who is up to no good.
func (r *rig) serveNasty(nasty bus.Instance) {
	for _, line := range []string{
		"help serving", "help all", "offers", "requests", "requests past", "answer 1",
		`offer method Sum accepts="int a" returns="int sum"`, `offer stream Own accepts="string a" returns="string note"`,
		`offer method Odd accepts="odd odd"`, "offer file /nowhere", "offer", "offer a b",
	} {
		r.say(line)
	}
	for id := range 2 {
		r.inbox.Put(model.Provided{ID: model.OfferingID(id + 1)})
		for n := range 9 {
			r.inbox.Put(model.Came{ID: model.OfferingID(id + 1), Call: 10*id + n + 1, Caller: nasty, Args: []byte(`{"a":` + string(bus.QuoteJSON(hostile)) + `}`), At: time.Now(), Deadline: time.Now().Add(30 * time.Second)})
		}
	}
	r.inbox.Put(model.Joined{ID: 2, Subscriber: 1, Who: nasty, Branch: hostile, Args: []byte(`{"a":"---"}`), At: time.Now()})
	r.inbox.Put(model.Sown{ID: 2, At: time.Now(), Err: errors.New(hostile)})
	r.inbox.Put(model.OffersRead{Path: hostile, Err: errors.New(hostile)})
	r.pass(21 * time.Second)
	for _, line := range []string{
		"offers", "offers Sum", "offers Own", "requests", "answer 1 sum=x", "answer 1 sum=1", "always 2 sum=2", "reject 3", "reject 3 ---", "accept 11 branch=---", "accept 12", "reject 13 no",
		"rule Sum", "rule Sum 1 up", "rule Own branch=.a", "rule Own 1 delete", "accept-all Own", "push Own note=---", "push Own", "timer Own every=1s", "timer Own", "timer Own 1 stop", "dismiss Own", "dismiss Own subscriber=1", "no",
	} {
		r.say(line)
	}
	for n := range 9 {
		r.inbox.Put(model.Over{Came: model.Came{ID: 1, Call: n + 1, Caller: nasty}, How: model.Outcome(n%6 + 1), Err: hostile, Over: time.Now()})
	}
	r.pass(2 * time.Second)
	for _, line := range []string{"requests past", "unregister Own", "yes", "register Own", "close Sum", "open"} {
		r.say(line)
	}
}

// speaks are the lines that a stream says by itself.
var speaks = regexp.MustCompile(`^(\d+): `)

// signs are those of the screen that mean something there: a line says it in words.
const signs = "▌●○†✓✗≠▸▾×→←≈ƒ◆◎▼▲‖↓↑↕…◐◓◑◒•›⇒"

// hindrances are what is in the way of who listens.
func hindrances(lines []printed) (out []string) {
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	said := map[string][]printed{}
	for _, p := range lines {
		line, ended := strings.CutSuffix(p.text, "\n")
		if !ended {
			fault("does not end its line: %q", p.text)
		}
		for _, r := range line {
			if !unicode.IsPrint(r) {
				fault("has %U, which does not print: %q", r, line)
			}
			if r >= 0x2500 && r <= 0x259f || r >= 0x2800 && r <= 0x28ff {
				fault("draws with %c: %q", r, line)
			}
			if strings.ContainsRune(signs, r) {
				fault("tells by %c: %q", r, line)
			}
		}
		if !says(line) {
			fault("says nothing: %q", line)
		}
		if width := screen.Clean(line).Width(); width > columns {
			words := 0
			for _, w := range strings.Fields(line) {
				if says(w) {
					words++
				}
			}
			if words > 1 {
				fault("is %d wide: %q", width, line)
			}
		}
		if strings.TrimRight(line, " ") != line {
			fault("ends with blanks: %q", line)
		}
		if m := speaks.FindStringSubmatch(line); m != nil {
			stream := m[1]
			count := 0
			for _, old := range said[stream] {
				if p.at.Sub(old.at) >= breath {
					continue
				}
				if !strings.Contains(old.text, " more") {
					count++
				}
				if old.text == line {
					fault("says the same twice within a second: %q", line)
				}
			}
			if count >= breathLines && !strings.Contains(line, " more") {
				fault("is line %d of its second: %q", count+1, line)
			}
			said[stream] = append(said[stream], printed{p.at, line})
		}
	}
	return out
}

// TestHindrances makes sure that the check would notice.
func TestHindrances(t *testing.T) {
	t.Parallel()
	at := time.Now()
	for want, lines := range map[string][]string{
		"does not end its line": {"no end"},
		"which does not print":  {"a \x1b[31m\n"},
		"draws with":            {"| \u2502 a\n"},
		"tells by":              {"a \u2192 b\n"},
		"says nothing":          {"---\n"},
		"wide":                  {strings.Repeat("ab ", 27) + "c\n"},
		"ends with blanks":      {"a \n"},
		"says the same twice":   {"1: a\n", "1: a\n"},
		"is line 3":             {"1: a\n", "2: a\n", "1: b\n", "1: c\n"},
	} {
		var said []printed
		for _, l := range lines {
			said = append(said, printed{at, l})
		}
		if got := hindrances(said); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%q: %v, want %q", lines, got, want)
		}
	}
	if got := hindrances([]printed{{at, "1: a\n"}, {at, "1: b\n"}, {at.Add(breath), "1: and 3 more\n"}, {at.Add(breath), "1: a\n"}}); len(got) != 0 {
		t.Errorf("it is fine, and yet: %v", got)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a b":                                    "a b",
		"  in:   two  blanks":                    "  in: two blanks",
		strings.Repeat("ab ", 30):                strings.TrimSpace(strings.Repeat("ab ", 27)) + "|  ab ab ab",
		"  x: " + strings.Repeat("y", 90) + " z": "  x:|" + "    " + strings.Repeat("y", 90) + "|    z",
		"a " + strings.Repeat("- ", 60) + "z":    "a|  " + strings.Repeat("- ", 60) + "z",
		"":                                       "",
	} {
		if got := strings.Join(wrap(text), "|"); got != want {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"sym":"AAPL","bid":142.30,"note":"two words"}`: `sym AAPL, bid 142.30, note "two words"`,
		`{"a":{"b":1},"c":[1],"d":[1,2],"e":[],"f":{}}`:  `a an object, c 1 item, d 2 items, e no items, f an empty object`,
		`5`:     `5`,
		`[1,2]`: `2 items, 1, 2`,
		``:      `nothing`,
		`{}`:    `an empty object`,
		fmt.Sprintf(`{"a":%q}`, strings.Repeat("x", 300)):       `a ` + strings.Repeat("x", 239) + ` and more`,
		`{"at":"#T42_DATE#1795313997672","x":"#T42_DATE#soon"}`: `at ` + time.UnixMilli(1795313997672).Format("2006-01-02 15:04:05") + `, x #T42_DATE#soon`,
	} {
		if got := sentence([]byte(raw)); got != want {
			t.Errorf("%s\n got %s\nwant %s", raw, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`a b=c`:                          `a|b=c`,
		`  a   b="two words" 'x y'`:      `a|b=two words|x y`,
		`a b="q\"q" c='q"q'`:             `a|b=q"q|c=q"q`,
		`a {"x": [1, 2]} b=[1, 2] c={}d`: `a|{"x": [1, 2]}|b=[1, 2]|c={}d`,
		`a b="" list[0].x=1`:             `a|b=|list[0].x=1`,
		`a target=/^Calc/ t='{not json'`: `a|target=/^Calc/|t={not json`,
		"a\tb=幅広い":                       `a|b=幅広い`,
	} {
		got, err := split(line)
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%s: got %q, %v", line, got, err)
		}
	}
}
