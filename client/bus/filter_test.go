package bus_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"ioscope/client/bus"
)

func TestInstanceFilterMatches(t *testing.T) {
	t.Parallel()
	i := bus.ParseInstance("p-1", json.RawMessage(`{"application":"ClientDesk","applicationName":"Client Desk",
		"instance":"i-7","machine":"10.0.0.1","user":"Ann","region":"EMEA","process":42,"desk":"rates","floor":3}`), true)
	odd := bus.Instance{PeerID: "p-2", Application: "/odd/", User: "x"}
	for _, test := range []struct {
		name string
		f    bus.InstanceFilter
		i    bus.Instance
		want bool
	}{
		{"everything", bus.InstanceFilter{}, i, true},
		{"equal without case", bus.InstanceFilter{Application: "clientdesk", User: "ANN"}, i, true},
		{"the application's other name", bus.InstanceFilter{Application: "client desk"}, i, true},
		{"one of two differs", bus.InstanceFilter{Application: "clientdesk", User: "bob"}, i, false},
		{"a plain text is no pattern", bus.InstanceFilter{Application: "Client.*"}, i, false},
		{"pattern", bus.InstanceFilter{Application: "/^Client.*/"}, i, true},
		{"pattern found anywhere", bus.InstanceFilter{Application: "/Desk/"}, i, true},
		{"pattern with regard to case", bus.InstanceFilter{Application: "/^client/"}, i, false},
		{"pattern without", bus.InstanceFilter{Application: "/^client/i"}, i, true},
		{"pattern of another field", bus.InstanceFilter{Machine: `/^10\./`, Region: "/^(EMEA|APAC)$/"}, i, true},
		{"pattern that does not fit", bus.InstanceFilter{Region: "/^APAC$/"}, i, false},
		{"slashes alone", bus.InstanceFilter{Application: "//"}, i, false},
		{"no regular expression", bus.InstanceFilter{Application: "/(/"}, i, false},
		{"a name that looks like a pattern", bus.InstanceFilter{Application: "/odd/"}, odd, true},
		{"peer id exactly", bus.InstanceFilter{PeerID: "p-1"}, i, true},
		{"peer id is no pattern", bus.InstanceFilter{PeerID: "/p/"}, i, false},
		{"process", bus.InstanceFilter{PID: 42}, i, true},
		{"another process", bus.InstanceFilter{PID: 43}, i, false},
		{"further member", bus.InstanceFilter{Identity: `{"desk":"/^r/","floor":3}`}, i, true},
		{"further member that is not there", bus.InstanceFilter{Identity: `{"seat":"/./"}`}, i, false},
		{"itself, by its instance id", bus.InstanceFilterOf(i), bus.Instance{PeerID: "p-9", Instance: "i-7"}, true},
		{"itself, by its peer id", bus.InstanceFilterOf(odd), odd, true},
		{"somebody else", bus.InstanceFilterOf(odd), i, false},
	} {
		if got := test.f.Matches(test.i); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	matching := func(f bus.InstanceFilter) bus.Target {
		return bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{f}}
	}
	for text, want := range map[string]bus.Target{
		"best":                               {},
		"all":                                {Mode: bus.All},
		"skipMine":                           {Mode: bus.SkipMine},
		"ClientDesk":                         matching(bus.InstanceFilter{Application: "ClientDesk"}),
		"a=b":                                matching(bus.InstanceFilter{Application: "a=b"}),
		"/^Client/i":                         matching(bus.InstanceFilter{Application: "/^Client/i"}),
		"user=dev":                           matching(bus.InstanceFilter{User: "dev"}),
		"PID=7":                              matching(bus.InstanceFilter{PID: 7}),
		"peerId=p-1":                         matching(bus.InstanceFilter{PeerID: "p-1"}),
		"user=a/b,pid=1":                     matching(bus.InstanceFilter{User: "a/b", PID: 1}),
		"application=/^C.{1,3}k/i, user=dev": matching(bus.InstanceFilter{Application: "/^C.{1,3}k/i", User: "dev"}),
		`machine=/a\/b,c/,windowId=w`:        matching(bus.InstanceFilter{Machine: `/a\/b,c/`, WindowID: "w"}),
		"identity.desk=rates":                matching(bus.InstanceFilter{Identity: `{"desk":"rates"}`}),
	} {
		got, err := bus.ParseTarget(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "/(/", "user=", "user=a,nothing=b", "user=a,b", "pid=x", "pid=-1", "application=/(/"} {
		if got, err := bus.ParseTarget(text); err == nil {
			t.Errorf("%q is read as %+v, want an error", text, got)
		}
	}
}

// What a target is spelled as means the same again.
func TestTargetTextsAreReadBack(t *testing.T) {
	t.Parallel()
	for _, want := range []struct {
		filter bus.InstanceFilter
		text   string
	}{
		{bus.InstanceFilter{Application: "ClientDesk"}, "ClientDesk"},
		{bus.InstanceFilter{Application: "/^Client/i"}, "/^Client/i"},
		{bus.InstanceFilter{Application: "all"}, "application=all"},
		{bus.InstanceFilter{Application: "user=x"}, "application=user=x"},
		{bus.InstanceFilter{Application: "/^Calc.{1,2}/", User: "ada", PID: 7}, "application=/^Calc.{1,2}/,user=ada,pid=7"},
		{bus.InstanceFilter{PeerID: "p-1"}, "peerId=p-1"},
		{bus.InstanceFilter{Identity: `{"desk":"rates","floor":"3"}`, API: "1", Region: "eu", Environment: "uat", WindowID: "w", Machine: "ws-17", Instance: "i"}, "instance=i,machine=ws-17,region=eu,environment=uat,windowId=w,api=1,identity.desk=rates,identity.floor=3"},
	} {
		target := bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{want.filter}}
		if got := want.filter.String(); got != want.text {
			t.Errorf("%+v is spelled %q, want %q", want.filter, got, want.text)
		}
		if got, err := bus.ParseTargets(target.Texts()...); err != nil || !got.Equal(target) {
			t.Errorf("%q came back as %+v, %v", want.text, got, err)
		}
	}
	// What can't stand in a pair is spelled by a pattern that fits it alone.
	i := bus.Instance{Application: "a/b, c", User: " ann"}
	odd, err := bus.ParseTarget(bus.InstanceFilter{Application: "a/b, c", User: " ann"}.String())
	if err != nil || !odd.Filters[0].Matches(i) {
		t.Errorf("%+v, %v does not fit %+v", odd, err, i)
	}
	i.User = " anna"
	if odd.Filters[0].Matches(i) {
		t.Errorf("%+v fits %+v too", odd, i)
	}
	every, err := bus.ParseTarget(bus.InstanceFilter{}.String())
	if err != nil || !every.Filters[0].Matches(bus.Instance{}) {
		t.Errorf("%+v, %v does not fit everybody", every, err)
	}
}

