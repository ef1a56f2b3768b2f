package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// listening finds the address in what a command says, and hands it on once.
type listening struct {
	bytes.Buffer
	url  chan string
	told bool
}

func (l *listening) Write(p []byte) (int, error) {
	n, err := l.Buffer.Write(p)
	_, after, found := strings.Cut(l.String(), "listening for hosts at ")
	if url, _, whole := strings.Cut(after, "\n"); found && whole && !l.told {
		l.told = true
		l.url <- url
	}
	return n, err
}

// onDesk runs a command to which a host with these actions comes.
func onDesk(t *testing.T, stdin io.Reader, actions []interval.Action, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	return visited(t, stdin, func(ctx context.Context, url string) { visit(ctx, url, actions) }, args...)
}

// visit is a host that comes and stays.
func visit(ctx context.Context, url string, actions []interval.Action) {
	if actions == nil {
		return
	}
	h := interval.NewHost(interval.HostOptions{Endpoint: url, InstanceID: "host-1"})
	for _, a := range actions {
		h.Action(a)
	}
	h.Page(interval.Page{Slug: "reports", Name: "Reports", Draw: func(context.Context, *interval.PageView) (*interval.PageLayout, error) {
		return nil, nil
	}})
	h.Page(interval.Page{Slug: "reports/old", Name: "Old ones"})
	defer h.Close()
	if h.Listen(ctx) == nil {
		<-ctx.Done()
	}
}

// visited runs a command to which a host comes as soon as it listens.
func visited(t *testing.T, stdin io.Reader, come func(ctx context.Context, url string), args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out bytes.Buffer
	said := &listening{url: make(chan string, 1)}
	arrived := make(chan struct{})
	go func() {
		defer close(arrived)
		select {
		case url := <-said.url:
			come(ctx, url)
		case <-ctx.Done():
		}
	}()
	code = Main(ctx, Env{
		Stdin: stdin, Stdout: &out, Stderr: said,
		Getenv:     func(key string) string { return map[string]string{"IOSCOPE_INTERVAL": "127.0.0.1:0"}[key] },
		IsTerminal: func() bool { return false },
		Now:        time.Now,
	}, args)
	cancel()
	<-arrived
	return out.String(), said.String(), code
}

// answersFile writes a document of answers.
func answersFile(t *testing.T, document string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answers.json")
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// outOfStock is an error whose type is its kind.
type outOfStock struct{ what string }

func (e *outOfStock) Error() string { return "no " + e.what + " left" }

type bolt struct {
	SKU string `json:"sku"`
	Qty int    `json:"qty"`
}

// workshop are the actions of these tests.
func workshop() []interval.Action {
	var parts []bolt
	for i := range 700 {
		parts = append(parts, bolt{fmt.Sprintf("SKU-%03d", i), i % 7})
	}
	none := func(context.Context, *interval.Transaction) (any, error) { return nil, nil }
	return []interval.Action{
		{Slug: "echo", Name: "Echo", Description: "Gives back", Unlisted: true, Run: func(_ context.Context, tx *interval.Transaction) (any, error) {
			return tx.Params, nil
		}},
		{Slug: "refund", Group: "reports", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
			amount := tx.IO.Input.Number("Amount", schema.InputNumber{Max: new(float64(100)), Currency: "EUR"}).Validate(func(n float64) string {
				if n == 13 {
					return "not thirteen"
				}
				return ""
			})
			why := tx.IO.Input.Text("Why", schema.InputText{DefaultValue: new("damaged")})
			choice, err := tx.IO.Group(tx.IO.Display.Heading("Refund", schema.DisplayHeading{Description: "Once"}), amount, why).
				WithChoices(schema.ChoiceButton{Label: "Pay"}, schema.ChoiceButton{Label: "Deny", Theme: schema.ThemeDanger}).Await(ctx)
			if err != nil {
				return nil, err
			}
			tx.Log("paid", amount.Value())
			return map[string]any{"amount": amount.Value(), "why": why.Value(), "choice": choice}, nil
		}},
		{Slug: "pick", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
			rows, err := interval.SelectTable(tx.IO, "Parts", interval.SelectTableOptions[bolt]{Rows: parts}).Await(ctx)
			if err != nil {
				return nil, err
			}
			hit, err := interval.Search(tx.IO, "Part", interval.SearchOptions[bolt]{
				Find: func(_ context.Context, q string) (found []bolt, err error) {
					for _, p := range parts {
						if strings.Contains(p.SKU, q) {
							found = append(found, p)
						}
					}
					return found, nil
				},
				Show: func(p bolt) schema.SearchResult { return schema.SearchResult{Label: p.SKU} },
			}).Await(ctx)
			return fmt.Sprint(rows, hit), err
		}},
		{Slug: "send", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
			file, err := tx.IO.Input.File("File", interval.FileOptions{Extensions: []string{"json"}}).Await(ctx)
			if err != nil {
				return nil, err
			}
			content, err := file.Read(ctx, 0)
			return string(content), err
		}},
		{Slug: "twin1", Name: "twin", Run: none},
		{Slug: "twin2", Group: "reports", Name: "TWIN", Run: none},
		{Slug: "fail", Run: func(context.Context, *interval.Transaction) (any, error) { return nil, &outOfStock{"bolts"} }},
		{Slug: "sure", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
			return tx.IO.Confirm("Sure?", "").Await(ctx)
		}},
		{Slug: "slow", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
			two := 2
			tx.Loading.Start(interval.LoadingState{Label: "Working", ItemsInQueue: &two})
			tx.Loading.CompleteOne()
			time.Sleep(500 * time.Millisecond) // a progress is told 100 ms later, and not behind the end
			if err := tx.Redirect(ctx, schema.Target{Route: "echo", Params: schema.Record{{Name: "n", Value: 1}}}, false); err != nil {
				return nil, err
			}
			return nil, tx.Notify(ctx, interval.Notification{Title: "Done", Message: "all", Delivery: []interval.Delivery{{To: "ada", Method: "SLACK"}}})
		}},
	}
}

