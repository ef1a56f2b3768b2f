package cli

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// transcript prints a run for people: what the action shows on out, what happens
// beside it on remarks.
type transcript struct {
	out, remarks io.Writer

	shown map[string][]string // what was printed of a step, by component
}

func (p *transcript) render(e interval.Rendered) {
	if p.shown == nil {
		p.shown = map[string][]string{}
	}
	key := e.Render.InputGroupKey
	before := p.shown[key]
	now := make([]string, len(e.Render.Components))
	for i := range now {
		now[i] = displayText(&e.Render.Components[i])
		switch {
		case now[i] == "" || i < len(before) && before[i] == now[i]:
		case i < len(before) && e.Render.Components[i].Method() == schema.DisplayMetadataMethod:
			printLines(p.out, "", whatCame(before[i], now[i]))
		default:
			printLines(p.out, "", now[i])
		}
	}
	p.shown[key] = now
	if !e.Refused {
		return
	}
	if e.Render.Error != "" {
		p.remark("✗ ", e.Render.Error)
	}
	for _, c := range e.Render.Components {
		if c.Error != "" {
			p.remark("✗ ", c.Label+": "+c.Error)
		}
	}
}

// whatCame is the label of metadata that was printed before, and its values that are
// other ones now.
func whatCame(before, now string) string {
	was, lines := strings.Split(before, "\n"), strings.Split(now, "\n")
	out := lines[:1:1]
	for i, line := range lines[1:] {
		if i+1 >= len(was) || was[i+1] != line {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func (p *transcript) remark(lead, text string) { printLines(p.remarks, lead, text) }

func (p *transcript) answer(r *schema.Render, a interval.Answered) {
	for i, v := range a.Values {
		if c := &r.Components[i]; !c.Method().Display() {
			p.remark("? ", c.Label+": "+answerText(c, v))
		}
	}
	for _, b := range r.Buttons {
		if b.Value == a.Choice {
			p.remark("> ", b.Label)
		}
	}
}

// answerText is an answer in a person's words.
func answerText(c *schema.Component, v any) string {
	switch {
	case schema.Missing(v):
		return "(left out)"
	case c.Method() == schema.CredentialsMethod:
		return "(not shown)"
	}
	switch v := v.(type) {
	case schema.List:
		out := make([]string, len(v))
		for i, item := range v {
			out[i] = answerText(c, item)
		}
		return strings.Join(out, ", ")
	case schema.Record:
		for _, name := range []string{"label", "name", "key"} {
			if told, ok := v.Get(name); ok && c.Method() != schema.InputSpreadsheetMethod {
				return schema.Text(told)
			}
		}
	case string:
		if p, is := c.Props.(*schema.Search); is {
			for _, hit := range p.Results {
				if hit.Value == v {
					return valueText(hit.Label)
				}
			}
		}
	}
	return valueText(v)
}

// valueText is a value on one line.
func valueText(v any) string {
	made, err := schema.ValueOf(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	var date schema.DateTime
	var day schema.Date
	var clock schema.Clock
	if r, is := made.(schema.Record); is {
		switch {
		case len(r) == 5 && schema.Into(r, &date) == nil:
			return date.String()
		case len(r) == 3 && schema.Into(r, &day) == nil:
			return day.String()
		case len(r) == 2 && schema.Into(r, &clock) == nil:
			return clock.String()
		}
	}
	return schema.Text(made)
}

func (p *transcript) log(l interval.LogLine) {
	p.remark("· ", l.Time.Format("15:04:05.000")+" "+l.Text)
}

func (p *transcript) loading(s interval.LoadingState) {
	words := []string{}
	for _, w := range []string{s.Label, s.Description} {
		if w != "" {
			words = append(words, w)
		}
	}
	if s.ItemsCompleted != nil {
		count := fmt.Sprint(*s.ItemsCompleted)
		if s.ItemsInQueue != nil {
			count += fmt.Sprintf(" of %d", *s.ItemsInQueue)
		}
		words = append(words, count)
	}
	p.remark("… ", strings.Join(words, ", "))
}

func (p *transcript) notify(n interval.NotifyMessage) {
	to := make([]string, len(n.Deliveries))
	for i, d := range n.Deliveries {
		to[i] = d.To
	}
	p.remark("! ", strings.TrimPrefix(n.Title+": "+n.Message, ": ")+" (to "+strings.Join(to, ", ")+")")
}

func (p *transcript) redirect(e interval.Redirected) {
	to := e.Target.Address()
	if to == "" {
		to = "ioscope run " + e.Target.Slug()
		for _, m := range e.Target.Params {
			to += " " + m.Name + "=" + schema.Text(m.Value)
		}
	}
	p.remark("→ ", to)
}

func (p *transcript) unanswered(label string, why error) {
	p.remark("unanswered ", fmt.Sprintf("%q: %v", label, why))
}

func (p *transcript) complete(r *schema.Result) {
	switch {
	case r.Status != schema.StatusSuccess || schema.Missing(r.Data):
	case isTree(r.Data):
		_, _ = fmt.Fprintln(p.out, pretty(plain(r.Data), ""))
	default:
		printLines(p.out, "", schema.Text(r.Data))
	}
}

func isTree(v any) bool {
	switch v.(type) {
	case schema.Record, schema.List, schema.Map, schema.Set:
		return true
	}
	return false
}

// displayText is a display for people, on as many lines as it takes; empty for
// what asks, and for what has nothing to show yet.
func displayText(c *schema.Component) string {
	switch p := c.Props.(type) {
	case *schema.DisplayHeading:
		return strings.TrimRight("## "+c.Label+"\n"+p.Description, "\n")
	case *schema.DisplayMarkdown:
		return undented(c.Label)
	case *schema.DisplayCode:
		return c.Label + ":\n    " + strings.ReplaceAll(strings.TrimRight(p.Code, "\n"), "\n", "\n    ")
	case *schema.DisplayHTML:
		return c.Label + ": " + htmlText(p.HTML)
	case *schema.DisplayImage:
		return "[image " + strings.TrimSpace(c.Label+" "+p.Alt) + "] " + addressText(p.URL)
	case *schema.DisplayVideo:
		return "[video " + c.Label + "] " + addressText(p.URL)
	case *schema.DisplayLink:
		return "→ " + c.Label + ": " + targetText(p.Target)
	case *schema.DisplayObject:
		return c.Label + ":\n" + pretty(plain(p.Data), "")
	case *schema.DisplayMetadata:
		return metadataText(c.Label, p)
	case *schema.DisplayTable:
		return tableText(c.Label, p)
	case *schema.DisplayGrid:
		return gridText(c.Label, p)
	case *schema.DisplayProgressSteps:
		return strings.TrimSpace(fmt.Sprintf("… %s %d of %d %s %s", c.Label, p.Steps.Completed, p.Steps.Total, p.CurrentStep, p.SubTitle))
	case *schema.DisplayProgressIndeterminate:
		return "… " + c.Label
	case *schema.DisplayProgressThroughList:
		return listText(c.Label, p)
	}
	if c.Method().Display() {
		return "[" + string(c.Method()) + " " + c.Label + "]"
	}
	return ""
}

// addressText spares people the bytes of a picture.
func addressText(address string) string {
	if head, _, data := strings.Cut(address, ","); data && strings.HasPrefix(address, "data:") {
		return fmt.Sprintf("%s, %d bytes", head, len(address)-len(head))
	}
	return address
}

func targetText(t schema.Target) string {
	if address := t.Address(); address != "" {
		return address
	}
	return "ioscope run " + t.Slug()
}

func metadataText(label string, p *schema.DisplayMetadata) string {
	out := []string{label + ":"}
	for _, m := range p.Data {
		value := valueText(m.Value.Value)
		switch {
		case m.Error != "":
			value = "✗ " + m.Error
		case m.Loading():
			value = "…"
		}
		out = append(out, "  "+m.Label+": "+value)
	}
	return strings.Join(out, "\n")
}

func tableText(label string, p *schema.DisplayTable) string {
	if p.Async() && p.TotalRecords == nil && len(p.Data) == 0 {
		return "" // the first page is on its way
	}
	shown := p.Data[:min(len(p.Data), p.PageSize())]
	head := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		head[i] = c.Label
	}
	rows := make([][]string, len(shown))
	for i, row := range shown {
		rows[i] = make([]string, len(p.Columns))
		for j, c := range p.Columns {
			rows[i][j] = c.Cell(row, j).Label
		}
	}
	var out strings.Builder
	_ = printTable(&out, head, rows)
	return label + ":\n" + strings.TrimRight(out.String(), "\n") + more(len(shown), p.TotalRecords)
}

func more(shown int, total *int) string {
	if total == nil || *total <= shown {
		return ""
	}
	return fmt.Sprintf("\n(%d of %d)", shown, *total)
}

func gridText(label string, p *schema.DisplayGrid) string {
	if p.Async() && p.TotalRecords == nil && len(p.Data) == 0 {
		return ""
	}
	shown := p.Data[:min(len(p.Data), p.PageSize())]
	out := []string{label + ":"}
	for _, item := range shown {
		title := item.Data.Label
		if title == "" {
			title = item.Data.Title
		}
		if item.Data.Description != "" {
			title += ": " + item.Data.Description
		}
		out = append(out, "  "+title)
	}
	return strings.Join(out, "\n") + more(len(shown), p.TotalRecords)
}

func listText(label string, p *schema.DisplayProgressThroughList) string {
	out := []string{label + ":"}
	for _, item := range p.Items {
		line := "  · " + item.Label
		if item.IsComplete {
			line = "  ✓ " + item.Label
		}
		if item.ResultDescription != nil {
			line += ": " + *item.ResultDescription
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// undented takes away what all lines are indented by, as the dashboard does.
func undented(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	indents := []int{}
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			indents = append(indents, len(l)-len(strings.TrimLeft(l, " \t")))
		}
	}
	if len(indents) == 0 {
		return ""
	}
	least := slices.Min(indents)
	for i, l := range lines {
		lines[i] = l[min(least, len(l)):]
	}
	return strings.Join(lines, "\n")
}

var (
	htmlBreaks = regexp.MustCompile(`(?i)<(br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>`)
	htmlTags   = regexp.MustCompile(`(?s)<!--.*?-->|<(script|style)\b.*?</(script|style)>|<[^>]*>`)
)

// htmlText is what can be read of HTML.
func htmlText(markup string) string {
	text := html.UnescapeString(htmlTags.ReplaceAllString(htmlBreaks.ReplaceAllString(markup, "\n"), ""))
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
