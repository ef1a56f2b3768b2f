package cli

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// lingerMost is how long what was asked may take once there is nothing more to read:
// the longest look at a stream, the wait for it to appear, and connecting.
const lingerMost = (lookForMost + 30) * time.Second

// lingering answers what was asked before the input ended. The library gives up what
// it works at as soon as it can't read on, which loses the answers to a file or a pipe.
type lingering struct {
	mcp.Transport
	most time.Duration
}

// Connect implements [mcp.Transport].
func (l lingering) Connect(ctx context.Context) (mcp.Connection, error) {
	c, err := l.Transport.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &lingeringConn{Connection: c, most: l.most, told: make(chan struct{}, 1), closed: make(chan struct{})}, nil
}

type lingeringConn struct {
	mcp.Connection
	most time.Duration
	// open holds how many requests have no answer yet. told hears of each answer, and
	// closed ends once nobody is there any more.
	open   atomic.Int64
	told   chan struct{}
	closed chan struct{}
	close  sync.Once
}

// Read implements [mcp.Connection].
func (c *lingeringConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	msg, err := c.Connection.Read(ctx)
	if err != nil {
		c.linger(ctx)
		return nil, err
	}
	if req, ok := msg.(*jsonrpc.Request); ok && req.IsCall() {
		c.open.Add(1)
	}
	return msg, nil
}

// linger waits until all is answered.
func (c *lingeringConn) linger(ctx context.Context) {
	late := time.NewTimer(c.most)
	defer late.Stop()
	for c.open.Load() > 0 {
		select {
		case <-c.told:
		case <-c.closed:
			return
		case <-ctx.Done():
			return
		case <-late.C:
			return
		}
	}
}

// Write implements [mcp.Connection].
func (c *lingeringConn) Write(ctx context.Context, msg jsonrpc.Message) error {
	err := c.Connection.Write(ctx, msg)
	if _, ok := msg.(*jsonrpc.Response); ok {
		c.open.Add(-1)
		select {
		case c.told <- struct{}{}:
		default:
		}
	}
	return err
}

// Close implements [mcp.Connection].
func (c *lingeringConn) Close() error {
	c.close.Do(func() { close(c.closed) })
	return c.Connection.Close()
}
