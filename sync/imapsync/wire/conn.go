package wire

import (
	"bufio"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"paquebot.app/internal/clock"
)

// Config is how a Conn behaves. The zero value is good.
type Config struct {
	Limits   Limits
	Timeouts Timeouts
	// Events is told everything the library is not. It is called from the
	// library's reader, at the place in the stream where the event was: all
	// before it has been taken by the library, nothing behind it has. It must
	// only queue: neither block nor wait for the library.
	Events func(Event)
	// Trace, if set, is told every line as "C: …" or "S: …", without secrets,
	// without literals, cut to 256 bytes. It may be called from several
	// goroutines at once, must not block and not call the Conn.
	Trace func(line string)
	// Clock measures what MinRate speaks of; nil is the computer's.
	Clock clock.Clock
	// Known is what the server could do when it was last asked. With it the
	// library does not ask again after a greeting that does not say it, such as
	// the one that stands for that before STARTTLS.
	Known []string
}

// Conn is a net.Conn for imapclient.New. Read belongs to the library's reader;
// everything else may be called from anywhere.
type Conn struct {
	nc    net.Conn
	lim   Limits
	times Timeouts
	known []string
	tell  func(Event)
	trace func(string)
	clk   clock.Clock
	count counters

	// Of the reader only.
	frames  framer
	out     []byte // for the library
	off     int    // of out: taken already
	literal int64  // bytes that follow out straight from the server
	skip    bool   // the library does not get the literal
	tail    *tail  // the rest of a FETCH, behind a literal
	unasked int64
	exists  uint32
	bye     *ByeError
	scratch fetched       // kept for its buffers
	waited  time.Duration // in this response
	got     int64         // bytes while waiting in this response

	begun bool // the greeting has come

	inside  atomic.Bool // a response has begun and not ended
	greeted atomic.Bool
	heard   atomic.Bool // since we last wrote

	wmu    sync.Mutex // one write at a time; guards the three below
	corked bool       // Together is at work
	held   []byte     // what goes out when it is done
	zip    *flate.Writer

	mu  sync.Mutex // the fields below
	og  outgoing
	err error

	dead chan struct{} // closed when err is set
}

// New puts a Conn over nc, which is open, with TLS where it is wanted, and at
// the server's greeting. From here on nc belongs to the Conn.
func New(nc net.Conn, cfg Config) *Conn {
	c := &Conn{
		nc:    nc,
		lim:   cfg.Limits.withDefaults(),
		times: cfg.Timeouts.withDefaults(),
		known: cfg.Known,
		tell:  cfg.Events,
		trace: cfg.Trace,
		clk:   cfg.Clock,
		dead:  make(chan struct{}),
	}
	if c.tell == nil {
		c.tell = func(Event) {}
	}
	if c.clk == nil {
		c.clk = clock.System
	}
	c.frames = framer{
		br:         bufio.NewReaderSize((*socket)(c), 32<<10),
		lim:        &c.lim,
		maxLiteral: c.maxLiteral,
		began:      func() { c.inside.Store(true) },
	}
	return c
}

// Bind closes the connection when ctx ends; Err is then ErrCancelled with the
// context's cause. stop undoes it, and reports whether it came in time.
func (c *Conn) Bind(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		c.fail(fmt.Errorf("%w: %w", ErrCancelled, context.Cause(ctx)))
	})
}

// Err returns why the connection died, nil while it lives. It is the only
// place to learn that: the library keeps only the text of an error.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// ExpectLiteral bounds the literals in the answer to the next FETCH, in bytes,
// instead of Limits.Literal: the size the server told before, and some more.
func (c *Conn) ExpectLiteral(max int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.og.nextLiteral = max
}

// ExpectDelay lets the server be silent for so much longer than Timeouts.Stall
// before it answers the next command: a search in bodies, a huge COPY. The
// answer to an upload is waited for longer by itself.
func (c *Conn) ExpectDelay(more time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.og.nextDelay = more
}

// fail closes the connection for good. It returns the first cause.
func (c *Conn) fail(err error) error {
	c.mu.Lock()
	if c.err == nil {
		c.err = err
		close(c.dead)
	}
	err = c.err
	c.mu.Unlock()
	// A TLS connection would first try to say goodbye, for five seconds.
	if under, ok := c.nc.(interface{ NetConn() net.Conn }); ok {
		under.NetConn().Close()
	}
	c.nc.Close()
	return err
}

