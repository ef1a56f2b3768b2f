package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/stub"
	"ioscope/model"
	"ioscope/ui"
)

// server has what the explorer offers on the bus: it answers what rules decide,
// and hands the rest to the person. It outlives connections.
type server struct {
	inbox *ui.Inbox

	mu     sync.Mutex
	client *client.Client
	list   map[model.OfferingID]*ownOffer
	// nextCall and nextSubscriber number those who ask, and those who were accepted.
	nextCall, nextSubscriber int
}

// maxWaiting bounds what may wait for a person at one offer.
const maxWaiting = 1000

// ownOffer is a method or a stream of ours.
type ownOffer struct {
	all *server
	id  model.OfferingID
	p   model.Provision
	// ctx ends when the offer is taken back.
	ctx   context.Context
	stop  context.CancelFunc
	calls atomic.Int64
	rules atomic.Pointer[ruleset]

	// Guarded by all.mu.
	method *client.Method
	out    stream
	// waiting are calls, asking wishes to subscribe, that a person has to decide on.
	waiting map[int]*waiting
	asking  map[int]*asking
}

// ruleset are rules that are ready, with their ids.
type ruleset struct {
	ids        []int
	answers    *stub.Answers
	admissions *stub.Admissions
}

func newServer(inbox *ui.Inbox) *server {
	return &server{inbox: inbox, list: map[model.OfferingID]*ownOffer{}}
}

// use goes on with another client. Where it is for another bus, nothing is offered
// there; else all is offered again.
func (o *server) use(c *client.Client, again bool) {
	o.mu.Lock()
	o.client = c
	list := o.list
	if !again {
		o.list = map[model.OfferingID]*ownOffer{}
	}
	o.mu.Unlock()
	for _, f := range list {
		if !again {
			f.stop()
			continue
		}
		go func() { o.inbox.Put(model.Provided{ID: f.id, Err: f.register(c)}) }()
	}
}

// close ends all that goes on by itself.
func (o *server) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.list {
		f.stop()
	}
}

// Serve implements ui.Bus.
func (s *session) Serve(e model.ServeEffect) func() error {
	if s.who().readOnly {
		return func() error { return errors.New(e.Deed().Forbidden()) }
	}
	return s.offers.do(e)
}

