package model

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// Stops of an answer that are no fields.
const (
	StopError  FieldPath = "@error"
	StopAlways FieldPath = "@always"
)

// FormKind is what a form on a page of offers is for.
type FormKind int

// The forms.
const (
	NewOffer FormKind = iota
	AnswerCall
	FailCall
	RejectRequest
	EditRule
	PushData
	SetTimer
	ChangeOffer
)

// ServeForm is a form on a page of offers.
type ServeForm struct {
	Kind  FormKind
	Sheet *Sheet
	// Of is the offer that it is about; nil for a new one.
	Of   *Offering
	Call *Incoming
	// Rule and Timer are changed by it; 0 for a new one.
	Rule, Timer int
	To          PushTo
	// suggested is the value of a timer's form that nobody typed.
	suggested string
}

// serveSheet makes a form of fields that no signature declares, with what else is
// checked of them.
func serveSheet(fields bus.Signature, check func(FieldPath, string) error) *Sheet {
	f := &Form{sig: fields, root: newFormNode(bus.Param{Kind: bus.Composite, Fields: fields}), check: check}
	return &Sheet{Form: f, Foot: []FieldPath{StopSend}}
}

func field(name string, needed bool) bus.Param {
	return bus.Param{Kind: bus.String, Name: name, Optional: !needed}
}

// yes is a box that may be left out.
func yes(name string) bus.Param { return bus.Param{Kind: bus.Bool, Name: name, Optional: true} }

// valueSheet is the form of a value that a signature declares: a call's answer, or
// a stream's data.
func valueSheet(returns string, foot ...FieldPath) *Sheet {
	f := NewForm(returns)
	if f.JSONOnly {
		f.Reason = strings.Replace(f.Reason, "accepts", "returns", 1)
	}
	return &Sheet{Form: f, Foot: foot}
}

func (s *State) openForm(v Provider, f *ServeForm) {
	if f.Sheet.Focus == "" {
		f.Sheet.Focus = f.Sheet.FirstStop(s.Now)
	}
	v.View().Form = f
}

// The fields of forms about offers.
const (
	fieldStream   = "stream"
	fieldName     = "name"
	fieldAccepts  = "accepts"
	fieldReturns  = "returns"
	fieldTitle    = "display name"
	fieldAbout    = "description"
	fieldTypes    = "object types"
	fieldPatience = "callers wait"
	fieldWhen     = "when"
	fieldValue    = "value"
	fieldJQ       = "jq"
	fieldError    = "error"
	fieldAfter    = "after"
	fieldBranch   = "branch"
	fieldReject   = "reject"
	fieldReason   = "reason"
	fieldEvery    = "every"
	fieldTimes    = "times"
	fieldNumbered = "numbered"
	fieldSnapshot = "snapshot"
)

// OfferForm asks for a new method or stream, on the page of all that we offer.
func (s *State) OfferForm(stream bool) {
	if s.refuse(ToOffer) {
		return
	}
	s.Go(Serve)
	if f := s.Serving().Form; f != nil && f.Kind == NewOffer {
		return // one that is half filled is gone on with
	}
	sheet := serveSheet(bus.Signature{
		{Kind: bus.Bool, Name: fieldStream},
		field(fieldName, true), field(fieldAccepts, false), field(fieldReturns, false),
		field(fieldTitle, false), field(fieldAbout, false), field(fieldTypes, false), field(fieldPatience, false),
	}, s.checkOffer)
	sheet.Form.examples = offerExamples
	if stream {
		sheet.Form.Toggle(fieldStream)
	}
	sheet.Focus = fieldName
	s.openForm(s.Serving(), &ServeForm{Kind: NewOffer, Sheet: sheet})
}

// offerExamples are what the fields of a new offer take.
var offerExamples = map[FieldPath]string{
	fieldName:              "Quotes.Ask",
	fieldAccepts:           "string symbol, int? limit, composite: { double bid }[] quotes",
	fieldReturns:           "double price (in cents), datetime? at",
	fieldOf(fieldTitle):    "Ask for a quote",
	fieldAbout:             "Answers with the price of a symbol.",
	fieldOf(fieldTypes):    "Instrument, Client",
	fieldOf(fieldPatience): "30s",
}

// ruleExamples are what the fields of a rule take.
var ruleExamples = map[FieldPath]string{
	fieldWhen:   `.symbol == "TEST"`,
	fieldValue:  `{"price": 1}`,
	fieldJQ:     "{price: (.limit * 2)}",
	fieldBranch: ".symbol",
	fieldError:  "no price today",
	fieldReject: "not for you",
	fieldAfter:  "500ms",
}

func (s *State) checkOffer(path FieldPath, text string) error {
	switch path {
	case fieldName:
		def := bus.MethodDefinition{Name: strings.TrimSpace(text)}
		if f := s.Serving().Form; f != nil && f.Kind == NewOffer {
			def.Accepts, def.Returns = f.texts()[fieldAccepts], f.texts()[fieldReturns]
		}
		return errorOf(s.NameTaken(def))
	case fieldAccepts, fieldReturns:
		_, err := bus.ParseSignature(text)
		return err
	case fieldOf(fieldPatience):
		_, err := ParseTimeout(text)
		return err
	}
	return nil
}

// fieldOf is the path of a field whose name has blanks.
func fieldOf(name string) FieldPath {
	return FieldPath("").field(&formNode{param: bus.Param{Name: name}})
}

func errorOf(why string) error {
	if why == "" {
		return nil
	}
	return errors.New(why)
}

