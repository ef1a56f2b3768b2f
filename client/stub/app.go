package stub

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"ioscope/client/bus"
)

// App is an application as its file has it, read and checked.
//
// The file is one object with these members, of which application alone has to
// be there:
//
//	application: NAME        # on the bus
//	identity: {KEY: VALUE}   # further members of the identity that others see
//	seed: 7                  # of random; the same seed gives the same numbers
//	methods: [...]
//	streams: [...]
//
// A method has the members of a definition (name, accepts, returns, displayName,
// description, objectTypes, version, flags, restrictions) and either its answer or
// a list answers of such, of which the first one counts whose when holds:
//
//	when: JQ                 # over the arguments; missing, it always holds
//	after: 2s                # how long the answer takes
//	value: ANY               # the answer, or
//	jq: JQ                   # the answer, made of the arguments, or
//	error: TEXT              # a refusal; {reason, uri, context} says more
//
// A stream has the members of a definition too, and these:
//
//	accept:                  # rules; the first one counts whose when holds
//	  - when: JQ             # over the arguments; missing, it always holds
//	    branch: JQ           # accept on the branch of that key, or
//	    reject: TEXT         # refuse; with neither, accept on the common branch
//	data:
//	  - every: 500ms         # missing: once
//	    after: 1s            # the first one; default: every
//	    times: 10            # then no more; default: no end
//	    branch: KEY          # on this branch alone; default: on each
//	    private: true        # to each subscriber alone; default: to the branch
//	    numbered: true       # with n as the sequence number; default: without one
//	    snapshot: true       # marked as a snapshot; default: not
//	    value: OBJECT        # what is sent, or
//	    jq: JQ               # what is sent, made of {n, branch, args}
//	close: {after: 1m, reason: TEXT} # ends each subscription
//
// Without accept everybody is accepted on the common branch; with it, whom no
// rule fits is refused. Data flows while a branch has subscribers: n counts from
// 0 when the first one comes, and args are what that one asked with. Where a jq
// gives nothing the event is left out, which in numbered data is a hole.
//
// In jq, $caller (or $subscriber) is who asks: {application, instance, user,
// machine, pid, peerId}. A method's $n counts its calls from 0. random gives a
// number from 0 up to 1, random(6) a whole one from 0 to 5, and datetime makes a
// date of this bus from seconds since 1970, as in: now | datetime. error("TEXT")
// and error({reason, uri, context}) refuse.
type App struct {
	// Name is the application's name on the bus.
	Name string
	// Identity holds further members of the identity; nil for none.
	Identity map[string]any
	// Seed is what the numbers of random come from.
	Seed uint64
	// Notes are what is odd about the file and works all the same.
	Notes []Problem

	methods []method
	streams []stream
}

// Methods is how many methods it offers.
func (a *App) Methods() int { return len(a.methods) }

// Streams is how many streams it publishes.
func (a *App) Streams() int { return len(a.streams) }

type method struct {
	def     bus.MethodDefinition
	answers []answer
}

// answer is what is said to a call. Of value, jq and refusal one is set, or none:
// then nothing is returned.
type answer struct {
	when    *template // nil: always
	after   time.Duration
	value   json.RawMessage
	jq      *template
	refusal *bus.Error
}

type stream struct {
	def   bus.MethodDefinition
	rules []rule // none: everybody is accepted
	feeds []feed
	close *closing // nil: never
}

// rule decides on a subscription.
type rule struct {
	when   *template // nil: always
	branch *template // nil: the common branch
	reject *string   // nil: accepted
}

// feed is data that is sent from time to time.
type feed struct {
	every, after time.Duration // every 0: once
	times        int           // 0: no end
	branch       *string       // nil: each
	private      bool
	numbered     bool
	snapshot     bool
	value        json.RawMessage
	jq           *template
}

type closing struct {
	after  time.Duration
	reason string
}

// maxFile is the largest file that is read, in bytes.
const maxFile = 16 << 20

// Load reads an application from a file: JSON where its name ends in .json, else
// YAML. What is wrong with its text is told in an error of type Problems.
func Load(path string) (*App, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", path, cause(err))
	case info.Size() > maxFile:
		return nil, fmt.Errorf("read %s: larger than %d MiB", path, maxFile>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, cause(err))
	}
	return Parse(path, text)
}

// Parse is Load for a text that is here already; name stands for the file.
func Parse(name string, text []byte) (*App, error) {
	r := &reader{file: name}
	root := r.tree(text)
	a := &App{}
	if root != nil {
		r.app(root, a)
	}
	if len(r.problems) > 0 {
		return nil, r.sorted(r.problems)
	}
	a.Notes = r.sorted(r.notes)
	return a, nil
}
