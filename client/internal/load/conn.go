// Package load puts measured loads on a gateway, ours or any other: calls,
// events, and peers that discover one another. It is for benchmarks and for the
// comparison with the vendor's gateway.
//
// Its connections are the cheapest that will do: whatever a load generator
// spends is taken from the machine that the gateway runs on too. They look for
// the few fields they need instead of decoding messages, and they trust the
// gateway to send well-formed frames.
//
// # Concurrency
//
// A load belongs to the goroutine that made it. Its connections are read all the
// time, so that a gateway's pings are answered while it rests. It must not import the gateway
// or the client: what is measured must not measure itself.
package load

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// patience is how long a load waits for anything that is bound to come.
const patience = 60 * time.Second

// conn is a WebSocket without frills: every message is one frame and one write,
// as an application's are.
type conn struct {
	net  net.Conn
	in   *bufio.Reader
	text []byte // the message last read

	mu  sync.Mutex
	out []byte // the frame under way, guarded by mu
}

// dial opens a connection to a ws:// address.
func dial(address string) (*conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	socket, err := net.DialTimeout("tcp", u.Host, patience)
	if err != nil {
		return nil, err
	}
	c := &conn{net: socket, in: bufio.NewReaderSize(socket, 8<<10)}
	if err := c.upgrade(u); err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("upgrade %s: %w", address, err)
	}
	return c, nil
}

func (c *conn) upgrade(u *url.URL) error {
	_ = c.net.SetDeadline(time.Now().Add(patience))
	path := u.Path
	if path == "" {
		path = "/"
	}
	_, err := fmt.Fprintf(c.net, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", path, u.Host)
	if err != nil {
		return err
	}
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("http status %d", answer.StatusCode)
	}
	return c.net.SetDeadline(time.Time{})
}

const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA
)

// send writes a message. The mask is zero, which is no mask but a legal one.
func (c *conn) send(format string, args ...any) error {
	return c.sendBytes(fmt.Appendf(nil, format, args...))
}

// sendBytes is send for a message that is ready.
func (c *conn) sendBytes(parts ...[]byte) error {
	return c.write(opText, parts...)
}

// headRoom is the longest head of a frame: two bytes, a length and a mask.
const headRoom = 2 + 8 + 4

// write puts the payload behind room for the head, and the head right before it.
func (c *conn) write(op byte, parts ...[]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out = append(c.out[:0], make([]byte, headRoom)...)
	for _, p := range parts {
		c.out = append(c.out, p...)
	}
	size := len(c.out) - headRoom
	var from int
	switch {
	case size < 126:
		from = headRoom - 6
		c.out[from+1] = 0x80 | byte(size)
	case size < 1<<16:
		from = headRoom - 8
		c.out[from+1] = 0x80 | 126
		binary.BigEndian.PutUint16(c.out[from+2:], uint16(size))
	default:
		from = 0
		c.out[from+1] = 0x80 | 127
		binary.BigEndian.PutUint64(c.out[from+2:], uint64(size))
	}
	c.out[from] = 0x80 | op
	_, err := c.net.Write(c.out[from:])
	return err
}

// next waits for a message, which is valid until the following call.
func (c *conn) next() ([]byte, error) {
	for {
		op, err := c.frame()
		switch {
		case err != nil:
			return nil, err
		case op == opText:
			return c.text, nil
		case op == opClose:
			return nil, io.EOF
		case op == opPing:
			if err := c.write(opPong, c.text); err != nil {
				return nil, err
			}
		}
	}
}

func (c *conn) frame() (op byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(c.in, head[:2]); err != nil {
		return 0, err
	}
	op, size := head[0]&0xF, uint64(head[1])
	switch size {
	case 126:
		_, err = io.ReadFull(c.in, head[:2])
		size = uint64(binary.BigEndian.Uint16(head[:]))
	case 127:
		_, err = io.ReadFull(c.in, head[:8])
		size = binary.BigEndian.Uint64(head[:])
	}
	if err != nil {
		return 0, err
	}
	if uint64(cap(c.text)) < size {
		c.text = make([]byte, size)
	}
	c.text = c.text[:size]
	_, err = io.ReadFull(c.in, c.text)
	return op, err
}

// await reads until a message of a type comes; "" is any.
func (c *conn) await(kind string) ([]byte, error) {
	_ = c.net.SetReadDeadline(time.Now().Add(patience))
	for {
		msg, err := c.next()
		if err != nil {
			return nil, fmt.Errorf("wait for %s: %w", kind, err)
		}
		switch got := field(msg, "type"); {
		case string(got) == "error":
			return nil, fmt.Errorf("wait for %s: %s", kind, msg)
		case kind == "" || string(got) == kind:
			return msg, c.net.SetReadDeadline(time.Time{})
		}
	}
}

// field is the string under a key, wherever it stands first. The messages of
// these loads hold no escapes and no key twice.
func field(msg []byte, key string) []byte {
	at := bytes.Index(msg, []byte(`"`+key+`":"`))
	if at < 0 {
		return nil
	}
	rest := msg[at+len(key)+4:]
	return rest[:max(bytes.IndexByte(rest, '"'), 0)]
}

// peer is a connection that has logged in and joined agm.
type peer struct {
	*conn
	id  string
	met bool // somebody else was there when it joined
}

// errNoID is a welcome that names nobody.
var errNoID = errors.New("welcome without a peer id")

// join brings a peer onto the bus.
func join(address, name string) (*peer, error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	p := &peer{conn: c}
	if err := p.logIn(name); err != nil {
		p.leave()
		return nil, fmt.Errorf("join %s: %w", name, err)
	}
	return p, nil
}

func (p *peer) logIn(name string) error {
	err := p.send(`{"domain":"global","type":"hello","request_id":"h","identity":{"application":%q,"pid":1},`+
		`"authentication":{"method":"secret","login":"load","secret":"load"}}`, name)
	if err != nil {
		return err
	}
	welcome, err := p.await("welcome")
	if err != nil {
		return err
	}
	if p.id = string(field(welcome, "peer_id")); p.id == "" {
		return errNoID
	}
	err = p.send(`{"domain":"global","type":"join","request_id":"j","destination":"agm","peer_id":%q}`, p.id)
	if err != nil {
		return err
	}
	for {
		msg, err := p.await("")
		switch {
		case err != nil:
			return err
		case string(field(msg, "type")) == "success":
			return nil
		case string(field(msg, "type")) == "peer-added":
			p.met = true
		}
	}
}

// register offers a method; methodID must be fresh.
func (p *peer) register(methodID, name string) error {
	return p.send(`{"domain":"agm","type":"register","request_id":"r%[1]s","peer_id":%[2]q,"methods":[{"id":%[1]q,"name":%[3]q,`+
		`"display_name":%[3]q,"description":"Does what its name says","object_types":["Instrument"],`+
		`"input_signature":"String symbol, Double? price","result_signature":"Composite: { String id, Int count } answer",`+
		`"flags":{"streaming":false,"metadata":{}},"version":1}]}`, methodID, p.id, name)
}

// leave hangs up. There is nothing to be told.
func (p *peer) leave() { _ = p.net.Close() }
