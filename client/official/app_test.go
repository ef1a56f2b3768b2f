package official

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"
)

// The vendor's two client libraries, by the names that app.mjs knows them by.
const (
	glueCore = "glue" // @glue42/core
	ioCore   = "io"   // @interopio/core
)

// args are the fields of a request to an application.
type args map[string]any

// fault is how a request failed inside an official client.
type fault struct {
	Message string          `json:"message"`
	Value   json.RawMessage `json:"value"`
}

func (f *fault) Error() string { return f.Message }

// peer is an instance as an official client shows it.
type peer struct {
	PeerID      string `json:"peerId"`
	Application string `json:"application"`
	User        string `json:"user"`
	PID         int64  `json:"pid"`
}

// event is something that happened in an application, as app.mjs tells it. Only
// the fields of its kind are set.
type event struct {
	Event        string          `json:"event"`
	Method       string          `json:"method"`
	Stream       string          `json:"stream"`
	Args         json.RawMessage `json:"args"`
	Data         json.RawMessage `json:"data"`
	Private      bool            `json:"private"`
	Branch       string          `json:"branch"`
	Message      string          `json:"message"`
	Again        bool            `json:"again"`
	Call         int             `json:"call"`
	Request      int             `json:"request"`
	Subscriber   int             `json:"subscriber"`
	Subscription int             `json:"subscription"`
	Caller       peer            `json:"caller"`
	Instance     peer            `json:"instance"`
	Server       *peer           `json:"server"`
	Definition   definition      `json:"definition"`
}

// definition is a method as an official client shows it, or wants it.
type definition struct {
	Name        string          `json:"name"`
	DisplayName string          `json:"displayName,omitempty"`
	Description string          `json:"description,omitempty"`
	Accepts     string          `json:"accepts,omitempty"`
	Returns     string          `json:"returns,omitempty"`
	ObjectTypes []string        `json:"objectTypes,omitempty"`
	Version     int             `json:"version,omitempty"`
	Flags       json.RawMessage `json:"flags,omitempty"`
	// Streaming is shown only.
	Streaming bool `json:"supportsStreaming,omitempty"`
}

type reply struct {
	ID    int             `json:"id"`
	Value json.RawMessage `json:"value"`
	Error *fault          `json:"error"`
}

// app is an application made with one of the official clients.
type app struct {
	t       testing.TB
	library string
	process *process
	number  int  // by which the process knows it
	self    peer // set by start

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when something arrives
	lastID  int
	replies map[int]reply
	events  []event  // told and not yet taken
	lines   []string // the last lines both ways, for the log of a failure
}

// startApp logs an application in. Without config, contexts and metrics are off;
// see app.mjs for what config may say.
func startApp(t testing.TB, library, url, user string, config args) *app {
	t.Helper()
	a := newApp(t, library)
	a.start(url, user, config)
	return a
}

func (a *app) start(url, user string, config args) {
	a.t.Helper()
	if config == nil {
		config = args{"quiet": true, "application": a.t.Name() + "/" + a.library}
	}
	fields := maps.Clone(config)
	fields["url"], fields["user"] = url, user
	var started struct{ Instance peer }
	a.decode(a.do("start", fields), &started)
	a.self = started.Instance
}

// logFailure tells the last of what went to and fro, if the test failed.
func (a *app) logFailure() {
	if a.t.Failed() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.t.Logf("%s, last lines:\n%s\nstderr:\n%s", a.library, strings.Join(a.lines, "\n"), a.process.stderr)
	}
}

// heard takes a line of the process that is about this application.
func (a *app) heard(line []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.remember("< " + string(line))
	defer func() {
		close(a.changed)
		a.changed = make(chan struct{})
	}()
	var e event
	if json.Unmarshal(line, &e) == nil && e.Event != "" {
		a.events = append(a.events, e)
		return nil
	}
	var r reply
	if err := json.Unmarshal(line, &r); err != nil {
		return fmt.Errorf("%s says %q: %w", a.library, line, err)
	}
	a.replies[r.ID] = r
	return nil
}

// remember must be called with mu held.
func (a *app) remember(line string) {
	const limit, width = 60, 400
	if len(line) > width {
		line = line[:width] + "…"
	}
	if a.lines = append(a.lines, line); len(a.lines) > limit {
		a.lines = a.lines[len(a.lines)-limit:]
	}
}

// until waits until there is something; found runs with mu held.
func (a *app) until(what string, found func() bool) {
	a.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		a.mu.Lock()
		ok, changed := found(), a.changed
		a.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-a.process.done:
			a.t.Fatalf("%s ended while %s was awaited: %v", a.library, what, a.process.err)
		case <-timeout.C:
			a.t.Fatalf("%s: no %s within %v", a.library, what, patience)
		}
	}
}

