package fakesmtp

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"paquebot.app/internal/fakeserver"
)

// slow is the delay of "delay-250" and of slow@.
const slow = 90 * time.Second

// midData is how many lines of a letter are read before "drop-mid-data".
const midData = 3

// mail opens a transaction (RFC 5321 §4.1.1.2).
func (x *session) mail(arg string) {
	s := x.server
	from, parameters, ok := path(arg, "FROM:")
	switch {
	case !x.hello || x.letter != nil:
		x.conn.Line("503 5.5.1 not now")
		return
	case x.user == nil && !s.options.Open:
		x.conn.Line("530 5.7.0 authentication required")
		return
	case !ok:
		x.conn.Line("501 5.5.4 MAIL FROM:<address>")
		return
	}
	l := &Letter{Conn: x.conn.ID, From: from}
	if x.user != nil {
		l.User = x.user.Name()
	}
	for _, p := range parameters {
		name, value, _ := strings.Cut(p, "=")
		switch name = strings.ToUpper(name); {
		case name == "SIZE" && x.offers("SIZE"):
			if n, err := strconv.ParseInt(value, 10, 64); err != nil || n > s.options.MaxSize {
				x.conn.Line("552 5.3.4 the letter is too big")
				return
			}
		case name == "BODY" && x.offers("8BITMIME"):
			l.Body = strings.ToUpper(value)
		case name == "SMTPUTF8" && x.offers("SMTPUTF8"):
			l.UTF8 = true
		default:
			x.conn.Sin("PARAMETER-WITHOUT-EXTENSION", p)
			x.conn.Line("555 5.5.4 unknown parameter")
			return
		}
	}
	if !ascii(from) && !l.UTF8 {
		x.conn.Sin("UTF8-WITHOUT-SMTPUTF8", from)
	}
	x.letter, x.second = l, false
	x.conn.Line("250 2.1.0 ok")
}

// path splits "FROM:<address> A=B" into address and parameters.
func path(arg, keyword string) (address string, parameters []string, ok bool) {
	if len(arg) < len(keyword) || !strings.EqualFold(arg[:len(keyword)], keyword) {
		return "", nil, false
	}
	rest := strings.TrimLeft(arg[len(keyword):], " ")
	end := strings.LastIndexByte(rest, '>')
	if !strings.HasPrefix(rest, "<") || end < 0 {
		return "", nil, false
	}
	return rest[1:end], strings.Fields(rest[end+1:]), true
}

// rcpt adds a recipient, or refuses it.
func (x *session) rcpt(arg string) {
	to, _, ok := path(arg, "TO:")
	switch {
	case x.letter == nil:
		x.conn.Line("503 5.5.1 MAIL first")
	case !ok || to == "":
		x.conn.Line("501 5.5.4 RCPT TO:<address>")
	default:
		if !ascii(to) && !x.letter.UTF8 {
			x.conn.Sin("UTF8-WITHOUT-SMTPUTF8", to)
		}
		refusal := x.refusal(to)
		x.second = true
		if refusal != "" {
			x.conn.Line("%s", refusal)
			return
		}
		x.letter.To = append(x.letter.To, to)
		x.conn.Line("250 2.1.5 ok")
	}
}

