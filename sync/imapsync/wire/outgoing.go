package wire

import (
	"bytes"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// command is one that was written and not answered yet.
type command struct {
	tag     string
	name    string // upper case, without UID
	byUID   bool   // it began with UID
	numbers imap.UIDSet
	got     imap.UIDSet // of numbers: answered
	answers int
	items   []string // what a FETCH asks for beside UID, FLAGS and MODSEQ
	only    imap.UID // the one UID it asks for, else 0

	due        int           // continuations ("+") the library waits for
	idling     bool          // IDLE is in force: silence is normal
	maxLiteral int64         // bound for literals in its answer, 0: Limits.Literal
	patience   time.Duration // added to Timeouts.Stall
	heard      int64         // bytes of answers, FETCH excluded
	sawExists  bool          // SELECT: EXISTS was given
	damaged    string        // why its answer must not be taken for complete

	changes *Changes     // SELECT with QRESYNC: what it is told
	also    *alsoFetched // FETCH: what is not the library's

	done chan<- reply // it is ours: the library knows nothing of it
	end  Reply        // of ours
}

// outgoing follows what the library writes, so that it is known which answers
// are asked for. It is guarded by Conn.mu.
type outgoing struct {
	pending []*command
	current *command // its text is not at an end: a literal follows, or SASL
	line    []byte   // the beginning of a line
	literal int64    // bytes of a literal still to come

	nextLiteral int64 // for the next command
	nextDelay   time.Duration
	resync      string // what the next SELECT asks instead of CONDSTORE
	also        string // what the next FETCH asks for, too
	alsoTold    func(imap.UID, string)
	asks        *alsoFetched // that of the FETCH that is being written
	xlist       bool         // the next LIST is XLIST
	changes     *Changes     // where the answer to that goes
	opens       *Changes     // those of the SELECT that is being written
	qresync     bool         // QRESYNC is enabled, so VANISHED may come
	sent        int          // commands of our own

	watch redactor
}

const (
	uploadRate  = 16 << 10        // bytes a second that an upload may be as slow as
	maxPatience = 5 * time.Minute // for the answer to an upload
)

// write takes bytes on their way out. done is that of a command of ours; trace
// may be nil.
func (g *outgoing) write(p []byte, done chan<- reply, trace func(string)) {
	for len(p) > 0 {
		if g.literal > 0 {
			n := min(int64(len(p)), g.literal)
			g.watch.literal(p[:n])
			p, g.literal = p[n:], g.literal-n
			continue
		}
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			g.line = append(g.line, p...)
			return
		}
		g.line = append(g.line, p[:i+1]...)
		p = p[i+1:]
		g.endLine(done, trace)
		g.line = g.line[:0]
	}
}

// endLine looks at one whole line.
func (g *outgoing) endLine(done chan<- reply, trace func(string)) {
	line := trimEOL(g.line)
	if g.current == nil {
		if i := g.idle(); i != nil && bytes.EqualFold(bytes.TrimSpace(line), []byte("DONE")) {
			i.idling = false
			if trace != nil {
				trace("C: DONE")
			}
			return
		}
		g.begin(string(line), done)
	} else if g.current.name == "AUTHENTICATE" {
		if bytes.IndexByte(line, ' ') >= 0 { // no SASL answer has one: SASL was given up
			g.begin(string(line), done)
		} else {
			g.current.due++
		}
	}
	shown := g.watch.line(g.current, string(line))
	if trace != nil {
		trace("C: " + shown)
	}
	n, ok := literalSize(g.line)
	switch {
	case g.current.name == "AUTHENTICATE" && g.current.done == nil:
	case ok:
		g.literal = n
		if !bytes.HasSuffix(line, []byte("+}")) {
			g.current.due++
		}
		g.current.patience = min(g.current.patience+time.Duration(n/uploadRate)*time.Second, max(maxPatience, g.current.patience))
	default:
		g.watch.end(g.current)
		g.current = nil
	}
}

// begin notes a command that begins with line.
func (g *outgoing) begin(line string, done chan<- reply) {
	tag, rest, _ := strings.Cut(line, " ")
	name, rest, _ := strings.Cut(rest, " ")
	c := &command{tag: tag, name: strings.ToUpper(name), maxLiteral: g.nextLiteral, patience: g.nextDelay, done: done}
	g.nextLiteral, g.nextDelay = 0, 0
	if c.name == "UID" {
		c.byUID = true
		name, rest, _ = strings.Cut(rest, " ")
		c.name = strings.ToUpper(name)
	}
	switch c.name {
	case "XLIST": // for the library it is what it asked by
		c.name = "LIST"
	case "FETCH", "STORE":
		set, items, _ := strings.Cut(rest, " ")
		c.numbers = parseCommandSet(set)
		if c.name == "FETCH" {
			c.items = fetchNames(items)
			c.also, g.asks = g.asks, nil
		}
		if n := c.numbers; c.byUID && len(n) == 1 && n[0].Start == n[0].Stop {
			c.only = n[0].Start
		}
	case "IDLE":
		c.due, c.idling = 1, true
	case "AUTHENTICATE":
		if done == nil {
			c.due = 1
		}
	case "SELECT", "EXAMINE":
		c.changes, g.opens = g.opens, nil
	}
	g.pending = append(g.pending, c)
	g.current = c
}

