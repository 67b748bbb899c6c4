package fakepop

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// maildrop is what one session sees of an INBOX.
type maildrop struct {
	inbox *fakeserver.Mailbox
	mails []*mail // the mail of number n is mails[n-1]

	noUIDL bool // this session refuses UIDL
}

type mail struct {
	id        mailID
	uidl      string
	octets    []byte // as RETR serves it, before dot-stuffing
	bad       bool   // the bad mail of the scenarios
	deleted   bool
	swallowed bool // deleted in words only
	known     bool // RETR or TOP in this session
}

// Octets returns what RETR serves of a stored mail: line ends are CRLF, the
// last one included, as Dovecot has it.
func Octets(raw []byte) []byte {
	newlines := bytes.Count(raw, []byte("\n"))
	if bytes.HasSuffix(raw, []byte("\r\n")) && newlines == bytes.Count(raw, []byte("\r\n")) {
		return raw
	}
	var b bytes.Buffer
	b.Grow(len(raw) + 2)
	for len(raw) > 0 {
		line, rest, found := bytes.Cut(raw, []byte("\n"))
		if found {
			line = bytes.TrimSuffix(line, []byte("\r"))
		}
		b.Write(line)
		b.WriteString("\r\n")
		raw = rest
	}
	return b.Bytes()
}

// stuff doubles the dots at the beginning of lines (RFC 1939 §3).
func stuff(octets []byte) []byte {
	if bytes.Contains(octets, []byte("\r\n.")) {
		octets = bytes.ReplaceAll(octets, []byte("\r\n."), []byte("\r\n.."))
	}
	if bytes.HasPrefix(octets, []byte(".")) {
		octets = append([]byte("."), octets...)
	}
	return octets
}

// open reads the INBOX for a new session, as the scenarios have it.
func (s *Server) open(user *fakeserver.User) *maildrop {
	session := s.countSession()
	d := &maildrop{inbox: user.Mailbox("INBOX")}
	if s.script.Fires("wipe") {
		return d
	}
	validity := d.inbox.Status().UIDValidity
	messages := d.inbox.Messages()
	bad := s.badMail(user, validity, messages)
	for _, m := range messages {
		id := mailID{user.Name(), validity, m.UID}
		seen := s.wasRetrieved(id)
		if s.script.Active("recent") && (seen || len(d.mails) == s.options.Lot) {
			continue
		}
		octets := Octets(m.Raw)
		if seen && s.script.Active("status-header") {
			octets = append([]byte("Status: RO\r\n"), octets...)
		}
		if s.script.Active("retr-changes") {
			octets = fmt.Appendf(nil, "X-Served: %d\r\n%sServed in session %d.\r\n", session, octets, session)
		}
		d.mails = append(d.mails, &mail{id: id, octets: octets, bad: id == bad, uidl: s.options.UIDL(validity, m)})
	}
	d.noUIDL = s.script.Active("uidl-later") && session%2 == 0
	if s.script.Active("renumber") && session%2 == 0 {
		for i, j := 0, len(d.mails)-1; i < j; i, j = i+1, j-1 {
			d.mails[i], d.mails[j] = d.mails[j], d.mails[i]
		}
	}
	for i, m := range d.mails {
		m.uidl = s.falseUIDL(session, i, d.mails)
	}
	return d
}

func (s *Server) badMail(user *fakeserver.User, validity uint32, messages []fakeserver.Message) mailID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.bad[user.Name()]; ok || len(messages) == 0 {
		return id
	}
	id := mailID{user.Name(), validity, messages[min(1, len(messages)-1)].UID}
	s.bad[user.Name()] = id
	return id
}

// falseUIDL returns the UIDL of mail i as the scenarios have it.
func (s *Server) falseUIDL(session, i int, mails []*mail) string {
	uidl := mails[i].uidl
	switch {
	case s.script.Active("uidl-changes"):
		return fmt.Sprintf("%s-%d", uidl, session)
	case s.script.Active("uidl-dup") && i == 1:
		return mails[0].uidl
	case s.script.Active("uidl-reuse"):
		return strconv.Itoa(i + 1)
	case s.script.Active("uidl-equal"):
		return "one-for-all"
	case s.script.Active("uidl-case"):
		return caseOf(mails[i].id.uid)
	case s.script.Active("uidl-long"):
		return strings.Repeat("x", 300-len(uidl)) + uidl
	case s.script.Active("uidl-bad"):
		return []string{"", "\x01" + uidl, "caf\xe9" + uidl, uidl + " extra", uidl}[i%5]
	}
	return uidl
}

// caseOf writes a number in the case of letters.
func caseOf(n uint32) string {
	id := []byte("aaaaaaaaaaaaaaaa")
	for i := range id {
		if n>>i&1 != 0 {
			id[i] = 'A'
		}
	}
	return string(id)
}

// find returns the mail of a number, or nil where there is none or where it
// is marked as deleted.
func (d *maildrop) find(number string) *mail {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(d.mails) || d.mails[n-1].deleted {
		return nil
	}
	return d.mails[n-1]
}

// commit makes the deletions real: of the first limit mails marked.
func (d *maildrop) commit(limit int) {
	var uids []uint32
	for _, m := range d.mails {
		if m.deleted && !m.swallowed && len(uids) < limit {
			uids = append(uids, m.id.uid)
		}
	}
	d.inbox.Expunge(uids...)
}

func (d *maildrop) marked() int {
	n := 0
	for _, m := range d.mails {
		if m.deleted {
			n++
		}
	}
	return n
}
