package wire

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// next reads one response, or the rest of one, and decides who gets it.
func (c *Conn) next() error {
	if cap(c.out) > keepBuffer {
		c.out = nil
	}
	c.out, c.off = c.out[:0], 0
	if c.tail != nil {
		return c.fetchTail()
	}
	c.inside.Store(false)
	c.waited, c.got = 0, 0
	resp, err := c.frames.next()
	if err != nil {
		return err
	}
	if c.trace != nil {
		c.trace("S: " + c.traced(&resp))
	}
	r := &repairer{lim: &c.lim, hide: c.hide}
	if !c.begun {
		return c.greeting(r, &resp)
	}
	switch resp.kind {
	case "FETCH":
		return c.fetch(r, &resp)
	case "+":
		err = c.continuation(r, &resp)
	case "tag":
		err = c.tagged(r, &resp)
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		err = c.untaggedStatus(r, &resp)
	default:
		if resp.literal >= 0 { // only FETCH has reason for one so big
			return &LimitError{"literal", resp.literal, int64(c.lim.Inline)}
		}
		err = c.data(r, &resp)
	}
	c.flush(r)
	if err == nil {
		c.inside.Store(false)
	}
	return err
}

// flush counts and tells what r collected.
func (c *Conn) flush(r *repairer) {
	for _, e := range r.events {
		if d, bad := e.(Damaged); bad {
			c.count.damaged.Add(1)
			if s := c.changes(); s != nil && (d.Kind == "FETCH" || d.Kind == "VANISHED") {
				s.Damaged = true
			}
		}
		c.tell(e)
	}
	r.events = nil
	if len(c.out) > 0 {
		c.count.forwarded.Add(1)
	} else {
		c.count.diverted.Add(1)
	}
}

// changes returns where the answer to the QRESYNC under way is gathered.
func (c *Conn) changes() *Changes {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cmd := c.og.opening(); cmd != nil {
		return cmd.changes
	}
	return nil
}

// spend counts bytes that nobody asked for.
func (c *Conn) spend(n int64) error {
	if c.unasked += n; c.unasked > c.lim.Unasked {
		return &LimitError{"unasked", c.unasked, c.lim.Unasked}
	}
	return nil
}

// continuation forwards "+" only where the library waits for it.
func (c *Conn) continuation(r *repairer, resp *response) error {
	c.mu.Lock()
	cmd := c.og.continued()
	c.mu.Unlock()
	if cmd == nil {
		r.tell(Untagged{Name: "+", Raw: r.clip(resp.raw)})
		return c.spend(int64(len(resp.raw)))
	}
	text := strings.TrimSpace(string(resp.args))
	if cmd.name != "AUTHENTICATE" || !isAtom([]byte(text)) { // a challenge is passed on as it is
		text = r.words(resp.args)
	}
	c.out = append(c.out, '+')
	if text != "" {
		c.out = append(append(c.out, ' '), text...)
	}
	c.out = append(c.out, "\r\n"...)
	return nil
}

// tagged forwards the end of a command.
func (c *Conn) tagged(r *repairer, resp *response) error {
	switch resp.status {
	case "OK", "NO", "BAD":
	default:
		if len(trimEOL(resp.raw)) == 0 {
			return c.spend(int64(len(resp.raw)))
		}
		return &ProtocolError{Reason: "not a response", Raw: r.clip(resp.raw)}
	}
	c.mu.Lock()
	cmd := c.og.byTag(resp.tag)
	c.mu.Unlock()
	if cmd == nil {
		r.damaged("tag", "", "no command has this tag", resp.raw)
		return c.spend(int64(len(resp.raw)))
	}
	c.unasked = 0
	s := r.status(resp.status, resp.tag, resp.args)
	c.ended(cmd, resp.status)
	if cmd.damaged != "" && resp.status == "OK" {
		resp.status, s = "NO", statusText{code: string(CodeDamaged), text: cmd.damaged}
	}
	if cmd.done != nil {
		c.ours(cmd, resp.status, s)
		return nil
	}
	c.out = append(append(append(c.out, cmd.tag...), ' '), resp.status...)
	c.out = s.append(c.out)
	return nil
}

