package ui

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"strings"
	"testing"

	"ioscope/model"
)

// paper is a disk in memory.
type paper struct{ files map[string]string }

func (p *paper) Free(stem, ending string) string { return stem + ending }

func (p *paper) Path(name string) string { return "~/notes/" + name }

func (p *paper) Write(name string, over bool, fill func(io.Writer) error) (string, int64, error) {
	if _, ok := p.files[name]; ok && !over {
		return name, 0, fs.ErrExist
	}
	var b bytes.Buffer
	if err := fill(&b); err != nil {
		return name, 0, err
	}
	p.files[name] = b.String()
	return p.Path(name), int64(b.Len()), nil
}

func TestExportOfAStream(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	disk := &paper{files: map[string]string{}}
	h.app.opts.Disk = disk
	pausedStream(h)
	h.press("&")
	h.write(`"size":2`)
	h.press("enter")
	shown, kept := h.app.state.Shown().Tail.Shown()
	h.press("E")
	h.shows("Export MarketData.Prices", "MarketData.Prices-20261121-1403", ".jsonl", "in    ~/notes ", "what is shown", "all that is kept")
	h.press("enter")
	h.flush()
	h.shows("exported ", " rows, ", " kB, to ~/notes/MarketData.Prices-20261121-1403")
	if len(disk.files) != 1 {
		t.Fatalf("%d files", len(disk.files))
	}
	for name, text := range maps.Clone(disk.files) {
		events := 0
		for line := range strings.Lines(text) {
			var row struct {
				N    int             `json:"n"`
				Data json.RawMessage `json:"data"`
			}
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			if row.Data != nil {
				events++
			}
		}
		if events != shown {
			t.Errorf("%d events in the file, %d shown", events, shown)
		}
		h.press("E", "ctrl+u")
		h.write(name)
		h.press("down", "enter")
		h.shows("The file is there already", "~/notes/"+name, "[> Keep it <]")
		h.press("enter")
		if disk.files[name] != text {
			t.Error("it was written over")
		}
		h.press("E", "ctrl+u")
		h.write(name)
		h.press("down", "tab", "enter")
		if got := strings.Count(disk.files[strings.TrimSuffix(name, ".jsonl")+".csv"], "\n"); got < kept {
			t.Errorf("%d lines, %d kept", got, kept)
		}
	}
	h.press("esc")
	h.app.opts.Disk = nil
	h.press("E")
	h.shows("E  nothing can be written here")
}

func TestExportOfResults(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "result-all").play(t, 120, 40)
	disk := &paper{files: map[string]string{}}
	h.app.opts.Disk = disk
	h.press("E", "ctrl+u")
	h.write("answers.jsonl")
	h.press("enter", "c", "E", "ctrl+u")
	h.write("table.csv")
	h.press("enter")
	lines := strings.Split(disk.files["answers.jsonl"], "\n")
	if len(lines) != 4 || !strings.Contains(lines[2], `"error":"not in the mood to divide today"`) && !strings.Contains(disk.files["answers.jsonl"], "not in the mood") {
		t.Errorf("answers\n%s", disk.files["answers.jsonl"])
	}
	if !strings.HasPrefix(disk.files["table.csv"], "path,differs,CalcPrecise,CalcClassic,Grumpy\n") || !strings.Contains(disk.files["table.csv"], "quotient,true,0.33333333333333,0.3333,") {
		t.Errorf("table\n%s", disk.files["table.csv"])
	}
}

// Columns that were chosen and are on the screen can be exported as they are shown, or
// with all the fields.
func TestExportOfChosenColumns(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	disk := &paper{files: map[string]string{}}
	h.app.opts.Disk = disk
	pausedStream(h)
	h.press("esc", "E")
	h.hides("what is shown")
	h.press("esc")
	thing := h.app.state.Shown()
	thing.View.Columns = []string{"$.sym", "$.bid"}
	thing.Show(model.ColumnsView)
	export := func(name string, keys ...string) string {
		h.press("E", "tab", "ctrl+u")
		h.shows("what is shown, ", " events, in CSV 2 columns", "all that is kept, ")
		h.write(name)
		h.press(keys...)
		h.flush()
		head, _, _ := strings.Cut(disk.files[name], "\n")
		return head
	}
	const own = "n,time,publisher,private,snapshot,sequence,gap,"
	if head := export("a.csv", "enter"); head != own+"sym,bid" {
		t.Errorf("what is shown begins with %s", head)
	}
	if head := export("b.csv", "down", "enter"); !strings.HasPrefix(head, own+"sym,") || strings.Count(head, ",") < 10 {
		t.Errorf("all begins with %s", head)
	}
}
