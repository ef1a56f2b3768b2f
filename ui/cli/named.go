package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/natefinch/atomic"
	"go.yaml.in/yaml/v3"

	"ioscope/ui"
	"ioscope/ui/config"
)

// filterFile is the file of the filters that have names: by kind, then by name. What
// people write in it besides, comments too, stays. It is ui.Filters.
type filterFile struct {
	path string
	// paths have the lock that parts the explorers that change it.
	paths config.Paths
}

func newFilterFile(p config.Paths) *filterFile { return &filterFile{p.Filters, p} }

var _ ui.Filters = (*filterFile)(nil)

// Load implements ui.Filters.
func (f *filterFile) Load() ([]ui.NamedFilter, error) {
	doc, err := f.read()
	if err != nil {
		return nil, err
	}
	var out []ui.NamedFilter
	for _, kind := range ui.FilterKinds {
		section := nodeOf(doc.Content[0], string(kind))
		if section == nil || section.Tag == "!!null" {
			continue
		}
		if section.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: %s has names with their filters", section.Line, kind)
		}
		for i := 0; i+1 < len(section.Content); i += 2 {
			name, text := section.Content[i], section.Content[i+1]
			if text.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("line %d: the filter %q is no text", text.Line, name.Value)
			}
			out = append(out, ui.NamedFilter{Kind: kind, Name: name.Value, Text: text.Value})
		}
	}
	slices.SortStableFunc(out, func(a, b ui.NamedFilter) int {
		if a.Kind != b.Kind {
			return slices.Index(ui.FilterKinds, a.Kind) - slices.Index(ui.FilterKinds, b.Kind)
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// Save implements ui.Filters.
func (f *filterFile) Save(one ui.NamedFilter) error {
	return f.change(func(top *yaml.Node) {
		section := nodeOf(top, string(one.Kind))
		if section == nil || section.Kind != yaml.MappingNode {
			section = &yaml.Node{Kind: yaml.MappingNode}
			setNode(top, string(one.Kind), section)
		}
		setNode(section, one.Name, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: one.Text})
	})
}

// Delete implements ui.Filters.
func (f *filterFile) Delete(kind ui.FilterKind, name string) error {
	return f.change(func(top *yaml.Node) {
		section := nodeOf(top, string(kind))
		if section == nil {
			return
		}
		for i := 0; i+1 < len(section.Content); i += 2 {
			if section.Content[i].Value == name {
				section.Content = slices.Delete(section.Content, i, i+2)
				return
			}
		}
	})
}

// read reads the file as it stands; one that is not there is empty.
func (f *filterFile) read() (*yaml.Node, error) {
	empty := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return empty, nil
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("it begins with none of list, stream and jq")
	}
	return &doc, nil
}

// change rewrites the file. It is either the old one or the new one, whatever happens
// meanwhile; one that can't be read is never written over.
func (f *filterFile) change(do func(top *yaml.Node)) error {
	return f.paths.Locked("filters", func() error { return f.rewrite(do) })
}

func (f *filterFile) rewrite(do func(top *yaml.Node)) error {
	doc, err := f.read()
	if err != nil {
		return fmt.Errorf("%s can't be read: %w", f.path, err)
	}
	do(doc.Content[0])
	var text bytes.Buffer
	to := yaml.NewEncoder(&text)
	to.SetIndent(2)
	if err := to.Encode(doc); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	return atomic.WriteFile(f.path, &text)
}

// nodeOf is the value of a key; nil where there is none.
func nodeOf(of *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(of.Content); i += 2 {
		if of.Content[i].Value == key {
			return of.Content[i+1]
		}
	}
	return nil
}

// setNode gives a key a value; one that it had keeps the comments beside it.
func setNode(to *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(to.Content); i += 2 {
		if to.Content[i].Value == key {
			value.LineComment, value.HeadComment = to.Content[i+1].LineComment, to.Content[i+1].HeadComment
			to.Content[i+1] = value
			return
		}
	}
	to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
}