// send starts a request and returns the function that waits for its outcome.
func (a *app) send(op string, fields args) func() (json.RawMessage, *fault) {
	a.t.Helper()
	message := maps.Clone(fields)
	if message == nil {
		message = args{}
	}
	a.mu.Lock()
	a.lastID++
	id := a.lastID
	message["id"], message["app"], message["op"] = id, a.number, op
	line, err := json.Marshal(message)
	a.remember("> " + string(line))
	a.mu.Unlock()
	if err == nil {
		_, err = a.process.stdin.Write(append(line, '\n'))
	}
	if err != nil {
		a.t.Fatalf("%s %s: %v", a.library, op, err)
	}
	return func() (json.RawMessage, *fault) {
		a.t.Helper()
		var r reply
		a.until("reply to "+op, func() (ok bool) {
			r, ok = a.replies[id]
			delete(a.replies, id)
			return ok
		})
		return r.Value, r.Error
	}
}

// do asks for something that must succeed.
func (a *app) do(op string, fields args) json.RawMessage {
	a.t.Helper()
	value, err := a.send(op, fields)()
	if err != nil {
		a.t.Fatalf("%s %s: %v", a.library, op, err)
	}
	return value
}

// refused asks for something that must fail, and returns the client's message.
func (a *app) refused(op string, fields args) *fault {
	a.t.Helper()
	value, err := a.send(op, fields)()
	if err == nil {
		a.t.Fatalf("%s %s: succeeded with %s, and should not", a.library, op, value)
	}
	return err
}

// next waits for the first event of a kind, or of any for "", that was not taken
// yet and that fits every one of the conditions, and takes it.
func (a *app) next(kind string, fits ...func(event) bool) event {
	a.t.Helper()
	var found event
	a.until(strings.TrimSpace(kind+" event"), func() bool {
		for i, e := range a.events {
			if (kind == "" || e.Event == kind) && all(fits, e) {
				found = e
				a.events = append(a.events[:i:i], a.events[i+1:]...)
				return true
			}
		}
		return false
	})
	return found
}

func all(fits []func(event) bool, e event) bool {
	for _, f := range fits {
		if !f(e) {
			return false
		}
	}
	return true
}

func onSubscription(number int) func(event) bool {
	return func(e event) bool { return e.Subscription == number }
}

func ofServer(peerID string) func(event) bool {
	return func(e event) bool { return e.Server != nil && e.Server.PeerID == peerID }
}

func ofDefinition(name string) func(event) bool {
	return func(e event) bool { return e.Definition.Name == name }
}

// answer settles the next call of a method; outcome has value, error or thrown.
func (a *app) answer(method string, outcome args) event {
	a.t.Helper()
	call := a.next("call", func(e event) bool { return e.Method == method })
	outcome = maps.Clone(outcome)
	outcome["call"] = call.Call
	a.do("answer", outcome)
	return call
}

// subscribe must be accepted; somebody else has to see to it.
func (a *app) subscribe(method string, fields args) func() int {
	a.t.Helper()
	fields = maps.Clone(fields)
	if fields == nil {
		fields = args{}
	}
	fields["method"] = method
	outcome := a.send("subscribe", fields)
	return func() int {
		a.t.Helper()
		value, err := outcome()
		if err != nil {
			a.t.Fatalf("%s subscribe %s: %v", a.library, method, err)
		}
		var accepted struct{ Subscription int }
		a.decode(value, &accepted)
		return accepted.Subscription
	}
}

// wantData takes the subscription's next event and compares its payload, so
// that an event too many shows as well as one that is missing.
func (a *app) wantData(subscription int, private bool, want string) {
	a.t.Helper()
	e := a.next("data", onSubscription(subscription))
	if got := canonical(a.t, e.Data); got != canonical(a.t, []byte(want)) || e.Private != private {
		a.t.Errorf("%s: data of subscription %d = %s, private %v; want %s, private %v", a.library, subscription, got, e.Private, want, private)
	}
}

func (a *app) decode(raw json.RawMessage, into any) {
	a.t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		a.t.Fatalf("%s says %s: %v", a.library, raw, err)
	}
}

// canonical writes JSON with sorted keys and no blanks.
func canonical(t testing.TB, raw []byte) string {
	t.Helper()
	var value any
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%q is not JSON: %v", raw, err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantJSON compares two JSON texts by their values.
func wantJSON(t testing.TB, what string, got []byte, want string) {
	t.Helper()
	if g, w := canonical(t, got), canonical(t, []byte(want)); g != w {
		t.Errorf("%s = %s; want %s", what, g, w)
	}
}

// invocation is the result object that the official clients give; its fields
// keep the names of their API.
type invocation struct {
	Returned   json.RawMessage `json:"returned"`
	ExecutedBy *peer           `json:"executed_by"`
	Message    string          `json:"message"`
	Status     int             `json:"status"`
	All        []struct {
		ExecutedBy peer            `json:"executed_by"`
		CalledWith json.RawMessage `json:"called_with"`
		Returned   json.RawMessage `json:"returned"`
	} `json:"all_return_values"`
	Errors []struct {
		ExecutedBy peer            `json:"executed_by"`
		CalledWith json.RawMessage `json:"called_with"`
		Message    string          `json:"message"`
	} `json:"all_errors"`
}

func (i invocation) executors() string {
	var names []string
	for _, one := range i.All {
		names = append(names, one.ExecutedBy.PeerID)
	}
	return fmt.Sprint(names)
}

func (a *app) invocation(raw json.RawMessage) invocation {
	a.t.Helper()
	var i invocation
	a.decode(raw, &i)
	return i
}