// Close implements net.Conn.
func (c *Conn) Close() error {
	c.fail(net.ErrClosed)
	return nil
}

// LocalAddr implements net.Conn.
func (c *Conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }

// SetDeadline implements net.Conn and does nothing, as do the other two:
// deadlines are set here alone.
func (c *Conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (c *Conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

// Write implements net.Conn for the library.
func (c *Conn) Write(p []byte) (int, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	if err := c.transmit(p, nil); err != nil {
		return 0, err
	}
	return len(p), nil
}

// transmit writes p, which may be part of a command, or any number of them.
// done is told the end of the command that p is, when it is one of ours. The
// caller holds wmu.
func (c *Conn) transmit(p []byte, done chan<- reply) error {
	c.mu.Lock()
	if err := c.err; err != nil {
		c.mu.Unlock()
		return err
	}
	if done == nil {
		p = c.og.rewrite(p)
	}
	c.og.write(p, done, c.trace)
	c.mu.Unlock()
	if c.corked {
		c.held = append(c.held, p...)
		return nil
	}
	return c.put(p)
}

// put sends bytes. The caller holds wmu.
func (c *Conn) put(p []byte) error {
	if c.heard.Swap(false) || c.count.up.Load() == 0 {
		c.count.turns.Add(1)
	}
	if c.times.Write > 0 {
		c.nc.SetWriteDeadline(time.Now().Add(c.times.Write))
	}
	var err error
	if c.zip == nil {
		_, err = (*sink)(c).Write(p)
	} else if _, err = c.zip.Write(p); err == nil {
		err = c.zip.Flush()
	}
	if err != nil {
		return c.fail(stalled(err))
	}
	c.arm() // the reader may sleep without a deadline, or be short of patience
	return nil
}

// sink is the Conn's writing end of nc: it counts.
type sink Conn

// Write implements io.Writer.
func (s *sink) Write(p []byte) (int, error) {
	n, err := s.nc.Write(p)
	s.count.up.Add(int64(n))
	return n, err
}

// Together sends what f begins as one flight: nothing of it leaves before f is
// done. f may begin commands of any kind but those that wait for the server
// (Authenticate of the library, Idle, Append, a string that must be a literal),
// and must not wait itself. Each FETCH and LIST among them needs a reader of
// its own already then: the flight may be longer than what the server takes in
// before it is listened to.
func (c *Conn) Together(f func()) error {
	c.wmu.Lock()
	c.corked = true
	c.wmu.Unlock()
	f()
	c.wmu.Lock()
	defer c.wmu.Unlock()
	c.corked = false
	held := c.held
	c.held = nil
	if len(held) == 0 {
		return nil
	}
	if err := c.Err(); err != nil {
		return err
	}
	return c.put(held)
}

// Read implements net.Conn for the library. It hands over at most the rest of
// one response, so that it is called again only when the library has taken all
// of it: events keep their place. An error stays (the library asks twice).
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if c.off < len(c.out) {
			n := copy(p, c.out[c.off:])
			c.off += n
			return n, nil
		}
		if c.literal > 0 {
			n, err := c.frames.br.Read(p[:min(int64(len(p)), c.literal)])
			c.literal -= int64(n)
			switch {
			case err != nil && n == 0:
				return 0, c.died(err)
			case n > 0 && !c.skip:
				return n, nil
			}
			continue
		}
		err := c.Err() // or the library, which asks twice, would get what came behind
		if err == nil {
			err = c.next()
		}
		if err != nil {
			c.out, c.off = c.out[:0], 0
			return 0, c.died(err)
		}
	}
}

// died turns what the socket says into the cause, and that into what the
// library is to see.
func (c *Conn) died(err error) error {
	switch {
	case err == io.EOF && c.inside.Load():
		err = io.ErrUnexpectedEOF
	case err == io.EOF && c.bye != nil:
		err = c.bye
	}
	err = c.fail(err)
	var bye *ByeError
	if errors.As(err, &bye) {
		return io.EOF
	}
	return err
}

func (c *Conn) maxLiteral() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.og.maxLiteral(c.lim.Literal)
}

func (c *Conn) hide(s string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.og.watch.hide(s)
}
