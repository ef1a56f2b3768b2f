package gateway

import (
	"sync"
	"time"
)

// mail says which links have something to write. A message is put into its
// receiver's outbox, and the outbox on this list, as often as messages are
// handled; the writing is done for all of them by whoever is about to wait for
// more: system calls cost more than everything else here, and so messages share
// them.
type mail struct {
	mu    sync.Mutex // guards all below, and the postage of links
	ready []*link
	slow  []*link     // may wait for company
	timer *time.Timer // runs while slow holds anybody
}

// company is how long an announcement may wait for others. Answers, calls and
// events take it along at once.
const company = 10 * time.Millisecond

// postage is how soon a link's outbox is to be flushed.
type postage uint8

const (
	nothing postage = iota
	economy         // by the timer
	express         // before whoever wrote the message waits
)

// post puts a link on the list.
func (m *mail) post(l *link, p postage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p <= l.postage {
		return
	}
	l.postage = p
	if p == express {
		m.ready = append(m.ready, l)
		return
	}
	if m.slow = append(m.slow, l); len(m.slow) > 1 {
		return
	}
	if m.timer == nil {
		m.timer = time.AfterFunc(company, m.hurry)
	} else {
		m.timer.Reset(company)
	}
}

// hurry flushes those that waited for company.
func (m *mail) hurry() {
	m.mu.Lock()
	for _, l := range m.slow {
		if l.postage == economy {
			l.postage = express
			m.ready = append(m.ready, l)
		}
	}
	clear(m.slow)
	m.slow = m.slow[:0]
	m.mu.Unlock()
	m.deliver()
}

// deliver flushes every outbox on the list. Several goroutines may do so at
// once, and share the work.
func (m *mail) deliver() {
	for {
		l := m.next()
		if l == nil {
			return
		}
		l.out.Flush()
	}
}

func (m *mail) next() *link {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := len(m.ready) - 1
	if last < 0 {
		return nil
	}
	l := m.ready[last]
	m.ready[last] = nil
	m.ready = m.ready[:last]
	l.postage = nothing // what is put from here on needs another flush
	return l
}
