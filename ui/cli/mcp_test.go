package cli

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// assistant connects a client of the protocol to our tools.
func assistant(t *testing.T, readOnly bool, given ...string) *mcp.ClientSession {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	env := Env{Getenv: func(string) string { return "" }, Now: time.Now}
	ours, theirs := mcp.NewInMemoryTransports()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = tools(env, given, readOnly).Run(ctx, ours)
	}()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, theirs, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = session.Close()
		cancel()
		<-gone
	})
	return session
}

// TestAssistant uses the tools as a client of the protocol does, on a bus with the
// demo apps.
func TestAssistant(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "--demo")
	url := g.says(`listening on (\S+)`)
	s := assistant(t, false, "--url="+url)
	for _, c := range []struct {
		tool  string
		args  map[string]any
		fails bool
		want  []string
	}{
		{"servers", nil, false, []string{`"application":"CalcPrecise"`}},
		{"methods", map[string]any{"server": "CalcClassic", "method": "Addition"}, false, []string{`"name":"Addition"`, `"accepts":"int a, int b, int? c"`}},
		{"streams", nil, false, []string{`"name":"MarketData.Prices"`}},
		{"lint", nil, true, []string{"Prices.Get", "exit code 1"}},
		{"subscribe", map[string]any{"stream": "MarketData.Prices", "args": map[string]any{"symbol": "VOD"}, "count": 2, "where": ".sym"}, false, []string{`"VOD"`}},
		{"subscribe", map[string]any{"stream": "Orders.Blotter", "args": map[string]any{"desk": "guest"}, "seconds": 1}, true, []string{"exit code 1"}},
		{"invoke", map[string]any{"method": "Multiply", "args": map[string]any{"a": 6, "b": 7}}, false, []string{`"product":42`}},
		{"invoke", map[string]any{"method": "Division", "args": map[string]any{"a": 1, "b": 4}, "target": []string{"Grumpy"}}, true, []string{"not in the mood", "exit code 1"}},
		{"invoke", map[string]any{"method": "Clients.Get", "args": json.RawMessage(`{"id":9007199254741007}`)}, false, []string{`9007199254741007`, "Granite Insurance"}},
		{"invoke", map[string]any{"name": "Addition"}, true, []string{`arguments: json: unknown field "name"`}},
		{"call", map[string]any{"name": "nowhere"}, true, []string{"nowhere", "exit code"}},
	} {
		r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: c.tool, Arguments: c.args})
		if err != nil {
			t.Errorf("%s %v: %v", c.tool, c.args, err)
			continue
		}
		text, ok := r.Content[0].(*mcp.TextContent)
		if !ok || r.IsError != c.fails {
			t.Errorf("%s %v: failed %v, %+v", c.tool, c.args, r.IsError, text)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(text.Text, want) {
				t.Errorf("%s %v: no %s in\n%s", c.tool, c.args, want, text.Text)
			}
		}
	}
}

// TestAssistantGoesWhereItIsSent hands the flags of mcp on to its tools.
func TestAssistantGoesWhereItIsSent(t *testing.T) {
	t.Parallel()
	cmd, _, err := newRoot(Env{Getenv: func(string) string { return "" }, Now: time.Now}).Find([]string{"mcp"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"--read-only=true", "--url=ws://127.0.0.1:1/gw3", "--user=ada"}
	if err := cmd.ParseFlags(want); err != nil {
		t.Fatal(err)
	}
	if got := given(cmd); !slices.Equal(got, want) {
		t.Errorf("handed on %v, want %v", got, want)
	}
}

// TestAssistantReadsOnly offers nothing that acts where nothing may be changed.
func TestAssistantReadsOnly(t *testing.T) {
	t.Parallel()
	for readOnly, want := range map[bool]string{
		true:  "lint methods servers streams subscribe",
		false: "call! invoke! lint methods servers streams subscribe",
	} {
		list, err := assistant(t, readOnly).ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, tool := range list.Tools {
			name := tool.Name
			if !tool.Annotations.ReadOnlyHint {
				name += "!"
			}
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("read only %v: %s, want %s", readOnly, got, want)
		}
	}
}