// fetchNames lists what a FETCH asks for, as fetched.names has it, without
// UID, FLAGS and MODSEQ, which any FETCH may hold.
func fetchNames(items string) []string {
	var names []string
	p := newParser([]byte(items), 1)
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '(':
			p.i++
			continue
		case ')':
			return names
		}
		w := itemName(p)
		if len(w) == 0 {
			return names
		}
		name, _, section := strings.Cut(strings.ToUpper(string(w)), "[")
		if section {
			name = strings.TrimSuffix(name, ".PEEK") + "["
		}
		switch name {
		case "UID", "FLAGS", "MODSEQ":
		default:
			names = append(names, name)
		}
	}
	return names
}

// byTag returns the command with this tag, and takes it off the list.
func (g *outgoing) byTag(tag string) *command {
	for i, c := range g.pending {
		if c.tag == tag {
			g.pending = append(g.pending[:i], g.pending[i+1:]...)
			if c == g.current && c.name == "AUTHENTICATE" {
				g.current = nil
			}
			return c
		}
	}
	return nil
}

// first returns the oldest command with one of these names.
func (g *outgoing) first(names ...string) *command {
	for _, c := range g.pending {
		for _, n := range names {
			if c.name == n {
				return c
			}
		}
	}
	return nil
}

// search returns the SEARCH that an untagged answer is for: the oldest, unless
// a mailbox is still to be opened before it.
func (g *outgoing) search(tag string) *command {
	for _, c := range g.pending {
		switch {
		case c.name == "SELECT" || c.name == "EXAMINE":
			return nil
		case c.name == "SEARCH" && (tag == "" || c.tag == tag):
			return c
		}
	}
	return nil
}

// idle returns the IDLE in force.
func (g *outgoing) idle() *command {
	if c := g.first("IDLE"); c != nil && c.idling {
		return c
	}
	return nil
}

// continued takes one continuation off the oldest command that waits for one.
func (g *outgoing) continued() *command {
	for _, c := range g.pending {
		if c.due > 0 {
			c.due--
			return c
		}
	}
	return nil
}

// owed returns how long beyond the usual the server may be silent; ok is false
// when it owes nothing.
func (g *outgoing) owed() (patience time.Duration, ok bool) {
	for _, c := range g.pending {
		if c.idling && c.due == 0 {
			continue
		}
		ok = true
		patience = max(patience, c.patience)
	}
	return patience, ok
}

// maxLiteral returns the bound for a literal in the answers that are due.
func (g *outgoing) maxLiteral(usual int64) int64 {
	bound, fetches := int64(0), false
	for _, c := range g.pending {
		if c.name != "FETCH" {
			continue
		}
		fetches = true
		if c.maxLiteral == 0 {
			return usual
		}
		bound = max(bound, c.maxLiteral)
	}
	if !fetches {
		return usual
	}
	return bound
}

// opening returns the SELECT or EXAMINE under way.
func (g *outgoing) opening() *command { return g.first("SELECT", "EXAMINE") }

// fetcher returns the command that the library will take f for an answer to:
// the oldest one that asked for this message and has not got it yet. It
// returns nil when f does not hold what that command asked for, as when
// another client's flag change comes before the answer.
func (g *outgoing) fetcher(f *fetched) *command {
	for _, c := range g.pending {
		if c.name == "SELECT" || c.name == "EXAMINE" {
			return nil // what is asked behind it is answered behind it
		}
		if c.name != "FETCH" && c.name != "STORE" {
			continue
		}
		n := imap.UID(f.seq)
		if c.byUID {
			n = f.uid
		}
		if n == 0 || !c.numbers.Contains(n) || c.got.Contains(n) {
			continue
		}
		if !c.wants(f) {
			return nil
		}
		c.got.AddNum(n)
		c.answers++
		return c
	}
	return nil
}

func (c *command) wants(f *fetched) bool {
	if len(c.items) == 0 {
		return true
	}
	for _, asked := range c.items {
		for _, name := range f.names {
			if asked == name {
				return true
			}
		}
	}
	return false
}

// onlyUID returns the UID a body that comes without one must be for: the only
// FETCH under way asked for one message. It is 0 when that is not so.
func (g *outgoing) onlyUID() imap.UID {
	var uid imap.UID
	for _, c := range g.pending {
		switch c.name {
		case "FETCH":
			if c.only == 0 || uid != 0 {
				return 0
			}
			uid = c.only
		case "SELECT", "EXAMINE":
			return 0
		}
	}
	return uid
}
