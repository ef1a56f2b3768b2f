package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/config"
)

// hooks are the commands of the person's own config that run around calls and
// streams. nil has none. It is safe for concurrent use.
type hooks struct {
	list []*hook
	// folder is where they run: that of the config.
	folder string
	env    []string
	// say hears what goes wrong with nobody waiting for it.
	say func(string)

	busy sync.WaitGroup
}

// hook is one of them, with its patterns read.
type hook struct {
	config.Hook
	fitsMethod, fitsStream func(string) bool
	events                 *eventHook // nil without event
}

// usualPatience is how long a command may take where nothing else is said.
const usualPatience = 10 * time.Second

// Bounds of what is taken of a command's words.
const (
	maxHookOutput = 16 << 20
	maxHookWords  = 4 << 10
)

// newHooks reads the patterns. The error is a *config.Error with the line.
func newHooks(list []config.Hook, folder string) (*hooks, error) {
	if len(list) == 0 {
		return nil, nil
	}
	h := &hooks{folder: folder, env: os.Environ(), say: func(string) {}}
	for _, c := range list {
		one := &hook{Hook: c}
		var err error
		if one.fitsMethod, err = hookPattern(c.Method); err == nil {
			one.fitsStream, err = hookPattern(c.Stream)
		}
		if err != nil {
			return nil, &config.Error{Line: c.Line, Text: "hooks: " + err.Error()}
		}
		if one.Timeout == 0 {
			one.Timeout = usualPatience
		}
		h.list = append(h.list, one)
	}
	return h, nil
}

// hookPattern is pattern, but nothing fits an empty one.
func hookPattern(text string) (func(string) bool, error) {
	if text == "" {
		return func(string) bool { return false }, nil
	}
	return pattern(text)
}

func (h *hook) fits(name string, streaming bool) bool {
	if streaming {
		return h.fitsStream(name)
	}
	return h.fitsMethod(name)
}

// refusedError says that a hook does not let a call out.
type refusedError struct{ hook, reason string }

func (e *refusedError) Error() string {
	return fmt.Sprintf("the hook %s refuses: %s", e.hook, e.reason)
}

// before runs what comes before a question, in the order of the config: each gets the
// arguments that the one before it made. told hears of changes; it may be nil.
func (h *hooks) before(ctx context.Context, name string, streaming bool, target bus.Target, args json.RawMessage, told func(model.Aside)) (json.RawMessage, error) {
	if h == nil {
		return args, nil
	}
	for _, one := range h.list {
		if one.Before == "" || !one.fits(name, streaming) {
			continue
		}
		if len(args) == 0 {
			args = json.RawMessage("{}")
		}
		kind := "call"
		if streaming {
			kind = "subscribe"
		}
		in := (&object{}).set("hook", "before").set("kind", kind).set("method", name).set("target", target.Texts()).raw("args", args)
		out, err := h.run(ctx, one.Before, one.Timeout, in.line())
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, &refusedError{one.Before, err.Error()}
		}
		if out = bytes.TrimSpace(out); len(out) == 0 {
			continue
		}
		changed, err := parseObject(out)
		if err != nil {
			return nil, &refusedError{one.Before, "it printed no arguments: " + err.Error()}
		}
		if bytes.Equal(oneLine(changed), oneLine(args)) {
			continue
		}
		args = changed
		if told != nil {
			told(model.Aside{Kind: model.AsideNote, Text: "the hook " + one.Before + " changed the arguments: " + string(oneLine(changed))})
		}
	}
	return args, nil
}

// after runs what comes behind a call. What goes wrong is told.
func (h *hooks) after(ctx context.Context, name string, args json.RawMessage, returns []bus.Return, told func(model.Aside)) {
	if h == nil {
		return
	}
	for _, one := range h.list {
		if one.After == "" || !one.fitsMethod(name) {
			continue
		}
		answers := make([]json.RawMessage, len(returns))
		for i, r := range returns {
			answers[i] = bytes.TrimSpace(answerJSON(r))
		}
		in := (&object{}).set("hook", "after").set("method", name).raw("args", args).raw("results", bus.List(answers))
		if _, err := h.run(ctx, one.After, one.Timeout, in.line()); err != nil && told != nil {
			told(model.Aside{Kind: model.AsideBad, Text: "the hook " + one.After + " failed: " + err.Error()})
		}
	}
}

// command is a command of the config as its shell runs it.
func (h *hooks) command(ctx context.Context, text string) *exec.Cmd {
	c := exec.CommandContext(ctx, "sh", "-c", text)
	if runtime.GOOS == "windows" {
		c = exec.CommandContext(ctx, "cmd", "/c", text)
	}
	c.Dir, c.Env = h.folder, h.env
	// What it started may hold its pipes; nobody waits for that.
	c.WaitDelay = time.Second
	return c
}

// run gives a command its input, and returns what it prints. Its error is the reason
// that it gives on stderr.
func (h *hooks) run(ctx context.Context, text string, patience time.Duration, in []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := h.command(ctx, text)
	out, words := &firstBytes{most: maxHookOutput}, &firstBytes{most: maxHookWords}
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(in), out, words
	err := c.Run()
	var exit *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("it took longer than %s", duration(patience))
	case errors.As(err, &exit):
		if said := strings.TrimSpace(words.String()); said != "" {
			return nil, errors.New(said)
		}
		return nil, fmt.Errorf("it ended with %d and gave no reason", exit.ExitCode())
	case err != nil && !errors.Is(err, exec.ErrWaitDelay) && !readerGone(err):
		return nil, err
	case out.cut:
		return nil, fmt.Errorf("it printed more than %d MiB", maxHookOutput>>20)
	}
	return out.Bytes(), nil
}

