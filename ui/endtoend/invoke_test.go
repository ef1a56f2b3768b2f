//go:build linux

package endtoend

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"ioscope/client"
	"ioscope/client/bus"
)

// choose filters a list down to a thing and puts the cursor on it.
func (e *terminal) choose(pane, name string) {
	e.t.Helper()
	e.press(pane, "/", "ctrl+u")
	e.write(name)
	e.press("enter", "g")
	e.until(name, func(s screen) bool {
		// In the list a long name may be cut; the title of its card has room.
		return s.focus() == pane && s.cursor(pane) != "" && strings.HasPrefix(strings.Join(s.pane("0"), ""), " 0 "+name+" ")
	})
}

// form opens the form of a method, or of a stream, by its name.
func (e *terminal) form(pane, name string) {
	e.t.Helper()
	e.choose(pane, name)
	e.press("enter")
	e.until("the form of "+name, func(s screen) bool { return s.focus() == "0" && s.paneHas("0", "Answer within") })
}

// work waits for texts in the workspace.
func (e *terminal) work(texts ...string) {
	e.t.Helper()
	e.until(strings.Join(texts, " and ")+" in the workspace", func(s screen) bool {
		_, work := s.columns()
		all := strings.Join(work, "\n")
		for _, text := range texts {
			if !strings.Contains(all, text) {
				return false
			}
		}
		return true
	})
}

// recorder is an app whose method answers with its arguments and keeps them.
func recorder(t *testing.T, url string, def bus.MethodDefinition) <-chan string {
	t.Helper()
	asked := make(chan string, 8)
	echo := func(_ context.Context, call client.Call) (any, error) {
		asked <- string(call.Args)
		return call.Args, nil
	}
	if _, err := join(t, url, "Recorder").Register(t.Context(), def, echo); err != nil {
		t.Fatal(err)
	}
	return asked
}

// TestInvokeThroughForm fills every kind of field, wrongly first.
func TestInvokeThroughForm(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	asked := recorder(t, g.url, bus.MethodDefinition{
		Name:    "Typed",
		Accepts: "int whole, long big, double real, string text, bool yes, datetime? when, string[] tags, composite: { string city } place",
		Returns: "int whole",
	})
	e := explore(t, 120, 40, g.url)
	e.form("2", "Typed")
	e.write("2.5")
	e.press("tab")
	e.write("9223372036854775808")
	e.press("tab")
	e.write("1.2.3")
	e.press("ctrl+s")
	e.work(`✗ not an int: "2.5"`, "✗ not a long: 9223372036854775808 is 1 above the largest",
		`✗ not a double: a second "." at character 4`, "Nothing is sent until they are right.")
	e.until("the count in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Typed"), "to fix") })

	e.reach("shift+tab", "whole")
	e.press("ctrl+u")
	e.write("-7")
	e.press("tab", "ctrl+u")
	e.write("9007199254740993")
	e.press("tab", "ctrl+u")
	e.write("0.10")
	e.press("tab")
	e.write("six words, a \"quote\" and ü")
	e.work("six words, a \"quote\" and ü")
	e.reach("tab", "yes")
	e.press("space")
	e.work("[x] true")
	e.reach("tab", "tags")
	e.write("red, blue")
	e.work("red, blue")
	e.reach("tab", "city")
	e.write("Sofia")
	e.work("Sofia")
	select {
	case args := <-asked:
		t.Fatalf("sent before it was right: %s", args)
	default:
	}
	e.press("ctrl+s")
	e.work("✓ 1 of 1", "✓ Recorder", "9007199254740993", "▾ place", `"Sofia"`)
	const want = `{"whole":-7,"big":9007199254740993,"real":0.10,"text":"six words, a \"quote\" and ü","yes":true,"tags":["red","blue"],"place":{"city":"Sofia"}}`
	if got := <-asked; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

// reach walks the fields of a form by a key until the cursor is on one. What was
// pressed before must be seen on the screen already.
func (e *terminal) reach(key, field string) {
	e.t.Helper()
	at := fieldOf(e.screen())
	for range 40 {
		if at == field {
			return
		}
		e.press(key)
		before := at
		at = fieldOf(e.until("another field than "+before, func(s screen) bool {
			return s.focus() == "0" && fieldOf(s) != before
		}))
	}
	e.t.Fatalf("no way to the field %s:\n%s", field, e.screen())
}

// fieldOf is the name of the field that the cursor is on.
func fieldOf(s screen) string {
	name, _, _ := strings.Cut(strings.TrimLeft(s.cursor("0"), "▾▸ "), " ")
	return name
}

// TestAskAll asks every server, one of which fails.
func TestAskAll(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.choose("2", "Division")
	e.press("A")
	e.work("To      all", "sends to 3 servers")
	e.write("6")
	e.press("tab")
	e.write("3")
	e.press("ctrl+s")
	e.see("Send Division to all?", "It reaches 3 servers", "[> Cancel <]")
	e.press("right", "enter")
	e.work("✓ 2  ✗ 1 of 3", "✓ CalcPrecise", "✓ CalcClassic", "✗ Grumpy", "says: not in the mood to divide today", "quotient")
	e.until("the result in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Division"), "✗ 1 of 3") })
}