// lines reads JSON objects, and drops what differs from run to run.
func eventsOf(t *testing.T, text string) (out []string) {
	t.Helper()
	for line := range strings.Lines(text) {
		var o map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		delete(o, "key")
		delete(o, "time")
		delete(o, "components")
		written, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(written))
	}
	return out
}

func TestRun(t *testing.T) {
	t.Parallel()
	refundRender := `{"buttons":[{"label":"Pay","value":"Pay"},{"label":"Deny","value":"Deny","theme":"danger"}],"event":"render","message":null,"refused":false,"update":false,"waits":true}`
	for _, test := range []struct {
		name    string
		slug    string
		params  []string
		answers string
		code    int
		events  []string // all, or what the last ones are
		stderr  string
	}{
		{
			name: "parameters", slug: "echo", params: []string{"a=1", "b=true", "c=null", "d=\"1\"", "e=x=y", "f={\"a\":1}", "g=007", "h=12345678901234567890", "i="},
			events: []string{`{"event":"complete","result":{"a":1,"b":true,"c":null,"d":"1","e":"x=y","f":"{\"a\":1}","g":"007","h":12345678901234567890,"i":""},"status":"SUCCESS"}`},
		},
		{
			name: "answers", slug: "reports/refund", answers: `{"Amount": 19.95, "_choice": "Deny"}`,
			events: []string{
				refundRender,
				`{"answers":[{"label":"Amount","value":19.95},{"label":"Why","value":"damaged"}],"choice":"Deny","event":"answer"}`,
				`{"event":"log","index":0,"text":"paid 19.95"}`,
				`{"event":"complete","result":{"amount":19.95,"choice":"Deny","why":"damaged"},"status":"SUCCESS"}`,
			},
		},
		{
			name: "answers that are refused", slug: "reports/refund", answers: `{"Amount": [5000, 13, 20], "Why": "late"}`,
			events: []string{
				refundRender,
				`{"answers":[{"label":"Amount","value":13},{"label":"Why","value":"late"}],"choice":"Pay","event":"answer"}`,
				strings.Replace(strings.Replace(refundRender, `"refused":false`, `"refused":true`, 1), `"update":false`, `"update":true`, 1),
				`{"answers":[{"label":"Amount","value":20},{"label":"Why","value":"late"}],"choice":"Pay","event":"answer"}`,
				`{"event":"log","index":0,"text":"paid 20"}`,
				`{"event":"complete","result":{"amount":20,"choice":"Pay","why":"late"},"status":"SUCCESS"}`,
			},
		},
		{
			name: "an answer that our check refuses", slug: "reports/refund", answers: `{"Amount": 5000}`, code: 5,
			events: []string{
				refundRender, `{"event":"unanswered","label":"Amount","why":"at most 100"}`, `{"event":"complete","result":null,"status":"CANCELED"}`,
			},
			stderr: `error: canceled, since "Amount" was not answered: at most 100`,
		},
		{
			name: "an answer that the host refuses", slug: "reports/refund", answers: `{"Amount": 13}`, code: 5,
			events: []string{`{"event":"unanswered","label":"Amount","why":"not thirteen"}`, `{"event":"complete","result":null,"status":"CANCELED"}`},
		},
		{
			name: "no answer", slug: "sure", code: 5,
			events: []string{`{"event":"unanswered","label":"Sure?","why":"nothing answers it, and it has no default"}`, `{"event":"complete","result":null,"status":"CANCELED"}`},
		},
		{
			name: "no such button", slug: "reports/refund", answers: `{"Amount": 1, "_choice": "Maybe"}`, code: 5,
			events: []string{`{"event":"unanswered","label":"_choice","why":"there is no button \"Maybe\""}`, `{"event":"complete","result":null,"status":"CANCELED"}`},
		},
		{
			name: "rows far behind, and a search", slug: "pick", answers: `{"Parts": ["SKU-650", "3"], "Part": ["nothing", "69"]}`,
			events: []string{`{"event":"complete","result":"[{SKU-003 3} {SKU-650 6}] {SKU-069 6}","status":"SUCCESS"}`},
		},
		{
			name: "a failure", slug: "fail", code: 1,
			events: []string{`{"event":"complete","result":{"error":"Error","message":"no bolts left"},"status":"FAILURE"}`},
			stderr: "error: fail failed: no bolts left",
		},
		{
			name: "what happens beside it", slug: "slow",
			events: []string{
				`{"description":null,"event":"loading","itemsCompleted":1,"itemsInQueue":2,"label":"Working"}`,
				`{"event":"redirect","params":{"n":1},"replace":false,"route":"echo"}`,
				`{"deliveries":[{"to":"ada","method":"SLACK"}],"event":"notify","message":"all","title":"Done"}`,
				`{"event":"complete","result":null,"status":"SUCCESS"}`,
			},
		},
		{name: "an answer that nobody asked for", slug: "echo", answers: `{"x": 1}`, stderr: `note: nobody asked for "x"`},
		{name: "no such action", slug: "refnd", params: []string{"--wait-timeout", "300ms"}, code: 3, stderr: `error: no host offered the action "refnd" within 300 ms`},
		{
			name: "a name", slug: "ECHO", params: []string{"a=1"}, stderr: `note: "ECHO" is the action echo`,
			events: []string{`{"event":"complete","result":{"a":1},"status":"SUCCESS"}`},
		},
		{name: "a name of two", slug: "Twin", code: 2, stderr: "error: 2 actions are called \"Twin\"\nhint: run one of them by its slug: twin1, reports/twin2"},
		{name: "a page", slug: "reports", params: []string{"--wait-timeout", "2s"}, code: 3, stderr: `error: "reports" is a page, not an action`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := []string{"run", test.slug, "--json"}
			if test.answers != "" {
				args = append(args, "--answers", answersFile(t, test.answers))
			}
			stdout, stderr, code := onDesk(t, strings.NewReader(""), workshop(), append(args, test.params...)...)
			if code != test.code || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit code %d, want %d; stderr:\n%s", code, test.code, stderr)
			}
			events := eventsOf(t, stdout)
			if test.slug == "slow" { // the progress goes its own way beside the rest
				slices.Sort(events[:max(len(events)-1, 0)])
				slices.Sort(test.events[:len(test.events)-1])
			}
			if n := len(test.events); len(events) < n || !slices.Equal(events[len(events)-n:], test.events) {
				t.Errorf("it says\n%s\nwant\n%s", strings.Join(events, "\n"), strings.Join(test.events, "\n"))
			}
		})
	}
}