func TestParseTargets(t *testing.T) {
	t.Parallel()
	got, err := bus.ParseTargets("CalcPrecise", "user=ann,pid=7")
	want := bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: "CalcPrecise"}, {User: "ann", PID: 7}}}
	if err != nil || !got.Equal(want) {
		t.Errorf("read %+v, %v", got, err)
	}
	if got, err := bus.ParseTargets(); err != nil || !got.Equal(bus.Target{}) {
		t.Errorf("of none came %+v, %v", got, err)
	}
	for _, texts := range [][]string{{"all", "a"}, {"a", "all"}, {"best", "best"}, {"a", "/(/"}} {
		if got, err := bus.ParseTargets(texts...); err == nil {
			t.Errorf("%q is read as %+v, want an error", texts, got)
		}
	}
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"/^a/i": "^a true", "/a.b/": "a.b false", "plain": "", "//": "", "/(/": "", "/i": ""} {
		got := ""
		if e, fold, ok := bus.Pattern(text); ok {
			got = fmt.Sprint(e, " ", fold)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestTargetCheck(t *testing.T) {
	t.Parallel()
	for _, bad := range []bus.Target{
		{Mode: 17},
		{Mode: -1},
		{Mode: bus.Matching, Filters: []bus.InstanceFilter{{}, {User: "/(/"}}},
		{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Identity: `{"x":"/[/"}`}}},
		{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Identity: `[]`}}},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
	if err := (bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{User: "/./"}}}).Check(); err != nil {
		t.Error(err)
	}
}

func TestTargetChoosesInOrder(t *testing.T) {
	t.Parallel()
	var candidates []bus.Candidate
	for _, id := range []bus.PeerID{"a", "b", "c"} {
		candidates = append(candidates, bus.Candidate{Server: bus.Instance{PeerID: id, Application: "App " + string(id)}})
	}
	target := bus.TargetInstances(candidates[2].Server, candidates[0].Server)
	target.Filters = append(target.Filters, bus.InstanceFilter{Application: "/App [bc]/"})
	var got []bus.PeerID
	for _, c := range target.Choose(candidates) {
		got = append(got, c.Server.PeerID)
	}
	if want := []bus.PeerID{"c", "a", "b", "c"}; !reflect.DeepEqual(got, want) {
		t.Errorf("chose %v, want %v: by filter, then as announced, twice where two fit", got, want)
	}
	if none := bus.TargetInstances().Choose(candidates); len(none) != 0 {
		t.Errorf("no filter chose %v", none)
	}
}

func TestMethodFilterMatches(t *testing.T) {
	t.Parallel()
	m := bus.MethodDefinition{
		Name: "Clients.Find", Accepts: "string q", DisplayName: "Find", Description: "finds", Version: 2,
		ObjectTypes: []string{"Client", "Party"}, Flags: json.RawMessage(`{"a":{"b":1,"c":[1, "x"]},"d":true}`),
	}
	no, accepts := false, "STRING Q"
	for _, test := range []struct {
		name string
		f    bus.MethodFilter
		want bool
	}{
		{"everything", bus.MethodFilter{}, true},
		{"name", bus.ByName("clients.find"), true},
		{"part of the name", bus.ByName("clients"), false},
		{"signature", bus.MethodFilter{Accepts: &accepts, Streaming: &no}, true},
		{"words", bus.MethodFilter{DisplayName: "find", Description: "FINDS"}, true},
		{"other words", bus.MethodFilter{DisplayName: "seek"}, false},
		{"version", bus.MethodFilter{Version: 2}, true},
		{"another version", bus.MethodFilter{Version: 1}, false},
		{"object types", bus.MethodFilter{ObjectTypes: []string{"Party", "Client"}}, true},
		{"object types with regard to case", bus.MethodFilter{ObjectTypes: []string{"party"}}, false},
		{"flags", bus.MethodFilter{Flags: json.RawMessage(`{"a":{"c":[1,"x"]}}`)}, true},
		{"other flags", bus.MethodFilter{Flags: json.RawMessage(`{"a":{"b":2}}`)}, false},
		{"flags that are not there", bus.MethodFilter{Flags: json.RawMessage(`{"e":null}`)}, false},
	} {
		if got := test.f.Matches(m); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if !m.Exactly().Matches(m) || m.Exactly().Matches(bus.Named("Clients.Find")) {
		t.Error("exactly fits another of the same name")
	}
}
