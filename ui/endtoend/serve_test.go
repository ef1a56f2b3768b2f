//go:build linux

package endtoend

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// sit opens the explorer under a name, so that two of them tell each other apart.
func sit(t *testing.T, url, name string) *terminal {
	t.Helper()
	e := start(t, 120, 40, nil, "--url", url, "--application", name, "--user", "dev")
	e.until("the bus", func(s screen) bool {
		return strings.Contains(s.header(), "● live") && s.paneHas("1", name)
	})
	return e
}

// offer offers a method, or a stream from the list of streams, and waits until it
// stands.
func (e *terminal) offer(pane, name, accepts, returns string) {
	e.t.Helper()
	e.press(pane, "N")
	e.see("A new offer")
	for i, text := range []string{name, accepts, returns} {
		if i > 0 {
			e.press("tab")
		}
		e.write(text)
	}
	e.press("ctrl+s")
	e.until(name+" in its list", func(s screen) bool { return s.paneHas(pane, name) && s.paneHas("4", "← "+name) })
}

// TestServeMethodByHand plays a call with two terminals: it is answered, then
// refused, then answered by a rule that was made from an answer.
func TestServeMethodByHand(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	desk, trader := sit(t, g.url, "Desk"), sit(t, g.url, "Trader")
	desk.offer("2", "Sum", "int a, int b", "int sum")
	trader.form("2", "Sum")
	trader.write("2")
	trader.press("tab")
	trader.write("3")
	trader.press("ctrl+s")

	desk.see("Waiting for an answer", "#1  Trader   a 2  b 3", "s left", "made from returns")
	desk.press("enter")
	desk.write("five")
	desk.press("ctrl+s")
	desk.see(`not an int: "five"`, "1 field to fix")
	desk.press("ctrl+u")
	desk.write("5")
	desk.press("ctrl+s")
	desk.see("✓ by hand", "1 answered")
	trader.work("✓ 1 of 1", "✓ Desk", "sum  5")

	trader.press("r")
	desk.see("#2  Trader")
	desk.press("g", "x")
	desk.see("Answer #2 with an error")
	desk.write("not today")
	desk.press("ctrl+s")
	desk.see("✗ not today", "1 refused")
	trader.work("says: not today")

	trader.press("r")
	desk.see("#3  Trader")
	desk.press("g", "enter")
	desk.write("5")
	desk.press("alt+r")
	desk.see("A new rule", ".a == 2 and .b == 3")
	desk.press("ctrl+s")
	desk.see("Rules", "| .a == 2 and .b == 3", "0 times")
	trader.work("✓ 1 of 1")
	trader.press("r")
	desk.see("1 time ", "✓ rule 1")
	trader.work("✓ 1 of 1")

	// Who leaves while it waits for an answer does not get one.
	trader.press("i")
	trader.see("[ Send ]")
	trader.press("ctrl+u")
	trader.write("7")
	trader.press("ctrl+s")
	desk.see("#5  Trader   a 2  b 7")
	desk.press("g", "enter")
	desk.write("1")
	trader.press("q")
	desk.see("Trader left")
	desk.press("ctrl+s")
	desk.see("your answer was not sent.")
}

// TestServeStreamBranches accepts one subscriber on a branch and one on none, and
// pushes to all, to the branch, to one alone, and on a timer.
func TestServeStreamBranches(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	desk, trader := sit(t, g.url, "Desk"), sit(t, g.url, "Trader")
	desk.offer("3", "Orders", "string desk", "string note")
	subscribe := func(with string) {
		t.Helper()
		trader.form("3", "Orders")
		trader.press("ctrl+u")
		trader.write(with)
		trader.press("ctrl+s")
		desk.see("asks  Trader   desk " + with)
	}
	subscribe("gold")
	desk.press("g", "b")
	desk.see("Accept Trader on a branch", "from the arguments")
	desk.write("gold")
	desk.press("enter")
	desk.see("✓ by hand, on gold")
	trader.work("accepted by Desk")
	subscribe("public")
	desk.press("g", "a")
	desk.see("(none)", "2 subscribers")
	trader.work("accepted by Desk")

	push := func(text string, keys ...string) {
		t.Helper()
		desk.press(keys...)
		desk.see("[ Push ]")
		desk.press("ctrl+u")
		desk.write(text)
		desk.press("ctrl+s")
		desk.see("pushed to ")
		desk.press("esc")
		desk.gone("[ Push ]")
	}
	push("everybody", "p")
	push("gold alone", "g", "j", "j", "enter")
	push("you alone", "j", "enter")
	desk.see("3 pushed", "○ 1")
	trader.work("everybody")
	if s := trader.screen(); s.has("alone") {
		t.Errorf("what is for gold came on the common branch:\n%s", s)
	}
	trader.press(",")
	trader.work("everybody", `"gold alone"`, `me  note "you alone"`)

	desk.press("k", "t")
	desk.see("on a timer")
	desk.press("ctrl+u")
	desk.write("100ms")
	desk.press("tab", "ctrl+u")
	desk.write(`{note: "tick \(.n)"}`)
	desk.press("tab", "ctrl+x", "ctrl+s")
	desk.see("every 100 ms", "to branch gold")
	trader.work(`note "tick 3"`)

	desk.press("g", "j", "j", "x")
	desk.see("Close the branch gold?", "1 subscription to Orders ends.")
	desk.press("tab", "enter")
	desk.see("1 subscriber,")
	trader.work("closed")
	trader.press("q")
	desk.see("no subscriber")
}

