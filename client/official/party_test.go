package official

import (
	"fmt"
	"reflect"
	"testing"

	"ioscope/client/bus"
)

// ourClient is our library's name beside glueCore and ioCore.
const ourClient = "ours"

// party is one application of a scenario, whatever library it is made with, so
// that a scenario is written once. What a party is asked for must succeed, and
// what it is to hear of must come, or the test ends there; where something may
// be refused, the scenario gets to see it.
//
// JSON is text with sorted keys and no blanks on both sides, so that it can be
// compared. Servers are named by their peer ids.
type party interface {
	library() string
	self() peer
	leave()

	// register offers a method, whose calls come from nextCall and wait for an answer.
	register(bus.MethodDefinition) error
	unregister(name string)
	nextCall(method string) call
	// invoke asks without waiting for servers to appear; the function waits for
	// the outcome.
	invoke(f bus.MethodFilter, arguments string, target bus.Target) func() outcome

	// hear takes the next news of a kind that fits.
	hear(kind newsKind, fits ...func(news) bool) news
	waitForMethod(name string) string
	methods(bus.MethodFilter) []string
	methodsForInstance(bus.InstanceFilter) []string
	servers(bus.MethodFilter) []string
	serversOf(method string) []string
	// offers are what an instance says of itself.
	offers(peerID string) (methods, streams []string)

	// createStream publishes; without asks every subscriber is accepted.
	createStream(def bus.MethodDefinition, asks bool) publication
	// subscribe asks for a stream; the function waits for the outcome.
	subscribe(stream, arguments string, target bus.Target) func() (subscription, error)
}

// call is an invocation at the server.
type call struct {
	args, caller string
	// answer settles it with a JSON value, or with nothing for "".
	answer func(value string)
	fail   func(message string)
}

// outcome is what an invocation came to.
type outcome struct {
	// none: nobody offers what was asked for, and all else is empty.
	none bool
	// status and message are of the server that was asked first.
	status         int
	message        string
	values, errors []answer
}

// answer is one server's.
type answer struct{ by, with, value, message string }

type newsKind string

// The events of discovery, by their names in the official clients.
const (
	serverAdded         newsKind = "serverAdded"
	serverRemoved       newsKind = "serverRemoved"
	methodAdded         newsKind = "methodAdded"
	methodRemoved       newsKind = "methodRemoved"
	serverMethodAdded   newsKind = "serverMethodAdded"
	serverMethodRemoved newsKind = "serverMethodRemoved"
)

// news is an event of discovery; a server's has no method, and a method's no server.
type news struct {
	kind   newsKind
	server peer
	method string // described
	name   string // of the method
}

func ofPeer(p party) func(news) bool {
	return func(n news) bool { return n.server.PeerID == p.self().PeerID }
}

func ofName(name string) func(news) bool {
	return func(n news) bool { return n.name == name }
}

// describe gives all that clients show of a method as one text.
func describe(d bus.MethodDefinition) string {
	flags := string(d.Flags)
	if flags == "{}" || flags == "null" {
		flags = ""
	}
	return fmt.Sprintf("%s(%s) %s, streaming %v, titled %q, %q, objects %v, version %d, flags %s",
		d.Name, d.Accepts, d.Returns, d.Streaming, d.DisplayName, d.Description, d.ObjectTypes, d.Version, flags)
}

// publication is a stream at its publisher.
type publication interface {
	request() request
	subscribed() member
	unsubscribed() member
	push(data string, branches ...string)
	branches() []string
	subscribers() []seat
	closeBranch(key string)
	close()
}

// request is a wish to subscribe.
type request struct {
	args, from string
	accept     func()
	acceptOn   func(branch string)
	reject     func(reason string)
}

// seat is a subscriber as its publisher sees it.
type seat struct{ who, branch, args string }

// member is a subscriber, and what its publisher can do to it; one that is gone
// can't do a thing.
type member struct {
	seat
	push  func(data string)
	close func()
}

// subscription is a stream at its subscriber. Everything that it hears must be
// asked for in the order in which it comes; what is left at the test's end is a
// failure.
type subscription interface {
	// connected takes the publisher that accepted.
	connected() string
	data() datum
	// parted takes the publisher that ended its part, where others go on.
	parted() string
	ended() ending
	close()
	// servers are the publishers that have accepted.
	servers() []string
}

// datum is one event of a stream.
type datum struct {
	from, args, data string
	private          bool
}

// ending is how a subscription ended; server is who ended it, empty when mine.
type ending struct {
	mine           bool
	server, reason string
}

// want compares what a party says with what it has to say.
func want[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %+v; want %+v", what, got, want)
	}
}
