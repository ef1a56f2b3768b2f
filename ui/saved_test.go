package ui

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/model/script"
)

// fakeShelf keeps saved calls in memory.
type fakeShelf struct {
	library *model.Library
	// loads counts how often it was read.
	loads int
}

func (f *fakeShelf) Load() (*model.Library, error) {
	f.loads++
	l := *f.library
	l.Calls = slices.Clone(f.library.Calls)
	return &l, nil
}

func (f *fakeShelf) Save(c *model.SavedCall) error {
	_ = f.Delete(c.Path) // it may be new
	f.library.Calls = append(f.library.Calls, c)
	return nil
}

func (f *fakeShelf) Delete(path string) error {
	f.library.Calls = slices.DeleteFunc(f.library.Calls, func(c *model.SavedCall) bool { return c.Path == path })
	return nil
}

func withShelf(t *testing.T) (*harness, *fakeShelf) {
	t.Helper()
	h, f := newHarness(t, setting{}), &fakeShelf{library: savedLibrary()}
	h.app.opts.Shelf = f
	h.town()
	h.app.savedRead(savedMsg{library: savedLibrary()})
	return h, f
}

// A saved call opens in the form with its variables filled in, and runs by one key.
func TestSavedCallRuns(t *testing.T) {
	t.Parallel()
	h, _ := withShelf(t)
	h.press("7", "j", "j", "enter")
	h.shows("0 Orders.Place ━", "VOD")
	h.press("esc")
	h.press("7", "r")
	if q := h.question(); q.Method.Name != "Orders.Place" || string(q.Args) != `{"symbol":"VOD","side":"buy","qty":100}` {
		t.Errorf("asked %+v %s", q.Method, q.Args)
	}
	h.press("7", "j", "r")
	h.shows("no value for {{side}}; v chooses an environment")
	h.press("v", "k", "r")
	h.shows("no value for {{symbol}}")
	h.press("g", "r")
	h.shows("line 3: a variable needs quotes")
}

// A form that waits for a variable's value is not sent, and says so at the field; an
// environment that has the value fills it in.
func TestSavedFormLacksAValue(t *testing.T) {
	t.Parallel()
	h, _ := withShelf(t)
	h.press("7", "v", "j", "j")
	h.shows("! no value for {{symbol}}; v chooses an environment")
	h.press("enter", "ctrl+s")
	h.shows("1 field to fix; nothing was sent", "✗ no value for {{symbol}}; v in 7 chooses an environment")
	h.press("ctrl+g", "ctrl+s")
	h.shows("✗ symbol no value for {{symbol}}; v in 7 chooses an environment")
	if len(h.asked) != 0 {
		t.Fatalf("asked %s", h.question().Args)
	}
	h.press("esc", "7", "v")
	h.press("0", "enter")
	h.shows("VOD")
	h.hides("no value for")
	h.press("ctrl+s")
	if q := h.question(); string(q.Args) != `{"symbol":"VOD","side":"buy","qty":100}` {
		t.Errorf("asked %s", q.Args)
	}
}

// A text that looks like a variable is sent from a form that was no saved call, and a
// field that a person has filled in lacks nothing.
func TestBracesOfAPersonAreSent(t *testing.T) {
	t.Parallel()
	h, _ := withShelf(t)
	h.press("7", "v", "j", "j", "enter", "ctrl+u")
	h.write("{{other}}")
	h.press("ctrl+s")
	if q := h.question(); string(q.Args) != `{"symbol":"{{other}}","side":"buy","qty":100}` {
		t.Errorf("asked %s", q.Args)
	}
}

// A list runs in order, and stops where a call fails.
func TestSavedListRuns(t *testing.T) {
	t.Parallel()
	h, _ := withShelf(t)
	h.press("7", "G", "r")
	first := h.question()
	if first.Method.Name != "Clients.Find" || len(h.asked) != 1 {
		t.Fatalf("asked %+v first", first.Method)
	}
	h.answer(first, reply{"ClientDesk", `{"clients":[],"total":0}`, time.Millisecond})
	h.finish(first, nil)
	second := h.question()
	if second.Method.Name != "Orders.Place" {
		t.Fatalf("asked %+v then", second.Method)
	}
	h.answer(second, reply{"OrderBlotter", `{"id":1,"status":"placed"}`, time.Millisecond})
	h.finish(second, nil)
	h.shows("smoke: 2 calls returned")
	h.press("7", "r")
	third := h.question()
	h.answer(third, reply{"ClientDesk", `!no`, time.Millisecond})
	h.finish(third, nil)
	h.shows("smoke stopped at 1 of 2: Clients.Find failed")
	if len(h.asked) != 3 {
		t.Errorf("%d calls were made", len(h.asked))
	}
}

