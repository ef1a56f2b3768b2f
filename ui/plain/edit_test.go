package plain

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// scribe is an editor that turns what it is given into something else. It is Editor.
type scribe struct {
	write func(text string) (string, error)
	given []string
}

func (s *scribe) Edit(text, ending string) (string, error) {
	s.given = append(s.given, ending+" "+text)
	return s.write(text)
}

// writes makes what is written next: a text in the place of another.
func (s *scribe) writes(old, with string) {
	s.write = func(text string) (string, error) { return strings.ReplaceAll(text, old, with), nil }
}

// TestEdit sends what was written in an editor, keeps what could not be sent, and asks
// where nothing was written.
func TestEdit(t *testing.T) {
	s := &scribe{}
	playWith(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"CalcPrecise": `{"sum":5}`})
		r.say("edit")
		r.expect("error: edit what?\n", "hint: edit Addition is an example")
		r.say("edit Nothing")
		r.expect("error: no method \"Nothing\" on the bus\n")
		r.say("edit Addition c=1")
		r.expect("error: not understood: \"c=1\"\n")

		s.writes("null", "x")
		r.say("edit addition target=all")
		r.expect("error: not JSON yet: ", "line 2", "hint: nothing was sent\n", "hint: edit, alone, opens it again\n")
		s.writes("x", "2")
		r.say("edit")
		r.expect("returned sum 5")
		if want := `{"a":2,"b":2}`; len(r.bus.asked) != 1 || string(r.bus.asked[0].Args) != want || r.bus.asked[0].Target.Mode != bus.All {
			t.Fatalf("asked %+v, want %s", r.bus.asked, want)
		}
		if want := ".json {\n  \"a\": null,\n  \"b\": null\n}\n"; s.given[0] != want || !strings.Contains(s.given[1], `"a": x`) {
			t.Errorf("the editor was given %q", s.given)
		}
		r.say("edit")
		r.expect("error: edit what?\n")

		s.writes("", "")
		s.write = func(text string) (string, error) { return text, nil }
		r.say("edit Addition")
		r.expect("send Addition: all is as it was suggested. Type yes to do it")
		r.say("no")
		r.expect("send Addition: not done, all stays\n")
		s.write = func(string) (string, error) { return " \n", nil }
		r.say("edit Addition")
		r.expect("edit: Addition, nothing is written there, nothing was sent\n")
		s.write = func(string) (string, error) { return "", errors.New("editor: exit status 1") }
		r.say("edit Addition")
		r.expect("error: editor: exit status 1\n")
		s.write = func(string) (string, error) { return "[1]", nil }
		r.say("edit Addition")
		r.expect("error: ", "hint: nothing was sent")
		s.write = func(string) (string, error) { return `{"a": "one"}`, nil }
		r.say("edit Addition")
		r.expect("error: a: string, wants int\n", "b is needed", "hint: nothing was sent")
		if len(r.bus.asked) != 1 {
			t.Errorf("asked %d times", len(r.bus.asked))
		}
	}, byPerson, func(o *Options) { o.Editor = s })
}

// TestEditHoldsTheLines says nothing into somebody's editor.
func TestEditHoldsTheLines(t *testing.T) {
	s := &scribe{write: func(text string) (string, error) {
		time.Sleep(time.Minute)
		return strings.ReplaceAll(text, "null", "2"), nil
	}}
	playWith(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"CalcPrecise": `{"sum":4}`})
		r.say("edit Addition")
		r.hear(bus.ServerAdded{At: time.Now(), Server: instance("Late")})
		r.pass(30 * time.Second)
		r.expectNot("Late")
		r.pass(40 * time.Second)
		r.expect("Late: joined", "call 1: CalcPrecise returned sum 4")
	}, byPerson, func(o *Options) { o.Editor = s })
}

