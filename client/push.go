package client

import (
	"encoding/json"
	"fmt"

	"ioscope/client/internal/wire"
)

// PushOptions are what a publisher may tell beside the data of an event (gw3 5.7:
// sequence and snapshot of publish and post). Gateways pass both on as they are, and
// subscribers of this package see them in bus.StreamData; official clients neither
// send them nor show them. nil is fine, and tells neither.
type PushOptions struct {
	// Sequence numbers the event, so that subscribers can see whether they missed one:
	// a JSON number, such as json.Number("42"), that grows by one with each event, in
	// each branch or in the whole stream, as the publisher likes. Nothing on the way
	// counts with it. Every digit is sent, but a gateway that reads numbers as
	// JavaScript does keeps only the first 15 or so. Default: none.
	Sequence json.Number
	// Snapshot marks an event that tells the whole state, and not what changed.
	// Default: not marked.
	Snapshot bool
}

// frame is the message of an event, but for whom it is for.
func (o *PushOptions) frame(data any) (f wire.Frame, err error) {
	if f.Data, err = object(data); err != nil {
		return f, fmt.Errorf("data: %w", err)
	}
	if o == nil {
		return f, nil
	}
	if o.Sequence != "" {
		raw := []byte(o.Sequence)
		if c := raw[0]; c != '-' && (c < '0' || c > '9') || !json.Valid(raw) {
			return f, fmt.Errorf("sequence %q is not a JSON number", o.Sequence)
		}
		f.Sequence = raw
	}
	if o.Snapshot {
		f.Snapshot = wire.Raw("true")
	}
	return f, nil
}
