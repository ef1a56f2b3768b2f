package interval

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Messages may come in pieces: objects with an id, the number of pieces, the
// place of this one and a part of the text. SDKs of this day never cut a message
// and this side never does, but who reads has to be ready.
type chunk struct {
	ID          *string `json:"id"`
	TotalChunks *int    `json:"totalChunks"`
	Chunk       *int    `json:"chunk"`
	Data        *string `json:"data"`
}

// Bounds of what is kept of messages that may never be complete.
const (
	maxChunks   = 10_000
	maxPartial  = 16       // messages at a time
	maxAssembly = 64 << 20 // bytes of all
)

// assembly puts chunks together.
type assembly struct {
	parts map[string]*partial
	order []string
	bytes int
}

type partial struct {
	texts   []*string
	missing int
	bytes   int
}

// read gives the message of a frame's data, nil for none yet, and for the texts
// that are no RPC ("ping").
func (a *assembly) read(data json.RawMessage) (*message, error) {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return nil, errors.New("data is not text")
	}
	if text == "ping" || text == authenticated {
		return nil, nil
	}
	var c chunk
	if json.Unmarshal([]byte(text), &c) == nil && c.TotalChunks != nil && c.Chunk != nil && c.Data != nil && c.ID != nil {
		whole, done, err := a.add(c)
		if err != nil || !done {
			return nil, err
		}
		text = whole
	}
	return readMessage(text)
}

func readMessage(text string) (*message, error) {
	var loose struct {
		ID         *string         `json:"id"`
		Kind       string          `json:"kind"`
		MethodName *string         `json:"methodName"`
		Data       json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal([]byte(text), &loose); err != nil {
		return nil, err
	}
	switch {
	case loose.ID == nil:
		return nil, errors.New("no id")
	case loose.MethodName == nil:
		return nil, errors.New("no methodName")
	case loose.Kind != kindCall && loose.Kind != kindResponse:
		return nil, fmt.Errorf("kind %q", clip(loose.Kind, 40))
	}
	return &message{*loose.ID, loose.Kind, *loose.MethodName, loose.Data}, nil
}

func (a *assembly) add(c chunk) (whole string, done bool, err error) {
	total, at := *c.TotalChunks, *c.Chunk
	if total < 1 || total > maxChunks || at < 0 || at >= total {
		return "", false, fmt.Errorf("chunk %d of %d", at, total)
	}
	p := a.parts[*c.ID]
	if p == nil {
		p = a.begin(*c.ID, total)
	}
	if len(p.texts) != total {
		a.drop(*c.ID)
		return "", false, errors.New("chunks that disagree about their number")
	}
	if p.texts[at] == nil { // a chunk that comes twice changes nothing
		p.texts[at], p.missing = c.Data, p.missing-1
		p.bytes += len(*c.Data)
		a.bytes += len(*c.Data)
	}
	if a.bytes > maxAssembly {
		a.drop(*c.ID)
		return "", false, errors.New("chunks without an end")
	}
	if p.missing > 0 {
		return "", false, nil
	}
	var text strings.Builder
	for _, t := range p.texts {
		text.WriteString(*t)
	}
	a.drop(*c.ID)
	return text.String(), true, nil
}

// begin makes room by giving the oldest message up.
func (a *assembly) begin(id string, total int) *partial {
	if a.parts == nil {
		a.parts = map[string]*partial{}
	}
	if len(a.order) >= maxPartial {
		a.drop(a.order[0])
	}
	p := &partial{texts: make([]*string, total), missing: total}
	a.parts[id] = p
	a.order = append(a.order, id)
	return p
}

func (a *assembly) drop(id string) {
	if p := a.parts[id]; p != nil {
		a.bytes -= p.bytes
	}
	delete(a.parts, id)
	for i, other := range a.order {
		if other == id {
			a.order = append(a.order[:i:i], a.order[i+1:]...)
			return
		}
	}
}
