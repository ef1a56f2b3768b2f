package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"nhooyr.io/websocket"
)

// DialReadLimit is the size in bytes of the longest message that a dialled
// connection takes, the same as the vendor's gateway has.
const DialReadLimit = 100 << 20

// Dial connects to a gateway at a ws:// or wss:// address. A server that
// answers with anything but an upgrade gives a *HandshakeError.
func Dial(ctx context.Context, url string) (Conn, error) { return DialTLS(ctx, url, nil) }

// DialTLS is Dial with settings for wss:// addresses, such as authorities to
// trust beside the system's; nil means the defaults.
func DialTLS(ctx context.Context, url string, settings *tls.Config) (Conn, error) {
	return DialHeader(ctx, url, settings, nil)
}

// DialHeader is DialTLS with header fields that the request for the upgrade
// carries, such as the key that a server asks for.
func DialHeader(ctx context.Context, url string, settings *tls.Config, header http.Header) (Conn, error) {
	var in *inlet
	transport := http.DefaultTransport.(*http.Transport).Clone()
	// A connection is upgraded at once; one that is not is of no further use.
	transport.DisableKeepAlives = true
	transport.DialContext = inletOf(transport.DialContext, &in)
	if settings != nil {
		transport.TLSClientConfig = settings.Clone()
	}
	c, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		CompressionMode: websocket.CompressionDisabled, // no gateway negotiates it
		HTTPHeader:      header,
		HTTPClient:      &http.Client{Transport: transport},
	})
	if err != nil {
		if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
			err = &HandshakeError{Status: response.StatusCode, Err: err}
		}
		return nil, fmt.Errorf("dial %s: %w", url, err)
	}
	return &dialled{socket: newSocket(c, DialReadLimit), in: in}, nil
}

// Accept upgrades an HTTP request of any path. A message of more than readLimit
// bytes ends reading with a *TooBigError. The first subprotocol that the
// client names is named back. Who may connect is for the caller to decide,
// before: Accept looks at no Origin. If it fails it has answered the request.
//
// The connection has an [Outbox] and is a [Waiter].
func Accept(w http.ResponseWriter, r *http.Request, readLimit int64) (Conn, error) {
	h := &hijacker{ResponseWriter: w}
	c, err := websocket.Accept(h, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,
		Subprotocols:       firstProtocol(r),
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, fmt.Errorf("accept %s: %w", r.RemoteAddr, err)
	}
	return &served{*newSocket(c, readLimit), h.taken}, nil
}

func firstProtocol(r *http.Request) []string {
	first, _, _ := strings.Cut(r.Header.Get("Sec-WebSocket-Protocol"), ",")
	if first = strings.TrimSpace(first); first == "" {
		return nil
	}
	return []string{first}
}

// socket is a WebSocket as a Conn.
type socket struct {
	c     *websocket.Conn
	limit int64
}

// newSocket takes the limit on messages over from the library, whose own reason
// for closing would name another number.
func newSocket(c *websocket.Conn, limit int64) *socket {
	c.SetReadLimit(-1)
	return &socket{c, limit}
}

// scratch holds buffers to read messages into. Only a connection that has a
// message coming in uses one.
var scratch = sync.Pool{New: func() any { return new([scratchSize]byte) }}

const scratchSize = 8 << 10

// Read takes binary frames for text, as the vendor's gateway does.
func (s *socket) Read(ctx context.Context) ([]byte, error) {
	_, r, err := s.c.Reader(ctx)
	if err != nil {
		return nil, translate(err)
	}
	buffer := scratch.Get().(*[scratchSize]byte)
	defer scratch.Put(buffer)
	msg, err := s.readAll(r, buffer[:0])
	if err != nil {
		return nil, err
	}
	return slices.Clone(msg), nil
}

// readAll is io.ReadAll with a buffer and a limit: every Read of a message costs
// the library four changes of goroutines, so there are to be few.
func (s *socket) readAll(r io.Reader, msg []byte) ([]byte, error) {
	for {
		n, err := r.Read(msg[len(msg):cap(msg)])
		msg = msg[:len(msg)+n]
		switch {
		case int64(len(msg)) > s.limit:
			return nil, &TooBigError{Limit: s.limit}
		case errors.Is(err, io.EOF):
			return msg, nil
		case err != nil:
			return nil, translate(err)
		case len(msg) == cap(msg):
			msg = slices.Grow(msg, len(msg))
		}
	}
}

func (s *socket) Write(ctx context.Context, msg []byte) error {
	return translate(s.c.Write(ctx, websocket.MessageText, msg))
}

func (s *socket) Ping(ctx context.Context) error { return translate(s.c.Ping(ctx)) }

func (s *socket) Close(code int, reason string) error {
	if code == CodeCut {
		return s.c.CloseNow()
	}
	return s.c.Close(websocket.StatusCode(code), clip(reason))
}

// served is a socket that Accept made. The library reads its frames; those of
// its messages are built here, and gathered with the library's own.
type served struct {
	socket
	out *tap
}

