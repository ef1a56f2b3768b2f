package gateway

import (
	"encoding/json"
	"slices"

	"ioscope/client/internal/wire"
)

// object is a JSON object, key by key in the order in which it was written;
// values stay the bytes that they were.
type object struct {
	keys   []string
	values map[string]wire.Raw
}

func newObject() *object { return &object{values: map[string]wire.Raw{}} }

// parseObject reads an object and reports whether raw is one.
func parseObject(raw wire.Raw) (*object, bool) {
	o := newObject()
	ok := wire.Members(raw, o.set)
	return o, ok
}

func (o *object) set(key string, value wire.Raw) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

func (o *object) setIfMissing(key string, value wire.Raw) {
	if wire.IsNull(o.values[key]) {
		o.set(key, value)
	}
}

func (o *object) remove(key string) {
	delete(o.values, key)
	o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
}

// raw is the object as JSON.
func (o *object) raw() wire.Raw {
	out := []byte{'{'}
	for n, key := range o.keys {
		if n > 0 {
			out = append(out, ',')
		}
		out = wire.AppendQuoted(out, key)
		out = append(out, ':')
		out = append(out, o.values[key]...)
	}
	return append(out, '}')
}

// decoded is the object as restrictions see it.
func (o *object) decoded() map[string]any {
	fields := make(map[string]any, len(o.values))
	for key, value := range o.values {
		var v any
		_ = json.Unmarshal(value, &v)
		fields[key] = v
	}
	return fields
}
