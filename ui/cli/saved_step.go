package cli

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"ioscope/model/script"
)

// stepMember reads before:, expect: or set: of a saved call.
func stepMember(s *script.Step, key string, n *yaml.Node) error {
	if key == "before" {
		var err error
		s.Before, err = oneProgram(n)
		return err
	}
	if key == "set" {
		if n.Kind != yaml.MappingNode {
			return errors.New("wants names and programs, as {id: .result.id}")
		}
		return namedPrograms(n, &s.Set)
	}
	if n.Kind != yaml.SequenceNode {
		return errors.New("wants a list of programs")
	}
	for _, item := range n.Content {
		if item.Kind == yaml.MappingNode {
			if err := namedPrograms(item, &s.Expect); err != nil {
				return err
			}
			continue
		}
		p, err := oneProgram(item)
		if err != nil {
			return err
		}
		s.Expect = append(s.Expect, script.Named{Name: p.Text, Program: p})
	}
	return nil
}

// namedPrograms reads programs with names.
func namedPrograms(n *yaml.Node, into *[]script.Named) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		p, err := oneProgram(n.Content[i+1])
		if err != nil {
			return err
		}
		*into = append(*into, script.Named{Name: n.Content[i].Value, Program: p})
	}
	return nil
}

func oneProgram(n *yaml.Node) (*script.Program, error) {
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		return nil, &lineError{n.Line, "wants a jq program; in quotes where it has { or :"}
	}
	p, err := script.Read(n.Value)
	if err != nil {
		return nil, &lineError{n.Line, err.Error()}
	}
	return p, nil
}

// stepText writes them as the file has them.
func stepText(s script.Step, add func(key string, value *yaml.Node), text func(string) *yaml.Node) {
	if s.Before != nil {
		add("before", text(s.Before.Text))
	}
	if len(s.Expect) > 0 {
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, e := range s.Expect {
			if e.Name == e.Text {
				list.Content = append(list.Content, text(e.Text))
				continue
			}
			list.Content = append(list.Content, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text(e.Name), text(e.Text)}})
		}
		add("expect", list)
	}
	if len(s.Set) > 0 {
		m := &yaml.Node{Kind: yaml.MappingNode}
		for _, v := range s.Set {
			m.Content = append(m.Content, text(v.Name), text(v.Text))
		}
		add("set", m)
	}
}
