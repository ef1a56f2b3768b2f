package gateway

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/internal/wire"
)

// The files in testdata are conversations that a proxy recorded between raw
// clients and the vendor's gateway. The test plays the clients' side to ours and
// compares what comes back, message by message on every connection. Ids differ
// from run to run, so they are bound to each other as they appear.

// recorded is a line of such a file.
type recorded struct {
	Conn  int             `json:"conn"`
	Dir   string          `json:"dir"`
	Event string          `json:"ev"`
	Msg   json.RawMessage `json:"m"`
	Text  *string         `json:"raw"`
}

// departure is a message of the vendor's gateway that ours answers otherwise:
// ours lists the types of what comes instead, in order; none if nothing does.
type departure struct {
	why  string
	ours []string
}

// departures are by file and line.
var departures = map[string]map[int]departure{
	"basic-invoke.jsonl": on(60, "the recorded server had just hung up", "error"),
	"contexts-raw.jsonl": all(
		on(75, whyRemove, "subscribed-context"), on(83, whyRemove, "subscribed-context"),
		on(107, whyMerge, "success"), on(110, whyMerge, "context-updated", "subscribed-context"),
		on(248, "a peer hears of contexts in one domain alone", "context-destroyed"),
		on(163, whyMerge, "subscribed-context"), on(171, whyMerge, "subscribed-context"),
		on(54, whyUser), on(55, whyUser), on(56, whyUser, "error"), on(59, whyUser, "error"),
		on(63, whyUser), on(71, whyUser), on(79, whyUser), on(87, whyUser), on(95, whyUser), on(103, whyUser),
		on(114, whyUser), on(119, whyUser), on(132, whyUser), on(137, whyUser), on(152, whyUser), on(166, whyUser),
		on(201, whyUser), on(227, whyUser), on(246, whyUser), on(260, whyUser),
	),
	"errors.jsonl": all(
		on(9, whyNobody), on(10, whyNobody, "error"),
		on(93, whyNothing), on(94, whyNothing, "error"), on(97, whyNothing), on(98, whyNothing, "error"),
		on(138, whyNothing), on(139, whyNothing, "error"), on(142, whyNothing), on(143, whyNothing, "error"),
	),
	"leave-rejoin.jsonl": all(
		on(34, whyPending, "error"),
		on(43, whyNobody), on(44, whyNobody), on(45, whyNobody, "error"),
		on(88, "who left is not removed again"),
	),
	"malformed.jsonl": all(
		on(4, whyJSON, "error"), on(7, whyJSON, "error"), on(13, whyJSON, "error"), on(16, whyJSON, "error"), on(22, whyJSON, "error"),
		on(128, "a second hello of the same identity replaces the first", "welcome"),
		on(143, "a user name is a string", "error"),
	),
	"server-dies.jsonl": on(38, whyPending, "error"),
	"streams-raw.jsonl": all(
		on(118, "the subscriber is also told that an accepted subscription failed", "error", "subscription-cancelled"),
		on(132, whyPending, "error"),
	),
}

const (
	whyPending = "a pending subscription is answered, not cancelled"
	whyJSON    = "errors are JSON, whatever the input was"
	whyNobody  = "who has not joined can't register"
	whyNothing = "there is nothing to register"
	whyUser    = "contexts are a user's own"
	whyRemove  = "removing what is not there does nothing"
	whyMerge   = "what can't be merged is replaced"
)

func on(line int, why string, ours ...string) map[int]departure {
	return map[int]departure{line: {why, ours}}
}

func all(parts ...map[int]departure) map[int]departure {
	table := map[int]departure{}
	for _, part := range parts {
		maps.Copy(table, part)
	}
	return table
}

// internalText fits reasons that leaked out of the recorded gateway's code.
var internalText = regexp.MustCompile(`No protocol method|is not ISeqable|\[object Object\]|No item \d|is not a function|Doesn't support|Cannot read`)

var idPattern = regexp.MustCompile(`[pcira]-[0-9a-f]{32}-\d+`)

func TestReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			t.Parallel()
			replay(t, file)
		})
	}
}

