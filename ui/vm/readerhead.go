package vm

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// headOf makes the head of a letter from what lists know of it.
func (e *Env) headOf(m localstore.Message, self []string, own bool) *Letter {
	from := first(m.Sender)
	at := m.Sent
	if at.IsZero() {
		at = m.Arrived
	}
	l := &Letter{
		Message: m, Subject: m.Subject, Name: from.Display(), Address: from.Shown(), Own: own,
		To: recipients(m, self), Date: longDate(at.In(e.Zone), e.Clock.Now().In(e.Zone)),
	}
	if l.Subject == "" {
		l.Subject = "(no subject)"
	}
	if l.Name == "" {
		l.Name = "Unknown sender"
	}
	if l.Address == "" {
		l.Address = "no address"
	}
	answer := from
	if r := first(m.ReplyTo); r.Addr != "" {
		answer = r
	}
	l.ReplyTo = givenName(answer)
	add := func(label, value string) {
		if value != "" {
			l.Details = append(l.Details, Detail{label, value})
		}
	}
	add("From", m.Sender)
	add("Reply to", m.ReplyTo)
	add("To", m.Recipients)
	add("Cc", m.Cc)
	if !m.Sent.IsZero() {
		add("Date", m.Sent.Format("Monday, 2 January 2006, 15:04 -0700"))
	}
	add("Arrived", m.Arrived.In(e.Zone).Format("Monday, 2 January 2006, 15:04"))
	add("Message-ID", m.HeaderID)
	return l
}

// header adds what only the letter's own header says. whole tells that it was
// read from the letter itself.
func (l *Letter) header(h *letter.Header, whole bool) {
	if !h.Doubtful {
		return
	}
	switch from := h.From; {
	case len(from) == 0 || from[0].Addr == "" && from[0].Name == "":
		if whole {
			l.Doubt = "This message does not say who sent it."
		}
	case len(from) > 1:
		l.Doubt = "This message names several senders. It is not certain who wrote it."
	case from[0].Addr == "":
		l.Doubt = "The sender's address cannot be read."
	default:
		l.Doubt = "The sender calls himself “" + from[0].Name + "”, but the address is " + from[0].Shown() + "."
	}
}

// heldWords say until when a message is kept that its server has no more; ""
// for all others.
func (e *Env) heldWords(v *localstore.View, m localstore.Message) (string, error) {
	until, held, err := v.HeldUntil(m.ID)
	if err != nil || !held {
		return "", err
	}
	return "The server has this message no more. It is kept here until " + until.In(e.Zone).Format("2 January 2006") + ".", nil
}

// recipients says whom a letter went to: "to me, Tom Bannister".
func recipients(m localstore.Message, self []string) string {
	var names []string
	for _, a := range append(letter.ParseAddresses(m.Recipients), letter.ParseAddresses(m.Cc)...) {
		name := a.Display()
		for _, s := range self {
			if s != "" && strings.EqualFold(a.Addr, s) {
				name = "me"
			}
		}
		if name == "" {
			continue
		}
		if name == "me" {
			names = append([]string{name}, names...)
		} else {
			names = append(names, name)
		}
	}
	const most = 12
	switch {
	case len(names) == 0:
		return ""
	case len(names) > most:
		return "to " + strings.Join(names[:most], ", ") + " and " + count(len(names)-most, "other")
	}
	return "to " + strings.Join(names, ", ")
}

// givenName is what to call a person whom an answer goes to: the given name
// where the address bears it out, so that "Harbour Choir" is not called Harbour.
func givenName(a letter.Address) string {
	name := a.Display()
	if _, given, comma := strings.Cut(name, ", "); comma && given != "" {
		name = given
	}
	word, _, _ := strings.Cut(name, " ")
	local, _, _ := strings.Cut(a.Addr, "@")
	if folded := bare(word); len(folded) > 2 && strings.Contains(bare(local), folded) {
		return word
	}
	return a.Display()
}

// bare is a word in small letters without marks, for comparing.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