// do begins what an effect asks for, in the order of the effects, and returns what
// may wait for the bus; nil for nothing.
func (o *server) do(e model.ServeEffect) func() error {
	switch e := e.(type) {
	case model.Provide:
		return o.provide(e)
	case model.Alter:
		return o.alter(e)
	case model.LoadOffers:
		return func() error { o.inbox.Put(readOffers(e.Path)); return nil }
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.list[idOf(e)]
	if f == nil {
		return nil
	}
	switch e := e.(type) {
	case model.Withdraw:
		delete(o.list, e.ID)
		return f.withdraw()
	case model.Govern:
		return said(f.govern(e.Rules))
	case model.AnswerTo:
		return said(f.reply(e))
	case model.Admit:
		return said(f.admit(e))
	case model.Push:
		return func() error { return f.push(0, e.To, e.Data, nil, time.Time{}) }
	case model.Pace:
		return said(f.pace(e.Timer))
	case model.Unpace:
		f.unpace(e.Timer)
	case model.Dismiss:
		return func() error { f.dismiss(e.To); return nil }
	}
	return nil
}

// said tells of an error.
func said(err error) func() error {
	if err == nil {
		return nil
	}
	return func() error { return err }
}

func idOf(e model.ServeEffect) model.OfferingID {
	switch e := e.(type) {
	case model.Withdraw:
		return e.ID
	case model.Govern:
		return e.ID
	case model.AnswerTo:
		return e.ID
	case model.Admit:
		return e.ID
	case model.Push:
		return e.ID
	case model.Pace:
		return e.ID
	case model.Unpace:
		return e.ID
	case model.Dismiss:
		return e.ID
	}
	return 0
}

func (o *server) provide(e model.Provide) func() error {
	f := &ownOffer{all: o, id: e.ID, p: e.Provision, waiting: map[int]*waiting{}, asking: map[int]*asking{}}
	f.out.reset()
	f.ctx, f.stop = context.WithCancel(context.Background())
	err := f.govern(e.Rules)
	o.mu.Lock()
	for _, t := range e.Timers {
		err = errors.Join(err, f.pace(t))
	}
	o.list[e.ID] = f
	c := o.client
	o.mu.Unlock()
	return func() error {
		if err == nil {
			err = f.register(c)
		}
		o.inbox.Put(model.Provided{ID: e.ID, Err: err})
		return nil
	}
}

// alter takes an offer back and, when the bus has agreed, offers it again as it is
// now. Where only how long callers wait is another, nobody notices.
func (o *server) alter(e model.Alter) func() error {
	o.mu.Lock()
	f := o.list[e.ID]
	if f != nil && model.SameDefinition(f.p.Def, e.Def) {
		f.p.Patience = e.Patience
		o.mu.Unlock()
		return func() error { o.inbox.Put(model.Provided{ID: e.ID}); return nil }
	}
	back := func() error { return nil }
	if f != nil {
		back = f.withdraw()
		delete(o.list, e.ID)
	}
	o.mu.Unlock()
	again := o.provide(model.Provide(e))
	return func() error {
		if err := back(); err != nil {
			o.inbox.Put(model.Provided{ID: e.ID, Err: fmt.Errorf("as it was it can't be taken back: %w", err)})
			return nil
		}
		return again()
	}
}

// register offers it on a connection, and waits until the bus has agreed.
func (f *ownOffer) register(c *client.Client) error {
	var method *client.Method
	var stream *client.Stream
	var err error
	if f.p.Def.Streaming {
		stream, err = c.CreateStream(f.ctx, f.p.Def, &client.StreamOptions{
			OnRequest: f.asked, OnWithdrawn: f.withdrawn, OnSubscribed: f.joined, OnUnsubscribed: f.parted,
		})
	} else {
		method, err = c.Register(f.ctx, f.p.Def, f.answer)
	}
	var taken *client.NameTakenError
	switch {
	case errors.As(err, &taken):
		return fmt.Errorf("you offer %s already", f.p.Def.Name)
	case err != nil:
		return err
	}
	f.all.mu.Lock()
	f.method, f.out.stream = method, stream
	f.all.mu.Unlock()
	if f.ctx.Err() != nil { // it was taken back meanwhile
		return f.unregister()
	}
	return nil
}

// takeBack is how long the bus may take to agree that an offer is taken back.
const takeBack = 5 * time.Second

func (f *ownOffer) unregister() error {
	ctx, cancel := context.WithTimeout(context.Background(), takeBack)
	defer cancel()
	f.all.mu.Lock()
	method, stream := f.method, f.out.stream
	f.all.mu.Unlock()
	switch {
	case method != nil:
		return method.Unregister(ctx)
	case stream != nil:
		return stream.Close(ctx)
	}
	return nil
}

// withdraw ends the offer. o.mu is held.
func (f *ownOffer) withdraw() func() error {
	f.stop()
	for id, q := range f.asking {
		delete(f.asking, id)
		q.request.Reject(f.p.Def.Name + " is taken back")
		f.over(q.came, model.Over{How: model.ByHand, Err: "taken back"})
	}
	return f.unregister
}

// govern gives the offer other rules, and lets them look at what waits.
func (f *ownOffer) govern(rules []model.Rule) error {
	set := &ruleset{}
	var answers []stub.Answer
	var admissions []stub.Admission
	for _, r := range rules {
		set.ids = append(set.ids, r.ID)
		answers = append(answers, stub.Answer{When: r.When, After: r.After, Value: r.Value, JQ: r.JQ, Error: r.Error})
		a := stub.Admission{When: r.When, Branch: r.Branch}
		if r.Error != nil {
			a.Reject = &r.Error.Reason
		}
		admissions = append(admissions, a)
	}
	var err error
	if f.p.Def.Streaming {
		set.admissions, err = stub.NewAdmissions(f.p.Seed, f.p.Def.Name, admissions)
	} else {
		set.answers, err = stub.NewAnswers(f.p.Seed, f.p.Def.Name, answers)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.p.Def.Name, err)
	}
	f.rules.Store(set)
	for _, w := range f.waiting {
		select {
		case w.again <- struct{}{}:
		default:
		}
	}
	for id, q := range f.asking {
		go f.reconsider(id, q)
	}
	return nil
}