// ours ends a command of our own. What it says of capabilities the library
// must know.
func (c *Conn) ours(cmd *command, status string, s statusText) {
	end := reply{Reply: cmd.end}
	switch {
	case status != "OK":
		end.err = &imap.Error{Type: imap.StatusResponseType(status), Code: imap.ResponseCode(s.code), Text: s.text}
	case s.code == "CAPABILITY":
		end.Capabilities = true
		c.out = append(append(append(c.out, "* CAPABILITY "...), s.args...), "\r\n"...)
	case cmd.name == "COMPRESS":
		c.inflate()
	}
	cmd.done <- end
}

// ended keeps count of the mailbox that is open.
func (c *Conn) ended(cmd *command, status string) {
	switch cmd.name {
	case "SELECT", "EXAMINE":
		if status != "OK" || !cmd.sawExists {
			c.exists = 0
		}
	case "CLOSE", "UNSELECT":
		if status == "OK" {
			c.exists = 0
		}
	case "LOGOUT":
		c.bye = nil
	}
}

// greeting forwards the first response (RFC 3501 §7.1). A POP server's "+OK"
// would look like a continuation, and be waited on in vain.
func (c *Conn) greeting(r *repairer, resp *response) error {
	c.begun = true
	switch resp.kind {
	case "OK", "PREAUTH", "BYE":
	default:
		return &ProtocolError{"not a greeting", strings.ToValidUTF8(string(resp.raw[:min(len(resp.raw), 80)]), "?")}
	}
	err := c.untaggedStatus(r, resp)
	if resp.kind == "OK" && len(c.known) > 0 && !bytes.Contains(bytes.ToUpper(c.out), []byte("[CAPABILITY ")) {
		s := statusText{code: "CAPABILITY", args: r.capabilities("CAPABILITY", []byte("IMAP4rev1 "+strings.Join(c.known, " "))), text: "known"}
		c.out = s.append(append(c.out[:0], "* OK"...))
	}
	c.flush(r)
	if err == nil {
		c.inside.Store(false)
	}
	if c.bye != nil { // the library closes the connection before its end is read
		c.fail(c.bye)
	}
	return err
}

// untaggedStatus forwards OK, NO, BAD, BYE and PREAUTH.
func (c *Conn) untaggedStatus(r *repairer, resp *response) error {
	s := r.status(resp.kind, "", resp.args)
	if resp.kind == "BYE" {
		r.tell(Bye{Code: s.code, Text: s.text})
		c.mu.Lock()
		asked := c.og.first("LOGOUT") != nil
		c.mu.Unlock()
		if !asked {
			c.bye = &ByeError{Code: s.code, Text: s.text}
		}
	}
	c.out = s.append(append(append(c.out, "* "...), resp.kind...))
	return c.spend(int64(len(resp.raw)))
}

// data forwards or diverts all other responses.
func (c *Conn) data(r *repairer, resp *response) error {
	switch resp.kind {
	case "EXISTS", "RECENT", "EXPUNGE":
		return c.number(r, resp)
	case "FLAGS":
		v, err := newParser(resp.args, c.lim.Depth).value()
		if err != nil {
			r.damaged("FLAGS", "", err.Error(), resp.raw)
		} else {
			c.out = append(append(append(c.out, "* FLAGS "...), r.flags("FLAGS", v, resp.args)...), "\r\n"...)
		}
		return c.spend(int64(len(resp.raw)))
	case "VANISHED":
		c.mu.Lock()
		enabled := c.og.qresync
		c.mu.Unlock()
		if !enabled {
			r.damaged("VANISHED", "", ErrNotEnabled.Error(), resp.raw)
		} else if err := r.vanished(resp.args, c.changes()); err != nil {
			r.damaged("VANISHED", "", err.Error(), resp.raw)
		}
		return c.spendNews(int64(len(resp.raw)))
	}
	cmd := c.asked(resp)
	if cmd == nil {
		return c.unaskedData(r, resp)
	}
	if cmd.heard += int64(len(resp.raw)); cmd.heard > c.lim.Answer {
		return &LimitError{"answer", cmd.heard, c.lim.Answer}
	}
	out, err := c.answer(r, resp, cmd)
	if err != nil {
		r.damaged(resp.kind, "", err.Error(), resp.raw)
		return nil
	}
	c.out = out
	return nil
}

