package wire

import (
	"bytes"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// alsoFetched is an item that a FETCH asks for on our behalf.
type alsoFetched struct {
	item string
	told func(uid imap.UID, value string)
}

// XList makes the next command, if it is a plain List, ask by XLIST: what
// servers had that tell what folders are for and know no SPECIAL-USE. The answer
// is that of a List; its attributes are \Inbox, \AllMail, \Spam, \Starred and
// \Important beside those of RFC 6154, and the inbox may have any name.
func (c *Conn) XList() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.og.xlist = true
}

// AlsoFetch makes the next command, if it is a Fetch, ask for an item that the
// library does not know, such as X-GM-MSGID or EMAILID (RFC 8474 §5.1). told is
// given what the answers to that command say of it, from the library's reader and
// before the library has the rest of that message, unless that is behind a large
// literal; it must only queue. A command that is too long to be written at once
// goes without.
func (c *Conn) AlsoFetch(item string, told func(uid imap.UID, value string)) error {
	if !isAtom([]byte(item)) {
		return fmt.Errorf("%q is no item", item)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.og.also, c.og.alsoTold = item, told
	return nil
}

var (
	condStore  = []byte(" (CONDSTORE)\r\n")
	plainList  = []byte(` LIST "" "*"`)
	plainXList = []byte(` XLIST "" "*"`)
)

// rewrite puts what the library cannot say into the command that comes next:
// the parameters of Resync in the place of CONDSTORE, XLIST in that of LIST, and
// an item more into FETCH. It takes effect once, on whatever command comes.
func (g *outgoing) rewrite(p []byte) []byte {
	if g.resync == "" && g.also == "" && !g.xlist || g.current != nil || len(g.line) > 0 {
		return p
	}
	params, changes, also, told, xlist := g.resync, g.changes, g.also, g.alsoTold, g.xlist
	g.resync, g.changes, g.also, g.alsoTold, g.xlist = "", nil, "", nil, false
	f := bytes.Fields(p)
	if len(f) < 3 || bytes.IndexByte(p, '\n') != len(p)-1 {
		return p
	}
	verb := string(f[1])
	if verb == "UID" {
		verb = string(f[2])
	}
	switch {
	case (verb == "SELECT" || verb == "EXAMINE") && params != "" && bytes.HasSuffix(p, condStore):
		g.opens = changes
		return append(bytes.Clone(bytes.TrimSuffix(p, condStore)), params...)
	case verb == "LIST" && xlist:
		return bytes.Replace(p, plainList, plainXList, 1)
	case verb == "FETCH" && also != "":
		g.asks = &alsoFetched{also, told}
		return bytes.Replace(p, []byte(" ("), []byte(" ("+also+" "), 1)
	}
	return p
}
