package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// spoken runs the tools on lines whose end comes at once, and gives the answers' ids.
func spoken(t *testing.T, s *mcp.Server, most time.Duration, lines ...string) (ids []string, out string) {
	t.Helper()
	var b bytes.Buffer
	err := s.Run(t.Context(), lingering{&mcp.IOTransport{
		Reader: io.NopCloser(strings.NewReader(strings.Join(lines, "\n") + "\n")), Writer: nopCloser{&b},
	}, most})
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("ended with %v", err)
	}
	for line := range strings.Lines(b.String()) {
		var a struct{ ID json.RawMessage }
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Errorf("no answer: %s", line)
		}
		ids = append(ids, string(a.ID))
	}
	slices.Sort(ids)
	return ids, b.String()
}

// hello are the first words of an assistant.
var hello = []string{
	`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`,
	`{"jsonrpc":"2.0","method":"notifications/initialized"}`,
}

// TestAssistantGoneIsAnswered answers all that was asked before the input ended.
func TestAssistantGoneIsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tool := func(slow time.Duration) *mcp.Server {
			s := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
			s.AddTool(&mcp.Tool{Name: "slow", InputSchema: map[string]any{"type": "object"}}, func(ctx context.Context, _ *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
				select {
				case <-time.After(slow):
					return content("slowly", true), nil
				case <-ctx.Done():
					return content("given up", false), nil
				}
			})
			return s
		}
		asks := append(slices.Clone(hello), `{"jsonrpc":"2.0","id":"two","method":"tools/call","params":{"name":"slow"}}`, `{"jsonrpc":"2.0","id":3,"method":"ping"}`)
		for name, c := range map[string]struct {
			lines []string
			slow  time.Duration
			want  string
			took  time.Duration
		}{
			"the first alone":    {hello[:1], 0, `1`, 0},
			"nothing":            {nil, 0, ``, 0},
			"a slow one":         {asks, 20 * time.Second, `"two" 1 3`, 20 * time.Second},
			"one that is no use": {append(slices.Clone(asks), `{"jsonrpc":`), 20 * time.Second, `"two" 1 3`, 20 * time.Second},
		} {
			from := time.Now()
			ids, out := spoken(t, tool(c.slow), time.Minute, c.lines...)
			if got := strings.Join(ids, " "); got != c.want || strings.Contains(out, "given up") {
				t.Errorf("%s: answered %s, want %s:\n%s", name, got, c.want, out)
			}
			if took := time.Since(from); took != c.took {
				t.Errorf("%s: took %v, want %v", name, took, c.took)
			}
		}
		// What takes longer than anything may is given up.
		from := time.Now()
		if _, out := spoken(t, tool(time.Hour), time.Minute, asks...); strings.Contains(out, "slowly") || time.Since(from) > 2*time.Minute {
			t.Errorf("waited %v for\n%s", time.Since(from), out)
		}
	})
}
