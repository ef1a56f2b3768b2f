package model

import "strconv"

// Steps is a path that was read, for looking it up often.
type Steps []step

// step is one key, or one place in an array.
type step struct {
	key   string
	index int // -1 for a key
}

// ReadPath reads a path such as $.venue.code; false when it is none.
func ReadPath(path string) (Steps, bool) {
	if path == "" || path[0] != '$' {
		return nil, false
	}
	steps := Steps{}
	for rest := path[1:]; rest != ""; {
		key, index, left, ok := cutSegment(rest)
		if !ok {
			return nil, false
		}
		s := step{key: key, index: -1}
		if index {
			n, err := strconv.Atoi(key)
			if err != nil {
				return nil, false
			}
			s.index = n
		}
		steps, rest = append(steps, s), left
	}
	return steps, true
}

// In returns the value at the path, byte by byte as it came; nil where there is
// none. It reads no further than that.
func (s Steps) In(raw []byte) []byte {
	i := skipSpace(raw, 0)
	if i == cut {
		return nil
	}
	end := cut
	for _, one := range s {
		if i, end = one.in(raw, i); i == cut {
			return nil
		}
	}
	if end == cut {
		if end = skipValue(raw, i); end == cut {
			return nil
		}
	}
	return raw[i:end]
}

// in finds the member of the container at offset i.
func (s step) in(raw []byte, i int) (start, end int) {
	start, end = cut, cut
	if c := raw[i]; c != '{' && c != '[' || (c == '[') != (s.index >= 0) {
		return start, end
	}
	at := 0
	eachMember(raw, i, func(m member) bool {
		hit := at == s.index
		if s.index < 0 {
			hit = sameKey(raw[m.key:m.keyEnd], s.key)
		}
		if at++; hit {
			start, end = m.start, m.end
		}
		return !hit
	})
	return start, end
}

// sameKey reports whether a quoted key is the one that is meant.
func sameKey(quoted []byte, key string) bool {
	if len(quoted)-2 == len(key) {
		return string(quoted[1:len(quoted)-1]) == key
	}
	if len(quoted)-2 < len(key) {
		return false
	}
	for _, c := range quoted {
		if c == '\\' {
			return unquote(quoted) == key
		}
	}
	return false
}

// ValueText is a value as a cell shows it: a text without its quotes, all else
// as it came.
func ValueText(raw []byte) string {
	if len(raw) > 1 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		return unquote(raw)
	}
	return string(raw)
}

// JQPath is a path as jq has it.
func JQPath(path string) string {
	if len(path) < 2 {
		return "."
	}
	if path[1] == '.' {
		return path[1:]
	}
	return "." + path[1:]
}

// PathName is a path as a heading has it: its keys, without the sign of the root.
func PathName(path string) string {
	if len(path) > 2 && path[1] == '.' {
		return path[2:]
	}
	if len(path) > 1 {
		return path[1:]
	}
	return "value"
}
