package model

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"github.com/itchyny/gojq"

	"ioscope/client/bus"
)

// checkJQ says what is wrong with a jq program, and where.
func checkJQ(text string, variables ...string) error {
	query, err := gojq.Parse(text)
	var syntax *gojq.ParseError
	if errors.As(err, &syntax) {
		return &bus.SyntaxError{Offset: max(0, syntax.Offset-len(syntax.Token)), Reason: err.Error()}
	}
	if err == nil {
		nothing := func(any, []any) any { return nil }
		_, err = gojq.Compile(query, gojq.WithVariables(variables),
			gojq.WithFunction("random", 0, 1, nothing), gojq.WithFunction("datetime", 0, 0, nothing))
	}
	return err
}

// checkAnyJSON says what is wrong with the text of a value of any kind.
func checkAnyJSON(text string) error {
	var v any
	err := json.Unmarshal([]byte(text), &v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return &bus.SyntaxError{Offset: max(int(syntax.Offset)-1, 0), Reason: "no JSON: " + syntax.Error()}
	}
	return err
}

var jqName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Condition is the jq condition that holds for these arguments.
func Condition(args json.RawMessage) string {
	members, err := bus.Members(args)
	if err != nil {
		return ""
	}
	var parts []string
	for _, m := range members {
		name := "." + m.Key
		if !jqName.MatchString(m.Key) {
			name = ".[" + string(bus.QuoteJSON(m.Key)) + "]"
		}
		parts = append(parts, name+" == "+string(compactJSON(m.Value)))
	}
	return strings.Join(parts, " and ")
}