// firstBytes keeps the beginning of what is written to it.
type firstBytes struct {
	bytes.Buffer
	most int
	cut  bool
}

func (f *firstBytes) Write(p []byte) (int, error) {
	if room := f.most - f.Len(); len(p) > room {
		f.cut = true
		f.Buffer.Write(p[:max(room, 0)])
		return len(p), nil
	}
	return f.Buffer.Write(p)
}

// feed is where the events of a subscription go to commands; nil where none wants
// them. It never waits.
func (h *hooks) feed(name string, args json.RawMessage) func(bus.StreamData) {
	if h == nil {
		return nil
	}
	var to []*eventHook
	for _, one := range h.list {
		if one.Event == "" || !one.fitsStream(name) {
			continue
		}
		to = append(to, one.stream(h))
	}
	if len(to) == 0 {
		return nil
	}
	head := (&object{}).set("stream", name).raw("args", args).bytes()
	head = head[1 : len(head)-1]
	return func(e bus.StreamData) {
		for _, one := range to {
			one.put(eventLine{head, e})
		}
	}
}

var hooking sync.Mutex // of who starts the goroutine of an event hook

func (h *hook) stream(all *hooks) *eventHook {
	hooking.Lock()
	defer hooking.Unlock()
	if h.events == nil {
		h.events = &eventHook{h: all, text: h.Event, wake: make(chan struct{}, 1), done: make(chan struct{})}
		all.busy.Go(h.events.run)
	}
	return h.events
}

// Close lets the commands that get events read what waits, and end.
func (h *hooks) Close() {
	if h == nil {
		return
	}
	hooking.Lock()
	for _, one := range h.list {
		if one.events != nil {
			one.events.end()
		}
	}
	hooking.Unlock()
	h.busy.Wait()
}

// eventHook is a command that gets events, for as long as it runs.
type eventHook struct {
	h    *hooks
	text string
	wake chan struct{} // capacity 1
	done chan struct{} // closed when no more comes
	once sync.Once

	mu      sync.Mutex
	queue   []eventLine // guarded by mu
	bytes   int         // guarded by mu
	dropped int         // guarded by mu
}

type eventLine struct {
	head []byte
	bus.StreamData
}

// Bounds of what may wait for a command.
const (
	hookEvents = 10_000
	hookBytes  = 16 << 20
)

func (e *eventHook) put(l eventLine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) >= hookEvents || e.bytes > hookBytes {
		e.dropped++
		return
	}
	e.queue = append(e.queue, l)
	e.bytes += len(l.Data)
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *eventHook) end() { e.once.Do(func() { close(e.done) }) }

// againAfter is how long a command that ended is left alone.
const againAfter = 5 * time.Second

// run starts the command with the first event, and again some time after it ended.
func (e *eventHook) run() {
	for {
		select {
		case <-e.wake:
		case <-e.done:
			if e.waiting() == 0 {
				return
			}
		}
		err := e.serve()
		e.own()
		select {
		case <-e.done:
			return
		default:
		}
		e.h.say(fmt.Sprintf("the hook %s ended: %v; it is started again with the next event", e.text, err))
		select {
		case <-time.After(againAfter):
		case <-e.done:
			return
		}
	}
}

// own tells of what was dropped.
func (e *eventHook) own() {
	e.mu.Lock()
	dropped := e.dropped
	e.dropped = 0
	e.mu.Unlock()
	if dropped > 0 {
		e.h.say(fmt.Sprintf("the hook %s is too slow: %s dropped", e.text, plural(dropped, "event")))
	}
}

func (e *eventHook) waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.queue)
}

// serve runs the command once and writes to it until it ends, or no more comes.
func (e *eventHook) serve() error {
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	c := e.h.command(ctx, e.text)
	words := &firstBytes{most: maxHookWords}
	c.Stdout, c.Stderr = io.Discard, words
	in, err := c.StdinPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	writing := make(chan error, 1)
	go func() { writing <- e.write(in, ended) }()
	var wrong error
	select {
	case wrong = <-writing:
	case <-e.done:
		// It may take what waits, but not for ever.
		select {
		case wrong = <-writing:
		case <-time.After(againAfter):
		}
	}
	_ = in.Close()
	select {
	case err := <-ended:
		wrong = either(wrong, err)
	case <-time.After(2 * time.Second):
		kill()
		<-ended
	}
	if said := strings.TrimSpace(words.String()); said != "" {
		return errors.New(said)
	}
	if wrong == nil || readerGone(wrong) || errors.Is(wrong, os.ErrClosed) {
		return errors.New("it read no further")
	}
	return wrong
}

// write writes lines until no more comes, or the command is gone.
func (e *eventHook) write(in io.Writer, ended chan error) error {
	var line []byte
	for {
		e.mu.Lock()
		batch := e.queue
		e.queue, e.bytes = nil, 0
		e.mu.Unlock()
		for _, l := range batch {
			line = append(append(line[:0], '{'), l.head...)
			line = append(line, ',')
			line = append(line, appendEvent(nil, l.StreamData, name{members: []byte(`"peerId":` + string(bus.QuoteJSON(string(l.Server))))})[1:]...)
			if _, err := in.Write(line); err != nil {
				return err
			}
		}
		if len(batch) > 0 {
			e.own()
			continue
		}
		select {
		case <-e.wake:
		case err := <-ended:
			ended <- err
			return err
		case <-e.done:
			if e.waiting() == 0 {
				return nil
			}
		}
	}
}

// hooksOf reads the hooks of the settings.
func (s *settings) hooksOf() (*hooks, error) {
	return newHooks(s.Hooks, filepath.Dir(s.paths.File))
}