// TestEditAnswer answers a request, and a value of a form, out of the editor.
func TestEditAnswer(t *testing.T) {
	s := &scribe{}
	playWith(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"PriceFeed": `{"id":1}`})
		r.say(`offer method Note accepts="int n" returns="string text"`)
		r.inbox.Put(model.Provided{ID: 1})
		r.inbox.Put(model.Came{ID: 1, Call: 1, Caller: instance("Desk"), Args: []byte(`{"n":1}`), At: time.Now(), Deadline: time.Now().Add(30 * time.Second)})
		r.pass(time.Second)
		s.writes("null", `"one"`)
		r.say("edit 1")
		r.inbox.Put(model.Over{Came: model.Came{ID: 1, Call: 1, Caller: instance("Desk")}, How: model.ByHand, Value: []byte(`{"text":"one"}`), Over: time.Now()})
		r.pass(time.Second)
		r.expect("request 1: answered by hand, text one")

		r.take()
		r.say("fill Clients.Create")
		s.write = func(string) (string, error) { return "two\r\nlines\n", nil }
		r.say(".edit")
		r.expect("name: string\n", "address.city: string\n")
		s.write = func(string) (string, error) { return "\n", nil }
		r.say(".edit")
		r.expect("edit: nothing is written there\n", "address.city: string\n")
		r.say("Rome")
		r.say("")
		r.expect("returned id 1")
		if got := string(r.bus.asked[0].Args); got != `{"name":"two\nlines","address":{"city":"Rome"}}` {
			t.Errorf("asked with %s", got)
		}
		r.say("fill Clients.Create")
		s.write = func(text string) (string, error) { return text + "!", nil }
		r.say(".edit")
		r.say(".stop")
		if last := s.given[len(s.given)-1]; last != `.txt two`+"\nlines" {
			t.Errorf("the editor was given %q", last)
		}
	}, byPerson, func(o *Options) { o.Editor = s })
}

// TestNoEditor says why there is none in a script, and what does the same.
func TestNoEditor(t *testing.T) {
	play(t, func(r *rig) {
		r.say("edit Addition")
		r.expect("error: an editor needs a terminal, and a person at it\n", "hint: invoke METHOD {...} takes JSON, fill METHOD asks for each value\n")
		r.say("fill Addition")
		r.say(".edit")
		r.expect("a: int\n", "error: an editor needs a terminal, and a person at it\n", "a: int\n")
		r.say("1")
		r.expect("b: int\n")
	})
}

// TestFillMovesItems puts the items of a list right while it is filled in.
func TestFillMovesItems(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"PriceFeed": `{}`})
		lists := instance("Lists")
		r.hear(bus.ServerAdded{At: time.Now(), Server: lists}, bus.MethodsAdded{At: time.Now(), Peer: lists.PeerID, Methods: []bus.MethodDefinition{
			{ID: "1", Name: "Order", Accepts: "string[] tags, composite: { string name, int? n }[] rows"},
		}})
		r.pass(time.Second)
		for _, line := range []string{"fill Order", ".items", ".move 2 to 1", "a", "b=1"} {
			r.say(line)
		}
		r.expect("tags: list of string, one a line; an empty line ends it\n", "tags: no item yet\n", "error: tags has no item 2, it has no item so far\n", "hint: .move 2 to 1 is an example\n",
			"tags: item 2, or an empty line\n", "tags: item 3, or an empty line; .items tells them, .move 2 to 1 and .remove 2\n  put them right\n")
		for _, line := range []string{"c", ".move 3 to 1", ".items", ".move 1 2", ".remove 2", ".back", ".remove 9", ".move 1", ".move x to 1", ".remove 3", ".items", ""} {
			r.say(line)
		}
		r.expect("item 3 of tags: is item 1 now\n", "item 1: c\n", "item 2: a\n", "item 3: b=1\n", "item 1 of tags: is item 2 now\n", "item 2 of tags: removed, 2 items left\n", "tags: item 4",
			"error: tags has no item 9", "error: which item?\n", "error: tags has no item x", "item 3 of tags: removed, 2 items left\n", "item 1: a\n", "item 2: c\n", "rows: list of objects")
		for _, line := range []string{"yes", "one", "1", "yes", ".move 1 to 2", "two", "", ".items", ".move 1 to 2", ".items", ""} {
			r.say(line)
		}
		r.expect("error: rows[1].name is no list", "hint: .back", "rows[1].name: string\n", "item 1: name one, n 1\n", "item 2: name two\n", "item 1 of rows: is item 2 now\n", "item 1: name two\n", "item 2: name one, n 1\n", "call 1: PriceFeed returned")
		if got := string(r.bus.asked[0].Args); got != `{"tags":["a","c"],"rows":[{"name":"two"},{"name":"one","n":1}]}` {
			t.Errorf("asked with %s", got)
		}
	})
}