func TestRunUploads(t *testing.T) {
	t.Parallel()
	file := answersFile(t, `{"content": 1}`)
	quoted, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := onDesk(t, strings.NewReader(`{"File": ["/nowhere/x.json", `+string(quoted)+`]}`), workshop(), "run", "send", "--answers", "-")
	if code != 0 || stdout != "{\"content\": 1}\n" {
		t.Errorf("exit code %d\n%s\n%s", code, stdout, stderr)
	}
}

func TestRunForPeople(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := onDesk(t, strings.NewReader(""), workshop(), "run", "reports/refund", "--answers", answersFile(t, `{"Amount": [13, 20]}`))
	if code != 0 || stdout != "## Refund\nOnce\n{\n  \"amount\": 20,\n  \"choice\": \"Pay\",\n  \"why\": \"damaged\"\n}\n" {
		t.Errorf("exit code %d\n%s", code, stdout)
	}
	for _, want := range []string{"? Amount: 13\n", "✗ Amount: not thirteen\n", "? Amount: 20\n? Why: damaged\n> Pay\n", " paid 20\n"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
}

// TestRunAsks: what no answer covers is asked on the terminal, and asked again
// when it is refused.
func TestRunAsks(t *testing.T) {
	t.Parallel()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Skipf("no terminal: %v", err)
	}
	defer func() { _ = errors.Join(ours.Close(), theirs.Close()) }()
	go func() { _, _ = io.WriteString(ours, "many\n5000\n13\n20\n\n") }()
	_, stderr, code := onDesk(t, theirs, workshop(), "run", "reports/refund", "--answers", answersFile(t, `{"_choice": "Deny"}`))
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{"  a number, at most 100, with up to 2 decimals, in EUR\n", "  ✗ a number is wanted\n", "  ✗ at most 100\n", "  ✗ Amount: not thirteen\n", "? Amount: 20\n"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
}

func TestRunWithoutHosts(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"run", "x"}, {"actions"}} {
		stdout, stderr, code := onDesk(t, strings.NewReader(""), nil, append(args, "--wait-timeout", "50ms")...)
		if code != 3 || stdout != "" || !strings.Contains(stderr, "error: no host with ") {
			t.Errorf("%v: exit code %d\n%s%s", args, code, stdout, stderr)
		}
	}
}

