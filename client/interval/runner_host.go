package interval

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// Hello is what a host tells when it connects.
type Hello struct {
	// InstanceID is the identity of its process; empty for a new one.
	InstanceID string
	// Key is its API key.
	Key string
	// Remote is where it comes from, for people.
	Remote string
	// BaseURL is where it reached the runner, as http://HOST; may be empty.
	BaseURL string
}

// instance is a host, over all its connections.
type instance struct {
	id     string
	duplex *Duplex[RunnerSide, HostSide]
	door   chan struct{} // holds one connection that is being let in

	// All below is guarded by Runner.mu.
	hello    Hello
	def      HostDefinition
	callers  int     // connections of it that are being served
	socket   *Socket // nil while away
	replaced *Socket // says goodbye for another, which takes its place
	release  func()  // lets the next connection in
	joined   bool    // has told what it offers, at some time
	ready    bool    // and over this socket
	closing  bool
	since    time.Time
	seen     int         // last call id before the current socket
	initID   string      // of the INITIALIZE_HOST that is being handled
	open     bool        // has heard over this socket that it is accepted: before, it drops what it is told
	waiting  []func()    // tell it then
	goneFrom *time.Timer // gives its transactions up
	leaving  []string    // transactions that were left while it was away
}

func (h *instance) stopTimer() {
	if h.goneFrom != nil {
		h.goneFrom.Stop()
		h.goneFrom = nil
	}
}

func (h *instance) info() HostInfo {
	return HostInfo{
		ID: h.id, SDKName: h.def.SDKName, SDKVersion: h.def.SDKVersion, Remote: h.hello.Remote, Key: keyName(h.hello.Key),
		Actions: slices.Clone(h.def.Actions), Pages: slices.Clone(h.def.Groups),
		Online: h.ready && h.socket != nil, Closing: h.closing, Since: h.since,
	}
}

// keyName is the part of a key that may be shown.
func keyName(key string) string {
	return clip(key[:max(strings.LastIndexByte(key, '_'), 0)], 60)
}

func (r *Runner) newDuplex(h *instance) *Duplex[RunnerSide, HostSide] {
	d := NewDuplex[RunnerSide, HostSide](DuplexOptions{
		Unknown: json.RawMessage("false"), Logger: r.opts.Logger,
		OnOdd: func(err *MessageError) { r.odd(h.id, err) },
		OnCall: func(id, method string) {
			if method == InitializeHost.Name {
				r.mu.Lock()
				h.initID = id
				r.mu.Unlock()
			}
		},
		OnArrived: func(id string) { r.opened(h, id) },
	})
	Handle(d, InitializeHost, func(in HostDefinition) json.RawMessage { return r.initialize(h, in) })
	Handle(d, SendIOCall, func(in IOCallMessage) json.RawMessage { return r.ioCall(h, in) })
	Handle(d, SendLoading, func(in LoadingMessage) bool { return r.loading(h, in) })
	Handle(d, SendLog, func(in LogMessage) bool { return r.log(h, in) })
	Handle(d, SendRedirect, func(in RedirectMessage) bool { return r.redirect(h, in) })
	Handle(d, SendNotify, func(in NotifyMessage) bool { return r.notify(h.id, in) == nil })
	Handle(d, MarkComplete, func(in CompleteMessage) bool { return r.complete(h, in) })
	Handle(d, SendPage, func(in PageMessage) bool { return r.drawPage(h, in) })
	Handle(d, BeginShutdown, func(ShutdownMessage) ShutdownAnswer { return r.shutdown(h) })
	return d
}

func (r *Runner) odd(host string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opts.Logger.Warn("host sent what the protocol doesn't allow", "host", host, "err", err)
	r.emit(Odd{host, err})
}

// initialize takes what a host offers. On a connection that was made again, what
// the loss of the former one left undone follows the answer.
func (r *Runner) initialize(h *instance, def HostDefinition) json.RawMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	warnings, invalid := checkSlugs(&def)
	again, first := h.joined, !h.ready
	h.def, h.joined, h.ready = def, true, true
	switch {
	case first:
		r.emit(HostJoined{h.info(), again})
	default:
		r.emit(HostChanged{h.info()})
	}
	if first && again {
		// The answer itself is posted when this handler returns; the rest has to
		// come behind it.
		r.work.Go(func() { r.recover(h, h.socket, h.seen, h.initID) })
	}
	answer, _ := schema.Marshal(InitializeAnswer{
		Type: "success", Environment: r.opts.Environment, InvalidSlugs: invalid, Organization: r.opts.Organization,
		DashboardURL: r.base(h) + "/dashboard/" + r.opts.Organization.Slug + "/actions", Warnings: warnings,
	})
	return answer
}

