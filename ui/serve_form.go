package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// sheet writes the form that is open, or the answer to the call under the cursor.
func (p *serveWriter) sheet(r rect) {
	form := p.shownForm()
	if form == nil || r.h < 20 && p.v.View().Form == nil {
		return
	}
	p.section(screen.L(plain, clean(p.formTitle(form))), screen.L(muted, clean(p.formNote(form))))
	if late := p.late(form); late != "" {
		p.say(screen.Line{}.Pad(p.a.indent()-1).Add(warn, clean("! "+late)))
	}
	lines := p.measure(r)
	p.form = formPlace{len(p.lines), len(lines)}
	p.lines = append(p.lines, lines...)
}

func (p *serveWriter) late(form *model.ServeForm) string {
	if form.Call == nil {
		return ""
	}
	return form.Call.Late(p.a.state.Now)
}

// measure draws the form where nobody can click it, to learn how high it is.
func (p *serveWriter) measure(r rect) []screen.Line {
	hits := len(p.a.hits)
	lines := p.a.sheetOf(p.v, rect{r.x, r.y, r.w, max(r.h-6, 6)})
	p.a.hits = p.a.hits[:hits]
	return lines
}

// onlyForm is the form alone, where there is no room for more.
func (p *serveWriter) onlyForm(r rect) []screen.Line {
	form := p.v.View().Form
	p.lines = []screen.Line{title(p.w, screen.Text{}, screen.L(plain, clean(p.formTitle(form))), screen.L(muted, clean(p.formNote(form))), false)}
	if late := p.late(form); late != "" {
		p.say(screen.Line{}.Add(warn, clean("! "+late)))
	}
	n := len(p.lines)
	return append(p.lines, p.a.sheetOf(p.v, rect{r.x, r.y + n, r.w, max(r.h-n, 1)})...)
}

// shownForm is the form that is open, else the answer to the call under the cursor.
func (p *serveWriter) shownForm() *model.ServeForm { return p.a.shownForm(p.v) }

func (a *App) shownForm(v model.Provider) *model.ServeForm {
	if f := v.View().Form; f != nil {
		return f
	}
	if row, ok := a.state.ServeAt(v); ok && row.Kind == model.RowWaiting && !row.Of.Streaming() {
		return &model.ServeForm{Kind: model.AnswerCall, Sheet: row.In.Answer(), Of: row.Of, Call: row.In}
	}
	return nil
}

// sheetOf draws the form of a page of offers.
func (a *App) sheetOf(v model.Provider, r rect) []screen.Line {
	form := a.shownForm(v)
	look := sheetLook{
		name: "serve form", active: v.View().Form != nil && a.state.Focus == model.Workspace,
		none: "returns nothing", unsent: "Nothing is done until they are right.",
		buttons: []sheetButton{{stop: model.StopSend, words: formButton(form), key: a.keyFor("form.send")}},
	}
	if form.Kind == model.AnswerCall {
		look.buttons = append(look.buttons,
			sheetButton{stop: model.StopError, words: "Error…", key: a.keyFor("answer.error")},
			sheetButton{stop: model.StopAlways, words: "Always so…", key: a.keyFor("answer.rule")})
	}
	if r.w < 66 {
		for i := range look.buttons[1:] {
			look.buttons[i+1].key = "" // the footer has them
		}
	}
	lines := a.sheetLines(form.Sheet, look, r)
	return lines[:min(len(lines), r.h)]
}

func formButton(f *model.ServeForm) string {
	switch f.Kind {
	case model.NewOffer:
		return "Offer"
	case model.RejectRequest:
		return "Reject"
	case model.EditRule, model.ChangeOffer:
		return "Keep"
	case model.PushData:
		return "Push"
	case model.SetTimer:
		return "Start"
	case model.AnswerCall, model.FailCall:
	}
	return "Send"
}

func (p *serveWriter) formTitle(f *model.ServeForm) string {
	switch f.Kind {
	case model.NewOffer:
		return "A new offer"
	case model.AnswerCall:
		return "Answer #" + model.Number(f.Call.ID)
	case model.FailCall:
		return "Answer #" + model.Number(f.Call.ID) + " with an error"
	case model.RejectRequest:
		return "Reject " + f.Call.Caller.Name()
	case model.EditRule:
		if n := f.Of.RuleNumber(f.Rule); n > 0 {
			return "Rule " + model.Number(n)
		}
		return "A new rule"
	case model.ChangeOffer:
		return "Change " + f.Of.Def.Name
	case model.PushData:
		return "Push to " + toWords(f.Of, f.To)
	case model.SetTimer:
		return "Push to " + toWords(f.Of, f.To) + " on a timer"
	}
	return ""
}

func (p *serveWriter) formNote(f *model.ServeForm) string {
	switch f.Kind {
	case model.NewOffer:
		return "callers see it at once"
	case model.AnswerCall:
		words := "made from returns"
		if f.Sheet.Form.JSONOnly {
			words = "JSON"
		}
		if f.Call.How == model.Undecided && p.v.View().Form != nil {
			words += "  " + secondsLeft(max(f.Call.Deadline.Sub(p.a.state.Now), 0)) + " left"
		}
		return words
	case model.EditRule:
		return "for " + f.Of.Def.Name
	case model.ChangeOffer:
		if f.Of.Standing == model.Withdrawn {
			return "not offered now"
		}
		return "taken back, and offered again"
	case model.PushData, model.SetTimer:
		return strings.TrimSpace(f.Of.Def.Name + "  " + model.Count(len(f.Of.Reached(f.To)), "subscriber"))
	case model.FailCall, model.RejectRequest:
		return f.Of.Def.Name
	}
	return ""
}