func replay(t *testing.T, file string) {
	g := New(nil)
	defer g.Close()
	r := &replayer{
		T: t, gateway: g, conns: map[int]wire.Conn{}, early: map[int][]map[string]any{}, links: map[int]*link{}, bound: map[string]string{},
		departures: departures[filepath.Base(file)],
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for r.line = 1; lines.Scan(); r.line++ {
		var rec recorded
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil {
			t.Fatalf("%s:%d: %v", file, r.line, err)
		}
		r.play(rec)
	}
	for _, conn := range slices.Sorted(maps.Keys(r.conns)) {
		r.nothingMore(conn)
	}
}

// replayer plays one file.
type replayer struct {
	*testing.T
	gateway    *Gateway
	conns      map[int]wire.Conn
	early      map[int][]map[string]any // read, but for another peer of that connection
	links      map[int]*link
	bound      map[string]string // recorded id or token: ours
	departures map[int]departure
	line       int
}

func (r *replayer) play(rec recorded) {
	switch {
	case rec.Event == "open":
		r.open(rec.Conn)
	case rec.Event == "close":
		r.close(rec.Conn)
	case rec.Dir == "c>g":
		r.write(rec)
	case rec.Dir == "g>c":
		r.answer(rec)
	}
}

func (r *replayer) open(conn int) {
	r.gateway.mu.Lock()
	before := maps.Clone(r.gateway.links)
	r.gateway.mu.Unlock()
	r.conns[conn] = r.gateway.Connect(false)
	r.gateway.mu.Lock()
	defer r.gateway.mu.Unlock()
	for l := range r.gateway.links {
		if _, old := before[l]; !old {
			r.links[conn] = l
		}
	}
}

// close waits until the gateway has noticed: later lines rely on it.
func (r *replayer) close(conn int) {
	if r.conns[conn] == nil {
		return
	}
	_ = r.conns[conn].Close(wire.CodeNormal, "")
	<-r.links[conn].finished
	delete(r.conns, conn)
}

func (r *replayer) write(rec recorded) {
	msg := []byte(rec.Msg)
	if rec.Text != nil {
		msg = []byte(*rec.Text)
	}
	for theirs, ours := range r.bound {
		msg = bytes.ReplaceAll(msg, []byte(`"`+theirs+`"`), []byte(`"`+ours+`"`))
	}
	if err := r.conns[rec.Conn].Write(r.Context(), msg); err != nil {
		r.Fatalf("line %d: %v", r.line, err)
	}
}

// readFor reads the next message for a peer. Only among the messages of one peer
// the order counts.
func (r *replayer) readFor(conn int, peer string) map[string]any {
	r.Helper()
	fits := func(msg map[string]any) bool { return peer == "" || msg["peer_id"] == peer }
	if i := slices.IndexFunc(r.early[conn], fits); i >= 0 {
		msg := r.early[conn][i]
		r.early[conn] = slices.Delete(r.early[conn], i, i+1)
		return msg
	}
	for {
		msg := r.read(conn)
		if fits(msg) {
			return msg
		}
		r.early[conn] = append(r.early[conn], msg)
	}
}

func (r *replayer) read(conn int) map[string]any {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel()
	text, err := r.conns[conn].Read(ctx)
	if err != nil {
		r.Fatalf("line %d: read: %v", r.line, err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		r.Fatalf("line %d: %s: %v", r.line, text, err)
	}
	return got
}

func (r *replayer) answer(rec recorded) {
	r.Helper()
	if d, ok := r.departures[r.line]; ok {
		for _, kind := range d.ours {
			if got := r.readFor(rec.Conn, ""); got["type"] != kind {
				r.Fatalf("line %d: got %v, want type %s because %s", r.line, got, kind, d.why)
			}
		}
		return
	}
	var want map[string]any
	if rec.Text != nil || json.Unmarshal(rec.Msg, &want) != nil {
		r.Fatalf("line %d is no JSON object and no departure", r.line)
	}
	peer, _ := want["peer_id"].(string)
	got := r.readFor(rec.Conn, r.bound[peer])
	if where := r.differ("", normalised(want), normalised(got)); where != "" {
		text, _ := json.Marshal(got)
		r.Errorf("line %d: at %s\ngot  %s\nwant %s", r.line, where, text, rec.Msg)
	}
}

// normalised takes out of a message what differs for known reasons.
func normalised(msg map[string]any) map[string]any {
	for _, key := range []string{"identity", "resolved_identity", "publisher-identity"} {
		if ident, ok := msg[key].(map[string]any); ok {
			for _, own := range []string{"machine", "login", "environment", "region"} {
				delete(ident, own)
			}
		}
	}
	if reason, ok := msg["reason"].(string); ok {
		for _, start := range []string{"Unhandled message ", "Unable to find domain for message "} {
			if strings.HasPrefix(reason, start) {
				msg["reason"] = start // the rest is a dump
			}
		}
	}
	if list, ok := msg["methods"].([]any); ok && msg["type"] == wire.MethodsRemoved {
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	if strings.HasPrefix(fmt.Sprint(msg["reason"]), "The original source of peer") {
		delete(msg, "domain") // theirs is null, which settles no request
	}
	return msg
}

// differ compares a recorded value with ours and binds ids that meet for the
// first time. It returns the place of the first difference.
func (r *replayer) differ(path string, want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		return r.differObject(path, want, got)
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return path
		}
		for i := range want {
			if where := r.differ(fmt.Sprintf("%s[%d]", path, i), want[i], list[i]); where != "" {
				return where
			}
		}
		return ""
	case string:
		text, ok := got.(string)
		if ok && r.sameText(want, text) {
			return ""
		}
		return path
	}
	if !reflect.DeepEqual(want, got) {
		return path
	}
	return ""
}

func (r *replayer) differObject(path string, want map[string]any, got any) string {
	object, ok := got.(map[string]any)
	if !ok {
		return path
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, ok := object[key]
		if !ok {
			return path + "." + key
		}
		if where := r.differ(path+"."+key, want[key], value); where != "" {
			return where
		}
	}
	for key := range object {
		if _, ok := want[key]; !ok {
			return path + "." + key
		}
	}
	return ""
}

func (r *replayer) sameText(want, got string) bool {
	if token := "eyJ"; strings.HasPrefix(want, token) {
		// Tokens made in one second are equal, so one may stand for several.
		r.bound[want] = got
		return strings.HasPrefix(got, token)
	}
	if ours, ok := r.bound[want]; ok {
		return ours == got
	}
	if idPattern.FindString(want) == want && want != "" {
		r.bound[want] = got
		return want[0] == got[0]
	}
	if internalText.MatchString(want) {
		return got != ""
	}
	return idPattern.ReplaceAllStringFunc(want, func(id string) string { return r.bound[id] }) == got
}

// nothingMore makes sure that everything was compared.
func (r *replayer) nothingMore(conn int) {
	fence := []byte(`{"domain":"agm","type":"no-such-type","request_id":"the end"}`)
	if err := r.conns[conn].Write(r.Context(), fence); err != nil {
		r.Fatal(err)
	}
	for {
		got := r.readFor(conn, "")
		if got["request_id"] == "the end" {
			return
		}
		r.Errorf("connection %d got more than was recorded: %v", conn, got)
	}
}
