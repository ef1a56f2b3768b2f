package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

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
	options := &websocket.DialOptions{
		CompressionMode: websocket.CompressionDisabled, // no gateway negotiates it
		HTTPHeader:      header,
	}
	if settings != nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig = settings.Clone()
		// A connection is upgraded at once and never comes back to the pool.
		options.HTTPClient = &http.Client{Transport: transport}
	}
	c, response, err := websocket.Dial(ctx, url, options)
	if err != nil {
		if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
			err = &HandshakeError{Status: response.StatusCode, Err: err}
		}
		return nil, fmt.Errorf("dial %s: %w", url, err)
	}
	return newSocket(c, DialReadLimit), nil
}

// Accept upgrades an HTTP request of any path. A message of more than readLimit
// bytes ends reading with a *TooBigError. The first subprotocol that the
// client names is named back. Who may connect is for the caller to decide,
// before: Accept looks at no Origin. If it fails it has answered the request.
func Accept(w http.ResponseWriter, r *http.Request, readLimit int64) (Conn, error) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,
		Subprotocols:       firstProtocol(r),
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, fmt.Errorf("accept %s: %w", r.RemoteAddr, err)
	}
	return newSocket(c, readLimit), nil
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

// Read takes binary frames for text, as the vendor's gateway does.
func (s *socket) Read(ctx context.Context) ([]byte, error) {
	_, r, err := s.c.Reader(ctx)
	if err != nil {
		return nil, translate(err)
	}
	msg, err := io.ReadAll(io.LimitReader(r, s.limit+1))
	if err != nil {
		return nil, translate(err)
	}
	if int64(len(msg)) > s.limit {
		return nil, &TooBigError{Limit: s.limit}
	}
	return msg, nil
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
