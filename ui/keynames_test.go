package ui

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"ioscope/model"
	"ioscope/themes"
)

// namesKey finds the usual name of a key in a sentence.
var namesKey = regexp.MustCompile(`(ctrl|alt|shift)\+[a-z↑↓]` +
	`|(^|[ ;,.(])(F[0-9]{1,2}|esc|enter|space|tab|pgdn|pgup) [a-z]` +
	`|(^|[;,.:]  ?|  | with | press )([a-zA-HJ-Z0-9?/&|<>\[\]+_\\-]) (then|there|again|in|goes|[a-z]+s)\b`)

// keysByDesign are sentences that name keys which can't be bound to anything else.
var keysByDesign = []string{
	"a, ctrl+s, alt+enter, F4, space, pgdown", // what a config says
	"t and f set it", "/ makes a subfolder", // typed, as text is
	"1 waits", "1 asks", "1 in ", // counts
	"tab in a text", // what is repaired
}

// TestNoSentenceNamesUsualKeys reads the program's own sentences: a key that may be
// bound to something else is asked for by its action. The lower edges of dialogs are
// rewritten as they are drawn.
func TestNoSentenceNamesUsualKeys(t *testing.T) {
	t.Parallel()
	var files []string
	for _, dir := range []string{".", "../model"} {
		list, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt: // name, lines and the lower edge of a dialog
				if len(n.Results) == 3 {
					for _, r := range n.Results[:2] {
						ast.Inspect(r, literal(t, set))
					}
					return false
				}
			case *ast.AssignStmt:
				if id, ok := n.Lhs[0].(*ast.Ident); ok && id.Name == "foot" {
					return false
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && (id.Name == "foot" || id.Name == "does" || id.Name == "sign") {
					return false
				}
			}
			return literal(t, set)(n)
		})
	}
}

func literal(t *testing.T, set *token.FileSet) func(ast.Node) bool {
	return func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, " ") {
			return true // a key by itself is looked for in what is drawn
		}
		for _, fine := range keysByDesign {
			text = strings.ReplaceAll(text, fine, "")
		}
		if key := namesKey.FindString(text); key != "" {
			t.Errorf("%s: %q names %q", set.Position(lit.Pos()), text, key)
		}
		return true
	}
}

// oddKeys binds every action to keys that nobody would name by chance. Where a key of
// an action means something of its own, it stays beside them.
func oddKeys(t *testing.T) *Keymap {
	t.Helper()
	var changes []Rebinding
	next := 'Ѐ'
	for _, action := range Actions() {
		var keys []string
		for _, b := range bindings {
			if b.id == action && len(keys) == 0 {
				for range b.keys {
					keys = append(keys, "alt+"+string(next))
					next++
				}
			}
		}
		if len(keys) > 0 {
			changes = append(changes, Rebinding{action, keys})
		}
	}
	m, err := Rebind(changes)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// drawnKey finds the usual name of a key of more than one character.
var drawnKey = regexp.MustCompile(`\b(ctrl\+[a-z]|alt\+[a-z0-9↑↓]+|shift\+\w+|F[0-9]{1,2}|esc|enter|space|tab|pgdn|pgup)\b`)

// drawnByDesign are what may be drawn all the same.
var drawnByDesign = regexp.MustCompile(
	`tab (chooses|completes|JSON lines|the other|next of)` + // dialogs go on with tab, whatever it is elsewhere
		`|the (next )?tab\b`)

// TestNoPaneDrawsUsualKeys draws all scenes with every action bound to another key, and
// looks for the usual ones: by name, and, where they are one character, in the colour
// of keys.
func TestNoPaneDrawsUsualKeys(t *testing.T) {
	t.Parallel()
	odd := oddKeys(t)
	theme, err := themes.Load(themes.DefaultDark)
	if err != nil {
		t.Fatal(err)
	}
	r, g, b := hexColour(t, theme.Accent)
	accent := regexp.MustCompile(fmt.Sprintf(`\x1b\[[0-9;]*38;2;%d;%d;%d[0-9;]*m([^\x1b]*)\x1b`, r, g, b))
	letters := map[string]bool{}
	for _, b := range bindings {
		for _, k := range b.keys {
			if len(k) == 1 && k != " " && k != "|" && k != "/" { // the signs of filter lines, too
				letters[k] = true
			}
		}
	}
	for _, s := range scenes {
		if s.set.ascii || s.set.plain || s.set.theme != "" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := s.play(t, 120, 40)
			h.app.keymap = odd
			h.app.state.Notice = model.Notice{}
			h.pass(0)
			for _, line := range h.lines() {
				if key := drawnKey.FindString(drawnByDesign.ReplaceAllString(line, "")); key != "" {
					t.Errorf("%q is drawn in %s", key, strings.TrimSpace(line))
				}
			}
			if h.app.topDialog() != nil {
				return // its own letters are no actions, and its lower edge was looked at
			}
			for _, line := range strings.Split(h.app.View(), "\n") {
				for _, m := range accent.FindAllStringSubmatch(line, -1) {
					if letters[strings.TrimSpace(m[1])] {
						t.Errorf("%q is drawn as a key in %s", m[1], strings.TrimSpace(ansi.Strip(line)))
					}
				}
			}
		})
	}
}

func hexColour(t *testing.T, hex string) (r, g, b int) {
	t.Helper()
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		t.Fatal(err)
	}
	return r, g, b
}

// The keys of the other buttons of a question are counted, whatever they are.
func TestOtherButtonsByOtherKeys(t *testing.T) {
	t.Parallel()
	pressed := func(keys []string, key string) (choice string) {
		h := sceneNamed(t, "run").play(t, 120, 40)
		if keys != nil {
			m, err := Rebind([]Rebinding{{"run.button", keys}})
			if err != nil {
				t.Fatal(err)
			}
			h.app.keymap = m
			h.pass(0)
			h.shows("[ Hold it ] alt+j", "[ Refuse ] alt+y")
		}
		h.press(key)
		if len(h.runs.answers) == 0 {
			return "none, " + h.app.state.Notice.Text
		}
		return h.runs.answers[0].Choice
	}
	if usual, own := pressed(nil, "alt+2"), pressed([]string{"alt+j", "alt+y"}, "alt+y"); usual != own || usual == "" {
		t.Errorf("alt+2 chose %q, the key that stands for it %q", usual, own)
	}
}

// A notice names keys as they are, and leaves braces alone that hold no action.
func TestNoticesNameTheKeysThatCount(t *testing.T) {
	t.Parallel()
	h := rebound(t, Rebinding{"go.watches", []string{"alt+w"}})
	h.app.state.Say(`watching bid of {"a":1}; {go.watches} shows it, {watch.condition} there adds a condition`)
	h.pass(0)
	h.shows(`watching bid of {"a":1}; alt+w shows it, c there adds a condition`)
}
