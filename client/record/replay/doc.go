// Package replay brings a recording of a bus back to life: its applications join
// a bus again as real servers, at the times at which they did, offer what they
// offered, answer what they were asked, and push what they pushed.
//
//	file, err := os.Open("day.jsonl")
//	...
//	r, err := replay.Open(file, size)
//	...
//	p, err := replay.Start(ctx, "ws://127.0.0.1:8385/gw3", r, nil)
//	...
//	defer p.Close()
//
// A method answers with what its application answered to the same arguments, the
// last time before the present position, else the first time, and as late as
// then. Where these arguments were never given, the answer to the nearest ones is
// returned with a member "_replay" that says so; where the application was never
// asked, another one's. A method that nobody called answers with an error that
// says that this is a recording.
//
// A stream accepts whom it accepted and refuses whom it refused, by the arguments,
// and pushes on a branch for each set of arguments. The events come in the rhythm
// in which they came, from the first one on when the first subscriber comes; those
// who come later join. What was sent to one subscriber alone, each gets anew. What
// nobody subscribed to in the recording is refused with a reason that says so.
//
// Player.Seek goes to a moment. From then on streams are where the recording is: who
// comes hears what came at the present position, or waits for it; only what is over by
// then begins anew. Who comes in the middle gets what was private in the first two
// seconds after the acceptance.
//
// Not everything comes back: peer ids are the gateway's, and what others did among
// themselves was never heard.
//
// The recording is indexed once and then read where it is needed, so its length
// costs no memory.
package replay