// refusal returns the answer to a recipient that is not accepted now.
func (x *session) refusal(to string) string {
	s := x.server
	first := func(what string) bool { return s.firstTime(what + " " + x.letter.From + " " + to) }
	switch {
	case s.script.Active("per-rcpt-550") && s.refuses(to, x.second):
		return "550 5.1.1 no such user"
	case x.second && s.script.Fires("per-rcpt-451"):
		return "451 4.2.1 this mailbox is busy"
	case x.second && s.script.Fires("rcpt-452"):
		return "452 4.5.3 too many recipients"
	case s.script.Active("greylist-451") && first("greylist-451"):
		return "451 4.7.1 greylisted, try again later"
	}
	switch local(to) {
	case "temp":
		return "451 4.2.1 this mailbox is busy"
	case "refuse":
		return "550 5.1.1 no such user"
	case "full":
		return "452 4.2.2 the mailbox is full"
	case "greylist":
		if first("greylist") {
			return "451 4.7.1 greylisted, try again later"
		}
	}
	return ""
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func local(address string) string {
	l, _, _ := strings.Cut(address, "@")
	return strings.ToLower(l)
}

// data takes the letter and tells whether the session goes on.
func (x *session) data() bool {
	l := x.letter
	if l == nil || len(l.To) == 0 && !x.server.script.Active("data-anyway") {
		x.conn.Line("503 5.5.1 no recipients")
		return true
	}
	if x.conn.Ahead() {
		x.conn.Sin("DATA-BEFORE-354", "")
	}
	x.conn.Line("354 go ahead, end with a dot")
	raw, whole := x.read(l)
	x.letter = nil
	if !whole {
		return false
	}
	l.Raw = raw
	x.inspect(l)
	return x.finish(l)
}

// read takes the lines of a letter up to the final dot. It is false where the
// connection ends before.
func (x *session) read(l *Letter) (raw []byte, whole bool) {
	var b bytes.Buffer
	crlf := true // the line before ended as it should
	for lines := 0; ; lines++ {
		if lines == midData && x.dropsMidData(l) {
			x.conn.Drop(fakeserver.FIN)
			return nil, false
		}
		line, err := x.conn.ReadRaw()
		if err != nil {
			return nil, false
		}
		if text := bytes.TrimRight(line, "\r\n"); string(text) == "." {
			// A dot between other line ends counts as the end here, as it
			// does for the servers that can be smuggled past.
			if !crlf || string(line) != ".\r\n" {
				x.conn.Sin("NON-CRLF-DOT", fmt.Sprintf("%q", line))
			}
			return b.Bytes(), true
		}
		crlf = bytes.HasSuffix(line, []byte("\r\n"))
		b.Write(bytes.TrimPrefix(line, []byte(".")))
	}
}

func (x *session) dropsMidData(l *Letter) bool {
	if x.server.script.Fires("drop-mid-data") {
		return true
	}
	return x.goesTo(l, "drop-mid-data") && x.server.firstTime("drop-mid-data "+l.From+" "+strings.Join(l.To, " "))
}

// goesTo tells whether a recipient has that local part.
func (x *session) goesTo(l *Letter, name string) bool {
	for _, to := range l.To {
		if local(to) == name {
			return true
		}
	}
	return false
}

// inspect looks for sins in a letter.
func (x *session) inspect(l *Letter) {
	x.conn.Note("{%d octets}", len(l.Raw))
	head, _, _ := bytes.Cut(l.Raw, []byte("\r\n\r\n"))
	eight, long := false, false
	for _, line := range bytes.Split(l.Raw, []byte("\r\n")) {
		if bytes.ContainsAny(line, "\r\n") {
			x.conn.Sin("BARE-NEWLINE", fmt.Sprintf("%q", line))
		}
		long = long || len(line) > 998
		for _, b := range line {
			eight = eight || b >= 0x80
		}
	}
	if long {
		x.conn.Sin("LINE-TOO-LONG", "")
	}
	if !ascii(string(head)) && !l.UTF8 {
		x.conn.Sin("UTF8-WITHOUT-SMTPUTF8", "in the header")
	}
	if eight && l.Body != "8BITMIME" {
		x.conn.Sin("8BIT-WITHOUT-8BITMIME", "")
	}
	for _, line := range bytes.Split(head, []byte("\r\n")) {
		if len(line) >= 4 && strings.EqualFold(string(line[:4]), "Bcc:") {
			x.conn.Sin("BCC-ON-THE-WIRE", string(line))
		}
	}
	if int64(len(l.Raw)) > x.server.options.MaxSize && x.offers("SIZE") {
		x.conn.Sin("TOO-BIG-FOR-SIZE", "")
	}
}

// finish answers the final dot and tells whether the session goes on.
func (x *session) finish(l *Letter) bool {
	s := x.server
	happens := func(scenario, recipient string) bool {
		return x.goesTo(l, recipient) || scenario != "" && s.script.Fires(scenario)
	}
	switch {
	case int64(len(l.Raw)) > s.options.MaxSize, happens("", "too-big"):
		x.conn.Line("552 5.3.4 the letter is too big")
		return true
	case s.script.Fires("data-451"),
		x.goesTo(l, "temp-data") && s.firstTime("temp-data "+l.From):
		x.conn.Line("451 4.3.0 not now")
		return true
	case happens("data-554", "refuse-data"):
		x.conn.Line("554 5.7.1 this looks like spam")
		return true
	case s.script.Fires("421-after-dot"):
		x.conn.Line("421 4.3.2 closing down")
		x.conn.Drop(fakeserver.FIN)
		return false
	}
	s.accept(*l)
	if happens("accept-twice", "twice") {
		s.accept(*l)
	}
	switch {
	case happens("smtp-drop-after-data", "drop-after-data"):
		x.conn.Drop(fakeserver.FIN)
		return false
	case happens("hang-after-dot", "hang-after-dot"):
		x.conn.Hang()
		return false
	case happens("delay-250", "slow"):
		if !x.conn.Wait(slow) {
			return false
		}
	}
	x.conn.Line("250 2.0.0 accepted as %d", len(s.Accepted()))
	return true
}