// came makes what tells of somebody who asks.
func (f *ownOffer) came(who bus.Instance, args json.RawMessage) model.Came {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	f.all.nextCall++
	now := time.Now()
	return model.Came{ID: f.id, Call: f.all.nextCall, Caller: who, Args: args, At: now, Deadline: now.Add(f.p.Patience)}
}

func (f *ownOffer) over(came model.Came, how model.Over) {
	how.Came, how.Over = came, time.Now()
	f.all.inbox.Put(how)
}

// reason is what an error says to the other side.
func reason(err error) string {
	var e *bus.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e) && e.Reason != "":
		return e.Reason
	}
	return err.Error()
}

// readOffers reads a file of offers.
func readOffers(path string) model.OffersRead {
	in := model.OffersRead{Path: path}
	app, err := stub.Load(home(path))
	if err != nil {
		in.Err = err
		var many stub.Problems
		if errors.As(err, &many) && len(many) > 1 {
			in.Err = fmt.Errorf("%v (and %s; ioscope serve --check tells of all)", many[0], plural(len(many)-1, "problem"))
		}
		return in
	}
	for _, n := range app.Notes {
		in.Notes = append(in.Notes, n.String())
	}
	for _, o := range app.Offers() {
		p := model.Provision{Def: o.Def, CloseAfter: o.CloseAfter, CloseReason: o.CloseReason, Seed: app.Seed}
		for _, a := range o.Answers {
			p.Rules = append(p.Rules, model.Rule{When: a.When, After: a.After, Value: a.Value, JQ: a.JQ, Error: a.Error})
		}
		for _, a := range o.Admissions {
			r := model.Rule{When: a.When, Branch: a.Branch}
			if a.Reject != nil {
				r.Error = &bus.Error{Reason: *a.Reject}
			}
			p.Rules = append(p.Rules, r)
		}
		if o.Def.Streaming && len(p.Rules) == 0 {
			p.Rules = []model.Rule{{}} // everybody is accepted
		}
		for _, d := range o.Feeds {
			p.Timers = append(p.Timers, model.Timer{
				To: model.PushTo{Branch: d.Branch, Each: d.Private}, Every: d.Every, After: d.After, Times: d.Times, Value: d.Value, JQ: d.JQ,
				Numbered: d.Numbered, Snapshot: d.Snapshot,
			})
		}
		in.Offers = append(in.Offers, p)
	}
	return in
}

// home reads a leading ~ as a shell does.
func home(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	dir, err := os.UserHomeDir()
	if !ok || err != nil || rest != "" && rest[0] != '/' {
		return path
	}
	return dir + rest
}

// mostNames bounds how many names are offered for a path.
const mostNames = 100

// Complete implements ui.Bus.
func (s *session) Complete(path string) []string {
	dir, start := filepath.Split(path)
	entries, err := os.ReadDir(home(dir + "./"))
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, start) || start == "" && strings.HasPrefix(name, ".") {
			continue
		}
		switch ext := strings.ToLower(filepath.Ext(name)); {
		case e.IsDir():
			name += "/"
		case ext != ".yaml" && ext != ".yml" && ext != ".json":
			continue
		}
		if out = append(out, dir+name); len(out) == mostNames {
			break
		}
	}
	return out
}
