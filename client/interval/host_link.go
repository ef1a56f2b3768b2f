package interval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// connect dials, waits to be accepted and tells what the host offers.
func (h *Host) connect(ctx context.Context) (*Socket, error) {
	header := http.Header{"X-Instance-Id": {h.opts.InstanceID}}
	if h.opts.APIKey != "" {
		header.Set("X-Api-Key", h.opts.APIKey)
	}
	limited, cancel := context.WithTimeoutCause(ctx, h.opts.ConnectTimeout, errors.New("the runner does not accept in time"))
	defer cancel()
	stop := context.AfterFunc(h.ctx, cancel)
	defer stop()
	conn, err := h.opts.Dial(limited, h.opts.Endpoint, header)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	socket, err := h.accepted(limited, conn)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	h.duplex.Attach(socket)
	h.mu.Lock()
	h.socket = socket
	leaving := h.leaving
	h.mu.Unlock()
	if leaving {
		socket.Close(wire.CodeNoStatus, "")
		return nil, ErrHostClosed
	}
	if err := h.initialize(limited); err != nil {
		socket.Close(CodePolicy, "not initialised")
		return nil, fmt.Errorf("connect: %w", err)
	}
	return socket, nil
}

// accepted runs a socket and waits for the text that says that the key is good.
func (h *Host) accepted(ctx context.Context, conn Conn) (*Socket, error) {
	welcome := make(chan struct{})
	welcomed := false
	socket := NewSocket(conn, SocketOptions{
		SendTimeout: h.opts.SendTimeout, PingEvery: h.opts.PingEvery, SilentAfter: h.opts.SilentAfter,
		OnMessage: func(data json.RawMessage) {
			if !welcomed && string(data) == `"`+authenticated+`"` {
				welcomed = true
				close(welcome)
				return
			}
			h.duplex.Receive(data)
		},
	})
	h.work.Go(func() { _ = socket.Run(h.ctx) })
	select {
	case <-welcome:
		return socket, nil
	case <-socket.Done():
		var goodbye *wire.CloseError
		if errors.As(socket.Err(), &goodbye) && goodbye.Code == CodePolicy {
			return nil, fmt.Errorf("%w: %w", ErrRefused, goodbye)
		}
		return nil, fmt.Errorf("not accepted: %w", socket.Err())
	case <-ctx.Done():
		socket.Close(CodePolicy, "not accepted in time")
		return nil, context.Cause(ctx)
	}
}

// initialize tells what the host offers, and with it that it is there.
func (h *Host) initialize(ctx context.Context) error {
	answer, err := Call(ctx, h.duplex, InitializeHost, h.definition())
	if err != nil {
		return err
	}
	var in struct {
		Type         string        `json:"type"`
		Message      string        `json:"message,omitempty"`
		Organization *Organization `json:"organization,omitempty"`
		InvalidSlugs []string      `json:"invalidSlugs,omitempty"`
		Warnings     []string      `json:"warnings,omitempty"`
	}
	if len(answer) == 0 || string(answer) == "null" {
		return fmt.Errorf("%w, and does not say why", ErrRefused)
	}
	if err := schema.Unmarshal(answer, &in); err != nil {
		return fmt.Errorf("answer to %s: %w", InitializeHost.Name, err)
	}
	if in.Type != "success" {
		return fmt.Errorf("%w: %s", ErrRefused, cmp.Or(in.Message, "it does not say why"))
	}
	for _, w := range in.Warnings {
		h.opts.Logger.Warn("runner warns", "warning", w, "slugs", in.InvalidSlugs)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if in.Organization != nil {
		h.org = *in.Organization
	}
	if !h.isReady {
		h.isReady = true
		h.epoch++
		close(h.ready)
		h.ready = make(chan struct{})
	}
	return nil
}

// stay keeps the host connected.
func (h *Host) stay(socket *Socket) {
	for {
		select {
		case <-socket.Done():
		case <-h.ctx.Done():
			return
		}
		h.opts.Logger.Info("connection lost", "err", socket.Err())
		h.mu.Lock()
		h.isReady = false
		leaving := h.leaving
		h.mu.Unlock()
		h.duplex.Attach(nil)
		if leaving {
			return
		}
		if socket = h.reconnect(); socket == nil {
			return
		}
		h.duplex.Repeat()
		h.resend()
	}
}

// reconnect tries at once, and then again and again. It gives nil when the host
// ends.
func (h *Host) reconnect() *Socket {
	for h.ctx.Err() == nil {
		socket, err := h.connect(h.ctx)
		if err == nil {
			return socket
		}
		h.opts.Logger.Info("no connection yet", "err", err)
		pause := time.NewTimer(h.opts.RetryEvery)
		select {
		case <-pause.C:
		case <-h.ctx.Done():
			pause.Stop()
		}
	}
	return nil
}

// deliver does something that needs the runner, and does it again over the next
// connection for as long as connections break.
func (h *Host) deliver(ctx context.Context, send func() error) error {
	_, err := h.deliverOver(ctx, send)
	return err
}

// deliverOver is deliver that tells which initialisation it was that did it.
func (h *Host) deliverOver(ctx context.Context, send func() error) (epoch int, err error) {
	failed := 0
	for {
		epoch, err := h.awaitReady(ctx, failed)
		if err != nil {
			return 0, err
		}
		if err = send(); !errors.Is(err, ErrNotConnected) {
			return epoch, err
		}
		failed = epoch
	}
}

// awaitReady waits for an initialisation after the one that failed.
func (h *Host) awaitReady(ctx context.Context, failed int) (int, error) {
	for {
		h.mu.Lock()
		epoch, next, is := h.epoch, h.ready, h.isReady
		h.mu.Unlock()
		if is && epoch > failed {
			return epoch, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-h.ctx.Done():
			return 0, ErrHostClosed
		}
	}
}
