package wire

import (
	"bytes"
	"math"

	"github.com/emersion/go-imap/v2"
)

// tail is a FETCH of which a literal has been passed on, or is being skipped,
// and whose rest is still to come.
type tail struct {
	f       *fetched
	cmd     *command // whose answer it is; nil: the library gets nothing of it
	assumed bool     // the UID was not told before the literal
}

// fetch forwards the answer to a command, and tells everything else.
func (c *Conn) fetch(r *repairer, resp *response) error {
	f := c.fresh()
	n, ok := number([]byte(resp.num), math.MaxUint32)
	args := bytes.TrimLeft(resp.args, " ")
	var err error
	switch {
	case !ok || n == 0:
		err = errNumber
	case len(args) == 0 || args[0] != '(':
		err = errForm
	default:
		f.seq = uint32(n)
		err = r.fetchItems(f, args[1:], resp.literal)
	}
	t := &tail{f: f}
	if err != nil {
		r.tell(Damaged{Kind: "FETCH", SeqNum: f.seq, UID: f.uid, Reason: err.Error(), Raw: r.clip(resp.raw)})
	} else {
		c.mu.Lock()
		if f.streamed && f.uid == 0 {
			f.uid, t.assumed = c.og.onlyUID(), true
		}
		t.cmd = c.og.fetcher(f)
		c.mu.Unlock()
	}
	if t.cmd == nil {
		if err == nil {
			c.unsolicited(r, f)
		}
		if err := c.spendNews(int64(len(resp.raw)) + max(resp.literal, 0)); err != nil {
			return err
		}
	} else {
		if limit := c.answersDue(t.cmd); t.cmd.answers > limit {
			return &LimitError{"messages", int64(t.cmd.answers), int64(limit)}
		}
		c.out = appendUint(append(c.out, "* "...), uint64(f.seq))
		c.out = append(c.out, " FETCH ("...)
		if f.uid != 0 {
			c.out = append(appendUint(append(c.out, "UID "...), uint64(f.uid)), f.items...)
		} else {
			c.out = append(c.out, bytes.TrimPrefix(f.items, []byte(" "))...)
		}
	}
	c.endFetch(r, t, resp.literal)
	c.flush(r)
	return nil
}

// fresh returns an empty fetched with the buffers of the one before it, which
// nobody needs any more: a tail's is needed only until the next response.
func (c *Conn) fresh() *fetched {
	f := &c.scratch
	if cap(f.items) > keepBuffer {
		f.items = nil
	}
	*f = fetched{items: f.items[:0], names: f.names[:0], flags: f.flags[:0]}
	return f
}

// fetchTail goes on behind a literal.
func (c *Conn) fetchTail() error {
	t := c.tail
	c.tail, c.skip = nil, false
	raw, literal, err := c.frames.rest()
	if err != nil {
		return err
	}
	r := &repairer{lim: &c.lim, hide: c.hide}
	if t.cmd == nil {
		if err := c.spendNews(int64(len(raw)) + max(literal, 0)); err != nil {
			return err
		}
		c.endFetch(r, t, literal)
		return nil
	}
	// What is behind a literal cannot be taken back from the library: damage
	// there spoils the command.
	f := &fetched{seq: t.f.seq}
	if !t.assumed {
		f.uid = t.f.uid
	}
	if err := r.fetchItems(f, raw, literal); err != nil {
		t.cmd.damaged = "the answer arrived damaged"
		r.tell(Damaged{Kind: "FETCH", SeqNum: f.seq, UID: t.f.uid, Reason: err.Error(), Raw: r.clip(raw)})
		f.items, f.streamed = nil, false
		c.out = append(c.out, ")\r\n"...)
		c.endFetch(r, &tail{f: t.f}, literal)
		c.flush(r)
		return nil
	}
	if t.assumed && f.uid != 0 {
		t.assumed = false
		if f.uid != t.f.uid {
			t.cmd.damaged = "the answer was for another message"
		}
	}
	c.out = append(c.out, f.items...)
	t.f.streamed = f.streamed
	t.f.extra = f.extra
	c.endFetch(r, t, literal)
	c.flush(r)
	return nil
}

// endFetch closes what the library got of a FETCH, or prepares for the literal
// that comes next.
func (c *Conn) endFetch(r *repairer, t *tail, literal int64) {
	for _, e := range t.f.extra {
		e.SeqNum, e.UID = t.f.seq, t.f.uid
		if t.cmd != nil && t.cmd.also != nil && t.cmd.also.item == e.Name {
			t.cmd.also.told(e.UID, e.Value)
			continue
		}
		r.tell(e)
	}
	t.f.extra = nil
	for i, e := range r.events { // the UID may have come behind
		if d, ok := e.(Damaged); ok && d.UID == 0 {
			d.UID = t.f.uid
			r.events[i] = d
		}
	}
	if literal >= 0 {
		c.literal, c.skip, c.tail = literal, t.cmd == nil, t
		return
	}
	c.inside.Store(false)
	if t.cmd == nil {
		return
	}
	if t.assumed {
		t.cmd.damaged = "the answer does not say which message it is for"
	}
	c.out = append(c.out, ")\r\n"...)
}

// unsolicited tells of a FETCH that answers no command.
func (c *Conn) unsolicited(r *repairer, f *fetched) {
	e := Changed{SeqNum: f.seq, UID: f.uid, HasFlags: f.hasFlags, ModSeq: f.modSeq}
	for _, flag := range f.flags {
		e.Flags = append(e.Flags, imap.Flag(flag))
	}
	if s := c.changes(); s != nil {
		s.add(e)
	}
	r.tell(e)
}

const changeBytes = 128 // of one FETCH about a changed flag

// spendNews counts bytes of FETCH and VANISHED that nobody asked for. Another client may
// mark a whole mailbox as read, so the limit grows with the mailbox; while a
// FETCH is being answered, or a mailbox opened, it does not count at all.
func (c *Conn) spendNews(n int64) error {
	c.mu.Lock()
	busy := c.og.first("FETCH", "STORE", "SELECT", "EXAMINE")
	c.mu.Unlock()
	if busy != nil {
		if busy.heard += n; busy.heard > c.lim.Answer+c.maxLiteral() {
			return &LimitError{"answer", busy.heard, c.lim.Answer}
		}
		return nil
	}
	limit := c.lim.Unasked + changeBytes*int64(min(c.exists, 200_000))
	if c.unasked += n; c.unasked > limit {
		return &LimitError{"unasked", c.unasked, limit}
	}
	return nil
}

const moreAnswers = 1000 // messages a server may add before it says EXISTS

// answersDue returns how many FETCH one command may be answered with.
func (c *Conn) answersDue(cmd *command) int {
	most := uint64(0)
	for _, r := range cmd.numbers {
		if r.Stop == 0 {
			return int(min(uint64(c.exists)+moreAnswers, math.MaxInt32))
		}
		most += uint64(r.Stop) - uint64(r.Start) + 1
	}
	return int(min(most, math.MaxInt32))
}
