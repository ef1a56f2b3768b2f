package lint

import (
	"fmt"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// offers reads lines "server: name | accepts | returns | description"; a name with
// ~ before it is a stream's.
func offers(lines ...string) []Offer {
	var out []Offer
	for _, line := range lines {
		server, rest, _ := strings.Cut(line, ": ")
		parts := strings.Split(rest, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		parts = append(parts, "", "", "")
		name, streaming := strings.CutPrefix(parts[0], "~")
		out = append(out, Offer{bus.Instance{Application: server}, bus.MethodDefinition{
			Name: name, Streaming: streaming, Accepts: parts[1], Returns: parts[2], Description: parts[3],
		}})
	}
	return out
}

// told are findings as lines.
func told(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s %s %s [%s]\n", f.Severity, f.Rule, f.Method, f.Text, strings.Join(f.Servers(), " "))
		for _, d := range f.Differences {
			fmt.Fprintf(&b, "  %s %q %q %s\n", d.Side, d.First, d.Second, d.How)
		}
	}
	return b.String()
}

func TestCheck(t *testing.T) {
	t.Parallel()
	fine := []string{"A: Calc.Add | int a | int sum", "A: Calc.Sub | int a | int sum", "A: Data.Get | int a | int b", "B: Data.Put | int a | int b", "B: Data.Drop | int a | int b"}
	for name, c := range map[string]struct {
		offers []string
		want   string
	}{
		"nothing": {nil, ""},
		"fine":    {fine, ""},
		"drift": {
			[]string{"Old: Prices.Get | string sym | double close", "Feed: Prices.Get | string symbol | double bid, int? size", "Feed2: Prices.Get | string symbol | double bid, int? size"},
			`warning drift Prices.Get Old offers it with another signature than Feed, Feed2 [Feed Feed2 Old]
  accepts "string symbol" "string sym" other name
  returns "double bid" "double close" other name
  returns "int? size" "" only in the first
`,
		},
		"twice": {
			[]string{"A: Make.It | int a | int b", "A: Make.It | string a | int b"},
			`warning twice Make.It A offers it twice, with two signatures [A]
  accepts "int a" "string a" other type
`,
		},
		"the same from many":       {[]string{"A: Make.It | int a | int b", "B: Make.It | int a | int b", "C: make.it | INT A | int b"}, "warning similar make.it is the same name to the bus as Make.It [C A]\n"},
		"kinds":                    {[]string{"A: Make.It | int a | int b", "B: ~Make.It | int a | int b"}, "warning kinds Make.It is a method of A and a stream of B [A B]\n"},
		"unparsable":               {[]string{"A: Make.It | strin name | int[ b"}, "error signature Make.It accepts can't be read: \"strin name\", no type \"strin\" at character 1 [A]\nerror signature Make.It returns can't be read: \"int[ b\", wants \"]\", found \"b\" at character 6 [A]\n"},
		"undeclared":               {[]string{"A: Make.It", "A: Make.More | | int a", "A: Make.Less | int a", "A: ~Make.Flow | | int a"}, "warning undeclared Make.It declares neither what it accepts nor what it returns [A]\ninfo undeclared Make.Flow does not declare which arguments a subscriber may give [A]\ninfo undeclared Make.Less does not declare what it returns [A]\ninfo undeclared Make.More does not declare what it accepts [A]\n"},
		"case":                     {append([]string{"C: get_it | int a | int b"}, fine...), "warning naming get_it is not PascalCase, as 5 of the 6 names here are [C]\n"},
		"few names have no style":  {[]string{"C: get_it | int a | int b", "C: Get.More | int a | int b"}, ""},
		"separator":                {append([]string{"C: Data/Swap | int a | int b"}, fine...), "warning naming Data/Swap is parted by \"/\", where 5 of the 6 names here that are parted have \".\" [C]\n"},
		"one word is in any style": {[]string{"A: do.it | int a | int b", "A: ping | int a | int b", "A: is_it | int a | int b", "A: is_it.now | int a | int b", "A: t42.x | int a | int b", "A: was_it.now | int a | int b"}, ""},
		"hidden":                   {[]string{"A: Make.\u202etI\u202c | int a | int b"}, "warning hidden Make.\u202etI\u202c has characters in its name that do not show: \"Make.\\u202etI\\u202c\" [A]\n"},
		"similar":                  {[]string{"A: Make.Order | int a | int b", "A: MakeOrder | int a | int b"}, "warning similar MakeOrder is Make.Order but for case and signs [A]\n"},
		"misspelt":                 {[]string{"A: Make.Odrer | int a | int b", "A: Make.Order | int a | int b", "B: Make.Order | int a | int b"}, "info similar Make.Odrer is one letter off Make.Order [A B]\n"},
		"meant apart":              {[]string{"A: Orders.Get | int a | int b", "A: Orders.Set | int a | int b", "A: Order.Get | int a | int b", "A: Order1.Get | int a | int b", "A: Order2.Get | int a | int b", "A: Go | int a | int b", "A: Do | int a | int b"}, ""},
		"description":              {[]string{"A: Make.It | int a | int b | makes it", "A: Take.That | int a | int b | takes it", "B: Fake.Those | int a | int b"}, "info description Fake.Those has no description; 2 of 3 here have one [B]\n"},
		"few have one":             {[]string{"A: Make.It | int a | int b | makes it", "B: Fake.Those | int a | int b"}, ""},
		"worst first":              {[]string{"A: Zip.It | strin", "A: Make.More | | int a"}, "error signature Zip.It accepts can't be read: \"strin\", no type \"strin\" at character 1 [A]\ninfo undeclared Make.More does not declare what it accepts [A]\ninfo undeclared Zip.It does not declare what it returns [A]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := told(Check(offers(c.offers...))); got != c.want {
				t.Errorf(" got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ first, second, want string }{
		{"int a", "int a", "a 0 int a=int a same;"},
		{"int a", "INT  a", "a 0 int a=int a same; 0 int a=INT  a written otherwise;"},
		{"int a, int b", "int b, int a", "a 0 int a=int a same;b 0 int b=int b other place;"},
		{"int a, int b", "int a, int? b", "a 0 int a=int a same;b 0 int b=int? b needed in one, optional in the other;"},
		{"int a, int b", "int[] a", "a 0 int a=int[] a other type;b 0 int b= only in the first;"},
		{"int a", "int a, string b", "a 0 int a=int a same;b 0 =string b only in the second;"},
		{"int a (one)", "int a (two)", "a 0 int a (one)=int a (two) described otherwise;"},
		{"composite: { int x, int y } p", "composite: { int x, long z } p", "p 0 composite p=composite p same;p.x 1 int x=int x same;p.y 1 int y= only in the first;p.z 1 =long z only in the second;"},
		{"int a", "composite: { int x } p", "a 0 int a= only in the first;p 0 =composite p only in the second;p.x 1 =int x only in the second;"},
		{"int a", "", " 0 int a= only in the first;"},
		{"", "", ""},
		{"strin", "int a", " 0 strin=int a can't be read;"},
		{"strin", "STRIN", " 0 strin=STRIN same;"},
	} {
		var b strings.Builder
		for _, r := range Compare(bus.MethodDefinition{Accepts: c.first}, bus.MethodDefinition{Accepts: c.second}) {
			fmt.Fprintf(&b, "%s %d %s=%s %s;", r.Path, r.Depth, r.First, r.Second, r.How)
		}
		if b.String() != c.want {
			t.Errorf("%q and %q\n got %s\nwant %s", c.first, c.second, b.String(), c.want)
		}
	}
}

func TestSeverity(t *testing.T) {
	t.Parallel()
	for s := Info; s <= Error; s++ {
		if got, err := ParseSeverity(s.String()); err != nil || got != s {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	if _, err := ParseSeverity("fatal"); err == nil {
		t.Error("fatal is a severity")
	}
}

// FuzzCheck: what strangers declare breaks nothing.
func FuzzCheck(f *testing.F) {
	f.Add("Prices.Get", "string symbol", "prices_get", "composite: { int a } x")
	f.Add("\x1b\u202e", "strin", "", "int[ b")
	f.Fuzz(func(t *testing.T, nameA, sigA, nameB, sigB string) {
		a := bus.MethodDefinition{Name: nameA, Accepts: sigA, Returns: sigB}
		b := bus.MethodDefinition{Name: nameB, Accepts: sigB, Returns: sigA}
		Check([]Offer{{Method: a}, {Method: b}, {Method: b}})
		if a.Key() != b.Key() || nameA != nameB {
			return
		}
		for _, r := range Differences(Compare(a, b)) {
			t.Errorf("one method differs from itself: %+v", r)
		}
	})
}
