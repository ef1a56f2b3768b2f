package client

import (
	"encoding/json"
	"slices"
	"strings"

	"ioscope/client/internal/wire"
)

// record is a JSON object whose members keep their order and their bytes. It is
// never changed: what changes it copies.
type record []entry

// entry is one member of a record.
type entry struct {
	key   string
	value wire.Raw
}

// parseRecord reads an object; of anything else it is empty. Of a key that stands
// twice the last one counts.
func parseRecord(raw wire.Raw) record {
	var r record
	wire.Members(raw, func(key string, value wire.Raw) { r = r.put(key, value) })
	return r
}

// raw writes the object.
func (r record) raw() wire.Raw {
	out := []byte{'{'}
	for i, e := range r {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(wire.AppendQuoted(out, e.key), ':')
		out = append(out, e.value...)
	}
	return append(out, '}')
}

func (r record) at(key string) int {
	return slices.IndexFunc(r, func(e entry) bool { return e.key == key })
}

// get is the value of a key, nil where there is none.
func (r record) get(key string) wire.Raw {
	if at := r.at(key); at >= 0 {
		return r[at].value
	}
	return nil
}

// put changes the record itself, which must not be shared yet.
func (r record) put(key string, value wire.Raw) record {
	if at := r.at(key); at >= 0 {
		r[at].value = value
		return r
	}
	return append(r, entry{key, value})
}

func (r record) set(key string, value wire.Raw) record { return slices.Clone(r).put(key, value) }

func (r record) remove(key string) record {
	return slices.DeleteFunc(slices.Clone(r), func(e entry) bool { return e.key == key })
}

// apply gives the record after a delta, whose parts work in the order in which
// they stand (gw3 13.4).
func (r record) apply(delta wire.Raw) record {
	wire.Members(delta, func(part string, value wire.Raw) {
		switch part {
		case "reset":
			r = parseRecord(value)
		case "added":
			for _, e := range parseRecord(value) {
				r = r.set(e.key, e.value)
			}
		case "updated":
			for _, e := range parseRecord(value) {
				r = r.set(e.key, merged(r.get(e.key), e.value))
			}
		case "removed":
			var keys []string
			_ = json.Unmarshal(value, &keys)
			for _, key := range keys {
				r = r.remove(key)
			}
		case "commands":
			for _, command := range elements(value) {
				r = r.command(command)
			}
		}
	})
	return r
}

// merged is the value of an updated key: of two objects, one level is merged.
func merged(old, value wire.Raw) wire.Raw {
	if !isObject(old) || !isObject(value) {
		return value
	}
	r := parseRecord(old)
	for _, e := range parseRecord(value) {
		r = r.set(e.key, e.value)
	}
	return r.raw()
}

func isObject(raw wire.Raw) bool { return len(raw) > 0 && raw[0] == '{' }

// command does what one command of a delta says.
func (r record) command(command wire.Raw) record {
	c := parseRecord(command)
	kind, _ := wire.Text(c.get("type"))
	path, _ := wire.Text(c.get("path"))
	var keys []string
	if path != "" {
		keys = strings.Split(path, ".")
	}
	switch kind {
	case "set":
		return r.setPath(keys, wire.OrNull(c.get("value")))
	case "remove":
		return r.removePath(keys)
	}
	return r
}

// setPath makes the objects on the way that are missing, or are none.
func (r record) setPath(keys []string, value wire.Raw) record {
	switch len(keys) {
	case 0:
		return parseRecord(value)
	case 1:
		return r.set(keys[0], value)
	}
	return r.set(keys[0], parseRecord(r.get(keys[0])).setPath(keys[1:], value).raw())
}

// removePath does nothing where the way ends early.
func (r record) removePath(keys []string) record {
	switch {
	case len(keys) == 0:
		return nil
	case len(keys) == 1:
		return r.remove(keys[0])
	case !isObject(r.get(keys[0])):
		return r
	}
	return r.set(keys[0], parseRecord(r.get(keys[0])).removePath(keys[1:]).raw())
}
