package official

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// host is a running app.mjs, which may hold several applications.
type host struct {
	library string
	process *process

	mu   sync.Mutex
	apps map[int]*app // by number; those that ended are missing
	last int
	odd  error // what it said that nobody can read
}

func startHost(home, library string) (*host, error) {
	h := &host{library: library, apps: map[int]*app{}}
	p, err := startProcess(home, h.heard, "app.mjs", library)
	if err != nil {
		return nil, err
	}
	h.process = p
	return h, nil
}

// stop ends the process.
func (h *host) stop() error {
	err := h.process.stop()
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(err, h.odd)
}

// heard gives a line to the application that it is about.
func (h *host) heard(line []byte) {
	var to struct{ App *int }
	err := json.Unmarshal(line, &to)
	if err != nil || to.App == nil {
		err = fmt.Errorf("%s says %q", h.library, line)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	// The last events of an application may come when the test is over.
	if err == nil && h.apps[*to.App] != nil {
		err = h.apps[*to.App].heard(line)
	}
	h.odd = errors.Join(h.odd, err)
}

// newApp makes an application, which does not log in yet. The test's end forgets it.
func (h *host) newApp(t testing.TB) *app {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	a := &app{
		t: t, library: h.library, process: h.process, number: h.last,
		changed: make(chan struct{}), replies: map[int]reply{},
	}
	h.apps[a.number] = a
	t.Cleanup(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.apps, a.number)
		a.logFailure()
	})
	return a
}

// newApp makes an application with a process of its own, without logging in.
func newApp(t testing.TB, library string) *app {
	t.Helper()
	h, err := startHost(officialHome(t), library)
	if err != nil {
		t.Fatal(err)
	}
	a := h.newApp(t)
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	return a
}
