package gateway

import "sync/atomic"

// meter counts what goes through one connection. Each has its own, so that no
// two of them fight over a cache line; the reader touches the first two numbers
// and the writer the others.
type meter struct {
	messagesIn, bytesIn   atomic.Uint64
	messagesOut, bytesOut atomic.Uint64
	// dropped is how many messages were thrown away, unwritten, when the
	// connection ended.
	dropped atomic.Uint64
	// waiting is true while the reader waits for a queue that is too full, slow
	// once the connection was cut off for it.
	waiting, slow atomic.Bool
}

func (m *meter) read(size int) {
	m.messagesIn.Add(1)
	m.bytesIn.Add(uint64(size))
}

// wrote counts a message that is on its way.
func (m *meter) wrote(size int) {
	m.messagesOut.Add(1)
	m.bytesOut.Add(uint64(size))
}
