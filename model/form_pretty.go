package model

import (
	"bytes"
	"encoding/json"
	"strings"

	"ioscope/client/bus"
)

// inlineWidth is how long a list of scalars or a small object in a list may be
// to stand on one line.
const inlineWidth = 72

// prettyDepth is how deep a value is laid out; what is deeper stays on one line.
const prettyDepth = 64

// prettyJSON lays a value out for reading, by two blanks a level. Lists of scalars
// and small objects in lists stand on one line. Scalars keep all their bytes.
func prettyJSON(raw json.RawMessage) string {
	var b strings.Builder
	prettyInto(&b, raw, 0, false)
	return b.String()
}

func prettyInto(b *strings.Builder, raw json.RawMessage, depth int, inList bool) {
	kind := bus.JSONType(raw)
	if line, ok := inline(raw, kind, inList); ok || depth >= prettyDepth {
		b.WriteString(line)
		return
	}
	indent := "\n" + strings.Repeat("  ", depth+1)
	end := "\n" + strings.Repeat("  ", depth)
	switch kind {
	case "object":
		members, err := bus.Members(raw)
		if err != nil {
			b.Write(compactJSON(raw))
			return
		}
		b.WriteByte('{')
		for i, m := range members {
			b.WriteString(comma(i) + indent)
			b.Write(m.Name())
			b.WriteString(": ")
			prettyInto(b, m.Value, depth+1, false)
		}
		b.WriteString(end + "}")
	case "array":
		items, _ := bus.Items(raw)
		b.WriteByte('[')
		for i, item := range items {
			b.WriteString(comma(i) + indent)
			prettyInto(b, item, depth+1, true)
		}
		b.WriteString(end + "]")
	}
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// inline is the value on one line, and whether it should stand there.
func inline(raw json.RawMessage, kind string, inList bool) (line string, should bool) {
	var parts, values []json.RawMessage
	open, end := "[", "]"
	switch kind {
	case "array":
		values, _ = bus.Items(raw)
		parts = values
	case "object":
		members, _ := bus.Members(raw)
		for _, m := range members {
			parts = append(parts, append(append(m.Name(), ": "...), m.Value...))
			values = append(values, m.Value)
		}
		open, end = "{ ", " }"
	}
	flat := string(compactJSON(raw))
	if len(values) == 0 {
		return flat, true
	}
	if len(flat) > inlineWidth || !allScalars(values) || kind == "object" && !inList {
		return flat, false
	}
	return open + joinParts(parts) + end, true
}

func joinParts(parts []json.RawMessage) string {
	texts := make([][]byte, len(parts))
	for i, part := range parts {
		texts[i] = part
	}
	return string(bytes.Join(texts, []byte(", ")))
}

func allScalars(values []json.RawMessage) bool {
	for _, v := range values {
		if kind := bus.JSONType(v); kind == "object" || kind == "array" {
			return false
		}
	}
	return true
}

// compactJSON is a value without blanks between its tokens; what is no JSON stays.
func compactJSON(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