// AnswerForm gives the answer to a call the keyboard.
func (s *State) AnswerForm(v Provider, in *Incoming) {
	if s.refuse(ToAnswer) {
		return
	}
	s.openForm(v, &ServeForm{Kind: AnswerCall, Sheet: in.Answer(), Of: in.Of, Call: in})
}

// Answer is the form of the answer to a call, which is made from what its method
// returns. It stays with the call.
func (in *Incoming) Answer() *Sheet {
	if in.Sheet == nil {
		in.Sheet = valueSheet(in.Of.Def.Returns, StopSend, StopError, StopAlways)
	}
	return in.Sheet
}

// RefuseForm asks for the words of an error, or of a rejection.
func (s *State) RefuseForm(v Provider, in *Incoming) {
	if s.refuse(ToAnswer) {
		return
	}
	kind := FailCall
	if in.Of.Streaming() {
		kind = RejectRequest
	}
	s.openForm(v, &ServeForm{Kind: kind, Sheet: serveSheet(bus.Signature{field(fieldReason, true)}, nil), Of: in.Of, Call: in})
}

// RuleForm asks for a rule, or changes one.
func (s *State) RuleForm(v Provider, o *Offering, r *Rule) *ServeForm {
	if s.refuse(ToAnswer) {
		return nil
	}
	fields := bus.Signature{field(fieldWhen, false), field(fieldValue, false), field(fieldJQ, false), field(fieldError, false), field(fieldAfter, false)}
	if o.Streaming() {
		fields = bus.Signature{field(fieldWhen, false), field(fieldBranch, false), field(fieldReject, false)}
	}
	f := &ServeForm{Kind: EditRule, Sheet: serveSheet(fields, checkRule), Of: o}
	f.Sheet.Form.examples = ruleExamples
	if r != nil {
		f.Rule = r.ID
		f.fillRule(r)
	}
	s.openForm(v, f)
	return f
}

func (f *ServeForm) fillRule(r *Rule) {
	put := func(name, text string) { f.Sheet.Form.SetText(FieldPath(name), text) }
	put(fieldWhen, r.When)
	if r.Value != nil {
		put(fieldValue, string(compactJSON(r.Value)))
	}
	put(fieldJQ, r.JQ)
	put(fieldBranch, r.Branch)
	if r.Error != nil {
		put(fieldError, r.Error.Reason)
		put(fieldReject, r.Error.Reason)
	}
	if r.After > 0 {
		put(fieldAfter, r.After.String())
	}
}

func checkRule(path FieldPath, text string) error {
	switch path {
	case fieldWhen:
		return checkJQ(text, "$caller", "$n", "$subscriber")
	case fieldJQ, fieldBranch:
		return checkJQ(text, "$caller", "$n", "$subscriber")
	case fieldValue:
		return checkAnyJSON(text)
	case fieldAfter:
		_, err := ParseTimeout(text)
		return err
	}
	return nil
}

// RuleFrom asks for a rule that answers always so, made from something that came
// in and its answer.
func (s *State) RuleFrom(v Provider, in *Incoming, value json.RawMessage) {
	if f := s.RuleForm(v, in.Of, nil); f != nil {
		r := &Rule{When: Condition(in.Args), Value: value}
		if in.Err != "" {
			r.Error, r.Value = &bus.Error{Reason: in.Err}, nil
		}
		if in.Branch != "" {
			r.Branch = string(bus.QuoteJSON(in.Branch))
		}
		if in.How == Undecided {
			f.Call = in
		}
		f.fillRule(r)
	}
}

// PushForm asks for data that is pushed by hand.
func (s *State) PushForm(v Provider, o *Offering, to PushTo) {
	if s.refuse(ToPush) {
		return
	}
	sheet := valueSheet(o.Def.Returns, StopSend)
	if o.pushed != nil {
		sheet.Form.Fill(o.pushed)
	}
	s.openForm(v, &ServeForm{Kind: PushData, Sheet: sheet, Of: o, To: to})
}

// texts are what stands in the fields of a form, by name.
func (f *ServeForm) texts() map[string]string {
	out := map[string]string{}
	for _, p := range f.Sheet.Form.sig {
		out[p.Name] = strings.TrimSpace(f.Sheet.Form.Text(fieldOf(p.Name)))
	}
	return out
}

// checked validates a form. Where anything is wrong it says so, and the keyboard
// goes to the first of it.
func (s *State) checked(f *ServeForm, more ...FieldError) (json.RawMessage, bool) {
	raw, wrong := f.Sheet.Form.Args(s.Now)
	f.Sheet.Wrong = append(wrong, more...)
	if len(f.Sheet.Wrong) == 0 {
		return raw, true
	}
	f.Sheet.Focus = f.Sheet.Wrong[0].Path
	if f.Sheet.Form.Mode() == JSONMode {
		f.Sheet.Focus = StopJSON
	}
	s.Say(Count(len(f.Sheet.Wrong), "field") + " to fix; nothing was done")
	return nil, false
}

// atMostOne complains where more than one of the fields has a text.
func (f *ServeForm) atMostOne(names ...string) []FieldError {
	t := f.texts()
	first := ""
	for _, name := range names {
		switch {
		case t[name] == "":
		case first == "":
			first = name
		default:
			return []FieldError{{Path: fieldOf(name), Reason: "stands beside " + first + "; one of " + strings.Join(names, ", ") + " is enough"}}
		}
	}
	return nil
}

// commaList are the texts of a list, parted by commas.
func commaList(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// duration reads a duration that was checked; 0 for none.
func duration(text string) time.Duration {
	d, _ := ParseTimeout(cmp.Or(text, "0"))
	return d
}
