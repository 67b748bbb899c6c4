package fakepop

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"paquebot.app/internal/fakeserver"
)

const (
	slowQuit  = 90 * time.Second // the delay of "quit-slow"
	hugeCount = 400_000          // the mails of "stat-huge"
)

// transaction is the second state of RFC 1939 §5.
func (x *session) transaction(verb, arg string) {
	s := x.server
	switch {
	case verb == "STAT":
		count, sum := x.total()
		switch {
		case s.script.Active("stat-lies"):
			count = max(count-1, 0)
		case s.script.Active("stat-huge"):
			count = hugeCount
		}
		x.conn.Line("+OK %d %d", count, sum)
	case verb == "LIST":
		x.list(arg, x.listed)
	case verb == "UIDL" && !s.hides("UIDL") && !s.script.Active("uidl-missing") && !x.drop.noUIDL:
		x.uidl(arg)
	case verb == "RETR":
		x.retr(arg)
	case verb == "TOP" && !s.hides("TOP"):
		x.top(arg)
	case verb == "DELE":
		x.dele(arg)
	case verb == "RSET":
		for _, m := range x.drop.mails {
			m.deleted, m.swallowed = false, false
		}
		x.conn.Line("+OK")
	default:
		x.conn.Line("-ERR unknown command")
	}
}

func (x *session) total() (count int, sum int64) {
	for _, m := range x.drop.mails {
		if !m.deleted {
			count++
			sum += x.size(m)
		}
	}
	if x.server.script.Active("list-huge") {
		sum = math.MaxInt64
	}
	return count, sum
}

// size is what LIST and RETR say, which need not be true.
func (x *session) size(m *mail) int64 {
	switch {
	case x.server.script.Active("list-huge"):
		return math.MaxInt64
	case x.server.script.Active("sizes-double"):
		return int64(len(m.octets) * 2)
	case x.server.script.Active("retr-size-lies"):
		return int64(len(m.octets) / 2)
	}
	return int64(len(m.octets))
}

func (x *session) listed(m *mail) string { return strconv.FormatInt(x.size(m), 10) }

// list answers LIST and UIDL, for one number or for all.
func (x *session) list(arg string, what func(*mail) string) {
	if arg != "" {
		if m := x.drop.find(arg); m != nil {
			x.conn.Line("+OK %s %s", arg, what(m))
		} else {
			x.conn.Line("-ERR no such message")
		}
		return
	}
	x.conn.Line("+OK")
	if x.server.script.Active("list-odd") {
		for i := len(x.drop.mails) - 1; i >= 0; i-- {
			if m := x.drop.mails[i]; !m.deleted {
				x.conn.Line(" %03d\t  %s\t", i+1, what(m))
			}
		}
		x.conn.Line(".")
		return
	}
	for i, m := range x.drop.mails {
		if !m.deleted && !(i == 0 && x.server.script.Active("list-lies")) {
			x.conn.Line("%d %s", i+1, what(m))
		}
	}
	if x.server.script.Active("list-lies") {
		x.conn.Line("%d %d", len(x.drop.mails)+100, 4711)
	}
	x.conn.Line(".")
}

func (x *session) uidl(arg string) {
	script := x.server.script
	if script.Fires("uidl-endless") {
		x.conn.Line("+OK")
		x.conn.Flood("1 again-and-again\r\n")
		return
	}
	if arg != "" && script.Active("uidl-one-err") {
		x.conn.Line("-ERR not today")
		return
	}
	if n, err := strconv.Atoi(arg); err == nil && script.Active("uidl-one-lie") {
		arg = strconv.Itoa(n%len(x.drop.mails) + 1)
	}
	if arg == "" && script.Fires("stat-huge") {
		x.conn.Line("+OK")
		for n := 1; n <= hugeCount && x.conn.Alive(); n++ {
			x.conn.Line("%d %0900d", n, n)
		}
		x.conn.Line(".")
		return
	}
	if arg == "" && script.Active("uidl-short") {
		x.conn.Line("+OK")
		for i, m := range x.drop.mails[:max(0, len(x.drop.mails)-1)] {
			x.conn.Line("%d %s", i+1, m.uidl)
		}
		x.conn.Line(".")
		return
	}
	x.list(arg, func(m *mail) string { return m.uidl })
	if script.FiresOnce("new-mail") {
		x.user.Deliver([]byte(fmt.Sprintf("From: late@demo.example\r\nTo: %s\r\n"+
			"Message-ID: <late@demo.example>\r\nSubject: Just in time\r\n\r\nI came late.\r\n",
			x.user.Name())), time.Time{})
	}
}

