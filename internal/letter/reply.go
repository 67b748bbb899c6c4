package letter

import (
	"regexp"
	"strings"
)

// Reply returns the answer to a letter, from one of our addresses: see
// WrittenTo. self are all that are ours. all adds everybody else who got it.
// Date and Message-ID are still to be set. It quotes the letter whole, and
// fails as WholeText does.
func Reply(l *Letter, all bool, from Address, self []Address) (*Draft, error) {
	text, err := l.WholeText()
	if err != nil {
		return nil, err
	}
	h := &l.Header
	d := &Draft{From: from, Subject: ReplySubject(h.Subject)}
	if validID(h.MessageID) {
		d.InReplyTo = h.MessageID
		d.References = append(append([]string(nil), h.Refs()...), h.MessageID)
		d.References = lastOf(d.References, maxReferences)
	}
	r := recipients{mine: self, seen: map[string]bool{}}
	switch {
	case len(h.From) > 0 && isOurs(h.From[0], self) && len(r.others(h.ReplyTo)) == 0:
		d.To = r.add(nil, h.To) // our own letter: go on talking to the same people
	case len(h.ReplyTo) > 0:
		d.To = r.add(nil, h.ReplyTo)
	default:
		d.To = r.add(nil, h.From)
	}
	if len(d.To) == 0 { // a letter to ourselves
		r.mine = nil
		d.To = r.add(nil, firstOf(h.ReplyTo, h.From))
		r.mine = self
	}
	if all {
		d.Cc = r.add(d.Cc, h.To)
		d.Cc = r.add(d.Cc, h.Cc)
	}
	d.Text = "\n\n" + attribution(h) + "\n" + Quote(text) + "\n"
	return d, nil
}

// Forward returns a letter that passes l on: its text below a short heading,
// its attachments with it. Those that are absent stay behind; ask
// Letter.Attachments first. It fails as WholeText does.
func Forward(l *Letter, from Address) (*Draft, error) {
	text, err := l.WholeText()
	if err != nil {
		return nil, err
	}
	h := &l.Header
	d := &Draft{From: from, Subject: "Fwd: " + BaseSubject(h.Subject), Attachments: l.carried()}
	var b strings.Builder
	b.WriteString("\n\n---------- Forwarded message ----------\n")
	for _, f := range [][2]string{
		{"From", FormatAddresses(h.From)}, {"Date", longDate(h)}, {"Subject", h.Subject},
		{"To", FormatAddresses(h.To)}, {"Cc", FormatAddresses(h.Cc)},
	} {
		if f[1] != "" {
			b.WriteString(f[0] + ": " + f[1] + "\n")
		}
	}
	b.WriteString("\n" + text + "\n")
	d.Text = b.String()
	return d, nil
}

// Quote puts "> " before every line, ">" before those that are quotes already.
func Quote(text string) string {
	lines := textLines(text)
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, ">"):
			lines[i] = ">" + line
		case line == "":
			lines[i] = ">"
		default:
			lines[i] = "> " + line
		}
	}
	return strings.Join(lines, "\n")
}

var replyPrefix = regexp.MustCompile(`(?i)^\s*(re|aw|antw|sv|vs|rif|res|odp|ynt|回复|回覆|答复|返信|fwd?|wg|tr|rv|enc|vb|i|转发|轉寄)(\s*[\[(]\d{1,3}[\])])?\s*[:：]\s*`)

// BaseSubject returns a subject without the "Re:" and "Fwd:" of any number and
// language at its start.
func BaseSubject(subject string) string {
	for {
		at := replyPrefix.FindStringIndex(subject)
		if at == nil {
			return strings.TrimSpace(subject)
		}
		subject = subject[at[1]:]
	}
}

// ReplySubject returns the subject of an answer: "Re: " once.
func ReplySubject(subject string) string {
	return strings.TrimSpace("Re: " + BaseSubject(subject))
}

func attribution(h *Header) string {
	who := "somebody"
	if len(h.From) > 0 {
		who = h.From[0].Display()
	}
	if h.Date.IsZero() {
		return who + " wrote:"
	}
	return "On " + longDate(h) + ", " + who + " wrote:"
}

func longDate(h *Header) string {
	if h.Date.IsZero() {
		return ""
	}
	return h.Date.Format("Mon, 2 January 2006 at 15:04")
}

func firstOf(lists ...[]Address) []Address {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// recipients collects addresses, each once and none of ours.
type recipients struct {
	mine []Address
	seen map[string]bool
}

func (r *recipients) add(to, list []Address) []Address {
	for _, a := range list {
		key := strings.ToLower(a.Addr)
		if a.Addr == "" || r.seen[key] || isOurs(a, r.mine) {
			continue
		}
		r.seen[key] = true
		to = append(to, a)
	}
	return to
}

// others returns the addresses of a list that are not ours.
func (r *recipients) others(list []Address) (others []Address) {
	for _, a := range list {
		if !isOurs(a, r.mine) {
			others = append(others, a)
		}
	}
	return others
}
