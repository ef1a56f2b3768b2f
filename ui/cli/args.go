package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"ioscope/client/bus"
)

// arguments are what was given for a call, before its signature is known.
type arguments struct {
	object json.RawMessage // of --args; nil when it was not given
	pairs  []string        // key=value, in order; they win over the keys of object
}

// readArguments takes --args (the text itself, a file's for "@FILE", or stdin for
// "-"; nil when it was not given) and the pairs, and checks what can be checked without a signature.
func readArguments(stdin io.Reader, text *string, pairs []string) (arguments, error) {
	for _, p := range pairs {
		if key, _, ok := strings.Cut(p, "="); !ok || key == "" {
			return arguments{}, withHint(usagef("argument %q: no key=value", p), "--args takes all of them as one JSON object")
		}
	}
	if text == nil {
		return arguments{pairs: pairs}, nil
	}
	from, err := argumentsText(stdin, *text)
	if err != nil {
		return arguments{}, err
	}
	object, err := parseObject(from)
	if err != nil {
		return arguments{}, usagef("--args: %w", err)
	}
	return arguments{object, pairs}, nil
}

// argumentsText brings the text from where --args says.
func argumentsText(stdin io.Reader, text string) ([]byte, error) {
	switch file, named := strings.CutPrefix(text, "@"); {
	case text == "-":
		from, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("read --args: %w", err)
		}
		return from, nil
	case named:
		from, err := os.ReadFile(file)
		var path *fs.PathError
		if errors.As(err, &path) {
			return nil, usagef("--args: read %s: %w", file, path.Err)
		}
		return from, err
	}
	return []byte(text), nil
}

// parseObject checks that a text is one JSON object, and says where it is not.
func parseObject(text []byte) (json.RawMessage, error) {
	text = bytes.TrimSpace(text)
	var raw json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) && syntax.Offset > 0 {
			return nil, fmt.Errorf("%s: %w", place(text, syntax.Offset-1), err)
		}
		return nil, err
	}
	if bus.JSONType(raw) != "object" {
		return nil, errors.New(`one object is wanted, such as {"a": 1}`)
	}
	if _, err := bus.Members(raw); err != nil {
		return nil, err
	}
	return raw, nil
}

// place tells line and character of a byte, both from 1.
func place(text []byte, offset int64) string {
	before := string(text[:min(offset, int64(len(text)))])
	line := strings.Count(before, "\n") + 1
	character := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
	return fmt.Sprintf("line %d, character %d", line, character)
}

// fit reads the arguments by a signature. Notes are what a person may want to
// know about arguments that are all right to send. An error names the fields.
func (a arguments) fit(accepts string, now time.Time) (args json.RawMessage, notes []string, err error) {
	sig, parseErr := bus.ParseSignature(accepts)
	known := accepts != "" && parseErr == nil
	if parseErr != nil {
		notes = append(notes, unreadable(accepts, parseErr))
	}
	if args, err = bus.FromPairs(sig, known, a.pairs, now); err != nil {
		return nil, nil, err
	}
	if a.object != nil {
		if args, err = bus.Merge(a.object, args); err != nil {
			return nil, nil, err
		}
	}
	if !known {
		return args, notes, nil
	}
	extra, wrong := sorted(bus.Check(sig, args))
	if len(wrong) > 0 {
		return nil, nil, errors.New(strings.Join(wrong, "\n"))
	}
	return args, append(notes, extra...), nil
}

// unreadable says why a signature is of no use, and what follows.
func unreadable(accepts string, err error) string {
	where := ""
	var syntax *bus.SyntaxError
	if errors.As(err, &syntax) {
		where = fmt.Sprintf(" at character %d", syntax.Character(accepts))
	}
	return fmt.Sprintf("accepts can't be read: %q, %v%s. The arguments are sent unchecked.", accepts, err, where)
}

// sorted keeps what is only not in the signature, and is sent as it is, apart
// from what is wrong.
func sorted(problems []bus.Problem) (extra, wrong []string) {
	for _, p := range problems {
		if p.Kind == bus.Extra {
			extra = append(extra, p.Path+" is not in the signature; it is sent as it is")
			continue
		}
		wrong = append(wrong, p.String())
	}
	return extra, wrong
}
