package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// bare is the client's end of a connection, frame by frame, so that tests see
// what is really on the wire.
type bare struct {
	testing.TB
	net.Conn
	in *bufio.Reader
}

// The kinds of frames.
const (
	opContinued = 0x0
	opClose     = 0x8
	opPing      = 0x9
	opPong      = 0xA
)

// bareFrame is one as it came; it is always the whole of a message.
type bareFrame struct {
	op      byte
	payload []byte
}

// frame reads the next one, and fails the test where it is not as RFC 6455 has a
// server's frames.
func (b *bare) frame() (f bareFrame, err error) {
	var head [10]byte
	if _, err = io.ReadFull(b.in, head[:2]); err != nil {
		return f, err
	}
	f.op = head[0] & 0xF
	size, least := uint64(head[1]), uint64(0)
	switch size {
	case inTwo:
		_, err = io.ReadFull(b.in, head[:2])
		size, least = uint64(binary.BigEndian.Uint16(head[:])), short
	case inEight:
		_, err = io.ReadFull(b.in, head[:8])
		size, least = binary.BigEndian.Uint64(head[:]), 1<<16
	}
	switch {
	case err != nil:
		return f, err
	case head[0]&0xF0 != final && least == 0 || size < least || size > 100<<20:
		b.Fatalf("frame of kind %x with a length of %d in too many bytes, or not the last", f.op, size)
	case f.op != opText && f.op != opClose && f.op != opPing && f.op != opPong:
		b.Fatalf("frame of kind %x", f.op)
	}
	f.payload = make([]byte, size)
	_, err = io.ReadFull(b.in, f.payload)
	return f, err
}

// next is frame for tests that expect one.
func (b *bare) next() bareFrame {
	b.Helper()
	f, err := b.frame()
	if err != nil {
		b.Fatal(err)
	}
	return f
}

// frameBytes is a client's frame: masked.
func frameBytes(fin bool, op byte, payload []byte) []byte {
	out := []byte{op, final}
	if fin {
		out[0] |= final
	}
	switch size := len(payload); {
	case size < short:
		out[1] |= byte(size)
	case size < 1<<16:
		out[1] |= inTwo
		out = binary.BigEndian.AppendUint16(out, uint16(size))
	default:
		out[1] |= inEight
		out = binary.BigEndian.AppendUint64(out, uint64(size))
	}
	mask := [4]byte{1, 2, 3, 4}
	out = append(out, mask[:]...)
	for i, c := range payload {
		out = append(out, c^mask[i%4])
	}
	return out
}

func (b *bare) send(fin bool, op byte, payload []byte) {
	b.Helper()
	if _, err := b.Write(frameBytes(fin, op, payload)); err != nil {
		b.Error(err) // on any goroutine
	}
}

func goodbye(code int, reason string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
}

const upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"

// kinds are the sockets that can be written to without waiting, and those that
// can't.
var kinds = []string{"tcp", "tls"}

// onEachKind runs a test on both.
func onEachKind(t *testing.T, test func(t *testing.T, server *served, client *bare)) {
	t.Helper()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			server, client := connect(t, kind, nil)
			if (server.out.raw != nil) != (kind == "tcp" && canTry) {
				t.Fatal("not the kind of socket that is to be tested")
			}
			test(t, server, client)
		})
	}
}

