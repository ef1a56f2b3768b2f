package ui

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// reached are the servers that the last question means, of those who offer it.
func (h *harness) reached() string {
	h.t.Helper()
	q := h.question()
	var names []string
	for _, s := range h.app.state.Means(h.method(q.Method.Name).ID, q.Target) {
		names = append(names, s.Instance.Name())
	}
	return strings.Join(names, " ")
}

// second starts another application of a name.
func (h *harness) second(name string, pid int64, def bus.MethodDefinition) {
	who := person(name, pid)
	who.PeerID += "-2"
	h.hear(bus.ServerAdded{At: h.now, Server: who}, bus.MethodsAdded{At: h.now, Peer: who.PeerID, Methods: []bus.MethodDefinition{def}})
}

// Servers that are chosen with space are asked, and nobody else.
func TestTargetTheseServers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	form := h.app.state.OpenForm(h.method("Division"), bus.Target{})
	form.Form.Fill([]byte(`{"a":1,"b":3}`))
	h.press("ctrl+t")
	h.shows("these", "0 chosen below", "reaches now   CalcPrecise")
	h.press("down", "down", "down")
	h.shows("reaches now   nobody")
	h.press("enter")
	h.shows("✗ choose servers below with space")
	h.press("down", "down", "down")
	h.shows("reaches now   CalcClassic")
	h.press("space")
	h.press("down", "space")
	h.shows("2 chosen below", "reaches now   CalcClassic, Grumpy")
	h.press("enter")
	h.shows("will reach CalcClassic, Grumpy")
	h.press("ctrl+s")
	h.shows("It reaches 2 servers")
	h.press("right", "enter")
	if got := h.reached(); got != "CalcClassic Grumpy" {
		t.Errorf("reached %s", got)
	}
	for _, f := range h.question().Target.Filters {
		if f.PeerID != "" || f.Application == "" {
			t.Errorf("%+v is no name", f)
		}
	}
	q := h.question()
	h.answer(q, reply{"CalcClassic", `{"quotient":0.3333,"remainder":1}`, time.Millisecond}, reply{"Grumpy", `!no`, time.Millisecond})
	h.finish(q, nil)
	h.press("6")
	h.shows("CalcClassic, Grumpy")
	// The picker knows them again, and what is copied from it.
	h.press("enter", "ctrl+t")
	h.shows("2 chosen below", "[x] ● CalcClassic", "[x] ● Grumpy", "[ ] ● CalcPrecise")
	h.press("space")
	h.shows("1 chosen below", "reaches now   Grumpy")
	h.press("esc")
	if got := h.app.state.Shown().Target; !got.Equal(q.Target) {
		t.Errorf("esc left %+v", got)
	}
}

// A partial instance is read as the command reads it.
func TestTargetMatching(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	form := h.app.state.OpenForm(h.method("Division"), bus.Target{})
	form.Form.Fill([]byte(`{"a":1,"b":3}`))
	h.press("ctrl+t", "down", "down", "down", "down")
	h.write("application=/^Calc/,user=")
	h.press("enter")
	h.shows(`✗ "user=": key=value is wanted, such as user=ann`)
	h.write("nobody")
	h.shows("reaches now   nobody")
	for range "nobody" {
		h.press("backspace")
	}
	h.write("dev")
	h.shows("reaches now   CalcPrecise, CalcClassic")
	h.press("enter", "ctrl+s", "right", "enter")
	want := bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: "/^Calc/", User: "dev"}}}
	if got := h.question().Target; !got.Equal(want) || h.reached() != "CalcPrecise CalcClassic" {
		t.Errorf("asked %+v, reached %s", got, h.reached())
	}
	h.app.state.OpenForm(h.method("Division"), want)
	h.press("ctrl+t")
	h.shows("(•) matching  application=/^Calc/,user=dev")
}

