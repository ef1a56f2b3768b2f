package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/natefinch/atomic"
	"go.yaml.in/yaml/v3"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// shelf is the folder of saved calls: one YAML file a call or a list, in folders as
// people like, and env/NAME.json with the variables of an environment. It is ui.Shelf.
type shelf struct{ folder string }

var _ ui.Shelf = (*shelf)(nil)

// callsFolder is where the saved calls are: where the config says, else in ./calls if
// there is one, else beside the config.
func callsFolder(s *settings) string {
	if s.Calls == "" {
		if info, err := os.Stat("calls"); err == nil && info.IsDir() {
			return "calls"
		}
	}
	return s.paths.Calls
}

const envFolder = "env"

// Load implements ui.Shelf.
func (s *shelf) Load() (*model.Library, error) {
	l := &model.Library{Folder: s.folder}
	err := filepath.WalkDir(s.folder, func(file string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && file != s.folder:
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		rel, err := filepath.Rel(s.folder, file)
		if err != nil {
			return err
		}
		path := filepath.ToSlash(rel)
		switch name, isCall := strings.CutSuffix(path, ".yaml"); {
		case strings.HasPrefix(path, envFolder+"/"):
			if name, ok := strings.CutSuffix(strings.TrimPrefix(path, envFolder+"/"), ".json"); ok {
				l.Envs = append(l.Envs, readEnv(name, file))
			}
		case isCall:
			l.Calls = append(l.Calls, readCall(name, file))
		case strings.HasSuffix(path, ".yml"):
			l.Calls = append(l.Calls, &model.SavedCall{Path: path, Fault: "the name of a saved call ends in .yaml"})
		}
		return nil
	})
	slices.SortFunc(l.Calls, func(a, b *model.SavedCall) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(l.Envs, func(a, b model.Environment) int { return strings.Compare(a.Name, b.Name) })
	return l, err
}

func readEnv(name, file string) model.Environment {
	e := model.Environment{Name: name}
	text, err := os.ReadFile(file)
	if err != nil {
		e.Fault = err.Error()
		return e
	}
	raw, err := parseObject(text)
	if err != nil {
		e.Fault = err.Error()
		return e
	}
	members, _ := bus.Members(raw)
	e.Vars = map[string]json.RawMessage{}
	for _, m := range members {
		e.Vars[m.Key] = m.Value
	}
	return e
}

// lineError is what is wrong in a line of a file.
type lineError struct {
	line int
	text string
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

func readCall(path, file string) *model.SavedCall {
	c := &model.SavedCall{Path: path}
	text, err := os.ReadFile(file)
	if err == nil {
		err = parseCall(c, text)
	}
	if err != nil {
		c.Fault = err.Error()
	}
	return c
}

// yamlLine is the line in an error of the YAML library.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// parseCall reads the file of a call or of a list.
func parseCall(c *model.SavedCall, text []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return errors.New(strings.TrimPrefix(yamlLine.ReplaceAllString(err.Error(), "line $1: "), "yaml: "))
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return &lineError{1, "wants method: and args:, or calls:"}
	}
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if err := member(c, key.Value, value); err != nil {
			var at *lineError
			if errors.As(err, &at) {
				return err
			}
			return &lineError{value.Line, key.Value + ": " + err.Error()}
		}
		if !slices.Contains(callMembers, key.Value) {
			return &lineError{key.Line, fmt.Sprintf("no %q here; there is %s", key.Value, strings.Join(callMembers, ", "))}
		}
	}
	switch {
	case c.Method == "" && c.Calls == nil:
		return &lineError{root.Line, "neither method: nor calls:"}
	case c.Method != "" && c.Calls != nil:
		return &lineError{root.Line, "either method: or calls:, not both"}
	case c.Calls != nil && c.Script.Any():
		return &lineError{root.Line, "before:, expect: and set: belong to the calls of a list, not to the list"}
	}
	return nil
}

var callMembers = []string{"method", "target", "args", "wait", "answer", "note", "before", "expect", "set", "calls"}

func member(c *model.SavedCall, key string, n *yaml.Node) error {
	var err error
	switch key {
	case "method":
		c.Method, err = oneText(n)
		return err
	case "note":
		c.Note, err = oneText(n)
		return err
	case "calls":
		c.Calls, err = callNames(n)
		return err
	case "target":
		if n.Kind == yaml.SequenceNode {
			c.Target, err = texts(n)
		} else {
			var one string
			one, err = oneText(n)
			c.Target = []string{one}
		}
		if err == nil && len(c.Variables()) == 0 {
			_, err = c.To()
		}
		return err
	case "wait", "answer":
		d, err := model.ParseTimeout(n.Value)
		if key == "wait" {
			c.Wait = d
		} else {
			c.Answer = d
		}
		return err
	case "before", "expect", "set":
		return stepMember(&c.Script, key, n)
	case "args":
		c.Args, err = jsonOf(n)
		if err == nil && bus.JSONType(c.Args) != "object" {
			return errors.New("wants names and values")
		}
		return err
	}
	return nil
}

