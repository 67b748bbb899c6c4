package fakeimap

import (
	"bytes"
	"compress/flate"
	"fmt"
	"slices"
	"sort"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// unasked are scenarios that say a line which nobody asked for, at every
// answer while a mailbox is selected. %d is the number of messages.
var unasked = map[string]string{
	"exists-shrinks":   "* 1 EXISTS",
	"bogus-expunge":    "* 4000000000 EXPUNGE",
	"expunge-zero":     "* 0 EXPUNGE",
	"vanished-bogus":   "* VANISHED 1:4294967295",
	"vanished-earlier": "* VANISHED (EARLIER) 1:4294967295",
	"unasked-fetch":    `* %d FETCH (UID 99999 FLAGS (\Deleted) BODY[] {4}` + "\r\nEVIL)",
	"unknown-untagged": "* XYZZY nothing happens",
	"unknown-tag":      "nobody9 OK done",
	"unasked-plus":     "+ go ahead",
	"unasked-status":   `* STATUS "INBOX" (MESSAGES %d UIDNEXT 0)`,
}

// nonsense says the lines of unasked that are active.
func (x *session) nonsense() {
	names := make([]string, 0, len(unasked))
	for name := range unasked {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !x.fires(name) {
			continue
		}
		line := unasked[name]
		if strings.Contains(line, "%d") {
			line = fmt.Sprintf(line, len(x.view.entries))
		}
		x.conn.Line("%s", line)
	}
	if x.fires("endless-untagged") {
		x.conn.Flood("* OK and another thing\r\n")
	}
	if x.lies("other-client") {
		x.otherClient()
	}
}

// otherClient does one of three things to the selected mailbox, in turn, until
// it has grown by four mails.
func (x *session) otherClient() {
	box := x.view.box
	messages := box.Messages()
	switch status := box.Status(); {
	case status.ModSeq%3 == 0 && len(messages) > 1:
		box.Expunge(messages[1].UID)
	case status.ModSeq%3 == 1 && len(messages) > 0 && !messages[0].Has(`\Flagged`):
		box.AddFlags(messages[0].UID, `\Flagged`)
	case x.server.extra.Add(1) <= 4:
		box.Append([]byte("From: other@demo.example\r\nSubject: by another client\r\n\r\nHello.\r\n"),
			fakeserver.Epoch)
	}
}

// alerts are said at sign-in.
func (x *session) alerts() {
	if x.fires("alert-flood") {
		for i := range 1000 {
			x.conn.Line("* OK [ALERT] alert %d \x1b[31m\x07 see http://evil.example/%d", i, i)
		}
	}
}

// keyword returns a keyword of an answer; case does not count (RFC 3501 §9).
func (x *session) keyword(word string) string {
	if x.lies("lowercase") {
		return strings.ToLower(word)
	}
	return word
}

func (x *session) falseUID(uid uint32) string {
	switch {
	case x.lies("uid-zero"):
		return "0"
	case x.lies("uid-negative"):
		return "-1"
	case x.lies("uid-overflow"):
		return fmt.Sprint(uint64(uid) + 1<<32)
	case x.lies("fetch-wrong-uid"):
		return fmt.Sprint(uid + 1000)
	}
	return fmt.Sprint(uid)
}

func (x *session) falseFlags(flags string) string {
	switch {
	case x.lies("flags-evil"):
		return flags + ` \ foo"bar" {3} ] \* % (`
	case x.lies("literal-in-flags"):
		return "{5}\r\n\\Seen"
	case x.lies("flags-flood"):
		var b strings.Builder
		for i := range 20000 {
			fmt.Fprintf(&b, " keyword%d", i)
		}
		return flags + b.String()
	}
	return flags
}

// falseItems adds items to a FETCH answer that nobody asked for.
func (x *session) falseItems(a *answer) {
	if x.lies("fetch-extra-items") {
		a.text(` X-GM-MSGID 1278455344230334865 X-GM-LABELS (\Inbox "Grüße") EMAILID (M6d99ac3275bb4e) PREVIEW NIL`)
	}
	if x.lies("never-ending-line") {
		x.conn.Answer(a.note.String()+"...", []byte(a.wire.String()))
		x.conn.Flood(" KEYWORD NIL")
	}
}

// falseLiteral returns how to say the bytes of a section wrongly, or nil. The
// session ends with that.
func (x *session) falseLiteral(b []byte) func() {
	head := func(size string) { x.conn.Raw([]byte("{" + size + "}\r\n")) }
	half := func() {
		head(fmt.Sprint(len(b)))
		x.conn.Raw(b[:len(b)/2])
	}
	switch {
	case x.fires("truncated-literal"):
		return func() { half(); x.conn.Drop(fakeserver.FIN) }
	case x.fires("hang-in-fetch"):
		return func() { half(); x.conn.Hang() }
	case x.fires("huge-literal"):
		return func() { head("9999999999"); x.conn.Flood("and on, and on, and on\r\n") }
	case x.fires("overflow-literal"):
		return func() { head("99999999999999999999"); x.conn.Flood("and on, and on, and on\r\n") }
	case x.fires("negative-literal"):
		return func() { head("-1"); x.conn.Hang() }
	}
	return nil
}

// compress is COMPRESS (RFC 4978), which is there for a bomb only: a megabyte
// in each kilobyte, without end.
func (x *session) compress() bool {
	if !x.fires("compress-bomb") {
		x.bad("unknown command")
		return true
	}
	x.ok("deflated from here on")
	var block bytes.Buffer
	w, err := flate.NewWriter(&block, flate.BestCompression)
	if err == nil {
		_, err = w.Write(bytes.Repeat([]byte("* OK and on\r\n"), 1<<20/13))
	}
	if err == nil && w.Flush() == nil {
		x.conn.Flood(block.String())
	}
	return false
}

// uidLast moves UID behind everything else.
func uidLast(items []string) []string {
	rest := slices.DeleteFunc(slices.Clone(items), func(i string) bool { return i == "UID" })
	if len(rest) < len(items) {
		rest = append(rest, "UID")
	}
	return rest
}
