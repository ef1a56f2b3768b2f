package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// The schemas of a client. They are written out in the signatures, which know no names.
const (
	addressSchema = "composite: { string street, string city, string country, string? postcode } address"
	contactSchema = "composite: { string kind (email or phone), string value }[] contacts"
	customerAsked = "string name, string? segment, " + addressSchema + ", " + contactSchema +
		", double creditLimit, datetime? since, bool active, long[]? accountIds"
	customerSchema = "long id, string name, string? segment, " + addressSchema +
		", double creditLimit, bool active, datetime since, " + contactSchema + ", long[]? accountIds"
)

// findMost is how many clients Clients.Find gives at most, and where nothing is said.
const findMost, findUsual = 200, 20

// recordMost is the longest text, in bytes of JSON, that makes a client.
const recordMost = 16 << 10

// reviewEvery is how often the desk itself changes a client while somebody follows.
const reviewEvery = 5 * time.Second

// desk is ClientDesk.
type desk struct {
	stage  *stage
	stream *client.Stream
	review *rand.Rand

	// mu guards the register and the sequence of changes, so that changes go out
	// in the order in which they happened.
	mu      sync.Mutex
	clients *register
	seq     int64
}

// clientDesk keeps clients.
func clientDesk(ctx context.Context, s *stage) error {
	c, err := s.connect(ctx, "ClientDesk")
	if err != nil {
		return err
	}
	d := &desk{stage: s, review: s.random("credit reviews"), clients: newRegister(s.random("clients"))}
	changes := bus.MethodDefinition{
		Name:        "ClientDesk.Changes",
		DisplayName: "Client Changes",
		Description: "Every client that is created, updated or removed, by whomever.",
		Returns:     "long seq, string change, long id, string name, string by, datetime at",
		ObjectTypes: []string{"Client"},
		Version:     1,
	}
	wake := newAttention()
	if d.stream, err = s.stream(ctx, c, changes, wake.options(nil)); err != nil {
		return err
	}
	if err := s.register(ctx, c, d.offers()...); err != nil {
		return err
	}
	s.run(func(ctx context.Context) {
		every := func() time.Duration { return reviewEvery }
		whileWatched(ctx, d.stream, wake, every, d.reviewOne)
	})
	return nil
}

func (d *desk) offers() []offer {
	def := func(name, display, text, accepts, returns string) bus.MethodDefinition {
		return bus.MethodDefinition{
			Name: name, DisplayName: display, Description: text, Accepts: accepts, Returns: returns,
			ObjectTypes: []string{"Client"}, Version: 3,
		}
	}
	return []offer{
		{def("Clients.Create", "Create Client", "Adds a client and gives it an id.", customerAsked, customerSchema), d.create},
		{def("Clients.Find", "Find Clients", "Finds clients by a part of their name, city or segment. An empty query finds all.",
			"string query, int? limit", "composite: { "+customerSchema+" }[] clients, int total"), d.find},
		{def("Clients.Get", "Get Client", "One client, by its id.", "long id", customerSchema), d.get},
		{def("Clients.Update", "Update Client", "Changes what is given and leaves the rest.",
			"long id, string? name, string? segment, "+strings.Replace(addressSchema, "} address", "}? address", 1)+
				", double? creditLimit, bool? active", customerSchema), d.update},
		{def("Clients.Remove", "Remove Client", "Removes a client for good.", "long id", "long id, bool removed"), d.remove},
	}
}

