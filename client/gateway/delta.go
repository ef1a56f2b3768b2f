package gateway

import (
	"encoding/json"
	"errors"
	"strings"

	"ioscope/client/internal/wire"
)

var (
	errDelta   = errors.New("Delta is not an object")       //nolint:staticcheck // told to clients
	errCommand = errors.New("Delta commands can't be read") //nolint:staticcheck // told to clients
)

// applyDelta changes the data of a context. The parts of a delta apply in the
// order in which they stand; unknown ones are ignored.
func applyDelta(data, delta wire.Raw) (wire.Raw, error) {
	parts, ok := parseObject(delta)
	if !ok {
		return nil, errDelta
	}
	for _, key := range parts.keys {
		var err error
		if data, err = applyPart(data, key, parts.values[key]); err != nil {
			return nil, err
		}
	}
	if !json.Valid(data) { // nested deeper than anybody can read
		return nil, errDelta
	}
	return data, nil
}

func applyPart(data wire.Raw, key string, value wire.Raw) (wire.Raw, error) {
	if wire.IsNull(value) {
		return data, nil
	}
	switch key {
	case "reset":
		if _, ok := parseObject(value); !ok {
			return nil, errDelta
		}
		return value, nil
	case "added", "updated":
		return applyMembers(data, value, key == "updated")
	case "removed":
		return applyRemoved(data, value)
	case "commands":
		return applyCommands(data, value)
	}
	return data, nil
}

// maxPath is how many keys a path may have.
const maxPath = 1000

// asObject is data as an object; anything else counts as an empty one.
func asObject(data wire.Raw) *object {
	o, ok := parseObject(data)
	if !ok {
		return newObject()
	}
	return o
}

// applyMembers sets members. With merge, an object that meets an object is
// merged into it, one level deep.
func applyMembers(data, members wire.Raw, merge bool) (wire.Raw, error) {
	o := asObject(data)
	ok := wire.Members(members, func(key string, value wire.Raw) {
		if merge {
			value = merged(o.values[key], value)
		}
		o.set(key, value)
	})
	if !ok {
		return nil, errDelta
	}
	return o.raw(), nil
}

func merged(old, value wire.Raw) wire.Raw {
	into, ok := parseObject(old)
	if !ok {
		return value
	}
	if !wire.Members(value, into.set) {
		return value
	}
	return into.raw()
}

func applyRemoved(data, keys wire.Raw) (wire.Raw, error) {
	var list []string
	if json.Unmarshal(keys, &list) != nil {
		return nil, errDelta
	}
	o := asObject(data)
	for _, key := range list {
		o.remove(key)
	}
	return o.raw(), nil
}

func applyCommands(data, commands wire.Raw) (wire.Raw, error) {
	var list []struct {
		Type  string   `json:"type"`
		Path  string   `json:"path"`
		Value wire.Raw `json:"value"`
	}
	if json.Unmarshal(commands, &list) != nil {
		return nil, errCommand
	}
	for _, c := range list {
		path := splitPath(c.Path)
		switch {
		case len(path) > maxPath:
			return nil, errCommand
		case c.Type == "set":
			data = setPath(data, path, wire.OrNull(c.Value))
		case c.Type == "remove":
			data = removePath(data, path)
		default:
			return nil, errCommand
		}
	}
	return data, nil
}

// splitPath reads a path of keys with dots between; the empty path is the root.
func splitPath(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// setPath replaces what stands at a path and makes the objects on the way.
func setPath(data wire.Raw, path []string, value wire.Raw) wire.Raw {
	if len(path) == 0 {
		return value
	}
	o := asObject(data)
	o.set(path[0], setPath(o.values[path[0]], path[1:], value))
	return o.raw()
}

// removePath removes what stands at a path, if anything does.
func removePath(data wire.Raw, path []string) wire.Raw {
	if len(path) == 0 {
		return wire.Raw("{}")
	}
	o, ok := parseObject(data)
	child, there := o.values[path[0]]
	switch {
	case !ok || !there:
		return data
	case len(path) == 1:
		o.remove(path[0])
	default:
		o.set(path[0], removePath(child, path[1:]))
	}
	return o.raw()
}
