// Package record keeps what was heard of a bus, and what was asked of it, so that
// it can be looked at and played again without the bus.
//
//	tap := record.NewTap()
//	c, err := client.Dial(ctx, url, &client.Options{OnEvent: tap.Hear})
//	...
//	recorder, err := tap.Start(file, nil)
//	...
//	status := tap.Stop()
//
// A [Tap] hears all of one client: discovery, by Hear, and its own calls and
// subscriptions, by Call and Subscribe. It may begin to record at any time, and
// then notes first what is there already. It never holds up who tells it
// something: lines wait in a bounded queue for a goroutine that writes them. What
// the queue does not hold is dropped, counted, and told by a line of its own.
//
// # Format
//
// A recording is JSON lines: one object a line, in the order in which things were
// heard. The first line says what it is:
//
//	{"ioscope":"recording","version":1,"at":TIME,"url":URL,"user":NAME,"application":NAME,"program":TEXT}
//
// Each other line has "at", the time as RFC 3339 writes it, and "what":
//
//	join        peer, identity, mine, local      an application joined
//	leave       peer, reason, reset              and left; reset: our connection did
//	offer       peer, methods                    what it registered
//	withdraw    peer, methods (their ids), reset and took back
//	call        id, method, accepts, returns, args, target
//	asked       id, peers                        whom the call went to
//	answer      id, peer, methodId, took_ms, value or error
//	failed      id, error                        nobody could be asked
//	subscribe   id, method, accepts, returns, args, target
//	accepted    id, peer, subscription, restored
//	rejected    id, peer, error
//	event       id, peer, private, snapshot, sequence, data
//	parted      id, peer, reason, uri            one of several publishers ended its part
//	lost        id                               our connection ended under it
//	closed      id, peer, reason, uri, mine, failed
//	connection  state, url, attempt, error       of our own connection
//	dropped     count                            lines that were too many at once
//	end         why, events, lines, dropped      the last line of a whole recording
//
// id is the number of a call or a subscription, peer the gateway's id of an
// application. A member of methods has id, name, displayName, description,
// accepts, returns, objectTypes, version, streaming, flags, restrictions and
// raw, the whole definition as it was announced. An error has uri, reason and
// context as they came; silent is true when nobody answered in time, and own when
// the words are the client's and nobody's on the bus. "already" is true on what
// was there before the recording began. Members that are empty or false are left
// out. Payloads keep every digit; only the space between their tokens goes.
//
// Readers pass over members that they do not know, and over lines of which they
// do not know "what". A change that old readers would misunderstand gets another
// version.
package record
