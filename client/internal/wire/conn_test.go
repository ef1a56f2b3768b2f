package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPipeKeepsOrderAndBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		msg := []byte("0")
		for range pipeDepth {
			if err := a.Write(t.Context(), msg); err != nil {
				t.Fatal(err)
			}
			msg[0]++ // the pipe must not have kept it
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := a.Write(ctx, msg); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("a full pipe takes more: %v", err)
		}
		_ = a.Close(CodePolicy, "enough")
		for i := range pipeDepth {
			got, err := b.Read(t.Context())
			if err != nil || got[0] != byte('0'+i) {
				t.Fatalf("message %d: %q, %v", i, got, err)
			}
		}
		_, err := b.Read(t.Context())
		var closed *CloseError
		if !errors.As(err, &closed) || closed.Code != CodePolicy || closed.Reason != "enough" {
			t.Fatalf("after the end: %v", err)
		}
	})
}

func TestPipeClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		ended := make(chan error, 2)
		go func() { _, err := a.Read(t.Context()); ended <- err }()
		go func() { _, err := b.Read(t.Context()); ended <- err }()
		synctest.Wait()
		_ = a.Close(CodeNormal, "")
		for range 2 {
			if err := <-ended; err == nil {
				t.Error("a read outlives the pipe")
			}
		}
		if err := a.Write(t.Context(), nil); !errors.Is(err, ErrClosed) {
			t.Errorf("own end: %v", err)
		}
		if err := b.Write(t.Context(), nil); !errors.Is(err, io.EOF) {
			t.Errorf("other end: %v", err)
		}
		if err := b.(Pinger).Ping(t.Context()); err == nil {
			t.Error("a closed pipe answers pings")
		}
	})
}

// serve runs a WebSocket server for one test; handle gets each connection and
// must return.
func serve(t *testing.T, limit int64, handle func(Conn)) (url string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := Accept(w, r, limit)
		if err != nil {
			t.Error(err)
			return
		}
		handle(c)
	}))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

func echo(c Conn) {
	for {
		msg, err := c.Read(context.Background())
		if err != nil {
			return
		}
		if c.Write(context.Background(), msg) != nil {
			return
		}
	}
}

func TestSocket(t *testing.T) {
	t.Parallel()
	url := serve(t, 1<<20, echo)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := Dial(ctx, url+"/any/path?query=1")
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 1, 40_000, 1<<20 - 1} {
		msg := strings.Repeat("é", size/2)
		if err := c.Write(ctx, []byte(msg)); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Read(ctx); err != nil || string(got) != msg {
			t.Fatalf("%d bytes: got %d, %v", size, len(got), err)
		}
	}
	if err := c.Close(CodeNormal, strings.Repeat("é", 100)); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestSocketOversize(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	url := serve(t, 100, func(c Conn) {
		_, err := c.Read(context.Background())
		ended <- err
		_ = c.Close(CodeTooBig, err.Error())
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := Dial(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(CodeCut, "")
	if err := c.Write(ctx, make([]byte, 101)); err != nil {
		t.Fatal(err)
	}
	var closed *CloseError
	if _, err := c.Read(ctx); !errors.As(err, &closed) || closed.Code != CodeTooBig ||
		!strings.Contains(closed.Reason, "limit of 100 bytes") {
		t.Errorf("reader is told %v", err)
	}
	var big *TooBigError
	if err := <-ended; !errors.As(err, &big) || big.Limit != 100 {
		t.Errorf("reading an oversized message: %v", err)
	}
}

func TestSocketPing(t *testing.T) {
	t.Parallel()
	answered := make(chan error, 1)
	url := serve(t, 100, func(c Conn) {
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			defer cancel()
			limited, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			answered <- c.(Pinger).Ping(limited)
		}()
		_, _ = c.Read(ctx)
		_ = c.Close(CodeCut, "")
	})
	c, err := Dial(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(CodeCut, "")
	go func() { _, _ = c.Read(t.Context()) }()
	if err := <-answered; err != nil {
		t.Errorf("ping: %v", err)
	}
}

func TestDialRefused(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	_, err := Dial(t.Context(), "ws"+strings.TrimPrefix(s.URL, "http"))
	var refused *HandshakeError
	if !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("dial: %v", err)
	}
	if _, err := Dial(t.Context(), "ws://127.0.0.1:1"); err == nil || errors.As(err, &refused) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestFirstProtocol(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"": "[]", "a": "[a]", " a , b": "[a]"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Sec-WebSocket-Protocol", header)
		if got := fmt.Sprint(firstProtocol(r)); got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
}
