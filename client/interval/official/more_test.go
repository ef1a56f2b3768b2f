package official

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ioscope/client/internal/cable"
	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

func TestPages(t *testing.T) {
	t.Parallel()
	d := withHost(t, interval.RunnerOptions{})
	host := d.runner.Hosts()[0]
	if host.SDKName != "@interval/sdk" || len(host.Pages) != 3 || host.Pages[0].Name != "Reports" {
		t.Errorf("host %+v", host)
	}
	key, err := d.runner.OpenPage("reports", &interval.StartOptions{Params: rec("team", "north")})
	if err != nil {
		t.Fatal(err)
	}
	whole := await(d, func(e interval.PageDrawn) bool {
		return e.Page == key && e.Layout.Description.Value == "counted" && e.Layout.Children != nil
	})
	if whole.Layout.Title.Value != "Reports of north" || whole.Layout.MenuItems[0].Route != "reports/create" {
		t.Errorf("layout %+v", whole.Layout)
	}
	children := whole.Layout.Children.InputGroupKey
	r := d.state(key, children, 1, schema.TableState{Offset: 600, PageSize: 20})
	if p := r.Components[1].Props.(*schema.DisplayTable); p.Data[0].Key != "600" {
		t.Errorf("the rows from 600 on begin with %q", p.Data[0].Key)
	}
	if p := r.Components[2].Props.(*schema.DisplayTable); len(p.Data) != 5 {
		t.Errorf("the runner did not ask for the first page: %d rows", len(p.Data))
	}
	if err := d.runner.ClosePage(key); err != nil {
		t.Error(err)
	}
	broken, err := d.runner.OpenPage("broken", nil)
	if err != nil {
		t.Fatal(err)
	}
	if e := await(d, func(e interval.PageDrawn) bool { return e.Page == broken }).Layout.Errors[0]; e.Kind != "TypeError" || e.Message != "page broke" {
		t.Errorf("a broken page: %+v", e)
	}
	empty, err := d.runner.OpenPage("empty", nil)
	if err != nil {
		t.Fatal(err)
	}
	if e := await(d, func(e interval.PageDrawn) bool { return e.Page == empty }); e.Layout != nil {
		t.Errorf("an empty page: %+v", e)
	}
	if _, err := d.runner.OpenPage("nowhere", nil); !errors.Is(err, interval.ErrNoHost) {
		t.Errorf("a page that isn't there: %v", err)
	}
	id := d.start("reports/create")
	d.succeeds(id, "created")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	d := withHost(t, interval.RunnerOptions{})
	id := d.start("cancel")
	d.asked(id, "Wait")
	if err := d.runner.Cancel(id); err != nil {
		t.Fatal(err)
	}
	if r := d.ended(id); r.Status != schema.StatusCanceled {
		t.Errorf("ended with %+v", r)
	}
	late := await(d, func(e interval.LateResult) bool { return e.Transaction == id })
	if !schema.Equal(late.Result.Data, rec("canceled", true)) {
		t.Errorf("returned %v", late.Result.Data)
	}
}

// TestReconnect breaks the connection while the person is asked, and while the
// action works.
func TestReconnect(t *testing.T) {
	t.Parallel()
	sdk(t)
	d := newDesk(t, interval.RunnerOptions{})
	way := cable.Lay(t, d.server.Listener.Addr().String())
	run(t, "host.mjs", "ws://"+way.Address+"/websocket").line(0, func(l []byte) bool { return string(l) == "ready" })
	id := d.start("errand", schema.Member{Name: "pause", Value: 600})
	q := d.asked(id, "Name")
	way.Cut()
	await(d, func(e interval.PhaseChanged) bool { return e.Transaction == id && e.Phase == interval.PhaseLost })
	d.answer(q, answers{"Name": "while away"}, "") // kept until the host is back
	await(d, func(e interval.HostJoined) bool { return e.Again })
	await(d, func(e interval.Logged) bool { return e.Line.Text == "busy" })
	way.Cut()
	d.ask(id, "Sure?", true)
	d.succeeds(id, "while away true")
	d.mu.Lock()
	defer d.mu.Unlock()
	asked := 0
	for _, e := range d.events {
		if r, ok := e.(interval.Rendered); ok && r.Waits {
			asked++
		}
	}
	if asked != 2 {
		t.Errorf("the person was asked %d times", asked)
	}
}