// connect returns both ends. early is sent together with the request.
func connect(t *testing.T, kind string, early []byte) (*served, *bare) {
	t.Helper()
	accepted := make(chan Conn, 1)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := Accept(w, r, 100<<20)
		if err != nil {
			t.Error(err)
		}
		accepted <- c
	}))
	var conn net.Conn
	var err error
	if kind == "tls" {
		s.StartTLS()
		trust := s.Client().Transport.(*http.Transport).TLSClientConfig
		conn, err = (&tls.Dialer{Config: &tls.Config{RootCAs: trust.RootCAs, ServerName: "example.com"}}).Dial("tcp", s.Listener.Addr().String())
	} else {
		s.Start()
		conn, err = net.Dial("tcp", s.Listener.Addr().String())
	}
	t.Cleanup(s.Close)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Write(append([]byte(upgrade), early...)); err != nil {
		t.Fatal(err)
	}
	b := &bare{t, conn, bufio.NewReader(conn)}
	answer, err := http.ReadResponse(b.in, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("upgrade: %v, %v", answer, err)
	}
	server := (<-accepted).(*served)
	t.Cleanup(func() { _ = server.Close(CodeCut, ""); _ = conn.Close() })
	return server, b
}

func numbered(i, size int) []byte {
	return fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", size))
}

func numberOf(t testing.TB, payload []byte) int {
	t.Helper()
	head, body, _ := bytes.Cut(payload, []byte(" "))
	n, err := strconv.Atoi(string(head))
	if err != nil || len(bytes.Trim(body, "x")) > 0 {
		t.Fatalf("damaged message: %.100q", payload)
	}
	return n
}

// TestControlFramesInABurst has pings answered and made while several goroutines
// put and flush: every frame stays whole, and every sender's stay in order.
func TestControlFramesInABurst(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, client *bare) {
		const senders, messages, pings = 3, 400, 100
		server.BeforeWait(server.Flush)
		read := make(chan error, 1)
		go func() { _, err := server.Read(context.Background()); read <- err }()
		var all sync.WaitGroup
		for s := range senders {
			all.Go(func() {
				for i := range messages {
					msg := numbered(i*senders+s, (i*37)%700)
					server.Put(msg[:1], msg[1:])
					if i%7 == s {
						server.Flush()
					}
				}
				server.Flush()
			})
		}
		all.Go(func() {
			for range 10 {
				if err := server.Ping(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for i := range pings {
				client.send(true, opPing, strconv.AppendInt(nil, int64(i), 10))
			}
		})
		next, pongs, asked := [senders]int{}, 0, 0
		for next != [senders]int{messages, messages, messages} || pongs < pings || asked < 10 {
			switch f := client.next(); f.op {
			case opText:
				n := numberOf(t, f.payload)
				if n/senders != next[n%senders] {
					t.Fatalf("message %d of sender %d comes after %d", n/senders, n%senders, next[n%senders]-1)
				}
				next[n%senders]++
			case opPong:
				if string(f.payload) != strconv.Itoa(pongs) {
					t.Fatalf("pong %q, want %d", f.payload, pongs)
				}
				pongs++
			case opPing:
				client.send(true, opPong, f.payload)
				asked++
			default:
				t.Fatalf("frame of kind %x", f.op)
			}
		}
		all.Wait()
		client.send(true, opClose, goodbye(CodeNormal, "bye"))
		if f := client.next(); f.op != opClose || !bytes.Equal(f.payload, goodbye(CodeNormal, "bye")) {
			t.Errorf("the goodbye is answered by %x %q", f.op, f.payload)
		}
		if err := <-read; !errors.Is(err, io.EOF) {
			t.Errorf("read ends with %v", err)
		}
	})
}

// fill puts messages until the socket is full and some bytes wait, and returns
// how many that were.
func fill(server *served, atLeast int) (messages int) {
	for server.Waiting() < atLeast {
		server.Put(numbered(messages, 50_000), nil)
		messages++
		server.Flush()
	}
	return messages
}

// TestSlowReader lets a client take its time: nothing is lost, and nobody who
// puts or flushes waits for it.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, client *bare) {
		n := fill(server, 8<<20)
		for i := range n {
			if got := numberOf(t, client.next().payload); got != i {
				t.Fatalf("message %d comes as number %d", got, i)
			}
		}
		if err := server.out.settle(t.Context()); err != nil || server.Waiting() != 0 {
			t.Errorf("%d bytes wait, %v", server.Waiting(), err)
		}
		if sent := server.Sent(); sent < uint64(n)*50_000 {
			t.Errorf("%d bytes sent in %d messages", sent, n)
		}
	})
}

