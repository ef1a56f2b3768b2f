package script_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"ioscope/client/bus"
	"ioscope/model/script"
)

func program(t *testing.T, text string) *script.Program {
	t.Helper()
	p, err := script.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestArguments(t *testing.T) {
	t.Parallel()
	vars := script.Variables{"qty": json.RawMessage("100")}
	for text, want := range map[string]string{
		`.a += 1`:                    `{"a":2,"big":12345678901234567890}`,
		`. + {qty: $vars.qty}`:       `{"a":1,"big":12345678901234567890,"qty":100}`,
		`.a`:                         "gives 1, and arguments are an object",
		`empty`:                      "gives null, and arguments are an object",
		`error("no")`:                "before: ",
		`def f: f; f`:                "takes longer",
		`[range(1e9)] | {n: length}`: "takes longer",
	} {
		got, err := script.Step{Before: program(t, text)}.Arguments(json.RawMessage(`{"a":1,"big":12345678901234567890}`), vars)
		if err != nil {
			got = json.RawMessage(err.Error())
		}
		if !strings.Contains(string(got), want) {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
	if got, err := (script.Step{}).Arguments(nil, nil); got != nil || err != nil {
		t.Errorf("nothing gives %s, %v", got, err)
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	o := script.Outcome{Args: json.RawMessage(`{"a":1}`), Returns: []bus.Return{
		{Server: bus.Instance{Application: "Grumpy"}, Err: errors.New("not today")},
		{Server: bus.Instance{Application: "Calc"}, Value: json.RawMessage(`{"sum":3,"id":12345678901234567890}`)},
	}}
	step := script.Step{
		Expect: []script.Named{
			{"adds", program(t, `.result.sum == 3`)},
			{"all of them", program(t, `all(.results[]; .ok)`)},
			{"knows the arguments", program(t, `.args.a == 1 and $vars.x == "y"`)},
			{"is a number", program(t, `.result.sum | startswith("x")`)},
		},
		Set: []script.Named{{"id", program(t, `.result.id`)}, {"twice", program(t, `$vars.id`)}},
	}
	var names []string
	for _, f := range step.Check(o, script.Variables{"x": json.RawMessage(`"y"`)}) {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, ", "); got != "all of them, is a number" {
		t.Errorf("does not hold: %s", got)
	}
	vars, err := step.Take(o, nil)
	if err != nil || string(vars["id"]) != "12345678901234567890" || string(vars["twice"]) != "12345678901234567890" {
		t.Errorf("variables %s, %v", vars, err)
	}
	if _, err := (script.Step{Set: []script.Named{{"no", program(t, ".result.none")}}}).Take(o, nil); err == nil || !strings.Contains(err.Error(), "set: no: it gives nothing") {
		t.Errorf("nothing to set: %v", err)
	}
}

// What holds only because a server failed expects that, and nothing else does.
func TestAwaits(t *testing.T) {
	t.Parallel()
	good := bus.Return{Server: bus.Instance{Application: "Calc"}, Value: json.RawMessage(`{"sum":3}`), Took: 4}
	bad := bus.Return{Server: bus.Instance{Application: "Grumpy"}, Err: errors.New("not today")}
	for _, c := range []struct {
		returns []bus.Return
		expect  string
		want    bool
	}{
		{[]bus.Return{bad}, `.error == "not today"`, true},
		{[]bus.Return{bad}, `.error | test("today")`, true},
		{[]bus.Return{bad}, `.results[0].ok | not`, true},
		{[]bus.Return{good, bad}, `.results | map(.ok) == [true, false]`, true},
		{[]bus.Return{bad}, `.error == "tomorrow"`, false},
		{[]bus.Return{good}, `.error == "not today"`, false},
		{[]bus.Return{good}, `.result.sum == 3`, false},
		{[]bus.Return{good, bad}, `.result.sum == 3`, false},
		{[]bus.Return{bad}, `.result.error == null`, false},
		{[]bus.Return{bad}, `.results | length == 1`, false},
	} {
		step := script.Step{Expect: []script.Named{{"it", program(t, c.expect)}}}
		if got := step.Awaits(script.Outcome{Returns: c.returns}, nil); got != c.want {
			t.Errorf("%s of %d awaits %v, want %v", c.expect, len(c.returns), got, c.want)
		}
	}
	if (script.Step{}).Awaits(script.Outcome{Returns: []bus.Return{bad}}, nil) {
		t.Error("nothing is expected, and a failure awaited")
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{".a |": "goes on after its end", ".a }": `unexpected "}" at character 4`, "nosuch": "nosuch", "$other": "$other"} {
		if _, err := script.Read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
