package wire

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"
)

var (
	// ErrBusy: a command of the library's is only half written, or IDLE is in
	// force, so that none can be sent between.
	ErrBusy = errors.New("another command is under way")
	// ErrNotEnabled: Resync needs QRESYNC enabled first.
	ErrNotEnabled = errors.New("QRESYNC is not enabled")
)

// Reply is the successful end of a command that was sent here.
type Reply struct {
	Enabled      []string // of ENABLE: what is enabled now, in upper case
	Capabilities bool     // the server said what it can do; the library knows
}

type reply struct {
	Reply
	err error
}

// Pending is a command that was sent here and not by the library.
type Pending struct {
	c    *Conn
	done <-chan reply
}

// Wait returns how the command ended. A refusal is an *imap.Error.
func (p *Pending) Wait(ctx context.Context) (Reply, error) {
	select {
	case r := <-p.done:
		return r.Reply, r.err
	case <-p.c.dead:
		return Reply{}, p.c.Err()
	case <-ctx.Done():
		return Reply{}, context.Cause(ctx)
	}
}

// Enable begins to enable extensions (RFC 5161 §3.1) that the library refuses
// to, such as QRESYNC. It must be called after signing in, or behind it in one
// flight, and before a mailbox is opened. It fails with ErrBusy while the
// library is in the middle of a command.
func (c *Conn) Enable(extensions ...string) (*Pending, error) {
	for _, x := range extensions {
		if !isAtom([]byte(x)) {
			return nil, fmt.Errorf("%q is no extension", x)
		}
	}
	return c.send("ENABLE " + strings.Join(extensions, " "))
}

// Authenticate begins to sign in by a SASL mechanism whose only message goes
// with the command (RFC 4959), so that other commands can follow in one flight
// and before the greeting. It is for servers known to take it: one that asks a
// question instead gets no answer. A capability list in its reply is passed on
// to the library.
func (c *Conn) Authenticate(mechanism string, initial []byte) (*Pending, error) {
	if !isAtom([]byte(mechanism)) || len(initial) == 0 {
		return nil, fmt.Errorf("%q is no mechanism", mechanism)
	}
	return c.send("AUTHENTICATE " + mechanism + " " + base64.StdEncoding.EncodeToString(initial))
}

// Noop begins a NOOP. Behind Authenticate it is the line that a server may take
// for the answer to a challenge; it is not answered then.
func (c *Conn) Noop() (*Pending, error) { return c.send("NOOP") }

// send writes a command of our own between those of the library.
func (c *Conn) send(text string) (*Pending, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	return c.sendLocked(text)
}

// sendLocked is send for who holds wmu.
func (c *Conn) sendLocked(text string) (*Pending, error) {
	c.mu.Lock()
	if c.og.current != nil || len(c.og.line) > 0 || c.og.idle() != nil {
		c.mu.Unlock()
		return nil, ErrBusy
	}
	c.og.sent++
	line := fmt.Sprintf("W%d %s\r\n", c.og.sent, text)
	c.mu.Unlock()
	done := make(chan reply, 1)
	if err := c.transmit([]byte(line), done); err != nil {
		return nil, err
	}
	return &Pending{c, done}, nil
}

// QResync is what is known of a mailbox from before (RFC 7162 §3.2.5).
type QResync struct {
	UIDValidity uint32
	ModSeq      uint64
	Known       imap.UIDSet // the UIDs held here, or one range around them; not empty
}

// Changes is what a server says has become of a mailbox since it was known. It
// may be read when the Select it belongs to has ended.
type Changes struct {
	Vanished imap.UIDSet // may name UIDs that never were
	Flags    map[imap.UID][]imap.Flag
	// Damaged: part of it could not be understood or was too much to keep, so
	// that nothing follows from what is not in it.
	Damaged bool

	known imap.UIDSet
}

// mostChanges bounds how many changed messages one Changes holds.
const mostChanges = 100_000

// add takes a FETCH that came while the mailbox was opened. New messages are
// no changes: they are asked for apart.
func (s *Changes) add(e Changed) {
	switch {
	case e.UID == 0 || !e.HasFlags || len(s.Flags) >= mostChanges:
		s.Damaged = true
	case s.known.Contains(e.UID):
		s.Flags[e.UID] = e.Flags
	}
}

// Resync makes the next command, which must be a Select with CondStore, ask
// what has changed since q: the answer is in Changes when the Select has ended,
// and is told as Vanished and Changed events too. It fails unless QRESYNC is
// enabled or being enabled. New messages are still to be fetched.
func (c *Conn) Resync(q QResync) (*Changes, error) {
	if q.UIDValidity == 0 || q.ModSeq == 0 || len(q.Known) == 0 || q.Known.Dynamic() {
		return nil, errors.New("resync without the state to start from")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.og.qresync && c.og.first("ENABLE") == nil {
		return nil, ErrNotEnabled
	}
	c.og.resync = fmt.Sprintf(" (QRESYNC (%d %d %s))\r\n", q.UIDValidity, q.ModSeq, q.Known)
	c.og.changes = &Changes{Flags: map[imap.UID][]imap.Flag{}, known: q.Known}
	return c.og.changes, nil
}