// One server is chosen by enter alone, and one of two of the same name is told apart.
func TestTargetOneServer(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	h.second("CalcPrecise", 5001, h.method("Division").Def)
	form := h.app.state.OpenForm(h.method("Division"), bus.Target{})
	form.Form.Fill([]byte(`{"a":1,"b":3}`))
	h.press("ctrl+t", "up")
	h.shows("4 servers", "pid 5001", "reaches now   CalcPrecise ")
	h.press("enter", "ctrl+s")
	servers := h.app.state.Means(h.method("Division").ID, h.question().Target)
	if len(servers) != 1 || servers[0].Instance.PID != 5001 {
		t.Errorf("reached %+v", servers)
	}
}

// What is copied means the servers that were asked.
func TestTargetsAreCopiedExactly(t *testing.T) {
	t.Parallel()
	q := Question{
		Method: bus.MethodFilter{Name: "Division"}, Args: []byte("{}"), Wait: bus.DefaultTimeout, Answer: bus.DefaultTimeout,
		Target: bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{
			{Application: "Calc, old", User: "ada", PID: 7}, {Application: "Grumpy", Identity: `{"desk":"rates"}`},
		}},
	}
	if got, want := asCommand(q, false, "ws://h/gw"), `ioscope invoke Division --target 'application=/^Calc, old$/i,user=ada,pid=7' --target 'application=Grumpy,identity.desk=rates' --url ws://h/gw`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := asJavaScript(q, false, there); !strings.Contains(got, `{}, [{ application: "Calc, old", user: "ada", pid: 7 }, { application: "Grumpy", desk: "rates" }], {`) {
		t.Errorf("JavaScript: %s", got)
	}
	if got := asGo(q, false, there); !strings.Contains(got, `Filters: []bus.InstanceFilter{{Application: "Calc, old", User: "ada", PID: 7}, {Application: "Grumpy", Identity: "{\"desk\":\"rates\"}"}}}`) {
		t.Errorf("Go: %s", got)
	}
	q.Target.Filters = q.Target.Filters[:1]
	if got := asJavaScript(q, true, there); !strings.Contains(got, `target: { application: "Calc, old", user: "ada", pid: 7 },`) {
		t.Errorf("JavaScript: %s", got)
	}
}

// The official client knows no patterns: what is copied for it looks for the servers.
func TestPatternsAreCopiedToJavaScript(t *testing.T) {
	t.Parallel()
	q := Question{Method: bus.MethodFilter{Name: "Division"}, Target: bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{
		{Application: "/^calc/i", User: "ADA"}, {PID: 9},
	}}}
	_, text, _ := strings.Cut(asJavaScript(q, false, there), "begins here.")
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node here")
	}
	program := `const servers = [
  { application: "CalcPrecise", user: "ada", pid: 1, peerId: "p1" }, { application: "CalcPrecise", user: "bob", pid: 2, peerId: "p2" },
  { application: "Other", user: "ada", pid: 9, peerId: "p3" } ];
const io = { interop: { servers: (f) => f.name === "Division" ? servers : [], invoke: (_, __, target) => {
  console.log(JSON.stringify(target));
  return { all_return_values: [], all_errors: [] };
} } };
(async () => {` + text + `})();`
	out, err := exec.Command(node, "-e", program).CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != `[{"peerId":"p1"},{"peerId":"p3"}]` {
		t.Errorf("%v: %s\n%s", err, got, text)
	}
}

// A saved call means the programs, not the processes that they are today.
func TestSavedTargetOutlivesAProcess(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	m := h.method("Division")
	now := bus.Target{Mode: bus.Matching}
	for _, o := range m.Offers[:2] {
		now.Filters = append(now.Filters, filterOf(o.Server.Instance, m.Offers))
	}
	want := "application=CalcPrecise,machine=ws-17,user=dev application=CalcClassic,machine=ws-17,user=dev"
	if got := strings.Join(h.app.state.Lasting(m.ID, now).Texts(), " "); got != want {
		t.Errorf("saved as %s, want %s", got, want)
	}
	h.second("CalcPrecise", 5001, m.Def)
	if got := h.app.state.Lasting(m.ID, now); !got.Equal(now) {
		t.Errorf("of two of a name came %v", got.Texts())
	}
	if got := model.TargetWord(now); got != "CalcPrecise, CalcClassic" {
		t.Errorf("shown as %s", got)
	}
}
