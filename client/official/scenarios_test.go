package official

import (
	"slices"
	"sync"
	"testing"
)

// scenario is one of the things that the Interop documentation of the platform
// has an application do.
type scenario struct {
	name, title string
	play        func(*scene)
}

var scenarios = []scenario{
	{"invoke", "register a method and invoke it", registerAndInvoke},
	{"target", "target the default server, all of them, one application", targetServers},
	{"methods", "discover methods", discoverMethods},
	{"servers", "find servers", findServers},
	{"stream", "publish and subscribe", publishAndSubscribe},
	{"events", "hear the events of a stream, at both ends", hearStreamEvents},
	{"manage", "manage subscriptions: accept, accept on a private branch, reject; push to all, to one branch, to one subscriber", manageSubscriptions},
}

// libraries are what a party may be made with.
var libraries = []string{glueCore, ioCore, ourClient}

// difference is a point in which parties of some libraries do otherwise than the
// rest. Scenarios that come upon it expect of these what does says, and of the
// others the opposite.
type difference struct {
	name      string
	libraries []string
	does, why string
}

// differences are all there are: what is not here is expected of every party.
var differences = []difference{
	{
		"patterns",
		[]string{glueCore, ioCore},
		"a regular expression in a target, such as `/first$/`, is taken for a plain text, and nobody is found",
		"their filters compare texts and nothing else; our client keeps the documentation's promise of patterns",
	},
	{
		"replay",
		[]string{glueCore, ioCore},
		"who joins late is told twice of a method that two servers offer, as if it were new each time",
		"they replay an entry for each server, although live they tell of the first server alone, as our client does in both cases",
	},
	{
		"first",
		[]string{glueCore, ioCore},
		"who subscribes to several publishers is told of the first alone that accepts",
		"their connected event is about the subscription; our client tells of each publisher",
	},
	{
		"part",
		[]string{glueCore, ioCore},
		"who subscribes to several publishers hears nothing when one of them ends its part",
		"their closed event is about the subscription; our client tells of each publisher",
	},
	{
		"refusal",
		[]string{glueCore, ioCore},
		"a publisher's reason for a refusal comes inside a sentence, together with the arguments",
		"their error has nothing but a message; our client's has the reason as a field",
	},
	{
		"reason",
		[]string{glueCore, ioCore},
		"a subscriber is told that the publisher ended the subscription, and not why",
		"they drop the reason that comes over the wire; our client shows it",
	},
	{
		"swept",
		[]string{glueCore, ioCore},
		"a publisher that closes a branch or the whole stream is not told of the subscribers that go with it",
		"they call the handler for single subscribers alone; our client calls it for whoever goes",
	},
}

// pairing is who plays with whom, where.
type pairing struct {
	gateway gatewayKind
	// server is the library of servers and publishers, client that of callers and
	// subscribers.
	server, client string
}

func (p pairing) String() string {
	return p.gateway.name + "/" + p.server + " serves " + p.client
}

func pairings() []pairing {
	var all []pairing
	for _, kind := range gateways {
		for _, server := range libraries {
			for _, client := range libraries {
				all = append(all, pairing{kind, server, client})
			}
		}
	}
	return all
}

// TestScenarios plays every scenario with each library in every role on both
// gateways, and holds testdata/scenarios.md against what was played.
func TestScenarios(t *testing.T) {
	t.Parallel()
	played := &record{cells: map[cell][]string{}}
	t.Cleanup(func() { checkTable(t, played) }) // when the parallel tests are done
	for _, p := range pairings() {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			servers, clients := crew(t, p.server), crew(t, p.client)
			url := p.gateway.url(t)
			for _, sc := range scenarios {
				t.Run(sc.name, func(t *testing.T) {
					s := &scene{T: t, url: url, servers: servers, clients: clients}
					// Registered first, this runs last, when the parties have gone in peace.
					t.Cleanup(func() {
						if !t.Failed() {
							played.add(cell{sc.name, p.server, p.client, p.gateway.name}, s.met)
						}
					})
					sc.play(s)
				})
			}
		})
	}
}

// join makes a party of an application of that name.
type join = func(t testing.TB, url, application string) party

// crew gives the parties of one role. Those of an official client share a
// process for all scenarios, in which each logs in anew.
func crew(t *testing.T, library string) join {
	t.Helper()
	if library == ourClient {
		return joinOurs
	}
	h, err := startHost(officialHome(t), library)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	return h.join
}

// scene is one run of a scenario.
type scene struct {
	*testing.T
	url              string
	servers, clients join
	met              []string // the differences, by name
}

// server and client make a party; its name must be its own in the scene.
func (s *scene) server(name string) party {
	s.Helper()
	return s.servers(s, s.url, userOf(s)+" "+name)
}

func (s *scene) client(name string) party {
	s.Helper()
	return s.clients(s, s.url, userOf(s)+" "+name)
}

// differs reports whether the party does otherwise in this point, and notes that
// the scene came upon it.
func (s *scene) differs(p party, name string) bool {
	s.Helper()
	at := slices.IndexFunc(differences, func(d difference) bool { return d.name == name })
	if at < 0 {
		s.Fatalf("there is no difference %q", name)
	}
	if !slices.Contains(differences[at].libraries, p.library()) {
		return false
	}
	if !slices.Contains(s.met, name) {
		s.met = append(s.met, name)
	}
	return true
}

// ok ends the scene where there is an error.
func (s *scene) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// cell is a scenario that was played to a good end.
type cell struct{ scenario, server, client, gateway string }

// record is what was played, and which differences were met there.
type record struct {
	mu    sync.Mutex
	cells map[cell][]string
}

func (r *record) add(c cell, met []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cells[c] = met
}
