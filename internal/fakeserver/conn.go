package fakeserver

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// maxLine bounds a line of a client.
const maxLine = 1 << 20

// keepInHand is how much output waits for the next read before it is sent.
const keepInHand = 64 << 10

// Conn is a connection to a client, line by line. What is said is sent when
// the server waits for the client, or by Flush.
type Conn struct {
	ID     int // counted from 1
	server *Server
	meter  *meter
	nc     net.Conn // the meter, or TLS over it
	r      *bufio.Reader
	secure bool

	mu      sync.Mutex
	out     []byte
	holding bool
}

func newConn(s *Server, m *meter) *Conn {
	c := &Conn{ID: m.id, server: s, meter: m, nc: m}
	c.r = bufio.NewReader(readerFunc(func(p []byte) (int, error) {
		c.Flush()
		return c.nc.Read(p)
	}))
	return c
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// ReadLine returns the client's next line without its CRLF, and io.EOF when
// the connection has ended. A line that ends otherwise is a sin.
func (c *Conn) ReadLine() (string, error) {
	line, err := c.readLine()
	if err == nil {
		c.server.note(Line{c.ID, true, line})
	}
	return line, err
}

func (c *Conn) readLine() (string, error) {
	var line []byte
	for {
		if c.meter.deaf.Load() {
			return "", io.EOF
		}
		piece, err := c.r.ReadSlice('\n')
		line = append(line, piece...)
		if errors.Is(err, bufio.ErrBufferFull) && len(line) < maxLine {
			continue
		}
		if err != nil {
			return "", io.EOF
		}
		break
	}
	text := strings.TrimSuffix(string(line), "\n")
	if !strings.HasSuffix(text, "\r") {
		c.Sin("NON-CRLF-LINE", text)
	}
	return strings.TrimSuffix(text, "\r"), nil
}

// ReadRaw returns the client's next line with its line end and without a
// place in the transcript: for data.
func (c *Conn) ReadRaw() ([]byte, error) {
	if c.meter.deaf.Load() {
		return nil, io.EOF
	}
	return c.r.ReadBytes('\n')
}

// ReadN returns the next n bytes of the client, as a literal is read.
func (c *Conn) ReadN(n int) ([]byte, error) {
	var b strings.Builder
	if c.meter.deaf.Load() {
		return nil, io.EOF
	}
	if _, err := io.CopyN(&b, c.r, int64(n)); err != nil {
		return nil, io.EOF
	}
	c.server.note(Line{c.ID, true, fmt.Sprintf("{%d octets}", n)})
	return []byte(b.String()), nil
}

// Ahead tells whether the client has sent more than was read, that is,
// whether it pipelines.
func (c *Conn) Ahead() bool { return c.r.Buffered() > 0 }

// Forget drops what the client has sent more than was read.
func (c *Conn) Forget() { c.r.Discard(c.r.Buffered()) }

// Line says a line, made as by fmt.Sprintf.
func (c *Conn) Line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	c.server.note(Line{c.ID, false, text})
	c.Raw([]byte(text + "\r\n"))
}

// Data says bytes that stand in the transcript by their number only.
func (c *Conn) Data(p []byte) {
	c.server.note(Line{c.ID, false, fmt.Sprintf("{%d octets}", len(p))})
	c.Raw(p)
}

// Answer says wire; note is what the transcript keeps of it.
func (c *Conn) Answer(note string, wire []byte) {
	c.server.note(Line{c.ID, false, note})
	c.Raw(wire)
}

// Raw says bytes without a place in the transcript.
func (c *Conn) Raw(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holding || len(c.out)+len(p) <= keepInHand {
		c.out = append(c.out, p...)
		return
	}
	c.send(c.out)
	c.out = nil
	c.send(p)
}

// Flush sends what was said. Once the client is gone it does nothing.
func (c *Conn) Flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holding {
		return
	}
	c.send(c.out)
	c.out = nil
}

// send writes to the socket. An error shows at the next read.
func (c *Conn) send(p []byte) {
	if len(p) > 0 {
		_, _ = c.nc.Write(p)
	}
}