func (x *session) retr(arg string) {
	m := x.drop.find(arg)
	script := x.server.script
	switch {
	case m == nil:
		x.conn.Line("-ERR no such message")
		return
	case m.bad && script.Fires("retr-err"):
		x.conn.Line("-ERR [SYS/TEMP] cannot read this message")
		return
	}
	if m.bad && script.Fires("retr-drop") {
		x.conn.Drop(fakeserver.FIN)
		return
	}
	x.conn.Line("+OK %d octets", x.size(m))
	whole := stuff(m.octets)
	half := whole[:len(whole)/2]
	switch {
	case m.bad && script.Fires("retr-truncated"):
		x.conn.Data(half)
		x.conn.Drop(fakeserver.FIN)
	case script.Active("retr-short-all"), m.bad && script.Fires("retr-short"):
		x.conn.Data(append(half, "\r\n"...))
		x.conn.Line(".")
		m.known = true
	case m.bad && script.Fires("hang-in-retr"):
		x.conn.Data(half)
		x.conn.Hang()
	case m.bad && script.Fires("endless-retr"):
		x.conn.Flood("and on, and on, and on\r\n")
	case m.bad && script.Fires("never-ending-line"):
		x.conn.Flood("and on, and on, and on ")
	case m.bad && script.Fires("drip-retr"):
		x.conn.Drip(whole, time.Second)
		x.conn.Line(".")
	default:
		x.conn.Data(whole)
		x.conn.Line(".")
		if x.conn.Alive() {
			m.known = true
			x.server.markRetrieved(m.id)
		}
	}
}

func (x *session) top(arg string) {
	number, count, _ := strings.Cut(arg, " ")
	lines, err := strconv.Atoi(count)
	m := x.drop.find(number)
	if m == nil || err != nil || lines < 0 {
		x.conn.Line("-ERR no such message")
		return
	}
	switch script := x.server.script; {
	case m.bad && script.Fires("top-bad-err"):
		x.conn.Line("-ERR cannot read this message")
		return
	case m.bad && script.Fires("top-drop"):
		x.conn.Drop(fakeserver.FIN)
		return
	}
	m.known = true
	x.conn.Line("+OK")
	x.conn.Data(stuff(head(m.octets, lines)))
	x.conn.Line(".")
}

// head returns the header, the blank line and the first lines of the body.
func head(octets []byte, lines int) []byte {
	end, inBody := 0, false
	for end < len(octets) && !(inBody && lines == 0) {
		line, _, _ := bytes.Cut(octets[end:], []byte("\r\n"))
		end += len(line) + len("\r\n")
		if inBody {
			lines--
		}
		inBody = inBody || len(line) == 0
	}
	return octets[:end]
}

func (x *session) dele(arg string) {
	m := x.drop.find(arg)
	switch {
	case m == nil:
		x.conn.Line("-ERR no such message")
		return
	case m.bad && x.server.script.Fires("dele-err"):
		x.conn.Line("-ERR cannot delete this message")
		return
	case m.bad && x.server.script.Fires("bad-dele-drops"):
		x.conn.Drop(fakeserver.FIN)
		return
	}
	if !x.server.wasRetrieved(m.id) {
		x.conn.Sin("DELE-OF-UNSEEN", "DELE "+arg)
	} else if !m.known && !x.server.hides("TOP") {
		x.conn.Sin("DELE-WITHOUT-TOP", "DELE "+arg)
	}
	m.deleted = true
	m.swallowed = x.server.script.Fires("swallow-dele")
	x.conn.Line("+OK")
}

// copyMarked puts a copy of what is about to be deleted into the maildrop.
func (x *session) copyMarked() {
	for _, m := range x.drop.mails {
		old, ok := x.drop.inbox.Message(m.id.uid)
		if !ok || !m.deleted {
			continue
		}
		id := m.id
		id.uid = x.drop.inbox.Append(old.Raw, old.InternalDate).UID
		if x.server.wasRetrieved(m.id) {
			x.server.markRetrieved(id) // the client has these bytes
		}
	}
}

// quit is the UPDATE state of RFC 1939 §6, the only place where mail goes.
func (x *session) quit() {
	if x.user == nil {
		x.conn.Line("+OK")
		return
	}
	script := x.server.script
	if x.server.options.Expire == "0" {
		for _, m := range x.drop.mails {
			m.deleted = m.deleted || m.known && x.server.wasRetrieved(m.id)
		}
	}
	if script.Active("returns-anew") {
		x.copyMarked()
	}
	failed := script.Fires("quit-err")
	if failed {
		x.drop.commit((x.drop.marked() + 1) / 2)
	} else {
		x.drop.commit(math.MaxInt)
	}
	x.user.UnlockMaildrop()
	x.user = nil
	switch {
	case failed:
		x.conn.Line("-ERR some deleted messages not removed")
	case script.Fires("quit-rst"):
		x.conn.Drop(fakeserver.RST)
	case script.Fires("quit-slow"):
		if x.conn.Wait(slowQuit) {
			x.conn.Line("+OK")
		}
	default:
		x.conn.Line("+OK")
	}
}
