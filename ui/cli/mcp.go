package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newMCP gives the bus to programs that speak the Model Context Protocol. Each of its
// tools is one of the commands, run in this process.
func newMCP(env Env, f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "mcp",
		Short: "Give a bus to an assistant, as tools of the Model Context Protocol",
		Long: "Speaks the Model Context Protocol over stdin and stdout. Its tools are the commands servers, methods, streams,\n" +
			"subscribe, lint, invoke and call, with their JSON lines; each goes to the bus for itself. invoke and call say of\n" +
			"themselves that they change things, so that the assistant asks first; with --read-only there are none. At the end of stdin\n" +
			"what was asked is answered first.",
		Example: "  ioscope mcp --url ws://127.0.0.1:8385/gw3 --read-only",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := tools(env, given(cmd), f.readOnly).Run(cmd.Context(), lingering{&mcp.IOTransport{
				Reader: io.NopCloser(env.Stdin), Writer: nopCloser{env.Stdout},
			}, lingerMost})
			if err != nil && cmd.Context().Err() == nil {
				return fmt.Errorf("speak with the assistant: %w", err)
			}
			return nil
		},
	}
}

// given are the flags that somebody gave for every command.
func given(cmd *cobra.Command) (words []string) {
	cmd.InheritedFlags().VisitAll(func(fl *pflag.Flag) {
		if fl.Changed {
			words = append(words, "--"+fl.Name+"="+fl.Value.String())
		}
	})
	return words
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// listIn narrows a list.
type listIn struct {
	Server string `json:"server,omitempty" jsonschema:"only what this application offers; a name, or a pattern between slashes"`
	Method string `json:"method,omitempty" jsonschema:"only methods or streams of this name; a name, or a pattern between slashes"`
}

func (in listIn) words() (words []string) {
	for _, w := range []struct{ flag, value string }{{"server", in.Server}, {"method", in.Method}} {
		if w.value != "" {
			words = append(words, "--"+w.flag+"="+w.value)
		}
	}
	return words
}

// askIn is a question to a method.
type askIn struct {
	Method string          `json:"method" jsonschema:"the name of the method"`
	Args   json.RawMessage `json:"args,omitempty" jsonschema:"the arguments, an object that fits what the method accepts"`
	Target []string        `json:"target,omitempty" jsonschema:"best (the default), all, skipMine, an application, or members such as application=/^Calc/"`
}

// followIn is a question to a stream.
type followIn struct {
	Stream  string          `json:"stream" jsonschema:"the name of the stream"`
	Args    json.RawMessage `json:"args,omitempty" jsonschema:"the arguments, an object that fits what the stream accepts"`
	Where   string          `json:"where,omitempty" jsonschema:"a jq expression: a condition of events, or what to make of them"`
	Seconds int             `json:"seconds,omitempty" jsonschema:"how long to listen; 5 unless told, at most 60"`
	Count   int             `json:"count,omitempty" jsonschema:"how many events are enough; 20 unless told, at most 500"`
}

// savedIn names a saved call.
type savedIn struct {
	Name string `json:"name" jsonschema:"the name of the saved call, or of a list of them"`
	Env  string `json:"env,omitempty" jsonschema:"the environment that gives variables their values"`
}

// How long and how much one look at a stream may be.
const (
	lookFor, lookForMost     = 5, 60
	lookCount, lookCountMost = 20, 500
	// patient is how long a method may take to appear, other than for a person.
	patient = "--wait-timeout=5s"
)

// tools are the commands that an assistant may use. given are flags for all of them.
func tools(env Env, given []string, readOnly bool) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "ioscope", Title: "ioscope: an interop bus", Version: version()}, nil)
	b := bench{env, given}
	look := &mcp.ToolAnnotations{ReadOnlyHint: true}
	addTool(s, b, &mcp.Tool{Name: "servers", Description: "Lists the applications on the bus, one JSON object a line.", Annotations: look},
		func(in listIn) []string { return append([]string{"servers"}, in.words()...) })
	addTool(s, b, &mcp.Tool{Name: "methods", Description: "Lists the methods on the bus with their signatures and who offers them, one JSON object a line.", Annotations: look},
		func(in listIn) []string { return append([]string{"methods"}, in.words()...) })
	addTool(s, b, &mcp.Tool{Name: "streams", Description: "Lists the streams on the bus with their signatures and who publishes them, one JSON object a line.", Annotations: look},
		func(in listIn) []string { return append([]string{"streams"}, in.words()...) })
	addTool(s, b, &mcp.Tool{Name: "lint", Description: "Tells what is likely to be wrong with what is offered: signatures that drift apart, can't be read or are missing.", Annotations: look},
		func(struct{}) []string { return []string{"lint"} })
	addTool(s, b, &mcp.Tool{Name: "subscribe", Description: "Listens to a stream for some seconds, and gives its events, one JSON object a line.", Annotations: look},
		func(in followIn) []string {
			words := []string{
				"subscribe", patient, "--for=" + (time.Duration(bounded(in.Seconds, lookFor, lookForMost)) * time.Second).String(),
				"--count=" + strconv.Itoa(bounded(in.Count, lookCount, lookCountMost)),
			}
			if in.Where != "" {
				words = append(words, "--where="+in.Where)
			}
			return append(words, question(in.Stream, in.Args)...)
		})
	if readOnly {
		return s
	}
	acts := &mcp.ToolAnnotations{}
	addTool(s, b, &mcp.Tool{Name: "invoke", Description: "Calls a method, and gives what each server returned or why it failed, one JSON object a line. It acts: ask the person first.", Annotations: acts},
		func(in askIn) []string {
			words := []string{"invoke", patient}
			for _, t := range in.Target {
				words = append(words, "--target="+t)
			}
			return append(words, question(in.Method, in.Args)...)
		})
	addTool(s, b, &mcp.Tool{Name: "call", Description: "Runs a call, or a list of calls, that was saved as a file. It acts: ask the person first.", Annotations: acts},
		func(in savedIn) []string { return []string{"call", "--env=" + in.Env, "--", in.Name} })
	return s
}

