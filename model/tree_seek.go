package model

import (
	"strconv"
)

// seekText is how much of a text is looked at for what is sought.
const seekText = 64 << 10

// Sought reports whether a row has what is looked for, in its name or its value.
func (r TreeRow) Sought(find *Filter) bool {
	if find.Empty() || r.Kind >= MoreValue {
		return false
	}
	text := []byte(r.Key)
	if r.IsIndex {
		text = nil
	}
	if r.Kind > ArrayValue {
		text = append(append(text, ' '), r.Raw[:min(len(r.Raw), seekText)]...)
	}
	return find.Passes(text)
}

// Seek goes to the next row that has what is looked for, or with -1 to the one
// before, folded ones too, which it reveals. wrap lets it go on around the end. It
// returns how many there are and which of them the cursor is on then, from 1; 0
// where there was none to go to.
func (t *Tree) Seek(find *Filter, delta int, wrap bool) (at, count int) {
	places := t.seekAll(find)
	if len(places) == 0 {
		return 0, 0
	}
	here := t.rows[t.cursor].start
	if delta > 0 {
		at = firstBehind(places, here)
	} else {
		at = lastBefore(places, here)
	}
	if at < 0 {
		if !wrap {
			return 0, len(places)
		}
		if at = 0; delta < 0 {
			at = len(places) - 1
		}
	}
	if row := t.Reveal(places[at].path); row >= 0 {
		t.SetCursor(row)
	}
	return at + 1, len(places)
}

// SeekEdge goes to the first row that has what is looked for, or with -1 to the last.
func (t *Tree) SeekEdge(find *Filter, delta int) (at, count int) {
	places := t.seekAll(find)
	if len(places) == 0 {
		return 0, 0
	}
	if delta < 0 {
		at = len(places) - 1
	}
	if row := t.Reveal(places[at].path); row >= 0 {
		t.SetCursor(row)
	}
	return at + 1, len(places)
}

func firstBehind(places []place, here uint32) int {
	for i, p := range places {
		if p.offset > here {
			return i
		}
	}
	return -1
}

func lastBefore(places []place, here uint32) int {
	for i := len(places) - 1; i >= 0; i-- {
		if places[i].offset < here {
			return i
		}
	}
	return -1
}

// seekAll lists all places that have what is looked for, in the order of the text.
func (t *Tree) seekAll(find *Filter) []place {
	if find.Empty() || t.root.kind > ArrayValue {
		return nil
	}
	s := &seeker{t: t, find: find}
	s.walk(int(t.root.start), "$")
	return s.found
}

type seeker struct {
	t     *Tree
	find  *Filter
	found []place
}

// walk looks at the members of the container at an offset. Members beyond those that
// get rows are left out: nobody could go to them.
func (s *seeker) walk(at int, path string) {
	raw, n := s.t.raw, 0
	eachMember(raw, at, func(m member) bool {
		if n == treeMembers {
			return false
		}
		key, segment := "", "["+strconv.Itoa(n)+"]"
		if m.keyEnd > 0 {
			key = unquote(raw[m.key:m.keyEnd])
			segment = keySegment(key)
		}
		n++
		kind := kindAt(raw[m.start])
		text := []byte(key)
		if kind > ArrayValue {
			text = append(append(text, ' '), raw[m.start:min(m.end, m.start+seekText)]...)
		}
		if s.find.Passes(text) {
			s.found = append(s.found, place{offset: uint32(m.start), path: path + segment})
		}
		if kind <= ArrayValue {
			s.walk(m.start, path+segment)
		}
		return true
	})
}

// Depth is how many levels are unfolded when nothing was folded by hand.
func (t *Tree) Depth() int { return t.open }

// Deeper unfolds one level more everywhere, or with -1 one less. It returns how many
// levels are unfolded then.
func (t *Tree) Deeper(delta int) int {
	most := t.levels()
	t.OpenTo(min(max(min(t.open, most)+delta, 0), most))
	return t.open
}

// levels counts the levels below the first that there are to unfold.
func (t *Tree) levels() int {
	depth, most := 0, 0
	for i := int(t.root.start); i < len(t.raw) && t.root.kind <= ArrayValue; i++ {
		switch t.raw[i] {
		case '"':
			end := skipString(t.raw, i)
			if end == cut {
				return most
			}
			i = end - 1
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return max(most-1, 0)
}
