package config

import (
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

var hookSettings = []string{"method", "stream", "before", "after", "event", "timeout"}

// hooks reads the list of commands around calls.
func (r *reader) hooks(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "hooks wants a list, each with method: or stream: and a command")
		return
	}
	for _, item := range n.Content {
		r.hook(item)
	}
}

func (r *reader) hook(n *yaml.Node) {
	h := Hook{Line: n.Line}
	r.members(n, "a hook", func(key string, at, value *yaml.Node) {
		switch key {
		case "method":
			h.Method = r.text(value)
		case "stream":
			h.Stream = r.text(value)
		case "before":
			h.Before = r.text(value)
		case "after":
			h.After = r.text(value)
		case "event":
			h.Event = r.text(value)
		case "timeout":
			d, err := time.ParseDuration(r.text(value))
			if err != nil || d <= 0 {
				r.fail(value, strconv.Quote(value.Value)+" is no time, as 5s")
			}
			h.Timeout = d
		default:
			r.fail(at, "no setting "+strconv.Quote(key)+" of a hook"+Near(key, hookSettings))
		}
	})
	if r.err != nil {
		return
	}
	switch {
	case h.Method == "" && h.Stream == "":
		r.fail(n, "a hook wants method: or stream:, a name or a /pattern/")
	case h.Before == "" && h.After == "" && h.Event == "":
		r.fail(n, "a hook wants a command: before:, after: or event:")
	case h.After != "" && h.Method == "":
		r.fail(n, "after: is for methods, and none is named")
	case h.Event != "" && h.Stream == "":
		r.fail(n, "event: is for streams, and none is named")
	}
	r.c.Hooks = append(r.c.Hooks, h)
}
