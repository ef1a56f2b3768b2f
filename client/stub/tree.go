package stub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"ioscope/client/bus"
)

// tree reads the text as a tree with lines, JSON and YAML to the same one. It is
// nil when there is none, and a problem then.
func (r *reader) tree(text []byte) *yaml.Node {
	if !utf8.Valid(text) {
		r.fail(0, "", "not UTF-8", "save it as UTF-8")
		return nil
	}
	read := yamlTree
	if strings.EqualFold(filepath.Ext(r.file), ".json") {
		read = jsonTree
	}
	root, line, err := read(text)
	if err != nil {
		r.fail(line, "", err.Error(), "")
		return nil
	}
	if root == nil {
		r.fail(0, "", "empty", "write at least the line application: NAME")
	}
	return root
}

// yamlLine is how the library tells a line in its errors.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?line ([0-9]+): `)

// yamlTree is nil for a file without content.
func yamlTree(text []byte) (*yaml.Node, int, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, next yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, 0, nil
	case err != nil:
		return nil, yamlErrorLine(err), errors.New(yamlWords(err))
	}
	switch err := decoder.Decode(&next); {
	case err == nil:
		return nil, next.Line, errors.New("a second document begins here; one application a file")
	case !errors.Is(err, io.EOF):
		return nil, yamlErrorLine(err), errors.New(yamlWords(err))
	}
	if len(document.Content) == 0 {
		return nil, 0, nil
	}
	return document.Content[0], 0, nil
}

func yamlErrorLine(err error) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}

func yamlWords(err error) string {
	return strings.TrimPrefix(yamlLine.ReplaceAllString(err.Error(), ""), "yaml: ")
}

// maxDepth bounds how deep a tree may be nested.
const maxDepth = 200

// jsonTree reads JSON as JSON is, which YAML does not in all its escapes.
func jsonTree(text []byte) (*yaml.Node, int, error) {
	r := &jsonReader{text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	r.decoder.UseNumber()
	node, err := r.value(0)
	if errors.Is(err, io.EOF) && len(bytes.TrimSpace(text)) == 0 {
		return nil, 0, nil
	}
	if err == nil {
		if _, err = r.decoder.Token(); errors.Is(err, io.EOF) {
			return node, 0, nil
		} else if err == nil {
			err = errors.New("something follows the object; one application a file")
		}
	}
	line := r.line()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line = lineAt(text, syntax.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		line, err = lineAt(text, int64(len(text))), errors.New("the file ends in the middle")
	}
	return nil, line, err
}

type jsonReader struct {
	text    []byte
	decoder *json.Decoder
}

func (r *jsonReader) line() int { return lineAt(r.text, r.decoder.InputOffset()) }

func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n"))
}

func (r *jsonReader) value(depth int) (*yaml.Node, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: r.line()}
	switch token := token.(type) {
	case json.Delim:
		return r.children(n, token, depth)
	case string:
		n.Tag, n.Value = "!!str", token
	case json.Number:
		n.Tag, n.Value = "!!float", token.String()
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(token)
	case nil:
		n.Tag, n.Value = "!!null", "null"
	}
	return n, nil
}

func (r *jsonReader) children(n *yaml.Node, open json.Delim, depth int) (*yaml.Node, error) {
	if depth == maxDepth {
		return nil, errors.New("nested too deep")
	}
	n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
	if open == '{' {
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
	}
	for r.decoder.More() {
		child, err := r.value(depth + 1) // of an object: keys and values in turn
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, child)
	}
	_, err := r.decoder.Token()
	return n, err
}

// maxNodes bounds what a value may grow to by aliases.
const maxNodes = 100_000

// jsonOf makes JSON of a part of the tree. Numbers keep their digits.
func jsonOf(n *yaml.Node) (json.RawMessage, error) {
	left := maxNodes
	var b bytes.Buffer
	if err := writeJSON(&b, n, &left, 0); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writeJSON(b *bytes.Buffer, n *yaml.Node, left *int, depth int) error {
	if *left--; *left < 0 || depth > maxDepth {
		return lineError{n.Line, "too large, or nested too deep"}
	}
	n = resolve(n)
	switch n.Kind {
	case yaml.MappingNode:
		return writeObject(b, n, left, depth)
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, child := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, child, left, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	default:
		raw, err := scalarJSON(n)
		b.Write(raw)
		return err
	}
}

func writeObject(b *bytes.Buffer, n *yaml.Node, left *int, depth int) error {
	b.WriteByte('{')
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolve(n.Content[i])
		switch {
		case key.Kind != yaml.ScalarNode:
			return lineError{key.Line, "a key is a text"}
		case key.ShortTag() == "!!merge":
			return lineError{key.Line, "<< is not taken here; write the members out"}
		case seen[key.Value]:
			return lineError{key.Line, fmt.Sprintf("the key %q twice", key.Value)}
		}
		seen[key.Value] = true
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(bus.QuoteJSON(key.Value))
		b.WriteByte(':')
		if err := writeJSON(b, n.Content[i+1], left, depth+1); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// resolve follows an alias.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// scalarJSON is the JSON of a scalar. What YAML takes for a date stays the text
// that it is.
func scalarJSON(n *yaml.Node) (json.RawMessage, error) {
	switch n.ShortTag() {
	case "!!null":
		return json.RawMessage("null"), nil
	case "!!bool":
		return json.RawMessage(strconv.FormatBool(strings.EqualFold(n.Value, "true"))), nil
	case "!!int", "!!float":
		return numberJSON(n)
	case "!!str", "!!timestamp":
		return bus.QuoteJSON(n.Value), nil
	}
	return nil, lineError{n.Line, fmt.Sprintf("the tag %s is not known here", n.Tag)}
}

// numberJSON keeps a number that JSON knows as it stands, and writes others,
// such as 0x1F, +1 or .5, anew.
func numberJSON(n *yaml.Node) (json.RawMessage, error) {
	if json.Valid([]byte(n.Value)) {
		return json.RawMessage(n.Value), nil
	}
	plain := strings.ReplaceAll(n.Value, "_", "")
	if i, ok := new(big.Int).SetString(strings.TrimPrefix(plain, "+"), 0); ok {
		return json.RawMessage(i.String()), nil
	}
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil {
		return nil, lineError{n.Line, fmt.Sprintf("%s is no number that JSON can say", n.Value)}
	}
	return json.Marshal(f)
}

// lineError is a problem that knows its line.
type lineError struct {
	line int
	what string
}

func (e lineError) Error() string { return e.what }
