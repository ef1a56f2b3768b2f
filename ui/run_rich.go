package ui

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Formatted text as lines: Markdown, and code in colours.

// piece is a part of a paragraph in one style.
type piece struct {
	text  string
	style screen.Style
	// hard ends the line.
	hard bool
}

// flow breaks pieces at blanks into lines of at most n cells.
func flow(pieces []piece, n int) []screen.Line {
	n = max(n, 4)
	var out []screen.Line
	line, blank := screen.Line{}, false
	end := func() {
		out = append(out, line)
		line, blank = screen.Line{}, false
	}
	for _, p := range pieces {
		if p.hard {
			end()
			continue
		}
		for i, word := range strings.Split(p.text, " ") {
			if i > 0 {
				blank = true
			}
			if word == "" {
				continue
			}
			t := clean(word)
			gap := 0
			if blank && line.Width() > 0 {
				gap = 1
			}
			if line.Width()+gap+t.Width() > n && line.Width() > 0 && blank {
				end()
				gap = 0
			}
			for line.Width()+gap+t.Width() > n { // longer than a line
				room := n - line.Width() - gap
				if room < 1 {
					end()
					gap = 0
					continue
				}
				line = line.Pad(gap).Add(p.style, t.Head(room))
				t = t.From(room)
				gap = 0
				end()
			}
			line = line.Pad(gap).Add(p.style, t)
			blank = false
		}
	}
	if line.Width() > 0 {
		end()
	}
	return out
}

// markdown draws formatted text.
func (w *runWriter) markdown(source string, more int) {
	source = dedent(source)
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	doc := md.Parser().Parse(text.NewReader([]byte(source)))
	d := &markdownDrawer{w: w, source: []byte(source)}
	d.blocks(doc, more, screen.Line{})
}

// dedent takes away what all lines are indented by.
func dedent(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	common := -1
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if n := len(l) - len(strings.TrimLeft(l, " \t")); common < 0 || n < common {
			common = n
		}
	}
	for i, l := range lines {
		lines[i] = l[min(max(common, 0), len(l)):]
	}
	return strings.Join(lines, "\n")
}

// markdownDrawer walks a document.
type markdownDrawer struct {
	w      *runWriter
	source []byte
}

// blocks draws the children of a block, each line behind a lead.
func (d *markdownDrawer) blocks(n ast.Node, more int, lead screen.Line) {
	first := true
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if _, tight := c.(*ast.TextBlock); !first && !tight && n.Kind() == ast.KindDocument {
			d.w.add(screen.Line{})
		}
		first = false
		d.block(c, more, lead)
	}
}

func (d *markdownDrawer) block(c ast.Node, more int, lead screen.Line) {
	switch c := c.(type) {
	case *ast.Heading:
		d.lines(d.inline(c, bold), more, lead)
	case *ast.FencedCodeBlock:
		d.w.code(d.rows(c), string(c.Language(d.source)), more)
	case *ast.CodeBlock:
		d.w.code(d.rows(c), "", more)
	case *ast.Blockquote:
		d.blocks(c, more, lead.Muted(screen.T("│ ")))
	case *ast.List:
		d.list(c, more, lead)
	case *ast.ThematicBreak:
		d.put(screen.L(faint, screen.T("─").Repeat(max(d.w.w-d.w.in-more-4-lead.Width(), 1))), more, lead)
	case *extast.Table:
		d.table(c, more, lead)
	case *ast.HTMLBlock:
		d.lines([]piece{{text: strings.TrimSpace(d.rows(c)), style: muted}}, more, lead)
	default:
		d.lines(d.inline(c, plain), more, lead)
	}
}

func (d *markdownDrawer) list(c *ast.List, more int, lead screen.Line) {
	number := c.Start
	for item := c.FirstChild(); item != nil; item = item.NextSibling() {
		mark := screen.T("• ")
		if c.IsOrdered() {
			mark = clean(model.Number(number) + ". ")
			number++
		}
		at := len(d.w.lines)
		d.blocks(item, more, lead.Pad(mark.Width()))
		if at < len(d.w.lines) {
			d.w.lines[at] = d.w.lines[at].Over(screen.L(muted, mark), d.w.in+1+more+lead.Width())
		}
	}
}

