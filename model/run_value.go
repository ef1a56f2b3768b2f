package model

import (
	"encoding/json"

	"ioscope/client/interval/schema"
)

// treeOf shows a value of a host as a tree.
func treeOf(v any, depth int) *Tree {
	if schema.Missing(v) {
		return nil
	}
	text, err := schema.Marshal(plainValue(v))
	if err != nil {
		return nil
	}
	return NewTree(readable(text), depth)
}

// readable undoes the escapes that JSON for web pages has.
func readable(text []byte) json.RawMessage {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 >= len(text) {
			out = append(out, text[i])
			continue
		}
		if i+6 <= len(text) {
			if c, ok := webEscapes[string(text[i:i+6])]; ok {
				out = append(out, c)
				i += 5
				continue
			}
		}
		out = append(out, text[i], text[i+1])
		i++
	}
	return out
}

// plainValue turns what JSON has no words for into what people read.
func plainValue(v any) any {
	switch v := v.(type) {
	case schema.Undefined:
		return nil
	case schema.List:
		return plainList(v)
	case schema.Set:
		return plainList(schema.List(v))
	case schema.Map:
		out := schema.Record{}
		for _, e := range v {
			out = append(out, schema.Member{Name: schema.Text(e.Key), Value: plainValue(e.Value)})
		}
		return out
	case schema.Record:
		out := schema.Record{}
		for _, m := range v {
			out = append(out, schema.Member{Name: m.Name, Value: plainValue(m.Value)})
		}
		return out
	case json.Number:
		if json.Valid([]byte(v)) {
			return v
		}
		return string(v)
	case nil, bool, string:
		return v
	}
	return schema.Text(v)
}

func plainList(l schema.List) schema.List {
	out := make(schema.List, len(l))
	for i, v := range l {
		out[i] = plainValue(v)
	}
	return out
}
