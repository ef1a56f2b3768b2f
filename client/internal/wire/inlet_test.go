package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestInletPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer near.Close()
		go func() {
			defer far.Close()
			for n := range 10 {
				time.Sleep(time.Millisecond)
				fmt.Fprintf(far, "message %d;", n)
			}
		}()
		in := newInlet(near)
		in.pause.Store(int64(50 * time.Millisecond))
		started := time.Now()
		read := func(want string) {
			t.Helper()
			got := make([]byte, 4) // smaller than a message, so that the rest is kept
			var all strings.Builder
			for all.Len() < len(want) {
				n, err := in.Read(got)
				if err != nil {
					t.Fatal(err)
				}
				all.Write(got[:n])
			}
			if all.String() != want {
				t.Errorf("read %q, want %q", all.String(), want)
			}
		}
		read("message 0;")
		if took := time.Since(started); took != time.Millisecond {
			t.Errorf("the first came after %s", took)
		}
		read("message 1;")
		if took := time.Since(started); took != 50*time.Millisecond {
			t.Errorf("the second came after %s", took)
		}
		in.pause.Store(0)
		for n := 2; n < 10; n++ {
			read(fmt.Sprintf("message %d;", n))
		}
		if n, err := in.Read(make([]byte, 4)); n != 0 || err == nil {
			t.Errorf("after the end: %d, %v", n, err)
		}
	})
}

// lots is a socket in which there is always something.
type lots struct{ net.Conn }

func (lots) Read(p []byte) (int, error) { return len(p), nil }

func TestInletDoesNotThrottle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := newInlet(lots{})
		in.pause.Store(int64(time.Hour))
		started := time.Now()
		for range 1000 {
			if _, err := in.Read(make([]byte, inletSize)); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(started); took > 2*time.Hour {
			t.Errorf("a full socket was read with pauses: %s", took)
		}
	})
}

func TestDialledIsCutByItsContext(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := Accept(w, r, 1<<20)
		if err != nil {
			return
		}
		defer c.Close(CodeNormal, "")
		for {
			msg, err := c.Read(r.Context())
			if err != nil || c.Write(r.Context(), msg) != nil {
				return
			}
		}
	}))
	defer server.Close()
	c, err := Dial(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(CodeCut, "")
	c.(Pacer).Pace(time.Millisecond)
	one, stopOne := context.WithCancel(t.Context())
	two, stopTwo := context.WithCancel(t.Context())
	defer stopOne()
	for _, ctx := range []context.Context{one, two, two} {
		if err := c.Write(ctx, []byte(`{"a":1}`)); err != nil {
			t.Fatal(err)
		}
		if msg, err := c.Read(ctx); err != nil || string(msg) != `{"a":1}` {
			t.Fatalf("read %s, %v", msg, err)
		}
	}
	stopOne() // no read goes by it
	if err := c.Write(two, []byte(`{"b":2}`)); err != nil {
		t.Fatal(err)
	}
	if msg, err := c.Read(two); err != nil || string(msg) != `{"b":2}` {
		t.Fatalf("after the end of a context of before: %s, %v", msg, err)
	}
	if _, err := c.Read(one); !errors.Is(err, context.Canceled) {
		t.Errorf("read with an ended context: %v", err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := c.Read(two)
		done <- err
	}()
	stopTwo()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cut with %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("a read outlives its context")
	}
}