// table draws a table of Markdown, with its columns as wide as they need.
func (d *markdownDrawer) table(c *extast.Table, more int, lead screen.Line) {
	var rows [][]screen.Line
	var widths []int
	for row := c.FirstChild(); row != nil; row = row.NextSibling() {
		style := plain
		if _, head := row.(*extast.TableHeader); head {
			style = bold
		}
		var cells []screen.Line
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			line := screen.Line{}
			if lines := flow(d.inline(cell, style), 60); len(lines) > 0 {
				line = lines[0]
			}
			if len(cells) >= len(widths) {
				widths = append(widths, 0)
			}
			widths[len(cells)] = max(widths[len(cells)], line.Width())
			cells = append(cells, line)
		}
		rows = append(rows, cells)
	}
	for _, cells := range rows {
		line := screen.Line{}
		for i, cell := range cells {
			line = line.Plus(cell.Fit(widths[i])).Pad(2)
		}
		d.put(line, more, lead)
	}
}

func (d *markdownDrawer) put(line screen.Line, more int, lead screen.Line) {
	d.w.add(screen.Line{}.Pad(d.w.in + 1 + more).Plus(lead).Plus(line))
}

func (d *markdownDrawer) lines(pieces []piece, more int, lead screen.Line) {
	for _, line := range flow(pieces, d.w.w-d.w.in-more-3-lead.Width()) {
		d.put(line, more, lead)
	}
}

// rows is the text of a block of lines.
func (d *markdownDrawer) rows(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(d.source))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// inline makes pieces of what stands in a paragraph.
func (d *markdownDrawer) inline(n ast.Node, style screen.Style) []piece {
	var out []piece
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			out = append(out, piece{text: string(c.Segment.Value(d.source)), style: style})
			switch {
			case c.HardLineBreak():
				out = append(out, piece{hard: true})
			case c.SoftLineBreak():
				out = append(out, piece{text: " ", style: style})
			}
		case *ast.String:
			out = append(out, piece{text: string(c.Value), style: style})
		case *ast.CodeSpan:
			out = append(out, d.inline(c, key)...)
		case *ast.Emphasis:
			strong := style
			strong.Bold = true
			out = append(out, d.inline(c, strong)...)
		case *ast.Link:
			address := string(c.Destination)
			out = append(out, d.inline(c, accent.ToLink(address))...)
			if address != "" {
				out = append(out, piece{text: " (" + address + ")", style: muted.ToLink(address)})
			}
		case *ast.AutoLink:
			address := string(c.URL(d.source))
			out = append(out, piece{text: address, style: accent.ToLink(address)})
		case *ast.Image:
			out = append(out, piece{text: "image ", style: muted})
			out = append(out, d.inline(c, plain)...)
			out = append(out, piece{text: " (" + string(c.Destination) + ")", style: muted})
		case *extast.TaskCheckBox:
			box := "[ ] "
			if c.IsChecked {
				box = "[x] "
			}
			out = append(out, piece{text: box, style: style})
		case *ast.RawHTML:
		default:
			out = append(out, d.inline(c, style)...)
		}
	}
	return out
}

// code draws source text, in colours where its language is known.
func (w *runWriter) code(source, language string, more int) {
	source = strings.TrimRight(strings.ReplaceAll(source, "\t", "    "), "\n")
	lexer := lexers.Get(language)
	if language == "" || lexer == nil {
		lexer = lexers.Fallback
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, source)
	lines := []screen.Line{{}}
	if err != nil {
		lines = lines[:0]
		for _, l := range screen.CleanLines(source) {
			lines = append(lines, screen.L(plain, l))
		}
	} else {
		for _, t := range tokens.Tokens() {
			for i, part := range strings.Split(t.Value, "\n") {
				if i > 0 {
					lines = append(lines, screen.Line{})
				}
				n := len(lines) - 1
				lines[n] = lines[n].Add(codeStyle(t.Type), clean(part))
			}
		}
		for len(lines) > 1 && lines[len(lines)-1].Width() == 0 {
			lines = lines[:len(lines)-1]
		}
	}
	for _, l := range lines {
		w.add(screen.Line{}.Pad(w.in + 1 + more).Muted(screen.T("│ ")).Plus(l).Fit(w.w - 1))
	}
}

// codeStyle gives a token of a program the role of what it is like in a payload.
func codeStyle(t chroma.TokenType) screen.Style {
	switch {
	case t.InCategory(chroma.Comment):
		return muted
	case t.InCategory(chroma.Keyword):
		return lit
	case t.InSubCategory(chroma.LiteralNumber):
		return num
	case t == chroma.NameFunction, t == chroma.NameClass, t == chroma.NameTag, t == chroma.NameAttribute, t == chroma.NameBuiltin:
		return key
	case t.InCategory(chroma.Operator), t.InCategory(chroma.Punctuation):
		return muted
	}
	return plain
}
