package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
)

// listKind is what a list is of.
type listKind int

const (
	listServers listKind = iota
	listMethods
	listStreams
	// listOffers is both methods and streams.
	listOffers
)

func newServers(env Env, f *flags) *cobra.Command {
	return newList(env, f, listing{
		kind:  listServers,
		name:  "servers",
		short: "List the applications on the bus",
		long: "One row an application, in the order in which they joined; this program itself is left out.\n" +
			"With --json one object a line: peerId, application, applicationName, instance, machine, user,\n" +
			"region, environment, windowId, api, pid, local, methods and streams (counts), identity (as it came).\n\n" +
			"With --watch a line for each that is there, comes or goes: time, event, and\n" +
			"  serverAdded    server (as above, without the counts)\n" +
			"  serverRemoved  server, reason, reset (true where our own connection ended)\n" +
			"  connection     " + connectionJSON,
		example: "  ioscope servers --method Addition\n" +
			"  ioscope servers --server application=/^Calc/,user=ada --json\n" +
			"  ioscope servers --watch --for 1m",
	})
}

func newMethods(env Env, f *flags) *cobra.Command {
	return newList(env, f, listing{
		kind:  listMethods,
		name:  "methods",
		short: "List the methods on the bus",
		long:  "One row a method: the same name with another signature is another method.\n" + methodJSON,
		example: "  ioscope methods --server CalcPrecise\n" +
			"  ioscope methods --method '/^Orders\\./' --json",
	})
}

func newStreams(env Env, f *flags) *cobra.Command {
	return newList(env, f, listing{
		kind:    listStreams,
		name:    "streams",
		short:   "List the streams on the bus",
		long:    "One row a stream: the same name with another signature is another stream.\n" + methodJSON,
		example: "  ioscope streams --object-type Instrument",
	})
}

const methodJSON = "With --json one object a line: name, accepts, returns, displayName, description, objectTypes,\n" +
	"version, flags, restrictions (as the first of its servers declares them; null where it does not),\n" +
	"servers (each with server, application, instance and peerId).\n\n" +
	"With --watch a line for each that is there, comes or goes: time, event, and\n" +
	"  methodAdded          method (as above, without the servers): its first server offers it\n" +
	"  serverMethodAdded    server, method: each server that offers it\n" +
	"  methodRemoved        method, reset: its last server offers it no more\n" +
	"  serverMethodRemoved  server, method, reset (true where our own connection ended)\n" +
	"  connection           " + connectionJSON

const connectionJSON = "state (live, lost or refused), error (null for none); live follows what is there at first"

// listing is a command that prints what is on the bus now, or what changes there.
type listing struct {
	kind                       listKind
	name, short, long, example string

	filters filters
	asJSON  bool
	watch   bool
	until   time.Duration // 0: for ever
}

// newList makes the command. Nothing is waited for: a gateway announces all
// that is there before it says that the client has joined.
func newList(env Env, f *flags, l listing) *cobra.Command {
	cmd := &cobra.Command{
		Use:     l.name,
		Short:   l.short,
		Long:    l.long,
		Example: l.example,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return l.run(cmd.Context(), env, f)
		},
	}
	p := cmd.Flags()
	p.BoolVar(&l.asJSON, "json", false, "print one JSON object a line")
	p.BoolVar(&l.watch, "watch", false, "go on and print what comes and goes, as JSON, until ctrl+c")
	p.DurationVar(&l.until, "for", 0, "with --watch: end after this `time`")
	l.filters.register(cmd, env, f, l.kind)
	return cmd
}

func (l *listing) run(ctx context.Context, env Env, f *flags) error {
	switch {
	case l.until < 0:
		return usagef("--for %s: less than nothing", l.until)
	case l.until > 0 && !l.watch:
		return usagef("--for %s: for --watch alone", l.until)
	}
	if err := l.filters.prepare(); err != nil {
		return err
	}
	if l.watch {
		return l.follow(ctx, env, f)
	}
	b, err := f.view(ctx)
	if err != nil {
		return err
	}
	if len(b.servers) == 0 {
		note(env.Stderr, "The bus answers, and no app has joined. An app of another user stays hidden from you.")
	}
	return l.print(env, b)
}

// print prints what fits.
func (l *listing) print(env Env, b busView) error {
	var n, all int
	var err error
	if l.kind == listServers {
		fits := l.filters.servers(b)
		n, all = len(fits.servers), len(b.servers)
		err = printServers(env.Stdout, fits, l.asJSON)
	} else {
		fits := l.filters.methods(b).offers(l.filters.streams)
		n, all = len(fits), len(b.offers(l.filters.streams))
		err = printMethods(env.Stdout, fits, l.asJSON)
	}
	if n == 0 && all > 0 {
		note(env.Stderr, "none of the %s here fits", plural(all, l.thing()))
	}
	return err
}

// thing is the word for one of what is listed.
func (l *listing) thing() string {
	switch {
	case l.kind == listServers:
		return "server"
	case l.filters.streams:
		return "stream"
	}
	return "method"
}

