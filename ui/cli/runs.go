package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"ioscope/client/demo/backoffice"
	"ioscope/client/interval"
	"ioscope/client/interval/schema"
	"ioscope/model"
	"ioscope/ui"
)

// runs listens for Interval hosts and runs their actions. It is ui.Runs.
type runs struct {
	inbox *ui.Inbox
	log   *slog.Logger
	user  string

	// starting keeps events of a run back until its reference is told, and guards lent.
	starting sync.Mutex
	// lent are the desks that hear all, too.
	lent map[*desk]bool

	mu     sync.Mutex
	runner *interval.Runner
	server *http.Server
	url    string
	// host ends the demo host; nil for none.
	host func()
}

var _ ui.Runs = (*runs)(nil)

var errNotListening = errors.New("nobody listens for Interval hosts: start with --interval ADDR")

// listen begins to listen, at the address or, when exact is false, at the next port
// that is free. It gives the address for hosts.
func (r *runs) listen(address string, exact bool) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runner != nil {
		return r.url, nil
	}
	var l net.Listener
	var err error
	if exact {
		l, err = net.Listen("tcp", address)
	} else {
		l, _, err = freePort(address)
	}
	if err != nil {
		return "", fmt.Errorf("listen for Interval hosts: %w", err)
	}
	name := r.user
	email := name
	if !strings.Contains(email, "@") {
		email = cmp.Or(email, "operator") + "@localhost"
	}
	r.runner = interval.NewRunner(&interval.RunnerOptions{
		OnEvent: r.hear, Logger: r.log, Credentials: true,
		User: &interval.User{Email: email, FirstName: &name, Role: "admin"},
	})
	r.server = &http.Server{Handler: r.runner, ReadHeaderTimeout: 10 * time.Second}
	r.url = "ws://" + l.Addr().String() + "/websocket"
	server := r.server
	go func() {
		if err := server.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			r.log.Error("listening for Interval hosts ended", "err", err)
		}
	}()
	return r.url, nil
}

// withHost listens where nobody said where, and lets the demo host join. Neither is
// worth not starting for.
func (r *runs) withHost() {
	url, err := r.listen(defaultInterval, false)
	if err != nil {
		r.log.Warn("no Interval hosts", "err", err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.host != nil {
		cancel()
		return
	}
	done := make(chan struct{})
	r.host = func() { cancel(); <-done }
	go func() {
		defer close(done)
		h, err := backoffice.Start(ctx, url, &backoffice.Options{APIKey: "back-office_demo", Logger: r.log})
		if err != nil {
			r.log.Info("the demo host did not join", "err", err)
			return
		}
		<-ctx.Done()
		h.Close()
	}()
}

// address is where hosts connect to; empty when nobody listens.
func (r *runs) address() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.url
}

func (r *runs) current() (*interval.Runner, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runner == nil {
		return nil, errNotListening
	}
	return r.runner, nil
}

// Close ends all runs and lets the hosts go.
func (r *runs) Close() {
	r.mu.Lock()
	runner, server, host := r.runner, r.server, r.host
	r.mu.Unlock()
	if host != nil {
		host()
	}
	if runner == nil {
		return
	}
	runner.Close()
	_ = server.Close()
}

// Start implements ui.Runs.
func (r *runs) Start(e model.StartRun, begun func(string, error)) {
	runner, err := r.current()
	if err != nil {
		begun("", err)
		return
	}
	r.starting.Lock()
	defer r.starting.Unlock()
	start := runner.Start
	if e.Page {
		start = runner.OpenPage
	}
	ref, err := start(e.Slug, &interval.StartOptions{Host: e.Host, Params: e.Params})
	if err == nil && e.Queued != "" {
		_, _ = runner.Dequeue(e.Queued) // whoever else has taken it, it runs
	}
	begun(ref, runWords(err))
}

// runWords says an error of the runner as the screen says it.
func runWords(err error) error {
	if errors.Is(err, interval.ErrNoHost) {
		return &saidError{"No host that is connected offers it now.", err}
	}
	return err
}

// Answer implements ui.Runs.
func (r *runs) Answer(e model.AnswerRun) error {
	runner, err := r.current()
	if err != nil {
		return err
	}
	return runner.Respond(e.Ref, e.Key, e.Values, e.Choice)
}

// Turn implements ui.Runs.
func (r *runs) Turn(e model.TurnRun) error {
	runner, err := r.current()
	if err != nil {
		return err
	}
	return runner.SetState(e.Ref, e.Key, e.Index, e.State)
}

// Upload implements ui.Runs.
func (r *runs) Upload(ctx context.Context, e model.UploadRun) ([]schema.File, error) {
	runner, err := r.current()
	if err != nil {
		return nil, err
	}
	var files []interval.LocalFile
	for _, p := range e.Paths {
		f, err := interval.FileAt(atHome(p))
		if err != nil {
			var missing *os.PathError
			if errors.As(err, &missing) {
				err = fmt.Errorf("%s: %w", p, missing.Err)
			}
			return nil, err
		}
		files = append(files, f)
	}
	return runner.Upload(ctx, e.Ref, e.Key, e.Index, files...)
}

// Cancel implements ui.Runs.
func (r *runs) Cancel(ref string) error {
	runner, err := r.current()
	if err != nil {
		return err
	}
	return runner.Cancel(ref)
}

// Leave implements ui.Runs.
func (r *runs) Leave(ref string, page bool) error {
	runner, err := r.current()
	if err != nil {
		return err
	}
	if page {
		return runner.ClosePage(ref)
	}
	return runner.Leave(ref)
}

// openers are the commands that show an address, by system.
var openers = map[string][]string{
	"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"},
}

