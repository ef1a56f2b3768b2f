package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const websocketImport = "nhooyr.io/websocket"

// rule says what some packages never import, directly or through others.
type rule struct {
	of     string // a package, or with /... all below it too
	but    string // those of it that are free; empty for none
	never  []string
	except []string
	why    string
}

// foreign stands for all that is not of the standard library.
const foreign = "not of the standard library"

// network is what reaches beyond the process.
var network = []string{"net", "net/http", "os/exec", websocketImport + "/..."}

var rules = []rule{
	{
		of: "ioscope/client/...", never: []string{"ioscope/ui/...", "ioscope/model/..."},
		why: "the library serves people who never open the explorer",
	},
	{
		of: "ioscope/client/gateway/...", never: []string{"ioscope/client"},
		why: "a server must not share its client's mistakes",
	},
	{
		of: "ioscope/client/record/...", never: []string{"ioscope/client/..."},
		except: []string{"ioscope/client", "ioscope/client/bus", "ioscope/client/internal/...", "ioscope/client/record/..."},
		why:    "what records and replays a bus is made with the public client API alone",
	},
	{
		of: "ioscope/model/...", never: network,
		why: "the model is state: nothing in it may wait for anybody",
	},
	{
		of: "ioscope/model/...", never: []string{"github.com/charmbracelet/...", "github.com/muesli/...", "ioscope/ui/..."},
		why: "the model is state and does not know how it is drawn",
	},
	{
		of: "ioscope/model/...", never: []string{"ioscope/client/..."}, except: []string{"ioscope/client/bus", "ioscope/client/interval/schema"},
		why: "the model shares the words of the bus, and asks nobody",
	},
	{
		of: "ioscope/ui/...", but: "ioscope/ui/cli/...",
		never: []string{"ioscope/client/..."}, except: []string{"ioscope/client/bus", "ioscope/client/interval/schema"},
		why: "the screen asks through an interface that it declares itself",
	},
	{
		of: "ioscope/ui", never: []string{"ioscope/ui/config"},
		why: "what is on the disk comes to the screen through the command line",
	},
	{
		of: "ioscope/ui/config/...", never: []string{"ioscope/ui", "ioscope/model/...", "ioscope/client/..."},
		why: "settings are data, and know nobody who uses them",
	},
	{
		of: "ioscope/ui/...", but: "ioscope/ui/cli/...", never: []string{"net", "net/http", websocketImport + "/..."},
		why: "the screen does not reach the network",
	},
	{
		of: "ioscope/...", but: "ioscope", never: []string{"ioscope/ui/cli/..."},
		why: "the command line puts everything together, so nothing may lean on it",
	},
	{
		of: "ioscope/client/internal/wire", never: []string{"ioscope/..."}, except: []string{"ioscope/client/bus"},
		why: "frames are shared by client and gateway, and know neither",
	},
	{
		of: "ioscope/client/bus", never: []string{foreign},
		why: "the vocabulary is for everybody, so it brings nothing but the standard library",
	},
	{
		of: "ioscope/client/bus", never: network,
		why: "the vocabulary is pure",
	},
	{
		of: "ioscope/client/interval/schema", never: []string{foreign},
		why: "the components are plain types, and bring nothing but the standard library",
	},
	{
		of: "ioscope/themes", never: []string{"ioscope/..."},
		why: "themes are data and lean on no other room",
	},
}

// pkg is what go list says about a package.
type pkg struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports, Deps   []string
	Standard        bool
}

// TestImports keeps the rooms apart that ARCHITECTURE.md keeps apart.
func TestImports(t *testing.T) {
	t.Parallel()
	packages := listPackages(t)
	standard := map[string]bool{}
	for _, p := range packages {
		standard[p.ImportPath] = p.Standard
	}
	for _, r := range rules {
		for _, p := range packages {
			if !within(p.ImportPath, r.of) || r.but != "" && within(p.ImportPath, r.but) {
				continue
			}
			for _, dep := range p.Deps {
				if r.forbids(dep, standard[dep]) {
					t.Errorf("%s imports %s (%s): %s", p.ImportPath, dep, through(packages, p, dep), r.why)
				}
			}
		}
	}
}