// hold sends what was said and keeps back what follows until release.
func (c *Conn) hold() {
	c.Flush()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holding = true
}

// release ends a hold; say tells whether what was kept back is said after all.
func (c *Conn) release(say bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.holding = false
	if !say {
		c.out = nil
	}
}

// UpgradeTLS begins TLS on the connection. What the client sent before the
// handshake is a sin and thrown away.
func (c *Conn) UpgradeTLS() error {
	c.Flush()
	if c.Ahead() {
		c.Sin("PIPELINED-BEFORE-TLS", "")
		c.r.Discard(c.r.Buffered())
	}
	t := tls.Server(c.meter, c.server.transport.Certificate.config())
	if err := t.Handshake(); err != nil {
		return fmt.Errorf("TLS handshake: %w", err)
	}
	c.nc, c.secure = t, true
	return nil
}

// Secure tells whether TLS protects the connection.
func (c *Conn) Secure() bool { return c.secure }

// OfferTLS tells whether the server would begin TLS now.
func (c *Conn) OfferTLS() bool { return c.server.transport.TLS == StartTLS && !c.secure }

// Note puts a line of the client's into the transcript that was read by
// ReadRaw.
func (c *Conn) Note(format string, args ...any) {
	c.server.note(Line{c.ID, true, fmt.Sprintf(format, args...)})
}

// Sin records what the client should not have done.
func (c *Conn) Sin(name, detail string) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.events = append(c.server.events, Event{c.ID, name, detail})
}

// Password records that a password came; without TLS, on a server that has
// TLS, that is a sin.
func (c *Conn) Password() {
	if !c.secure && c.server.transport.TLS != Plain {
		c.Sin("PASSWORD-IN-CLEAR", "")
	}
}

// Drop ends the connection after what was said, in good order (FIN) or not
// (RST).
func (c *Conn) Drop(how Failure) {
	c.Flush()
	c.meter.sever(how, true)
}

// Hang says nothing any more and returns when the client has gone.
func (c *Conn) Hang() {
	c.Flush()
	c.meter.deaf.Store(true)
	if c.meter.state.CompareAndSwap(alive, stalled) {
		c.meter.drain()
	}
}

// Alive sends what was said and tells whether it could leave: no fault has
// struck and nobody has closed the connection, as far as the server knows.
func (c *Conn) Alive() bool {
	c.Flush()
	return c.meter.state.Load() == alive
}

// Gone is closed when the connection has ended.
func (c *Conn) Gone() <-chan struct{} { return c.meter.gone }

// Wait sends what was said, then waits until d has passed on the World's
// clock. It tells whether the connection still stands.
func (c *Conn) Wait(d time.Duration) bool {
	c.Flush()
	left := make(chan error, 1)
	go func() {
		_, err := c.r.Peek(1)
		left <- err
	}()
	passed := c.server.world.clock.After(d)
	select {
	case <-passed:
		// Stop the look-out: a deadline in the past ends its read.
		c.meter.SetReadDeadline(time.Unix(1, 0))
		<-left
		c.meter.SetReadDeadline(time.Time{})
		return c.meter.state.Load() == alive
	case err := <-left:
		if err != nil {
			return false
		}
	}
	select { // the client has said something, so it is still there
	case <-passed:
		return c.meter.state.Load() == alive
	case <-c.Gone():
		return false
	}
}

// Drip says p byte by byte, pace apart.
func (c *Conn) Drip(p []byte, pace time.Duration) {
	for i := range p {
		c.Raw(p[i : i+1])
		if !c.Wait(pace) {
			return
		}
	}
}

// Flood says piece without end and returns when the client has gone.
func (c *Conn) Flood(piece string) {
	block := []byte(strings.Repeat(piece, 1+keepInHand/len(piece)))
	c.Flush()
	for c.meter.state.Load() == alive {
		if _, err := c.nc.Write(block); err != nil {
			break
		}
	}
	c.meter.deaf.Store(true)
}

func (c *Conn) close() {
	switch c.meter.state.Load() {
	case doomed:
		c.meter.sever(c.meter.doom, true)
		return
	case dead:
		return // a cut one closes itself
	}
	c.nc.Close()
	c.meter.Close()
}