// tap is the connection as the library has it: what it reads comes straight from
// the socket, what it writes goes to the gatherer.
type tap struct {
	*gatherer
	early  []byte // came together with the request
	before func() // called before a read waits
	added  int    // bytes of the library's since all was last written
}

func (t *tap) Read(p []byte) (int, error) {
	if len(t.early) > 0 {
		n := copy(p, t.early)
		t.early = t.early[n:]
		return n, nil
	}
	if t.before != nil {
		t.before()
	}
	return t.Conn.Read(p)
}

// Write takes a frame from the library, whole: its buffer holds the longest that
// it makes by itself.
func (t *tap) Write(frame []byte) (int, error) {
	waiting, err := t.put(frameHead{}, frame, nil)
	if err != nil {
		return 0, err
	}
	if waiting == len(frame) {
		t.added = 0
	}
	if t.added += len(frame); t.added > controlBacklog {
		return 0, errDeaf
	}
	t.flush()
	if t.raw == nil {
		// Somebody else writes, and the library may close the connection as soon as
		// it has said goodbye. It has a time limit of its own for this.
		if err := t.settle(context.Background()); err != nil {
			return 0, err
		}
	}
	return len(frame), nil
}

// The library's buffers: frames of control are shorter than 128 bytes.
const (
	libraryWrites = 256
	libraryReads  = 8 << 10
)

// controlBacklog is how many bytes the library may add to what waits. Who pings
// and never reads what comes back is not to fill the memory with answers.
const controlBacklog = 1 << 20

var errDeaf = errors.New("the other side sends pings and takes no answers")

// hijacker gives the library a tap in place of the connection.
type hijacker struct {
	http.ResponseWriter
	taken *tap
}

// Hijack implements http.Hijacker. The server's own buffers are left behind; what
// is in them already comes first.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	inner, ok := h.ResponseWriter.(http.Hijacker)
	if !ok {
		return nil, nil, errors.ErrUnsupported
	}
	conn, buffers, err := inner.Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, _ := buffers.Reader.Peek(buffers.Reader.Buffered())
	h.taken = &tap{gatherer: newGatherer(conn), early: slices.Clone(early)}
	return h.taken, bufio.NewReadWriter(
		bufio.NewReaderSize(h.taken, libraryReads), bufio.NewWriterSize(h.taken, libraryWrites)), nil
}

// frameHead is the head of an unmasked frame that is a whole message. The zero
// value is none.
type frameHead struct {
	op     byte
	length int
}

const opText = 1

// RFC 6455, section 5.2: a frame starts with a final bit and the kind; a length
// from 126 on follows in two bytes, from 65,536 on in eight.
const (
	final   = 0x80
	short   = 126
	inTwo   = 126
	inEight = 127
)

func (h frameHead) size() int {
	switch {
	case h.op == 0:
		return 0
	case h.length < short:
		return 2
	case h.length < 1<<16:
		return 4
	}
	return 10
}

func (h frameHead) append(dst []byte) []byte {
	switch h.size() {
	case 0:
		return dst
	case 2:
		return append(dst, final|h.op, byte(h.length))
	case 4:
		return binary.BigEndian.AppendUint16(append(dst, final|h.op, inTwo), uint16(h.length))
	}
	return binary.BigEndian.AppendUint64(append(dst, final|h.op, inEight), uint64(h.length))
}

// BeforeWait implements Waiter.
func (s *served) BeforeWait(f func()) { s.out.before = f }

// Put implements Outbox, as the following do.
func (s *served) Put(head, tail []byte) int {
	waiting, _ := s.out.put(frameHead{opText, len(head) + len(tail)}, head, tail)
	return waiting
}

func (s *served) Flush() { s.out.flush() }

func (s *served) Drop() int { return s.out.drop() }

func (s *served) Waiting() int {
	waiting, _ := s.out.backlog()
	return waiting
}

func (s *served) Sent() uint64 {
	_, sent := s.out.backlog()
	return sent
}

// Write waits until the message is with the operating system.
func (s *served) Write(ctx context.Context, msg []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := s.out.put(frameHead{opText, len(msg)}, msg, nil); err != nil {
		return err
	}
	s.out.flush()
	err := s.out.settle(ctx)
	if err != nil {
		_ = s.out.Close()
	}
	return err
}

// Close with CodeCut also ends a goodbye that is under way.
func (s *served) Close(code int, reason string) error {
	if code == CodeCut {
		_ = s.out.Close()
	}
	return s.socket.Close(code, reason)
}

// clip cuts a reason to what fits a close frame, which is not allowed to carry
// half a character.
func clip(reason string) string {
	const room = 123
	if len(reason) > room {
		reason = strings.ToValidUTF8(reason[:room], "")
	}
	return reason
}

// translate keeps the library's own errors inside this file.
func translate(err error) error {
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return &CloseError{Code: int(closed.Code), Reason: closed.Reason}
	}
	return err
}
