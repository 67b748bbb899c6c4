package netconn

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"paquebot.app/localstore"
)

// Stats counts what went over a connection.
type Stats struct {
	BytesIn    int64
	BytesOut   int64
	RoundTrips int // times we sent after having heard from the server
}

// Conn is a connection to a server. Deadlines set by a library on top are
// ignored, since the Conn keeps its own, until YieldDeadlines. It is safe for
// one reader and one writer at once.
type Conn struct {
	net.Conn
	protocol Protocol
	server   localstore.Server
	stall    atomic.Int64 // time.Duration; 0 is for ever

	head  bytes.Buffer // to be read before the rest: a greeting of our making
	first firstLine    // what the server said

	in, out, turns atomic.Int64
	heard          atomic.Bool // since we last sent
	yielded        atomic.Bool // the layer above keeps the deadlines

	ctx    context.Context
	stop   func() bool
	closed sync.Once
}

// newConn binds nc to ctx: when it ends, the connection is closed at once.
func newConn(ctx context.Context, nc net.Conn, p Protocol, s localstore.Server, stall time.Duration) *Conn {
	c := &Conn{Conn: nc, protocol: p, server: s, ctx: ctx}
	c.stall.Store(int64(stall))
	c.heard.Store(true)
	c.stop = context.AfterFunc(ctx, func() { nc.Close() })
	return c
}

// SetDeadline does nothing unless the layer above keeps the deadlines.
func (c *Conn) SetDeadline(t time.Time) error {
	if !c.yielded.Load() {
		return nil
	}
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline does nothing unless the layer above keeps the deadlines.
func (c *Conn) SetReadDeadline(t time.Time) error {
	if !c.yielded.Load() {
		return nil
	}
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline does nothing unless the layer above keeps the deadlines.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	if !c.yielded.Load() {
		return nil
	}
	return c.Conn.SetWriteDeadline(t)
}

// YieldDeadlines leaves the deadlines to the layer above from now on.
func (c *Conn) YieldDeadlines() { c.yielded.Store(true) }

// SetStall sets how long a read may wait for the next byte; 0 is for ever.
// It counts from the next Read on.
func (c *Conn) SetStall(d time.Duration) { c.stall.Store(int64(d)) }

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	if c.head.Len() > 0 {
		return c.head.Read(p)
	}
	if err := c.arm(); err != nil {
		return 0, c.cause(err)
	}
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.in.Add(int64(n))
		c.heard.Store(true)
		c.first.hear(p[:n])
	}
	return n, c.cause(err)
}

// Quiet tells whether the connection stands and the server has said nothing
// that was not read yet. Nobody may read meanwhile. A byte that came is kept
// for the next Read.
func (c *Conn) Quiet() bool {
	if c.head.Len() > 0 || c.Conn.SetReadDeadline(time.Now().Add(time.Millisecond)) != nil {
		return false
	}
	one := make([]byte, 1)
	n, err := c.Conn.Read(one)
	c.in.Add(int64(n))
	c.head.Write(one[:n])
	var timeout net.Error
	return n == 0 && errors.As(err, &timeout) && timeout.Timeout()
}

// arm sets the limit of the next read.
func (c *Conn) arm() error {
	if c.yielded.Load() {
		return nil
	}
	if stall := time.Duration(c.stall.Load()); stall > 0 {
		return c.Conn.SetReadDeadline(time.Now().Add(stall))
	}
	return c.Conn.SetReadDeadline(time.Time{})
}

// Write implements net.Conn.
func (c *Conn) Write(p []byte) (int, error) {
	if c.heard.Swap(false) {
		c.turns.Add(1)
	}
	if !c.yielded.Load() {
		if err := c.Conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
			return 0, c.cause(err)
		}
	}
	n, err := c.Conn.Write(p)
	c.out.Add(int64(n))
	return n, c.cause(err)
}

// Close closes the connection without a word to the server.
func (c *Conn) Close() error {
	var err error
	c.closed.Do(func() {
		c.stop()
		err = c.Conn.Close()
	})
	return err
}

// Stats returns what has been counted so far. It is safe for concurrent use.
func (c *Conn) Stats() Stats {
	return Stats{
		BytesIn:    c.in.Load(),
		BytesOut:   c.out.Load(),
		RoundTrips: int(c.turns.Load()),
	}
}

// cause names the end of the context where that is why the connection closed.
func (c *Conn) cause(err error) error {
	if err != nil && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	return err
}