// Open implements ui.Runs. Only what a browser or a mailer shows is opened.
func (r *runs) Open(address string) error {
	scheme, _, _ := strings.Cut(address, ":")
	if !slices.Contains([]string{"http", "https", "mailto"}, strings.ToLower(scheme)) {
		return fmt.Errorf("%s: addresses are not opened", scheme)
	}
	words := openers[runtime.GOOS]
	if words == nil {
		words = []string{"xdg-open"}
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return errors.New("no desktop here")
		}
	}
	cmd := exec.Command(words[0], append(words[1:], address)...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

// maxEntries is how many entries of a folder are listed.
const maxEntries = 2000

// List implements ui.Runs.
func (r *runs) List(dir string) (string, []ui.Entry, error) {
	full, err := filepath.Abs(atHome(dir))
	if err != nil {
		return dir, nil, err
	}
	list, err := os.ReadDir(full)
	if err != nil {
		return full, nil, err
	}
	var out []ui.Entry
	for _, e := range list[:min(len(list), maxEntries)] {
		info, err := os.Stat(filepath.Join(full, e.Name()))
		if err != nil {
			continue
		}
		out = append(out, ui.Entry{Name: e.Name(), Dir: info.IsDir(), Size: info.Size()})
	}
	return full, out, nil
}

// atHome puts the person's folder in the place of a tilde.
func atHome(p string) string {
	rest, ok := strings.CutPrefix(p, "~")
	if home, err := os.UserHomeDir(); ok && err == nil && (rest == "" || rest[0] == '/') {
		return home + rest
	}
	return p
}

// hear passes on what the runner hears.
func (r *runs) hear(e interval.Event) {
	r.starting.Lock()
	defer r.starting.Unlock()
	if in := inputOf(e); in != nil {
		r.inbox.Put(in)
	}
	for d := range r.lent {
		d.heard.put(e)
	}
}

// lend is a desk for a command that runs beside the explorer. It hears first of the
// hosts that are here. It is nil where nobody listens.
func (r *runs) lend() *desk {
	runner, err := r.current()
	if err != nil {
		return nil
	}
	d := newDesk(r.address())
	d.runner = runner
	d.end = func() {
		r.starting.Lock()
		defer r.starting.Unlock()
		delete(r.lent, d)
	}
	r.starting.Lock()
	defer r.starting.Unlock()
	for _, host := range runner.Hosts() {
		if host.Online {
			d.heard.put(interval.HostJoined{Host: host})
		}
	}
	if r.lent == nil {
		r.lent = map[*desk]bool{}
	}
	r.lent[d] = true
	return d
}

// inputOf says an event in the words of the model; nil when it tells nothing new.
func inputOf(e interval.Event) model.Input {
	switch e := e.(type) {
	case interval.HostJoined:
		return hostHeard(e.Host, "")
	case interval.HostChanged:
		return hostHeard(e.Host, "")
	case interval.HostClosing:
		return hostHeard(e.Host, "")
	case interval.HostLeft:
		why := "its connection was lost"
		if e.Host.Closing {
			why = "it was shut down"
		}
		return hostHeard(e.Host, why)
	case interval.Rendered:
		return model.RunRendered{Ref: e.Transaction, Render: e.Render, Update: e.Update, Refused: e.Refused, Waits: e.Waits}
	case interval.Answered:
		return model.RunAnswered{Ref: e.Transaction, Key: e.Key, Choice: e.Choice}
	case interval.PhaseChanged:
		return model.RunStage{Ref: e.Transaction, Stage: stages[e.Phase]}
	case interval.Loading:
		return loadingOf(e)
	case interval.Logged:
		return model.RunLogged{Ref: e.Transaction, Line: model.LogLine{Index: e.Line.Index, Text: e.Line.Text, At: e.Line.Time}}
	case interval.Notified:
		in := model.RunNotified{Ref: e.TransactionID, Host: e.Host, Title: e.Title, Message: e.Message}
		for _, d := range e.Deliveries {
			in.To = append(in.To, d.To)
		}
		return in
	case interval.Redirected:
		return model.RunRedirected{Ref: e.Ref, Target: e.Target}
	case interval.Ended:
		return model.RunOver{Ref: e.Transaction, Result: e.Result}
	case interval.LateResult:
		return model.RunOver{Ref: e.Transaction, Result: e.Result, Late: true}
	case interval.PageDrawn:
		return model.PageDrawn{Ref: e.Page, Layout: e.Layout}
	case interval.PageFailed:
		return model.PageFailed{Ref: e.Page, Err: e.Err}
	case interval.Enqueued:
		return model.RunQueued{ID: e.Item.ID, Slug: e.Item.Slug, Assignee: e.Item.Assignee, Params: e.Item.Params}
	case interval.Odd:
		return model.HostOdd{Host: e.Host, Err: e.Err}
	}
	return nil // HostGone and Started tell what is known
}

var stages = map[interval.Phase]model.Stage{
	interval.PhaseStarting: model.RunStarting, interval.PhaseRunning: model.RunWorking, interval.PhaseAsking: model.RunAsking,
	interval.PhaseLost: model.RunLost, interval.PhaseEnded: model.RunEnded,
}

func loadingOf(e interval.Loading) model.Input {
	in := model.RunLoading{Ref: e.Ref}
	if s := e.State; s != nil {
		in.State = &model.Progress{Label: s.Label, Description: s.Description, Queue: s.ItemsInQueue, Done: s.ItemsCompleted}
	}
	return in
}

func hostHeard(h interval.HostInfo, left string) model.HostHeard {
	sdk := strings.TrimSpace(h.SDKName + " " + h.SDKVersion)
	out := model.Host{
		ID: h.ID, SDK: sdk, Remote: h.Remote, Key: h.Key, Environment: "development", Since: h.Since, Closing: h.Closing,
		Name: cmp.Or(h.Key, strings.ReplaceAll(strings.TrimPrefix(h.SDKName, "@"), "/", "-"), "host"),
	}
	names := map[string]string{}
	for _, p := range h.Pages {
		names[p.Slug] = cmp.Or(p.Name, path.Base(p.Slug))
	}
	for _, a := range h.Actions {
		out.Actions = append(out.Actions, model.Action{
			Slug: a.FullSlug(), Name: cmp.Or(a.Name, a.Slug), Description: a.Description, Group: groupOf(a.GroupSlug, names),
			Unlisted: a.Unlisted, Background: a.Backgroundable,
		})
	}
	for _, p := range h.Pages {
		if p.HasHandler {
			out.Actions = append(out.Actions, model.Action{
				Slug: p.Slug, Name: names[p.Slug], Description: p.Description, Group: groupOf(parent(p.Slug), names),
				Page: true, Unlisted: p.Unlisted,
			})
		}
	}
	return model.HostHeard{Host: out, Left: left, At: time.Now()}
}

func parent(slug string) string {
	if i := strings.LastIndexByte(slug, '/'); i >= 0 {
		return slug[:i]
	}
	return ""
}

// groupOf names the groups on the way to a slug, the outermost first.
func groupOf(slug string, names map[string]string) []string {
	if slug == "" {
		return nil
	}
	return append(groupOf(parent(slug), names), cmp.Or(names[slug], path.Base(slug)))
}
