package ui

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// there is the connection of calls that are copied.
var there = model.Connection{URL: "ws://h/gw3", Self: bus.Instance{User: "ada"}}

func TestCopiesOfACall(t *testing.T) {
	t.Parallel()
	q := Question{
		Method: bus.MethodFilter{Name: "Clients.Find"}, Target: bus.Target{Mode: bus.All},
		Args: json.RawMessage(`{"query":"it's","id":9007199254740993}`), Wait: bus.DefaultTimeout, Answer: 5 * time.Second,
	}
	for _, c := range []struct{ name, got, want string }{
		{"command", asCommand(q, false, "ws://127.0.0.1:8385/gw3"), `ioscope invoke Clients.Find --args '{"query":"it'\''s","id":9007199254740993}' --target all --response-timeout 5s --url ws://127.0.0.1:8385/gw3`},
		{"stream", asCommand(Question{Method: bus.MethodFilter{Name: "odd name"}, Args: json.RawMessage("{}"), Wait: bus.DefaultTimeout, Answer: bus.DefaultTimeout}, true, "ws://h/gw"), `ioscope subscribe 'odd name' --url ws://h/gw`},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, c.got, c.want)
		}
	}
	if got := asJavaScript(q, false, there); !strings.Contains(got, "const result = await io.interop.invoke(\"Clients.Find\", {\"query\":\"it's\",\"id\":9007199254740993}, \"all\", {\n  waitTimeoutMs: 30000,\n  methodResponseTimeoutMs: 5000,\n});") {
		t.Errorf("JavaScript: %s", got)
	}
	if got := asGo(q, false, there); !strings.Contains(got, `bus.MethodFilter{Name: "Clients.Find"}`) || !strings.Contains(got, "Mode: bus.All") || !strings.Contains(got, "5000 * time.Millisecond") {
		t.Errorf("Go: %s", got)
	}
}

func TestShellQuotedIsReadBackByAShell(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here")
	}
	for _, s := range []string{"", "plain", "two words", `it's`, `$HOME "x" \ *`, "new\nline", "-flag", "ünï"} {
		out, err := exec.Command(sh, "-c", "printf %s "+shellQuoted(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q came back as %q (%v)", s, out, err)
		}
	}
}

// TestCopyKeepsAMemberThatJavaScriptTakes writes arguments as a text where an object
// of the language would lose one of them.
func TestCopyKeepsAMemberThatJavaScriptTakes(t *testing.T) {
	t.Parallel()
	q := Question{Method: bus.MethodFilter{Name: "A"}, Args: []byte(`{"any":{"__proto__":1}}`)}
	if got := asJavaScript(q, false, there); !strings.Contains(got, `JSON.parse("{\"any\":{\"__proto__\":1}}")`) {
		t.Error(got)
	}
}