// S saves the call of a result under a name; one that is there is replaced on a second
// enter, and deleted after a question.
func TestCallIsSaved(t *testing.T) {
	t.Parallel()
	h, f := withShelf(t)
	h.call("Addition", bus.Target{Mode: bus.All}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.press("S")
	h.shows("Save the call as", "addition")
	h.press("ctrl+u")
	h.write("clients/find north")
	h.press("enter")
	h.shows("clients/find-north is there already; enter again replaces it")
	h.press("ctrl+u")
	h.write("Calc/Two And Three")
	h.press("enter")
	h.shows("saved as calc/two-and-three")
	i := slices.IndexFunc(f.library.Calls, func(c *model.SavedCall) bool { return c.Path == "calc/two-and-three" })
	if i < 0 || string(f.library.Calls[i].Args) != `{"a":2,"b":3}` || !slices.Equal(f.library.Calls[i].Target, []string{"all"}) {
		t.Fatalf("saved %+v", f.library.Calls)
	}
	h.press("7", "/")
	h.write("calc")
	h.press("enter", "x")
	h.shows("Delete calc/two-and-three?")
	h.press("enter")
	if len(f.library.Calls) != 6 {
		t.Error("enter on the safe button deleted it")
	}
	h.press("x", "right", "enter")
	if len(f.library.Calls) != 5 {
		t.Error("it was not deleted")
	}
}

// A call that fails as its file expects lets a list go on; one that returns does not.
func TestSavedCallsThatFailAsExpected(t *testing.T) {
	t.Parallel()
	h, f := withShelf(t)
	closed, err := script.Read(`.error | test("mood")`)
	if err != nil {
		t.Fatal(err)
	}
	f.library.Calls = append(f.library.Calls, &model.SavedCall{
		Path: "zz/first", Method: "Division", Target: []string{"Grumpy"}, Args: json.RawMessage(`{"a":1,"b":1}`),
		Script: script.Step{Expect: []script.Named{{Name: "is in no mood", Program: closed}}},
	}, &model.SavedCall{Path: "zz/second", Calls: []string{"zz/first", "zz/first"}})
	h.press("7", "ctrl+r", "G", "k", "r")
	alone := h.question()
	h.answer(alone, reply{"Grumpy", "!not in the mood", time.Millisecond})
	h.finish(alone, nil)
	h.shows("✓ it failed, as expected: 1 condition")
	h.press("7", "G", "r")
	first := h.question()
	h.answer(first, reply{"Grumpy", "!not in the mood", time.Millisecond})
	h.finish(first, nil)
	second := h.question()
	if second == first {
		t.Fatal("the list did not go on")
	}
	h.answer(second, reply{"Grumpy", `{"quotient":1}`, time.Millisecond})
	h.finish(second, nil)
	h.shows("✗ expected, and not so: is in no mood", "zz/second stopped at 2 of 2: Division did not return what is expected")
}

// A saved call shapes its arguments, says what is expected, and hands values on.
func TestSavedScripts(t *testing.T) {
	t.Parallel()
	h, f := withShelf(t)
	read := func(text string) *script.Program {
		p, err := script.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	add := func(c *model.SavedCall) { f.library.Calls = append(f.library.Calls, c) }
	add(&model.SavedCall{
		Path: "zz/first", Method: "Addition", Target: []string{"CalcPrecise"}, Args: json.RawMessage(`{"a":1,"b":1}`),
		Script: script.Step{
			Before: read(`.a = 40`),
			Expect: []script.Named{{Name: "adds", Program: read(`.result.sum == 41`)}},
			Set:    []script.Named{{Name: "sum", Program: read(`.result.sum`)}},
		},
	})
	add(&model.SavedCall{
		Path: "zz/second", Method: "Addition", Target: []string{"CalcPrecise"}, Args: json.RawMessage(`{"a":"{{sum}}","b":1}`),
		Script: script.Step{Expect: []script.Named{{Name: "is even", Program: read(`.result.sum % 2 == 0`)}}},
	})
	add(&model.SavedCall{Path: "zz/third", Calls: []string{"zz/first", "zz/second", "zz/first"}})
	h.press("7", "ctrl+r", "G", "r")
	first := h.question()
	if string(first.Args) != `{"a":40,"b":1}` {
		t.Errorf("asked with %s", first.Args)
	}
	h.answer(first, reply{"CalcPrecise", `{"sum":41}`, time.Millisecond})
	h.finish(first, nil)
	second := h.question()
	if string(second.Args) != `{"a":41,"b":1}` {
		t.Errorf("then asked with %s", second.Args)
	}
	h.answer(second, reply{"CalcPrecise", `{"sum":43}`, time.Millisecond})
	h.finish(second, nil)
	h.shows("✗ expected, and not so: is even", "zz/third stopped at 2 of 3: Addition did not return what is expected")
	h.press("7", "k", "k", "r")
	third := h.question()
	h.answer(third, reply{"CalcPrecise", `{"sum":41}`, time.Millisecond})
	h.finish(third, nil)
	h.shows("✓ all is as expected: 1 condition")

	// Saved over from the screen, what stands around it stays.
	h.press("S", "ctrl+u")
	h.write("zz/first")
	h.press("enter", "enter")
	h.shows("saved as zz/first")
	i := slices.IndexFunc(f.library.Calls, func(c *model.SavedCall) bool { return c.Path == "zz/first" })
	if c := f.library.Calls[i]; c.Script.Before == nil || len(c.Script.Expect) != 1 || len(c.Script.Set) != 1 || string(c.Args) != `{"a":40,"b":1}` {
		t.Errorf("saved over as %+v", c)
	}
}