// TestDropLeavesWholeFrames throws away what waits for a slow reader, who gets
// the goodbye behind what was under way.
func TestDropLeavesWholeFrames(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, client *bare) {
		n := fill(server, 8<<20)
		dropped := server.Drop()
		if dropped == 0 || dropped > n || server.Waiting() > 100_000 {
			t.Errorf("dropped %d of %d, %d bytes still wait", dropped, n, server.Waiting())
		}
		ended := make(chan error, 1)
		go func() { ended <- server.Close(CodePolicy, "too slow") }()
		got := 0
		f := client.next()
		for ; f.op == opText; f = client.next() {
			if numberOf(t, f.payload) != got {
				t.Fatalf("message %d comes as number %d", numberOf(t, f.payload), got)
			}
			got++
		}
		if got != n-dropped {
			t.Errorf("%d of %d came and %d were dropped", got, n, dropped)
		}
		if f.op != opClose || !bytes.Equal(f.payload, goodbye(CodePolicy, "too slow")) {
			t.Errorf("the goodbye is %x %q", f.op, f.payload)
		}
		client.send(true, opClose, f.payload)
		if err := <-ended; err != nil {
			t.Errorf("close: %v", err)
		}
	})
}

// TestDeadClient hangs up while much waits: it is dropped, and the reader hears.
func TestDeadClient(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, client *bare) {
		fill(server, 1<<20)
		read := make(chan error, 1)
		go func() { _, err := server.Read(context.Background()); read <- err }()
		_ = client.Close()
		if err := <-read; err == nil {
			t.Error("read from the dead")
		}
		for server.out.settle(t.Context()) == nil {
			server.Put(make([]byte, 1<<20), nil) // until the system has noticed
			server.Flush()
		}
		if waiting := server.Put([]byte("x"), nil); waiting != 0 || server.Waiting() != 0 {
			t.Errorf("%d bytes wait for the dead", waiting)
		}
		if err := server.Write(t.Context(), []byte("x")); err == nil {
			t.Error("wrote to the dead")
		}
	})
}

// TestCutEndsAGoodbye closes for good while a goodbye waits for a client that
// reads nothing.
func TestCutEndsAGoodbye(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, _ *bare) {
		fill(server, 1<<20)
		ended := make(chan error, 1)
		go func() { ended <- server.Close(CodeGoingAway, "bye") }()
		began := time.Now()
		_ = server.Close(CodeCut, "")
		<-ended
		if took := time.Since(began); took > 4*time.Second { // the goodbye alone has five
			t.Errorf("took %v", took)
		}
	})
}

// TestSizes sends messages whose lengths are written in one, two and eight bytes,
// and one that is larger than every buffer, there and back.
func TestSizes(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, client *bare) {
		server.BeforeWait(server.Flush)
		go func() {
			for {
				msg, err := server.Read(context.Background())
				if err != nil {
					return
				}
				server.Put(nil, msg)
			}
		}()
		for _, size := range []int{0, 1, 125, 126, 127, 4095, 4096, 8191, 8192, 8193, 65535, 65536, 3 << 20} {
			payload := bytes.Repeat([]byte("é"), size/2+1)[:size]
			go client.send(true, opText, payload)
			if f := client.next(); !bytes.Equal(f.payload, payload) || f.op != opText {
				t.Fatalf("%d bytes: got %d", size, len(f.payload))
			}
		}
	})
}