// TestServeRejects refuses a subscriber with a reason, and what a rule refuses is
// not asked for.
func TestServeRejects(t *testing.T) {
	t.Parallel()
	g := serve(t, "127.0.0.1:0")
	desk, trader := sit(t, g.url, "Desk"), sit(t, g.url, "Trader")
	desk.offer("3", "Orders", "string desk", "")
	trader.form("3", "Orders")
	trader.write("none")
	trader.press("ctrl+s")
	desk.see("asks  Trader   desk none")
	desk.press("x")
	desk.see("Reject Trader")
	desk.press("ctrl+s")
	desk.see("needed")
	desk.write("no such desk")
	desk.press("ctrl+s")
	desk.see("✗ no such desk")
	trader.work("✗ Desk refuses: no such desk")

	desk.press("r")
	desk.see("A new rule", `.desk == "none"`)
	desk.press("ctrl+s")
	desk.see("reject", "0 times")
	trader.press("u")
	desk.see("1 time ")
	trader.work("✗ Desk refuses: no such desk")
	desk.press("u")
	desk.see("taken back")
	trader.until("no stream", func(s screen) bool { return s.paneHas("3", "† Orders") })
}

// vendor is an application made with the vendor's own client.
type vendor struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Writer
	out chan map[string]any
	// kept came while something else was awaited.
	kept []map[string]any
	n    int
}

func vendorApp(t *testing.T, url, library, name string) *vendor {
	t.Helper()
	cmd, in, lines := vendorProgram(t, "../../client/official", "app.mjs", []string{library})
	v := &vendor{t: t, cmd: cmd, in: in, out: make(chan map[string]any, 1000)}
	go func() {
		defer close(v.out)
		for lines.Scan() {
			var m map[string]any
			if json.Unmarshal(lines.Bytes(), &m) == nil {
				v.out <- m
			}
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	v.await(v.do("start", map[string]any{"url": url, "user": "dev", "application": name}))
	return v
}

// do sends a request, whose reply await waits for.
func (v *vendor) do(op string, with map[string]any) int {
	v.t.Helper()
	v.n++
	m := map[string]any{"id": v.n, "op": op}
	for k, x := range with {
		m[k] = x
	}
	line, err := json.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(v.in, "%s\n", line)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return v.n
}

// take is the next message that is wanted.
func (v *vendor) take(what string, wanted func(map[string]any) bool) map[string]any {
	v.t.Helper()
	if i := slices.IndexFunc(v.kept, wanted); i >= 0 {
		m := v.kept[i]
		v.kept = slices.Delete(v.kept, i, i+1)
		return m
	}
	late := time.After(patience)
	for {
		select {
		case m, ok := <-v.out:
			if !ok {
				v.t.Fatalf("the application ended before %s", what)
			}
			if wanted(m) {
				return m
			}
			v.kept = append(v.kept, m)
		case <-late:
			v.t.Fatalf("no %s", what)
		}
	}
}

func (v *vendor) await(id int) map[string]any {
	v.t.Helper()
	return v.take(fmt.Sprintf("reply %d", id), func(m map[string]any) bool { return m["id"] == float64(id) })
}

func (v *vendor) event(name string) map[string]any {
	v.t.Helper()
	return v.take(name, func(m map[string]any) bool { return m["event"] == name })
}

// TestServeOfficial lets applications made with the vendor's clients call a method
// and follow a stream that are offered on the screen.
func TestServeOfficial(t *testing.T) {
	t.Parallel()
	for _, library := range []string{"glue", "io"} {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			g := serve(t, "127.0.0.1:0")
			desk := sit(t, g.url, "Desk")
			desk.offer("2", "Sum", "int a, int b", "int sum")
			app := vendorApp(t, g.url, library, "Vendor")
			app.await(app.do("waitForMethod", map[string]any{"name": "Sum"}))
			asked := app.do("invoke", map[string]any{"method": "Sum", "args": map[string]any{"a": 2, "b": 3}, "target": "best"})
			desk.see("#1  Vendor   a 2  b 3")
			desk.press("enter")
			desk.write("5")
			desk.press("ctrl+s")
			if m, _ := json.Marshal(app.await(asked)); !strings.Contains(string(m), `"returned":{"sum":5}`) {
				t.Errorf("the answer: %s", m)
			}

			desk.offer("3", "Orders", "string desk", "string note")
			app.await(app.do("waitForMethod", map[string]any{"name": "Orders"}))
			gold := app.do("subscribe", map[string]any{"method": "Orders", "args": map[string]any{"desk": "gold"}})
			desk.see("asks  Vendor   desk gold")
			desk.press("g", "b")
			desk.see("Accept Vendor on a branch")
			desk.write("gold")
			desk.press("enter")
			app.await(gold)
			desk.see("1 subscriber")
			desk.press("p")
			desk.see("[ Push ]")
			desk.write("to all")
			desk.press("ctrl+s")
			if m, _ := json.Marshal(app.event("data")); !strings.Contains(string(m), `"data":{"note":"to all"}`) || !strings.Contains(string(m), `"private":false`) {
				t.Errorf("an event: %s", m)
			}
			desk.press("esc", "g", "j")
			desk.press("enter")
			desk.see("Push to Vendor alone")
			desk.press("ctrl+u")
			desk.write("alone")
			desk.press("ctrl+s")
			if m, _ := json.Marshal(app.event("data")); !strings.Contains(string(m), `"data":{"note":"alone"}`) || !strings.Contains(string(m), `"private":true`) {
				t.Errorf("a private event: %s", m)
			}
			desk.press("esc")
			none := app.do("subscribe", map[string]any{"method": "Orders", "args": map[string]any{"desk": "none"}})
			desk.see("asks  Vendor   desk none")
			desk.press("g", "x")
			desk.see("Reject Vendor")
			desk.write("no such desk")
			desk.press("ctrl+s")
			if m, _ := json.Marshal(app.await(none)); !strings.Contains(string(m), "no such desk") {
				t.Errorf("a rejection: %s", m)
			}
		})
	}
}
