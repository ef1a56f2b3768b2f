package model

import (
	"errors"
	"strings"
)

// A watch of a stream may follow one key alone: the events whose value at Key
// reads Only.

// OneKey narrows a watch to the events with one value at a path.
func (w *Watch) OneKey(path, value string) *Watch {
	if path != "" && value != "" {
		w.Key, w.Only = path, value
	}
	return w
}

// KeyWords say which events a watch follows alone: "sym AAPL"; empty for all.
func (w *Watch) KeyWords() string {
	if w.Key == "" {
		return ""
	}
	return PathName(w.Key) + " " + w.Only
}

// aim reads the paths of a watch.
func (w *Watch) aim() {
	w.steps, _ = ReadPath(w.Path)
	w.keySteps = nil
	if w.Key != "" {
		w.keySteps, _ = ReadPath(w.Key)
	}
}

// follows reports whether an event is of the key that a watch follows.
func (w *Watch) follows(data []byte) bool {
	return w.Key == "" || ValueText(w.keySteps.In(data)) == w.Only
}

// watchLooksBack is how many rows are searched for the latest of a key.
const watchLooksBack = 20_000

// latestOf is the newest kept event that a watch follows, or nil.
func (t *Thing) latestOf(w *Watch) *TailRow {
	rows, size := watchLooksBack, beforeBytes
	for n := t.Tail.next; n > t.Tail.first && rows > 0 && size > 0; n-- {
		row := t.Tail.at(n - 1)
		rows--
		size -= len(row.Data)
		if row.GapKind == NoGap && w.follows(row.Data) {
			return row
		}
	}
	return nil
}

// keyOf reads what a person types as the key of a watch: sym AAPL, or sym = AAPL.
func keyOf(text string) (path, value string, err error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", "", nil
	}
	at := strings.IndexAny(text, " =:")
	if end := strings.Index(text, `"]`); end >= 0 && strings.Contains(text[:end], "[") {
		at = end + len(`"]`) // a name that has to be quoted may have blanks
	}
	if at <= 0 || at == len(text) {
		return "", "", errors.New("of which value? sym AAPL works")
	}
	if path, err = pathOf(text[:at]); err != nil {
		return "", "", err
	}
	value = strings.TrimSpace(strings.TrimLeft(text[at:], " =:"))
	if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
		value = ValueText([]byte(value))
	}
	if value == "" {
		return "", "", errors.New("of which value? sym AAPL works")
	}
	return path, value, nil
}

// KeyOf is the value of the key in a payload of a stream that has several of them,
// for a watch of what is seen there; empty where it has none.
func (t *Thing) KeyOf(data []byte) string {
	key, ok := ReadPath(t.View.Key)
	if !ok || t.View.Key == "" || t.Tail.Latest().Len() < 2 {
		return ""
	}
	return ValueText(key.In(data))
}