// answer rewrites data that cmd asked for.
func (c *Conn) answer(r *repairer, resp *response, cmd *command) (out []byte, err error) {
	switch resp.kind {
	case "CAPABILITY", "ENABLED":
		words := r.capabilities(resp.kind, resp.args)
		cmd.end.Capabilities = resp.kind == "CAPABILITY"
		if resp.kind == "ENABLED" && c.enabled(cmd, words) {
			return c.out, nil
		}
		out = append(append(c.out, "* "...), resp.kind...)
		if len(words) > 0 {
			out = append(append(out, ' '), words...)
		}
		out = append(out, "\r\n"...)
	case "LIST":
		out, err = r.list(c.out, resp.args)
	case "STATUS":
		out, _, err = r.mailboxStatus(c.out, resp.args)
	case "SEARCH":
		if out, err = r.search(c.out, resp.args); err != nil {
			cmd.damaged = "the list of messages arrived damaged"
		}
	case "ESEARCH":
		if out, err = r.eSearch(c.out, resp.args, cmd.tag, cmd.byUID); err != nil {
			cmd.damaged = "the list of messages arrived damaged"
		}
	case "NAMESPACE":
		out, err = r.namespace(c.out, resp.args)
	case "ID":
		out, err = r.id(c.out, resp.args)
	case "QUOTA":
		out, err = r.quota(c.out, resp.args)
	case "QUOTAROOT":
		out, err = r.quotaRoot(c.out, resp.args)
	}
	return out, err
}

// enabled notes what is enabled now, and reports whether cmd is ours.
func (c *Conn) enabled(cmd *command, words []byte) bool {
	cmd.end.Enabled = strings.Fields(strings.ToUpper(string(words)))
	if slices.Contains(cmd.end.Enabled, "QRESYNC") {
		c.mu.Lock()
		c.og.qresync = true
		c.mu.Unlock()
	}
	return cmd.done != nil
}

// asked returns the command that waits for such data.
func (c *Conn) asked(resp *response) *command {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch resp.kind {
	case "CAPABILITY":
		return c.og.first("CAPABILITY", "LOGIN", "AUTHENTICATE")
	case "ENABLED":
		return c.og.first("ENABLE")
	case "LIST":
		return c.og.first("LIST", "SELECT", "EXAMINE")
	case "STATUS":
		return c.og.first("STATUS", "LIST")
	case "SEARCH":
		return c.og.search("")
	case "ESEARCH":
		return c.og.search(eSearchTag(resp.args))
	case "NAMESPACE", "ID":
		return c.og.first(resp.kind)
	case "QUOTA":
		return c.og.first("GETQUOTA", "GETQUOTAROOT", "SETQUOTA")
	case "QUOTAROOT":
		return c.og.first("GETQUOTAROOT")
	}
	return nil
}

// unaskedData tells what no command waits for.
func (c *Conn) unaskedData(r *repairer, resp *response) error {
	var e Event = Untagged{Name: clean(r.hide(resp.kind), 64), Raw: r.clip(resp.raw)}
	if resp.kind == "STATUS" {
		if _, status, err := r.mailboxStatus(nil, resp.args); err == nil {
			e = status
		}
	}
	r.tell(e)
	return c.spend(int64(len(resp.raw)))
}

// number forwards "* n EXISTS" and its like.
func (c *Conn) number(r *repairer, resp *response) error {
	n, ok := number([]byte(resp.num), math.MaxUint32)
	if !ok || resp.kind == "EXPUNGE" && (n == 0 || n > uint64(c.exists)) {
		r.damaged(resp.kind, "", errNumber.Error(), resp.raw)
		return c.spend(int64(len(resp.raw)))
	}
	switch resp.kind {
	case "EXISTS":
		c.exists = uint32(n)
		c.mu.Lock()
		if cmd := c.og.opening(); cmd != nil {
			cmd.sawExists = true
		}
		c.mu.Unlock()
		r.tell(Exists{Messages: c.exists})
	case "EXPUNGE":
		c.exists--
		r.tell(Expunged{SeqNum: uint32(n)})
	}
	c.out = append(appendUint(append(c.out, "* "...), n), ' ')
	c.out = append(append(c.out, resp.kind...), "\r\n"...)
	return c.spend(int64(len(resp.raw)))
}

// traced returns a response as it may be shown.
func (c *Conn) traced(resp *response) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if resp.kind == "+" && c.og.current != nil && c.og.current.name == "AUTHENTICATE" {
		return "+ " + hidden
	}
	line := resp.raw[:min(len(resp.raw), 8*maxRaw)]
	return clean(c.og.watch.hide(string(line)), maxRaw)
}