func TestRefusedKey(t *testing.T) {
	t.Parallel()
	sdk(t)
	keys := make(chan string, 100)
	d := newDesk(t, interval.RunnerOptions{Accept: func(key string) bool {
		keys <- key
		return false
	}})
	p := run(t, "host.mjs", d.address())
	select {
	case key := <-keys:
		if key != "key" {
			t.Errorf("the key is %q", key)
		}
	case <-time.After(patience):
		t.Fatal("nobody came")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if hosts := d.runner.Hosts(); len(hosts) != 0 || len(p.lines) != 0 {
		t.Errorf("hosts %+v, said %q", hosts, p.lines)
	}
}

// said is a line of the judge.
type said struct {
	Port     int             `json:"port"`
	Key      string          `json:"key"`
	Instance string          `json:"instance"`
	Call     string          `json:"call"`
	Inputs   json.RawMessage `json:"inputs"`
	Answer   string          `json:"answer"`
	Value    json.RawMessage `json:"value"`
	Wrong    string          `json:"wrong"`
	Closed   int             `json:"closed"`
}

// judge is the real server's judgement of our host.
type judge struct {
	*program
	next int
}

func (j *judge) hear(good func(said) bool) said {
	j.t.Helper()
	var out said
	_, j.next = j.line(j.next, func(l []byte) bool {
		out = said{}
		if json.Unmarshal(l, &out) != nil {
			return false
		}
		if out.Wrong != "" {
			j.t.Errorf("the judge says: %s", out.Wrong)
		}
		return good(out)
	})
	return out
}

func (j *judge) call(name string) said {
	j.t.Helper()
	return j.hear(func(s said) bool { return s.Call == name })
}

// tell calls the host.
func (j *judge) tell(method string, inputs any) {
	j.t.Helper()
	text, err := json.Marshal(map[string]any{"method": method, "inputs": inputs})
	if err != nil {
		j.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(j.stdin, "%s\n", text); err != nil {
		j.t.Fatal(err)
	}
}

// answer returns values for the render of a call.
func (j *judge) answer(call said, kind string, values ...any) {
	j.t.Helper()
	var in struct{ TransactionID, IOCall string }
	var render struct{ ID, InputGroupKey string }
	if json.Unmarshal(call.Inputs, &in) != nil || json.Unmarshal([]byte(in.IOCall), &render) != nil {
		j.t.Fatalf("no render: %s", call.Inputs)
	}
	response := schema.IOResponse{ID: render.ID, InputGroupKey: render.InputGroupKey, TransactionID: in.TransactionID, Kind: kind, Values: values}
	text, err := response.Encode()
	if err != nil {
		j.t.Fatal(err)
	}
	j.tell("IO_RESPONSE", map[string]any{"transactionId": in.TransactionID, "value": string(text)})
}

func startMessage(id, slug string) map[string]any {
	return map[string]any{
		"transactionId": id, "displayResolvesImmediately": true, "actionName": slug, "environment": "development",
		"action": map[string]any{"slug": slug, "url": "http://127.0.0.1/" + slug}, "params": map[string]any{},
		"user": map[string]any{"email": "ops@example.test", "firstName": nil, "lastName": nil, "role": "admin", "teams": []string{}},
	}
}

// TestHostBeforeTheJudge holds everything that our host can show and ask against
// the SDK's own schemas.
func TestHostBeforeTheJudge(t *testing.T) {
	t.Parallel()
	j := &judge{program: run(t, "judge.mjs")}
	port := j.hear(func(s said) bool { return s.Port != 0 }).Port
	h := interval.NewHost(interval.HostOptions{Endpoint: fmt.Sprintf("ws://127.0.0.1:%d/websocket", port), APIKey: "our-key", InstanceID: "our-id"})
	h.Action(interval.Action{Slug: "show", Name: "Show", Group: "shop", Description: "All", Backgroundable: true, Teams: []string{"a"}, Run: showAll})
	h.Action(interval.Action{Slug: "ask", Run: askAll})
	h.Page(interval.Page{Slug: "shop", Name: "Shop", Draw: drawShop})
	t.Cleanup(h.Close)
	if err := h.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := j.hear(func(s said) bool { return s.Instance != "" }); s.Key != "our-key" || s.Instance != "our-id" {
		t.Errorf("the host says %+v", s)
	}
	if s := j.call("INITIALIZE_HOST"); !strings.Contains(string(s.Inputs), `"groupSlug":"shop"`) {
		t.Errorf("it offers %s", s.Inputs)
	}
	j.tell("START_TRANSACTION", startMessage("t1", "shop/show"))
	if s := j.call("MARK_TRANSACTION_COMPLETE"); !strings.Contains(string(s.Inputs), "SUCCESS") {
		t.Errorf("showing ended with %s", s.Inputs)
	}
	j.tell("CLOSE_TRANSACTION", map[string]any{"transactionId": "t1"})
	j.tell("START_TRANSACTION", startMessage("t2", "ask"))
	for _, step := range asked {
		j.answer(j.call("SEND_IO_CALL"), schema.KindReturn, step...)
	}
	if s := j.call("MARK_TRANSACTION_COMPLETE"); !strings.Contains(string(s.Inputs), "SUCCESS") {
		t.Errorf("asking ended with %s", s.Inputs)
	}
	open := startMessage("", "")
	j.tell("OPEN_PAGE", map[string]any{"pageKey": "p1", "page": map[string]any{"slug": "shop"}, "environment": "development", "user": open["user"], "params": map[string]any{}})
	if s := j.hear(func(s said) bool { return s.Call == "SEND_PAGE" && strings.Contains(string(s.Inputs), "late title") }); !strings.Contains(string(s.Inputs), "DISPLAY_GRID") {
		t.Errorf("the page is %s", s.Inputs)
	}
	j.tell("CLOSE_PAGE", map[string]any{"pageKey": "p1"})
	j.tell("CLOSE_TRANSACTION", map[string]any{"transactionId": "t2"})
	j.hear(func(s said) bool { return s.Answer == "CLOSE_TRANSACTION" })
	if err := h.SafeClose(t.Context()); err != nil {
		t.Errorf("close: %v", err)
	}
	j.call("BEGIN_HOST_SHUTDOWN")
	if code := j.hear(func(s said) bool { return s.Closed != 0 }).Closed; code != 1005 {
		t.Errorf("it left with %d", code)
	}
}