// bounded is a number, or what holds where there is none, and never too much.
func bounded(n, usual, most int) int { return min(max(cmp.Or(n, usual), 1), most) }

// question are the words for arguments and a name, which may begin with a dash.
func question(name string, args json.RawMessage) []string {
	if len(args) > 0 {
		return []string{"--args=" + string(args), "--", name}
	}
	return []string{"--", name}
}

// bench runs commands.
type bench struct {
	env   Env
	given []string
}

// addTool makes a tool of a command. What it prints is the answer; a command that
// fails gives its error, too.
func addTool[In any](s *mcp.Server, b bench, tool *mcp.Tool, words func(In) []string) {
	schema, err := jsonschema.For[In](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[json.RawMessage](): {Type: "object"},
	}})
	if err != nil {
		panic(err) // of a type above
	}
	tool.InputSchema = schema
	// The library's own reading of arguments goes through floats, which costs long ids
	// their last digits.
	s.AddTool(tool, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		var in In
		if raw := req.Params.Arguments; len(raw) > 0 {
			d := json.NewDecoder(bytes.NewReader(raw))
			d.DisallowUnknownFields()
			if err := d.Decode(&in); err != nil {
				return content("arguments: "+err.Error(), false), nil
			}
		}
		return content(b.run(ctx, words(in))), nil
	})
}

func content(text string, fine bool) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}, IsError: !fine}
}

func (b bench) run(ctx context.Context, words []string) (text string, fine bool) {
	var out, wrong bytes.Buffer
	env := b.env
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), &out, &wrong
	env.IsTerminal = func() bool { return false }
	code := Main(ctx, env, slices.Concat(words[:1], b.given, []string{"--json"}, words[1:]))
	if code == exitFine {
		return out.String(), true
	}
	return fmt.Sprintf("%s%sexit code %d\n", out.String(), wrong.String(), code), false
}
