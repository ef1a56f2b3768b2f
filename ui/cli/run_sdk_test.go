package cli

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	vendors "ioscope/client/official"
)

// sdkHost gives what runs a host of Interval's own SDK until its context ends.
func sdkHost(t *testing.T) func(ctx context.Context, url string) {
	t.Helper()
	const folder = "../../client/interval/official"
	home, err := vendors.Install(folder)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("the Interval SDK is needed with CI=true: %v", err)
	case err != nil:
		t.Skipf("skipped without the Interval SDK: %v", err)
	}
	script, err := filepath.Abs(folder + "/host.mjs")
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, url string) {
		cmd := exec.CommandContext(ctx, "node", script, url)
		cmd.Env = append(os.Environ(), "IOSCOPE_OFFICIAL="+home)
		stdin, err := cmd.StdinPipe() // it goes when this ends
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Errorf("start the host: %v", err)
			return
		}
		<-ctx.Done()
		_ = stdin.Close()
		_ = cmd.Wait() // killed by the end of ctx, or by itself
	}
}

// TestRunOfTheSDK runs actions of a host that is made with Interval's own SDK, as
// somebody at a shell would.
func TestRunOfTheSDK(t *testing.T) {
	t.Parallel()
	host := sdkHost(t)
	file := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		slug, answers string
		code          int
		last          string // line of stdout, or a part of it
	}{
		{
			slug: "inputs", answers: `{"Text": "yes", "Notes": null, "Email": "ops@example.test", "Number": [11, 7], "Cash": 19.95, "Address": "https://x.example.test/a",
				"Yes?": true, "Date": "2024-02-29", "Time": "17:05", "Moment": "2024-02-29T23:59"}`,
			last: `"status":"SUCCESS","result":{"text":"yes","notes":true,"email":"ops@example.test","number":7,"cash":19.95,"slider":3,"url":"https://x.example.test/a","yes":true,"rich":"<p>Hello</p>",`,
		},
		{slug: "inputs", answers: `{"Text": "no", "Notes": null}`, code: 5, last: `{"event":"complete","status":"CANCELED","result":null}`},
		{slug: "table", answers: `{"Orders": ["SKU-004", "0"]}`, last: `"result":"SKU-001,SKU-004"}`},
		{slug: "search", answers: `{"Part": "SKU-01", "Parts": ["SKU-02", "SKU-03"]}`, last: `"result":"SKU-010,SKU-020,SKU-030"}`},
		{slug: "uploads", answers: `{"Text file": "FILE", "More": ["FILE"]}`, last: `"result":{"name":"note.txt","size":5,"text":"hello","more":"hello"}}`},
		{slug: "wizard", answers: `{"Project": ["bad", "good", "bad"], "_choice": ["next", "Give up"]}`, last: `"result":"next good,quit bad"}`},
		{slug: "validates", answers: `{"Code": "B1"}`, code: 5, last: `{"event":"complete","status":"CANCELED","result":null}`},
		{slug: "fail", answers: `{"How?": "class"}`, code: 1, last: `"status":"FAILURE","result":{"error":"OutOfStock","message":"No bolts left","cause":"RangeError: 3 wanted"}}`},
	} {
		t.Run(test.slug, func(t *testing.T) {
			t.Parallel()
			quoted, err := json.Marshal(file)
			if err != nil {
				t.Fatal(err)
			}
			args := []string{"run", test.slug, "--json"}
			if test.answers != "" {
				args = append(args, "--answers", answersFile(t, strings.ReplaceAll(test.answers, `"FILE"`, string(quoted))))
			}
			stdout, stderr, code := visited(t, strings.NewReader(""), host, args...)
			lines := strings.Split(strings.TrimSpace(stdout), "\n")
			if last := lines[len(lines)-1]; code != test.code || !strings.Contains(last, test.last) || test.last != "" && !strings.HasPrefix(last, `{"event":"complete",`) {
				t.Errorf("exit code %d, want %d; the last line is\n%s\nwant\n%s\nstderr:\n%s", code, test.code, last, test.last, stderr)
			}
		})
	}
}
