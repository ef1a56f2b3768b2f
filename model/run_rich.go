package model

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gohtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// MarkdownToHTML makes HTML of what a person wrote as Markdown. HTML in it stays
// as it is: a field for formatted text may have begun with it.
func MarkdownToHTML(text string) string {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(gohtml.WithUnsafe()))
	var out bytes.Buffer
	if err := md.Convert([]byte(text), &out); err != nil {
		return html.EscapeString(text)
	}
	return strings.TrimSpace(out.String())
}

// HTMLToMarkdown makes Markdown of HTML, as far as Markdown has words for it. What
// it has none for loses its marks, never its text.
func HTMLToMarkdown(source string) string {
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return source
	}
	w := &markdownWriter{}
	w.node(doc)
	lines := strings.Split(strings.TrimSpace(w.out.String()), "\n")
	var kept []string
	for i, line := range lines {
		line = strings.TrimRight(line, " ")
		if line == "" && i > 0 && len(kept) > 0 && kept[len(kept)-1] == "" {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// markdownWriter writes a tree of HTML as Markdown.
type markdownWriter struct {
	out   strings.Builder
	lists []int // number of the next item; -1 for bullets
	pre   bool
}

func (w *markdownWriter) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func (w *markdownWriter) around(n *html.Node, mark string) {
	w.out.WriteString(mark)
	w.children(n)
	w.out.WriteString(mark)
}

func (w *markdownWriter) block(n *html.Node, before string) {
	w.out.WriteString("\n\n" + before)
	w.children(n)
	w.out.WriteString("\n\n")
}

func (w *markdownWriter) node(n *html.Node) {
	if n.Type == html.TextNode {
		text := n.Data
		if !w.pre {
			text = joinBlanks(text)
		}
		w.out.WriteString(text)
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head:
	case atom.B, atom.Strong:
		w.around(n, "**")
	case atom.I, atom.Em:
		w.around(n, "*")
	case atom.Del, atom.S:
		w.around(n, "~~")
	case atom.Code:
		if w.pre {
			w.children(n)
		} else {
			w.around(n, "`")
		}
	case atom.Pre:
		w.pre = true
		w.block(n, "```\n")
		w.pre = false
		w.out.WriteString("```\n\n")
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.block(n, strings.Repeat("#", int(n.Data[1]-'0'))+" ")
	case atom.P, atom.Div, atom.Section, atom.Table:
		w.block(n, "")
	case atom.Blockquote:
		w.block(n, "> ")
	case atom.Br:
		w.out.WriteString("  \n")
	case atom.Hr:
		w.out.WriteString("\n\n---\n\n")
	case atom.Ul, atom.Ol:
		first := -1
		if n.DataAtom == atom.Ol {
			first = 1
		}
		w.lists = append(w.lists, first)
		w.block(n, "")
		w.lists = w.lists[:len(w.lists)-1]
	case atom.Li:
		w.item(n)
	case atom.A:
		w.out.WriteString("[")
		w.children(n)
		w.out.WriteString("](" + attribute(n, "href") + ")")
	case atom.Img:
		w.out.WriteString("![" + attribute(n, "alt") + "](" + attribute(n, "src") + ")")
	case atom.Tr:
		w.out.WriteString("\n")
		w.children(n)
	case atom.Td, atom.Th:
		w.children(n)
		w.out.WriteString("  ")
	default:
		w.children(n)
	}
}

func (w *markdownWriter) item(n *html.Node) {
	depth := max(len(w.lists)-1, 0)
	mark := "- "
	if len(w.lists) > 0 && w.lists[depth] > 0 {
		mark = Number(w.lists[depth]) + ". "
		w.lists[depth]++
	}
	w.out.WriteString("\n" + strings.Repeat("  ", depth) + mark)
	inner := &markdownWriter{lists: w.lists}
	inner.children(n)
	w.out.WriteString(strings.TrimSpace(inner.out.String()))
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// joinBlanks makes one blank of several, as HTML does.
func joinBlanks(s string) string {
	joined := strings.Join(strings.Fields(s), " ")
	if joined == "" {
		if s != "" {
			return " "
		}
		return ""
	}
	if strings.TrimLeft(s, " \t\r\n") != s {
		joined = " " + joined
	}
	if strings.TrimRight(s, " \t\r\n") != s {
		joined += " "
	}
	return joined
}