// busView is what the bus has for us: everybody's servers and methods but our own.
type busView struct {
	servers []bus.Instance
	methods []bus.Candidate
}

// view joins the bus, looks, and leaves.
func (f *flags) view(ctx context.Context) (busView, error) {
	c, err := f.connect(ctx)
	if err != nil {
		return busView{}, err
	}
	defer c.Close()
	var b busView
	self := c.Self().PeerID
	for _, s := range c.Servers() {
		if s.PeerID != self {
			b.servers = append(b.servers, s)
		}
	}
	for _, m := range c.Methods(bus.MethodFilter{}) {
		if !m.Mine {
			b.methods = append(b.methods, m)
		}
	}
	return b, nil
}

// offer is a method or a stream with those who offer it.
type offer struct {
	method  bus.MethodDefinition
	servers []bus.Instance
}

// offers groups the methods, or the streams, in the order of announcement.
func (b busView) offers(streams bool) []offer {
	var out []offer
	at := map[bus.MethodKey]int{}
	for _, c := range b.methods {
		if c.Method.Streaming != streams {
			continue
		}
		i, ok := at[c.Method.Key()]
		if !ok {
			i = len(out)
			at[c.Method.Key()] = i
			out = append(out, offer{method: c.Method})
		}
		out[i].servers = append(out[i].servers, c.Server)
	}
	return out
}

// count tells how many methods and streams a server offers.
func (b busView) count(peer bus.PeerID) (methods, streams int) {
	for _, c := range b.methods {
		switch {
		case c.Server.PeerID != peer:
		case c.Method.Streaming:
			streams++
		default:
			methods++
		}
	}
	return methods, streams
}

func printServers(out io.Writer, b busView, asJSON bool) error {
	if asJSON {
		return printJSON(out, b.servers, b.serverJSON)
	}
	if len(b.servers) == 0 {
		return nil
	}
	var rows [][]string
	for _, s := range b.servers {
		methods, streams := b.count(s.PeerID)
		rows = append(rows, []string{
			s.Name(), s.Instance, s.User, s.Machine, number(s.PID),
			strconv.Itoa(methods), strconv.Itoa(streams),
		})
	}
	head := []string{"server", "instance", "user", "machine", "pid", "methods", "streams"}
	return printTable(out, head, rows, 4, 5, 6)
}

func (b busView) serverJSON(s bus.Instance) []byte {
	methods, streams := b.count(s.PeerID)
	return serverObject(s).set("methods", methods).set("streams", streams).raw("identity", s.Identity).line()
}

// serverObject has all that is known of a server but its identity as it came.
func serverObject(s bus.Instance) *object {
	o := &object{}
	o.set("peerId", s.PeerID).set("application", s.Application).set("applicationName", s.ApplicationName)
	o.set("instance", s.Instance).set("machine", s.Machine).set("user", s.User)
	o.set("region", s.Region).set("environment", s.Environment).set("windowId", s.WindowID)
	return o.set("api", s.API).set("pid", s.PID).set("local", s.Local)
}

func printMethods(out io.Writer, offers []offer, asJSON bool) error {
	if asJSON {
		return printJSON(out, offers, offer.json)
	}
	if len(offers) == 0 {
		return nil
	}
	var rows [][]string
	for _, o := range offers {
		rows = append(rows, []string{
			o.method.Name, strings.Join(o.names(), ", "), orDash(o.method.Accepts), orDash(o.method.Returns),
		})
	}
	return printTable(out, []string{"name", "servers", "accepts", "returns"}, rows)
}

func (o offer) names() []string {
	names := make([]string, len(o.servers))
	for i, s := range o.servers {
		names[i] = s.Name()
	}
	return names
}

func (o offer) json() []byte {
	servers := make([][]byte, len(o.servers))
	for i, s := range o.servers {
		servers[i] = serverRef(&object{}, s).bytes()
	}
	return methodObject(o.method).raw("servers", array(servers)).line()
}

// methodObject has all that a server declares of a method.
func methodObject(m bus.MethodDefinition) *object {
	j := &object{}
	j.set("name", m.Name).set("accepts", m.Accepts).set("returns", m.Returns)
	j.set("displayName", m.DisplayName).set("description", m.Description)
	j.set("objectTypes", append([]string{}, m.ObjectTypes...)).set("version", m.Version)
	return j.raw("flags", m.Flags).set("restrictions", m.Restrictions)
}

// serverRef adds what names a server wherever something came from it.
func serverRef(o *object, s bus.Instance) *object {
	return o.set("server", s.Name()).set("application", s.Application).
		set("instance", s.Instance).set("peerId", s.PeerID)
}

// printJSON prints each thing as one line.
func printJSON[T any](out io.Writer, things []T, line func(T) []byte) error {
	w := bufio.NewWriter(out)
	for _, t := range things {
		_, _ = w.Write(line(t))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func number(n int64) string {
	if n == 0 {
		return "-"
	}
	return strconv.FormatInt(n, 10)
}