// TestRulesBite makes sure that the rules would notice.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pkg, dep string
		standard bool
		broken   bool
	}{
		{"ioscope/client", "ioscope/ui/screen", false, true},
		{"ioscope/client/demo", "ioscope/model", false, true},
		{"ioscope/client/gateway", "ioscope/client", false, true},
		{"ioscope/client/gateway", "ioscope/client/bus", false, false},
		{"ioscope/model", "net/http", true, true},
		{"ioscope/model", "net/url", true, false},
		{"ioscope/model", "github.com/charmbracelet/lipgloss", false, true},
		{"ioscope/model", "ioscope/client/bus", false, false},
		{"ioscope/ui", "ioscope/client", false, true},
		{"ioscope/ui/cli", "ioscope/client", false, false},
		{"ioscope/ui", "ioscope/ui/cli", false, true},
		{"ioscope", "ioscope/ui/cli", false, false},
		{"ioscope/client/bus", "encoding/json", true, false},
		{"ioscope/client/bus", "github.com/spf13/cobra", false, true},
		{"ioscope/clients", "ioscope/ui", false, false},
	} {
		broken := slices.ContainsFunc(rules, func(r rule) bool {
			return within(c.pkg, r.of) && (r.but == "" || !within(c.pkg, r.but)) && r.forbids(c.dep, c.standard)
		})
		if broken != c.broken {
			t.Errorf("%s imports %s: broken = %t, want %t", c.pkg, c.dep, broken, c.broken)
		}
	}
}

// TestOneWebsocket keeps the websocket package replaceable: one file knows it.
func TestOneWebsocket(t *testing.T) {
	t.Parallel()
	var found []string
	for _, p := range listPackages(t) {
		if !within(p.ImportPath, "ioscope/...") {
			continue
		}
		for _, name := range p.GoFiles {
			file := parse(t, filepath.Join(p.Dir, name), parser.ImportsOnly)
			for _, i := range file.Imports {
				if within(strings.Trim(i.Path.Value, `"`), websocketImport+"/...") {
					found = append(found, p.ImportPath+"/"+name)
				}
			}
		}
	}
	if want := []string{"ioscope/client/internal/wire/ws.go"}; !slices.Equal(found, want) {
		t.Errorf("files that import %s: %v, want %v: replacing it must be one file's work", websocketImport, found, want)
	}
}

// TestModelHasNoClock: the time of everything comes in with the event.
func TestModelHasNoClock(t *testing.T) {
	t.Parallel()
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	for _, p := range listPackages(t) {
		if !within(p.ImportPath, "ioscope/model/...") && p.ImportPath != "ioscope/client/bus" {
			continue
		}
		for _, name := range p.GoFiles {
			ast.Inspect(parse(t, filepath.Join(p.Dir, name), 0), func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, s.Sel.Name) {
					t.Errorf("%s/%s reads the clock by time.%s: state is told what time it is", p.ImportPath, name, s.Sel.Name)
				}
				return true
			})
		}
	}
}

// forbids reports whether the rule is broken by a dependency.
func (r rule) forbids(dep string, standard bool) bool {
	for _, e := range r.except {
		if within(dep, e) {
			return false
		}
	}
	for _, n := range r.never {
		if n == foreign && !standard || within(dep, n) {
			return true
		}
	}
	return false
}

// within reports whether a package is the pattern, or below a pattern with /...
func within(path, pattern string) bool {
	root, tree := strings.CutSuffix(pattern, "/...")
	return path == root || tree && strings.HasPrefix(path, root+"/")
}

// through names the direct import by which a package reaches another.
func through(packages []pkg, p pkg, dep string) string {
	if slices.Contains(p.Imports, dep) {
		return "directly"
	}
	for _, q := range packages {
		if slices.Contains(p.Imports, q.ImportPath) && slices.Contains(q.Deps, dep) {
			return "through " + q.ImportPath
		}
	}
	return "somehow"
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	packages, err := goList()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return packages
}

// goList asks once for all tests.
var goList = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Dir,GoFiles,Imports,Deps,Standard", "ioscope/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, stderr.Bytes())
	}
	var packages []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
})

func parse(t *testing.T, path string, mode parser.Mode) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, mode)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