func TestRunIsRefused(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"no key=value":                {"run", "x", "y"},
		"given twice":                 {"run", "x", "y=1", "y=2"},
		"which action?":               {"run"},
		"less than nothing":           {"run", "x", "--wait-timeout", "-1s"},
		"read /nowhere: no such file": {"run", "x", "--answers", "/nowhere"},
		"line 1, character 2":         {"run", "x", "--answers", answersFile(t, "{x}")},
		"no address with a port":      {"actions", "--interval", "nowhere"},
		"others than this machine":    {"actions", "--interval", "0.0.0.0:0"},
	} {
		if _, stderr, code := onDesk(t, strings.NewReader(""), nil, args...); code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d, %s", args, code, stderr)
		}
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	all := workshop()
	stdout, stderr, code := onDesk(t, strings.NewReader(""), []interval.Action{all[0], all[1]}, "actions", "--json")
	want := strings.Join([]string{
		`{"kind":"action","slug":"echo","name":"Echo","description":"Gives back","group":"","unlisted":true,"backgroundable":false,"host":HOST}`,
		`{"kind":"action","slug":"reports/refund","name":"refund","description":"","group":"reports","unlisted":false,"backgroundable":false,"host":HOST}`,
		`{"kind":"page","slug":"reports","name":"Reports","description":"","group":"","unlisted":false,"backgroundable":false,"host":HOST}`,
		`{"kind":"group","slug":"reports/old","name":"Old ones","description":"","group":"reports","unlisted":false,"backgroundable":false,"host":HOST}`, "",
	}, "\n")
	_, host, _ := strings.Cut(stdout, `"host":`)
	host, _, _ = strings.Cut(host, "}")
	if got := strings.ReplaceAll(stdout, host+"}", "HOST"); code != 0 || got != want || !strings.HasPrefix(host, `{"id":"host-1","sdk":"ioscope","version":"2.0.0","remote":"127.0.0.1:`) {
		t.Errorf("exit code %d\n%s\n%s\n%s", code, stdout, host, stderr)
	}
	stdout, _, code = onDesk(t, strings.NewReader(""), []interval.Action{all[0]}, "actions")
	table := "SLUG         KIND              NAME      GROUP    HOST                    DESCRIPTION\n" +
		"echo         action, unlisted  Echo               ioscope 2.0.0 (host-1)  Gives back\n" +
		"reports      page              Reports            ioscope 2.0.0 (host-1)\n" +
		"reports/old  group             Old ones  reports  ioscope 2.0.0 (host-1)\n"
	if code != 0 || stdout != table {
		t.Errorf("exit code %d\n%s", code, stdout)
	}
}

// TestDemoHost: the demo host comes when somebody listens, and its actions run.
func TestDemoHost(t *testing.T) {
	t.Parallel()
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := reserved.Addr().String()
	if err := reserved.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	env := func(out, said io.Writer) Env {
		return Env{
			Stdin: strings.NewReader(""), Stdout: out, Stderr: said, Getenv: func(string) string { return "" },
			IsTerminal: func() bool { return false }, Now: time.Now,
		}
	}
	left := make(chan int)
	var hello bytes.Buffer
	go func() {
		left <- Main(ctx, env(&hello, io.Discard), []string{"demo-host", "--interval", address, "--api-key", "k"})
	}()
	var out, said bytes.Buffer
	code := Main(ctx, env(&out, &said), []string{
		"run", "orders/refund", "order=1002", "--json", "--interval", address, "--api-key", "k",
		"--answers", answersFile(t, `{"Amount": 3, "Reason": "Goodwill", "Remark": null}`),
	})
	if code != 0 || !strings.Contains(out.String(), `"event":"complete","status":"SUCCESS","result":{"order":"#1002","decision":"pay","paid":3,`) {
		t.Errorf("exit code %d\n%s\n%s", code, out.String(), said.String())
	}
	cancel()
	if code := <-left; code != 0 || hello.String() != "connected to ws://"+address+"/websocket\n" {
		t.Errorf("the host ends with %d: %s", code, hello.String())
	}
}