// oneText is what a member has that is a text.
func oneText(n *yaml.Node) (string, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return "", &lineError{n.Line, `wants a text; one that begins with { or [ needs quotes`}
	}
	return n.Value, nil
}

func texts(n *yaml.Node) ([]string, error) {
	out := []string{}
	for _, item := range n.Content {
		text, err := oneText(item)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// callNames are the calls of a list.
func callNames(n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.SequenceNode {
		return nil, errors.New("wants a list of names of saved calls, as [orders/place, orders/cancel]")
	}
	for _, item := range n.Content {
		if item.Kind == yaml.MappingNode {
			return nil, &lineError{item.Line, "calls: has names of saved calls; a call in full needs a file of its own"}
		}
	}
	return texts(n)
}

// jsonOf makes JSON of YAML, with every digit.
func jsonOf(n *yaml.Node) (json.RawMessage, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return jsonOf(n.Alias)
	case yaml.MappingNode:
		var members []bus.Member
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Kind != yaml.ScalarNode {
				return nil, &lineError{n.Content[i].Line, `a variable needs quotes: "{{name}}"`}
			}
			value, err := jsonOf(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			members = append(members, bus.Member{Key: n.Content[i].Value, Value: value})
		}
		return bus.Object(members), nil
	case yaml.SequenceNode:
		var items []json.RawMessage
		for _, x := range n.Content {
			item, err := jsonOf(x)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return bus.List(items), nil
	}
	switch n.ShortTag() {
	case "!!null":
		return json.RawMessage("null"), nil
	case "!!bool":
		var on bool
		if err := n.Decode(&on); err != nil {
			return nil, err
		}
		return json.Marshal(on)
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.RawMessage(n.Value), nil
		}
		return nil, &lineError{n.Line, fmt.Sprintf("%q is no number that JSON has; a text needs quotes", n.Value)}
	}
	return bus.QuoteJSON(n.Value), nil
}

// file is the file of a path; it stays inside the folder.
func (s *shelf) file(path string) (string, error) {
	local := filepath.FromSlash(path) + ".yaml"
	if path == "" || !filepath.IsLocal(local) {
		return "", fmt.Errorf("%q is no path inside the folder", path)
	}
	return filepath.Join(s.folder, local), nil
}

// Save implements ui.Shelf.
func (s *shelf) Save(c *model.SavedCall) error {
	file, err := s.file(c.Path)
	if err != nil {
		return err
	}
	text, err := callText(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return atomic.WriteFile(file, bytes.NewReader(text))
}

// callText writes a call as its file has it.
func callText(c *model.SavedCall) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key string, value *yaml.Node) {
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
	}
	text := func(s string) *yaml.Node {
		n := &yaml.Node{}
		n.SetString(s)
		return n
	}
	add("method", text(c.Method))
	if c.Note != "" {
		add("note", text(c.Note))
	}
	switch len(c.Target) {
	case 0:
	case 1:
		add("target", text(c.Target[0]))
	default:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, t := range c.Target {
			list.Content = append(list.Content, text(t))
		}
		add("target", list)
	}
	for _, t := range []struct {
		key string
		d   time.Duration
	}{{"wait", c.Wait}, {"answer", c.Answer}} {
		if t.d > 0 {
			add(t.key, text(model.TimeoutText(t.d)))
		}
	}
	if len(c.Args) > 0 {
		args, err := yamlOf(c.Args)
		if err != nil {
			return nil, err
		}
		add("args", args)
	}
	stepText(c.Script, add, text)
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), e.Close()
}

// yamlOf makes YAML of JSON, with every digit.
func yamlOf(raw json.RawMessage) (*yaml.Node, error) {
	switch kind := bus.JSONType(raw); kind {
	case "object":
		members, err := bus.Members(raw)
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, m := range members {
			value, err := yamlOf(m.Value)
			if err != nil {
				return nil, err
			}
			key := &yaml.Node{}
			key.SetString(m.Key)
			n.Content = append(n.Content, key, value)
		}
		if len(members) == 0 {
			n.Style = yaml.FlowStyle
		}
		return n, err
	case "array":
		items, err := bus.Items(raw)
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range items {
			value, err := yamlOf(item)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, value)
		}
		if len(items) == 0 {
			n.Style = yaml.FlowStyle
		}
		return n, err
	case "string":
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		n := &yaml.Node{}
		n.SetString(s)
		return n, nil
	case "number":
		tag := "!!int"
		if strings.ContainsAny(string(raw), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: strings.TrimSpace(string(raw))}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: strings.TrimSpace(string(raw))}, nil
}

// Delete implements ui.Shelf.
func (s *shelf) Delete(path string) error {
	file, err := s.file(path)
	if err != nil {
		return err
	}
	return os.Remove(file)
}