// TestFragments sends a message in pieces, with a ping between them and several
// frames in one segment.
func TestFragments(t *testing.T) {
	t.Parallel()
	onEachKind(t, func(t *testing.T, server *served, client *bare) {
		var burst []byte
		for i := range 50 {
			burst = append(burst, frameBytes(false, opText, fmt.Appendf(nil, "a%d", i))...)
			burst = append(burst, frameBytes(true, opPing, []byte("?"))...)
			burst = append(burst, frameBytes(false, opContinued, nil)...)
			burst = append(burst, frameBytes(true, opContinued, []byte("z"))...)
		}
		go func() { _, _ = client.Write(burst) }()
		for i := range 50 {
			msg, err := server.Read(t.Context())
			if want := fmt.Sprintf("a%dz", i); err != nil || string(msg) != want {
				t.Fatalf("%q, %v, want %s", msg, err, want)
			}
			if f := client.next(); f.op != opPong || string(f.payload) != "?" {
				t.Fatalf("ping answered by %x %q", f.op, f.payload)
			}
		}
	})
}

// TestEarlyMessages sends messages together with the request for the upgrade.
func TestEarlyMessages(t *testing.T) {
	t.Parallel()
	early := append(frameBytes(true, opText, []byte("first")), frameBytes(true, opText, []byte("second"))...)
	server, client := connect(t, "tcp", early)
	client.send(true, opText, []byte("third"))
	for _, want := range []string{"first", "second", "third"} {
		if msg, err := server.Read(t.Context()); err != nil || string(msg) != want {
			t.Fatalf("%q, %v, want %s", msg, err, want)
		}
	}
}

// TestDeafPinger has a client ping and never read: the connection ends before
// the answers fill the memory.
func TestDeafPinger(t *testing.T) {
	t.Parallel()
	server, client := connect(t, "tcp", nil)
	_ = client.Conn.(*net.TCPConn).SetReadBuffer(4096) // the system's memory is none of ours
	_ = server.out.Conn.(*net.TCPConn).SetWriteBuffer(4096)
	ping := bytes.Repeat(frameBytes(true, opPing, make([]byte, 125)), 1000)
	go func() {
		for {
			if _, err := client.Write(ping); err != nil {
				return
			}
		}
	}()
	if _, err := server.Read(t.Context()); err == nil {
		t.Error("read a message that nobody sent")
	}
	if waiting := server.Waiting(); waiting > controlBacklog+1000 {
		t.Errorf("%d bytes wait", waiting)
	}
}

// FuzzGatherer is the law of the gatherer: whatever is put, flushed and dropped
// in whatever order, the other side reads whole frames, in order, and all that
// were not dropped.
func FuzzGatherer(f *testing.F) {
	f.Add([]byte{10, 200, 255, 3, 254, 9, 253, 255, 7})
	f.Add(bytes.Repeat([]byte{250, 240, 255}, 20))
	f.Fuzz(func(t *testing.T, ops []byte) {
		ours, theirs := net.Pipe() // its writes wait, and go in pieces
		g := newGatherer(ours)
		kept := make(chan int, 1)
		go func() {
			kept <- play(g, ops)
			g.flush()
			_ = g.settle(context.Background())
			_ = g.Close()
		}()
		client := &bare{t, theirs, bufio.NewReaderSize(theirs, 16)}
		got, last := 0, -1
		for f, err := client.frame(); err == nil; f, err = client.frame() {
			n := numberOf(t, f.payload)
			if n <= last {
				t.Fatalf("%d comes after %d", n, last)
			}
			got, last = got+1, n
		}
		if want := <-kept; got != want || g.waiting != 0 {
			t.Fatalf("%d came, want %d; %d bytes wait", got, want, g.waiting)
		}
	})
}

// play puts, flushes and drops, and returns how many messages were not dropped.
func play(g *gatherer, ops []byte) (kept int) {
	put := 0
	for _, op := range ops {
		switch op {
		case 255:
			g.flush()
		case 254:
			kept -= g.drop()
		default:
			msg := numbered(put, int(op)*int(op))
			_, _ = g.put(frameHead{opText, len(msg)}, msg[:len(msg)/2], msg[len(msg)/2:])
			put++
		}
	}
	return kept + put
}