// tell does something that a host would drop before it has heard that it is
// accepted. It must be called with mu held.
func (h *instance) tell(post func()) {
	if h.open {
		post()
		return
	}
	h.waiting = append(h.waiting, post)
}

// opened notes that a host has acknowledged that it is accepted.
func (r *Runner) opened(h *instance, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if id != h.initID || !h.ready || h.open {
		return
	}
	h.open = true
	h.release()
	for _, post := range h.waiting {
		post()
	}
	h.waiting = nil
}

// checkSlugs drops what nobody could start, as the real server does.
func checkSlugs(def *HostDefinition) (warnings, invalid []string) {
	good := func(slug, more string) bool {
		return slug != "" && !strings.Contains(slug, "//") && strings.IndexFunc(slug, func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._-"+more, c)
		}) < 0
	}
	def.Actions = slices.DeleteFunc(slices.Clone(def.Actions), func(a ActionDefinition) bool {
		bad := !good(a.Slug, "") || a.GroupSlug != "" && !good(a.GroupSlug, "/")
		if bad {
			invalid = append(invalid, a.FullSlug())
		}
		return bad
	})
	def.Groups = slices.DeleteFunc(slices.Clone(def.Groups), func(p PageDefinition) bool {
		bad := !good(p.Slug, "/")
		if bad {
			invalid = append(invalid, p.Slug)
		}
		return bad
	})
	if len(invalid) > 0 {
		warnings = append(warnings, "slugs may hold letters, digits, dot, underscore and hyphen only")
	}
	return warnings, invalid
}

func (r *Runner) base(h *instance) string {
	switch {
	case r.opts.BaseURL != "":
		return strings.TrimSuffix(r.opts.BaseURL, "/")
	case h.hello.BaseURL != "":
		return h.hello.BaseURL
	}
	return "http://127.0.0.1"
}

// recover repeats what may have been lost with the former connection. Answers to
// calls first, since actions wait for them.
func (r *Runner) recover(h *instance, socket *Socket, seen int, initID string) {
	h.duplex.receiving.Lock() // until the answer to INITIALIZE_HOST is on its way
	defer h.duplex.receiving.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if h.socket != socket || r.closed {
		return
	}
	h.duplex.Repeat()
	if n := h.duplex.release(seen, initID); n > 0 {
		r.opts.Logger.Info("calls were lost with a connection", "host", h.id, "calls", n)
	}
	for _, id := range h.leaving {
		_ = Post(h.duplex, CloseRun, CloseRunMessage{id}, nil, nil)
	}
	h.leaving = nil
	for _, run := range r.runs {
		if run.host == h {
			run.repeat()
		}
	}
	for _, p := range r.pages {
		if p.host == h {
			p.repeat()
		}
	}
}

// gone gives up on a host. Should it come back after all, its transactions come
// to life again with what it sends.
func (r *Runner) gone(h *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h.goneFrom = nil
	if h.callers > 0 || r.closed || r.hosts[h.id] != h {
		return // or somebody is at the door; exit winds the timer again
	}
	delete(r.hosts, h.id)
	r.order = slices.DeleteFunc(r.order, func(id string) bool { return id == h.id })
	r.emit(HostGone{h.info()})
	for _, run := range r.runs {
		if run.host == h && run.phase != PhaseEnded {
			run.end(&schema.Result{Status: schema.StatusFailure, Failure: &schema.Failure{
				Kind: "HostGone", Message: "the host did not come back; how the action ended is not known",
			}})
			run.given = true
		}
	}
	for key, p := range r.pages {
		if p.host == h {
			p.stopTimers()
			delete(r.pages, key)
			r.emit(PageFailed{key, errors.New("the host did not come back")})
		}
	}
}

func (r *Runner) shutdown(h *instance) ShutdownAnswer {
	r.mu.Lock()
	defer r.mu.Unlock()
	h.closing = true
	r.emit(HostClosing{h.info()})
	return ShutdownAnswer{Type: "success"}
}