func (d *desk) create(_ context.Context, call client.Call) (any, error) {
	in := readRecord(call.Args)
	c := customer{
		Name:        in.text("name"),
		Segment:     in.textOr("segment", ""),
		Address:     readAddress(in),
		CreditLimit: in.amount("creditLimit"),
		Active:      in.truth("active"),
		Contacts:    readContacts(in),
	}
	since := d.stage.now()
	if in.has("since") {
		since.Time = in.when("since")
	}
	c.Since = &since
	if in.has("accountIds") {
		c.AccountIDs = in.longs("accountIds")
	}
	if err := in.problem(); err != nil {
		return nil, err
	}
	if c.Name == "" {
		return nil, errors.New("name is empty")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	created, err := d.clients.add(c)
	if err != nil {
		return nil, err
	}
	d.tell("created", created, call.Caller.Name())
	return created, nil
}

func (d *desk) find(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	query, limit := in.text("query"), in.integerOr("limit", findUsual)
	if err := in.problem(); err != nil {
		return nil, err
	}
	if limit < 1 || limit > findMost {
		return nil, fmt.Errorf("limit %d is not between 1 and %d", limit, findMost)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found := d.clients.find(query)
	return struct {
		Clients []customer `json:"clients"`
		Total   int        `json:"total"`
	}{found[:min(len(found), int(limit))], len(found)}, nil
}

func (d *desk) get(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	id := in.long("id")
	if err := in.problem(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clients.get(id)
}

func (d *desk) update(_ context.Context, call client.Call) (any, error) {
	in := readRecord(call.Args)
	id := in.long("id")
	if err := in.problem(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c, err := d.clients.get(id)
	if err != nil {
		return nil, err
	}
	c.Name = in.textOr("name", c.Name)
	c.Segment = in.textOr("segment", c.Segment)
	if in.has("address") {
		c.Address = readAddress(in)
	}
	if in.has("creditLimit") {
		c.CreditLimit = in.amount("creditLimit")
	}
	if in.has("active") {
		c.Active = in.truth("active")
	}
	if err := in.problem(); err != nil {
		return nil, err
	}
	d.clients.put(c)
	d.tell("updated", c, call.Caller.Name())
	return c, nil
}

func (d *desk) remove(_ context.Context, call client.Call) (any, error) {
	in := readArgs(call.Args)
	id := in.long("id")
	if err := in.problem(); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c, err := d.clients.get(id)
	if err != nil {
		return nil, err
	}
	d.clients.remove(id)
	d.tell("removed", c, call.Caller.Name())
	return struct {
		ID      int64 `json:"id"`
		Removed bool  `json:"removed"`
	}{id, true}, nil
}

// reviewOne gives one client another credit limit, as a desk does of itself.
func (d *desk) reviewOne() {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.clients.pick(d.review)
	if !ok {
		return
	}
	c.CreditLimit = wholeAmount(500 * (10 + d.review.Int64N(190)))
	d.clients.put(c)
	d.tell("updated", c, "credit review")
}

// change is one event of ClientDesk.Changes.
type change struct {
	Seq    int64       `json:"seq"`
	Change string      `json:"change"`
	ID     int64       `json:"id"`
	Name   string      `json:"name"`
	By     string      `json:"by"`
	At     client.Date `json:"at"`
}

// tell pushes a change; the caller holds mu.
func (d *desk) tell(what string, c customer, by string) {
	d.seq++
	d.stage.heed(d.stream.Push(change{d.seq, what, c.ID, c.Name, by, d.stage.now()}))
}

// readRecord reads arguments that will be kept.
func readRecord(raw json.RawMessage) *args {
	in := readArgs(raw)
	if len(raw) > recordMost {
		in.fail(fmt.Errorf("a client takes at most %d bytes, not %d", recordMost, len(raw)))
	}
	return in
}

func readAddress(in *args) address {
	a := in.object("address")
	return address{
		Street:   a.text("street"),
		City:     a.text("city"),
		Country:  a.text("country"),
		Postcode: a.textOr("postcode", ""),
	}
}

func readContacts(in *args) []contact {
	contacts := []contact{}
	for _, one := range in.objects("contacts") {
		c := contact{Kind: one.text("kind"), Value: one.text("value")}
		if c.Kind != "email" && c.Kind != "phone" {
			one.fail(fmt.Errorf("%skind is neither email nor phone: %q", one.path, clip(c.Kind)))
		}
		contacts = append(contacts, c)
	}
	return contacts
}
