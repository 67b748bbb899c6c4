package wire

import (
	"bytes"
	"context"
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

// reply is the end of a command that was sent here.
type reply struct {
	err     error
	enabled []string
}

// Enable enables extensions (RFC 5161 §3.1) that the library refuses to, such
// as QRESYNC, and returns, in upper case, those that the server says are
// enabled now. It must be called after signing in and before a mailbox is
// opened. A refusal is an *imap.Error. It fails with ErrBusy while the library
// is in the middle of a command.
func (c *Conn) Enable(ctx context.Context, extensions ...string) ([]string, error) {
	for _, x := range extensions {
		if !isAtom([]byte(x)) {
			return nil, fmt.Errorf("%q is no extension", x)
		}
	}
	done, err := c.send("ENABLE " + strings.Join(extensions, " "))
	if err != nil {
		return nil, err
	}
	select {
	case r := <-done:
		return r.enabled, r.err
	case <-c.dead:
		return nil, c.Err()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// send writes a command of our own between those of the library.
func (c *Conn) send(text string) (<-chan reply, error) {
	c.wmu.Lock()
	defer c.wmu.Unlock()
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
	return done, nil
}

// QResync is what is known of a mailbox from before (RFC 7162 §3.2.5).
type QResync struct {
	UIDValidity uint32
	ModSeq      uint64
	Known       imap.UIDSet // the UIDs held here, or one range around them; not empty
}

// Resync makes the next command, which must be a Select with CondStore, ask
// what has changed since q: the answer comes as Vanished and Changed events
// before the Select ends. It fails unless QRESYNC was enabled. Changed events
// are only for what was known; new messages are still to be fetched.
func (c *Conn) Resync(q QResync) error {
	if q.UIDValidity == 0 || q.ModSeq == 0 || len(q.Known) == 0 || q.Known.Dynamic() {
		return errors.New("resync without the state to start from")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.og.qresync {
		return ErrNotEnabled
	}
	c.og.resync = fmt.Sprintf(" (QRESYNC (%d %d %s))\r\n", q.UIDValidity, q.ModSeq, q.Known)
	return nil
}

var condStore = []byte(" (CONDSTORE)\r\n")

// rewrite puts the parameters of Resync in the place of CONDSTORE. It takes
// effect once, on whatever command comes next.
func (g *outgoing) rewrite(p []byte) []byte {
	if g.resync == "" || g.current != nil || len(g.line) > 0 {
		return p
	}
	params := g.resync
	g.resync = ""
	f := bytes.Fields(p)
	opens := len(f) > 2 && (string(f[1]) == "SELECT" || string(f[1]) == "EXAMINE")
	if !opens || !bytes.HasSuffix(p, condStore) || bytes.IndexByte(p, '\n') != len(p)-1 {
		return p
	}
	return append(bytes.Clone(bytes.TrimSuffix(p, condStore)), params...)
}
