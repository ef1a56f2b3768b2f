package model

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Trigger is when a watch rings.
type Trigger struct {
	// Text is what was typed; empty never rings.
	Text string

	kind   triggerKind
	op     string
	number float64
	isNum  bool
	text   string
	span   time.Duration
}

type triggerKind int

const (
	never triggerKind = iota
	onChange
	onSilence
	onCompare
	onJQ
)

// operators are those of a condition, longer ones first.
var operators = []string{">=", "<=", "==", "!=", ">", "<", "="}

// ReadTrigger reads a condition: > 5, == "x", changes, silent 10 s, or a jq
// expression of the value, which starts with a point or a bar.
func ReadTrigger(text string) (Trigger, error) {
	c := Trigger{Text: strings.TrimSpace(text)}
	word := strings.ToLower(c.Text)
	switch {
	case c.Text == "":
		return c, nil
	case word == "changes" || word == "changed" || word == "change":
		c.kind = onChange
		return c, nil
	case strings.HasPrefix(word, "silent"):
		c.kind = onSilence
		rest := strings.TrimLeft(strings.TrimPrefix(word, "silent"), " >=")
		span, err := ParseTimeout(rest)
		if err != nil {
			return c, fmt.Errorf("silent how long? silent 10 s works")
		}
		c.span = span
		return c, nil
	case c.Text[0] == '.' || c.Text[0] == '|':
		c.kind, c.text = onJQ, strings.TrimSpace(strings.TrimPrefix(c.Text, "|"))
		return c, nil
	}
	for _, op := range operators {
		rest, ok := strings.CutPrefix(c.Text, op)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		if rest == "" {
			return c, fmt.Errorf("%s what? %s 5 and %s \"x\" work", op, op, op)
		}
		c.kind, c.op = onCompare, op
		if op == "=" {
			c.op = "=="
		}
		if n, err := strconv.ParseFloat(rest, 64); err == nil {
			c.number, c.isNum = n, true
		}
		c.text = rest
		if json.Unmarshal([]byte(rest), new(string)) == nil {
			c.text = ValueText([]byte(rest))
			c.isNum = false
		}
		if !c.isNum && c.op != "==" && c.op != "!=" {
			return c, fmt.Errorf("not a number: %s; texts are compared with == and !=", rest)
		}
		return c, nil
	}
	return c, fmt.Errorf(`not a condition: %s; > 5, == "x", changes, silent 10 s and .jq work`, c.Text)
}

// JQ is the expression of a condition that is one; empty for others.
func (c Trigger) JQ() string {
	if c.kind == onJQ {
		return c.text
	}
	return ""
}

// Silence is how long nothing may come; 0 for other conditions.
func (c Trigger) Silence() time.Duration { return c.span }

// holds reports whether a value fulfils a comparison.
func (c Trigger) holds(raw []byte) bool {
	text := ValueText(raw)
	n, err := strconv.ParseFloat(text, 64)
	isNum := err == nil && len(raw) > 0 && raw[0] != '"'
	if c.isNum && isNum {
		switch c.op {
		case ">":
			return n > c.number
		case ">=":
			return n >= c.number
		case "<":
			return n < c.number
		case "<=":
			return n <= c.number
		case "==":
			return n == c.number
		}
		return n != c.number
	}
	switch c.op {
	case "==":
		return text == c.text
	case "!=":
		return text != c.text
	}
	return false
}
