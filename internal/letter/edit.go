package letter

import (
	"io"
	"strings"
)

// FromLetter returns a letter as a Draft, to go on writing it or to send it: a
// stored draft, or a mail a person wrote with another program. Its attachments
// read from l, which must stay readable as long as the Draft is used. It fails
// as WholeText does: a Draft never holds less text than the letter.
func FromLetter(l *Letter) (*Draft, error) {
	text, err := l.WholeText()
	if err != nil {
		return nil, err
	}
	h := &l.Header
	d := &Draft{
		To: h.To, Cc: h.Cc, Bcc: h.Bcc, ReplyTo: h.ReplyTo, Subject: h.Subject, Date: h.Date,
		MessageID: h.MessageID, InReplyTo: h.InReplyTo, References: h.References, Text: text,
	}
	if len(h.From) > 0 {
		d.From = h.From[0]
	}
	d.Attachments = l.carried()
	if d.HTML, d.Inline, err = l.rich(); err != nil {
		return nil, err
	}
	return d, nil
}

// carried returns the letter's attachments for another letter.
func (l *Letter) carried() []Attachment {
	var out []Attachment
	for _, p := range l.Attachments() {
		if p.Absent {
			continue
		}
		out = append(out, l.carry(p))
	}
	return out
}

// carry returns a part for another letter. A text keeps what it takes to read
// it, a calendar what it asks for.
func (l *Letter) carry(p *Part) Attachment {
	typ := p.Type
	if strings.HasPrefix(typ, "text/") {
		typ = p.ContentType()
	}
	return Attachment{Name: p.Name, Type: typ, Size: p.Size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(l.Open(p)), nil
	}}
}
