// Package rawlimit finds out how fast a server can hand mail out or take it in
// at all: it sends what it can in one go, reads into one buffer and throws
// everything away. The result is the floor that a real client is compared
// with, in the same minute on the same machine. For benchmarks only.
//
// It trusts the server: an answer that is not what a benchmark needs ends in
// an error, not in recovery.
package rawlimit

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"paquebot.app/internal/clock"
)

// Target is a server and whom to sign in as.
type Target struct {
	Addr           string // host:port
	User, Password string
	TLS            *tls.Config // nil: no TLS (SMTP: no STARTTLS)
}

// Result is what one run took.
type Result struct {
	Took     time.Duration // from before the dial until the goodbye was answered
	Messages int
	Bytes    int64 // read, or written where letters are sent, inside TLS
	Turns    int   // times the client sent after it had heard from the server
}

// patience bounds a whole run: a watchdog, not a measure.
const patience = 10 * time.Minute

// conn counts, and reads through one large buffer.
type conn struct {
	net.Conn
	buf         []byte
	read, wrote int64
	turns       int
	heard       bool
}

// dial connects, over TLS from the first byte if config is not nil.
func dial(ctx context.Context, addr string, config *tls.Config) (*conn, error) {
	var c net.Conn
	var err error
	if config != nil {
		c, err = (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", addr)
	} else {
		c, err = (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	}
	if err != nil {
		return nil, err
	}
	c.SetDeadline(time.Now().Add(patience))
	return &conn{Conn: c, buf: make([]byte, 1<<20)}, nil
}

// send writes a piece in one call and counts a turn if the server has spoken
// since the last one.
func (c *conn) send(b []byte) error {
	if c.heard {
		c.turns++
		c.heard = false
	}
	n, err := c.Write(b)
	c.wrote += int64(n)
	return err
}

// more reads what is there. The bytes are valid until the next call.
func (c *conn) more() ([]byte, error) {
	n, err := c.Read(c.buf)
	c.heard = c.heard || n > 0
	c.read += int64(n)
	if n > 0 {
		err = nil // an end that comes with bytes shows again at the next call
	}
	return c.buf[:n], err
}

// line reads one short answer that ends a flight: the server says nothing
// more until we do.
func (c *conn) line() (string, error) {
	var line []byte
	for !bytes.HasSuffix(line, []byte("\n")) {
		b, err := c.more()
		if err != nil {
			return "", err
		}
		line = append(line, b...)
	}
	return string(line), nil
}

// expect reads one short answer and demands its beginning.
func (c *conn) expect(prefix string) (string, error) {
	line, err := c.line()
	if err == nil && !bytes.HasPrefix([]byte(line), []byte(prefix)) {
		err = fmt.Errorf("the server said %q, want %q", line, prefix)
	}
	return line, err
}

// measure runs f and takes its time.
func measure(ctx context.Context, t Target, config *tls.Config, f func(*conn, *Result) error) (Result, error) {
	var r Result
	began := clock.System.Now()
	c, err := dial(ctx, t.Addr, config)
	if err != nil {
		return r, err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	err = f(c, &r)
	r.Took = clock.System.Now().Sub(began)
	r.Turns = c.turns
	if r.Bytes == 0 {
		r.Bytes = c.read
	}
	return r, err
}