// TestTarget picks one server, which then is the only one that is asked.
func TestTarget(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.form("2", "Multiply")
	e.write("6")
	e.press("tab")
	e.write("7")
	e.press("ctrl+t")
	e.see("Send Multiply to", "(•) best", "reaches now")
	for range 6 {
		e.press("down")
	}
	e.until("the server", func(s screen) bool { return strings.Contains(s.row("reaches now"), "CalcClassic") })
	e.press("enter")
	e.work("will reach CalcClassic")
	e.press("ctrl+s")
	e.work("✓ 1 of 1", "✓ CalcClassic", "42")
	if s := e.rest(); s.paneHas("0", "CalcPrecise") {
		t.Errorf("another server was asked too:\n%s", s)
	}
}

// TestInFlight watches a slow call and gives it up.
func TestInFlight(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.form("2", "Reports.Build")
	e.write("daily")
	e.press("ctrl+s")
	running := regexp.MustCompile(`[◐◓◑◒] ([1-9]\.\d) s of 30 s +━+─+ +x gives up`)
	first := running.FindString(e.until("the bar", func(s screen) bool { return running.MatchString(s.String()) }).String())
	e.until("the time going on", func(s screen) bool {
		now := running.FindString(s.String())
		return now != "" && now != first
	})
	e.until("its row in Open", func(s screen) bool { return regexp.MustCompile(`\d s`).MatchString(s.paneRow("4", "Reports.Build")) })
	// The rest of the program is free meanwhile.
	e.press("1")
	e.until("the servers", focused("1"))
	e.press("4", "enter")
	e.until("the call again", func(s screen) bool { return s.focus() == "0" && s.has("x gives up") })
	e.press("x")
	e.work("given up")
	e.until("the row in Open", func(s screen) bool { return strings.Contains(s.paneRow("4", "Reports.Build"), "given up") })
	e.gone("x gives up")
}

// TestServerLeavesWhileAsked: what a call comes to whose server is gone.
func TestServerLeavesWhileAsked(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	app := join(t, g.url, "Leaver")
	asked := make(chan struct{})
	_, err := app.Register(t.Context(), bus.MethodDefinition{Name: "Wait"}, func(ctx context.Context, _ client.Call) (any, error) {
		close(asked)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	e := explore(t, 120, 40, g.url)
	e.form("2", "Wait")
	e.press("ctrl+s")
	<-asked
	e.see("x gives up")
	if err := app.Close(); err != nil {
		t.Fatal(err)
	}
	e.work("✗ Leaver")
	e.until("why", func(s screen) bool { return s.has("left while it was asked") || s.has("says:") })
}

// TestJSON flips a form to JSON and back without losing anything.
func TestJSON(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	asked := recorder(t, g.url, bus.MethodDefinition{Name: "Typed", Accepts: "double real, string? text, long? big"})
	e := explore(t, 120, 40, g.url)
	e.form("2", "Typed")
	e.write("1.50")
	e.press("ctrl+g")
	e.work(`"real": 1.50`)
	e.press("down", "end")
	e.write(`, "big": 12345678901234567, "extra": [1, {"a": null}]`)
	e.work(`"extra": [1, {"a": null}]`)
	e.press("ctrl+g")
	e.until("the form", func(s screen) bool {
		big, real := s.paneRow("0", "  big "), s.paneRow("0", "  real ")
		return strings.Contains(big, "12345678901234567 ") && strings.HasSuffix(strings.TrimSpace(big), " long") && strings.Contains(real, "1.50 ")
	})
	e.press("ctrl+g")
	e.work(`"extra"`, "extra is not in the signature; it will be sent as it is")
	e.press("ctrl+s")
	e.work("✓ 1 of 1")
	const want = `{"real":1.50,"big":12345678901234567,"extra":[1,{"a":null}]}`
	if got := strings.NewReplacer(" ", "", "\n", "").Replace(<-asked); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

// TestJSONOnly gives the editor, and the reason, where there is no signature or
// none that can be read.
func TestJSONOnly(t *testing.T) {
	t.Parallel()
	e := explore(t, 120, 40, demo(t))
	e.form("2", "Oddities.Unparsable")
	e.work(`accepts can't be read: "strin name", no type "strin" at character 1.`)
	e.press("esc")
	e.until("the list", focused("2"))
	e.form("2", "Oddities.Undeclared")
	e.work("accepts: not declared. JSON only.")
	e.clickOn("1  {}")
	e.press("end", "backspace")
	e.write(`"digits": 12345678901234567890.10`)
	e.press("ctrl+s")
	e.work(`the "{" of line 1 is not closed`, "Nothing is sent until they are right.")
	e.write("}")
	e.press("ctrl+s")
	e.work("✓ 1 of 1", "12345678901234567890.10")
}
