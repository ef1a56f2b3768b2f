package cli

import (
	"encoding/json"
	"io"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// eventLines prints a run as JSON, an object a line. Who reads it may have gone;
// the run goes on all the same.
type eventLines struct{ out io.Writer }

func (p *eventLines) event(name string) *object { return (&object{}).set("event", name) }

func (p *eventLines) say(o *object) { _, _ = p.out.Write(o.line()) }

// plain is a value as JSON, without notes, and with <, > and & as they are.
func plain(v any) json.RawMessage {
	text, err := schema.Marshal(v)
	if err != nil {
		return nil
	}
	return unescaped(text)
}

// unescaped writes <, > and & of JSON as they are: nothing here is put into HTML.
func unescaped(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out = append(out, text[i])
			continue
		}
		if len(text)-i >= 6 {
			if plain, is := map[string]byte{`\u003c`: '<', `\u003e`: '>', `\u0026`: '&'}[string(text[i:i+6])]; is {
				out = append(out, plain)
				i += 5
				continue
			}
		}
		out = append(out, text[i], text[i+1]) // what is escaped itself is no escape
		i++
	}
	return out
}

func (p *eventLines) render(e interval.Rendered) {
	o := p.event("render").set("key", e.Render.InputGroupKey)
	// As it travels, so that nothing that the host said is lost.
	var wire struct {
		ToRender json.RawMessage `json:"toRender"`
	}
	if text, err := e.Render.Encode(); err == nil {
		_ = json.Unmarshal(text, &wire)
	}
	o.raw("components", unescaped(wire.ToRender)).set("message", textOrNull(e.Render.Error))
	o.raw("buttons", plain(append([]schema.ChoiceButton{}, e.Render.Buttons...)))
	p.say(o.set("update", e.Update).set("refused", e.Refused).set("waits", e.Waits))
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (p *eventLines) answer(r *schema.Render, a interval.Answered) {
	given := [][]byte{}
	for i, v := range a.Values {
		switch c := &r.Components[i]; {
		case c.Method() == schema.CredentialsMethod && !schema.Missing(v): // lines like these are kept in logs
			given = append(given, (&object{}).set("label", c.Label).set("value", "(not shown)").bytes())
		case !c.Method().Display():
			given = append(given, (&object{}).set("label", c.Label).raw("value", plain(v)).bytes())
		}
	}
	o := p.event("answer").set("key", a.Key).raw("answers", array(given))
	if len(r.Buttons) == 0 {
		a.Choice = ""
	}
	p.say(o.set("choice", textOrNull(a.Choice)))
}

func (p *eventLines) log(l interval.LogLine) {
	p.say(p.event("log").set("index", l.Index).set("time", l.Time.Format(time.RFC3339Nano)).set("text", l.Text))
}

func (p *eventLines) loading(s interval.LoadingState) {
	o := p.event("loading").set("label", textOrNull(s.Label)).set("description", textOrNull(s.Description))
	p.say(o.set("itemsInQueue", s.ItemsInQueue).set("itemsCompleted", s.ItemsCompleted))
}

func (p *eventLines) notify(n interval.NotifyMessage) {
	to := make([][]byte, len(n.Deliveries))
	for i, d := range n.Deliveries {
		to[i] = (&object{}).set("to", d.To).set("method", textOrNull(d.Method)).bytes()
	}
	p.say(p.event("notify").set("title", textOrNull(n.Title)).set("message", n.Message).raw("deliveries", array(to)))
}

func (p *eventLines) redirect(e interval.Redirected) {
	o := p.event("redirect")
	if address := e.Target.Address(); address != "" {
		o.set("url", address)
	} else {
		o.set("route", e.Target.Slug())
	}
	params := e.Target.Params
	if params == nil {
		params = schema.Record{}
	}
	p.say(o.raw("params", plain(params)).set("replace", e.Replace))
}

func (p *eventLines) unanswered(label string, why error) {
	p.say(p.event("unanswered").set("label", label).set("why", why.Error()))
}

func (p *eventLines) complete(r *schema.Result) {
	o := p.event("complete").set("status", string(r.Status))
	if r.Failure != nil {
		p.say(o.raw("result", plain(r.Failure)))
		return
	}
	p.say(o.raw("result", plain(r.Data)))
}
