package interval

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

// bare is a socket with the raw end of its connection.
func bare(t *testing.T, opts SocketOptions) (s *Socket, raw wire.Conn, result <-chan error) {
	raw, conn := wire.Pipe()
	s = NewSocket(conn, opts)
	done := make(chan error, 1)
	go func() { done <- s.Run(t.Context()) }()
	t.Cleanup(func() { _ = raw.Close(wire.CodeCut, "") })
	return s, raw, done
}

// read gives the next frame of the other side.
func read(t *testing.T, raw wire.Conn) frame {
	t.Helper()
	text, err := raw.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f, err := readFrame(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t *testing.T, raw wire.Conn, text string) {
	t.Helper()
	if err := raw.Write(t.Context(), []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestSendWaitsForTheAcknowledgement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, raw, _ := bare(t, SocketOptions{})
		sent := make(chan error, 1)
		go func() { sent <- s.Send(t.Context(), "hello") }()
		f := read(t, raw)
		if f.Type != frameMessage || string(f.Data) != `"hello"` || len(f.ID) != 36 {
			t.Errorf("sent %+v", f)
		}
		write(t, raw, `{"type":"ACK","id":"somebody else's"}`)
		synctest.Wait()
		if len(sent) > 0 {
			t.Error("another acknowledgement was taken for it")
		}
		write(t, raw, `{"type":"ACK","id":"`+f.ID+`","extra":1}`)
		if err := <-sent; err != nil {
			t.Error(err)
		}
	})
}

func TestSendTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, raw, _ := bare(t, SocketOptions{})
		begin := time.Now()
		err := s.Send(t.Context(), "hello")
		var late *TimeoutError
		if !errors.As(err, &late) || late.After != 5*time.Second || time.Since(begin) != 5*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		sent := make(chan error, 1)
		go func() { sent <- s.Send(t.Context(), "again") }()
		synctest.Wait()
		_ = raw.Close(CodeRestart, "soon back")
		if err := <-sent; !errors.Is(err, ErrNotConnected) {
			t.Errorf("the end of the socket: %v", err)
		}
		if err := s.Send(t.Context(), "later"); !errors.Is(err, ErrNotConnected) {
			t.Errorf("after its end: %v", err)
		}
	})
}

func TestEveryMessageIsAcknowledgedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var heard []string
		var s *Socket
		s, raw, _ := bare(t, SocketOptions{OnMessage: func(data json.RawMessage) {
			heard = append(heard, string(data))
			_ = s.Post("answer", nil)
		}})
		for i, data := range []string{`"authenticated"`, `"ping"`, `"nonsense"`, `{"an":"object"}`, `7`} {
			id := string(rune('a' + i))
			write(t, raw, `{"data":`+data+`,"type":"MESSAGE","id":"`+id+`"}`)
			if f := read(t, raw); f.Type != frameAck || f.ID != id {
				t.Errorf("%s: first %+v", data, f)
			}
			if f := read(t, raw); f.Type != frameMessage {
				t.Errorf("%s: then %+v", data, f)
			}
		}
		write(t, raw, `{"type":"ACK","id":"unknown"}`)
		synctest.Wait()
		if len(heard) != 5 {
			t.Errorf("heard %q", heard)
		}
	})
}

func TestBadFramesEndOneSocket(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `nonsense`, `[]`, `7`, `{}`, `{"type":"MESSAGE"}`, `{"type":"MESSAGE","id":7}`, `{"type":"HELLO","id":"1"}`, `{"id":"1"}`} {
		synctest.Test(t, func(t *testing.T) {
			_, raw, done := bare(t, SocketOptions{})
			write(t, raw, text)
			var bad *FrameError
			if err := <-done; !errors.As(err, &bad) || !strings.Contains(err.Error(), "not a frame") {
				t.Errorf("%q: %v", text, err)
			}
			_, err := raw.Read(t.Context())
			var closed *wire.CloseError
			if !errors.As(err, &closed) || closed.Code != CodePolicy {
				t.Errorf("%q: said %v", text, err)
			}
		})
	}
}

func TestFloodsEndOneSocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, raw, done := bare(t, SocketOptions{MaxPerSecond: 100})
		go func() {
			for {
				if _, err := raw.Read(t.Context()); err != nil {
					return
				}
			}
		}()
		for range 2 {
			for range 100 {
				write(t, raw, `{"type":"MESSAGE","id":"x","data":"ping"}`)
			}
			time.Sleep(time.Second)
		}
		if len(done) > 0 {
			t.Errorf("100 in a second are too many: %v", <-done)
		}
		for range 101 {
			write(t, raw, `{"type":"MESSAGE","id":"x","data":"ping"}`)
		}
		if err := <-done; !errors.Is(err, ErrFlood) {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := bare(t, SocketOptions{QueueLimit: 10_000})
		var err error
		for n := 0; err == nil && n < 100_000; n++ {
			err = s.Post("a text of some length", nil)
		}
		if !errors.Is(err, ErrFlood) {
			t.Errorf("ended with %v", err)
		}
		s.Close(CodePolicy, "")
	})
}

// mute answers no ping.
type mute struct{ wire.Conn }

func (mute) Ping(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestSilenceEndsTheSocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		raw, conn := wire.Pipe()
		defer raw.Close(wire.CodeCut, "")
		begin := time.Now()
		err := NewSocket(mute{conn}, SocketOptions{}).Run(t.Context())
		if !errors.Is(err, ErrSilent) || time.Since(begin) != 210*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

func TestGoodbyes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, raw, done := bare(t, SocketOptions{})
		_ = s.Post("last words", nil)
		s.Close(wire.CodeNoStatus, "")
		if err := <-done; !errors.Is(err, io.EOF) {
			t.Errorf("our own end: %v", err)
		}
		if f := read(t, raw); string(f.Data) != `"last words"` {
			t.Errorf("last words: %+v", f)
		}
		_, err := raw.Read(t.Context())
		var closed *wire.CloseError
		if !errors.As(err, &closed) || closed.Code != 1005 {
			t.Errorf("the goodbye is %v", err)
		}
		_, raw, done = bare(t, SocketOptions{})
		_ = raw.Close(CodeRestart, "Closing briefly")
		if err := <-done; !errors.As(err, &closed) || closed.Code != 1012 || closed.Reason != "Closing briefly" {
			t.Errorf("theirs: %v", err)
		}
	})
}

func FuzzFrame(f *testing.F) {
	for _, seed := range []string{`{"id":"1","type":"ACK"}`, `{"id":"1","type":"MESSAGE","data":"x"}`, `{"data":{},"type":"MESSAGE","id":""}`, `[]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := readFrame(text)
		if err != nil {
			return
		}
		var data string
		if got.Type != frameMessage || json.Unmarshal(got.Data, &data) != nil {
			return
		}
		again, err := readFrame(writeFrame(got.ID, got.Type, &data))
		var text2 string
		if err != nil || again.ID != got.ID || json.Unmarshal(again.Data, &text2) != nil || text2 != data {
			t.Errorf("%q written again: %+v, %v", text, again, err)
		}
	})
}

// FuzzConversation sends anything to a runner: it may refuse, and must neither
// panic nor hang.
func FuzzConversation(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","kind":"CALL","methodName":"INITIALIZE_HOST","data":{"actions":[]}}`,
		`{"id":"2","kind":"CALL","methodName":"SEND_IO_CALL","data":{"transactionId":"x","ioCall":"{}"}}`,
		`{"id":"3","kind":"RESPONSE","methodName":"OPEN_PAGE"}`,
		`{"id":"3","totalChunks":2,"chunk":1,"data":"}"}`,
		`ping`,
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		r := NewRunner(nil)
		defer r.Close()
		raw, conn := wire.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = r.Serve(conn, Hello{InstanceID: "fuzz"})
		}()
		for _, text := range []string{`{"id":"1","kind":"CALL","methodName":"INITIALIZE_HOST","data":{"actions":[]}}`, one, two} {
			_ = raw.Write(t.Context(), writeFrame("f", frameMessage, &text))
		}
		text := `{"id":"last","kind":"CALL","methodName":"BEGIN_HOST_SHUTDOWN","data":{}}`
		_ = raw.Write(t.Context(), writeFrame("last", frameMessage, &text))
		for {
			got, err := raw.Read(t.Context())
			if err != nil {
				t.Fatalf("the runner hung up: %v", err)
			}
			if strings.Contains(string(got), `\"id\":\"last\"`) {
				break
			}
		}
		_ = raw.Close(wire.CodeCut, "")
		<-done
	})
}
