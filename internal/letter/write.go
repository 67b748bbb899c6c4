package letter

import (
	"bufio"
	"crypto/rand"
	"io"
	"mime"
	"strings"
	"time"
)

// Write writes the letter: 7-bit clean but for addresses whose local part is not
// ASCII (see International), CRLF, Bcc included (see StripBcc). It
// fails with an *AddressError, with what opening or reading an attachment
// failed with, or with what w fails with; a letter written after an error is
// not whole.
func (d *Draft) Write(w io.Writer) error {
	fields, err := d.fields()
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 32<<10)
	for _, f := range fields {
		b.WriteString(f)
	}
	if len(d.Attachments) == 0 {
		err = d.writeBody(b)
	} else {
		err = writeMixed(b, d.writeBody, d.Attachments)
	}
	if err != nil {
		return err
	}
	return b.Flush()
}

// fields returns all fields but those that describe the content.
func (d *Draft) fields() ([]string, error) {
	var fields []string
	add := func(name, value string) { fields = append(fields, foldedField(name, value)) }
	if !d.Date.IsZero() {
		add("Date", d.Date.Format(time.RFC1123Z))
	}
	for _, f := range []struct {
		name string
		list []Address
	}{{"From", []Address{d.From}}, {"Reply-To", d.ReplyTo}, {"To", d.To}, {"Cc", d.Cc}, {"Bcc", d.Bcc}} {
		if len(f.list) == 0 || f.list[0] == (Address{}) {
			continue
		}
		coded, err := encodeAddresses(f.list)
		if err != nil {
			return nil, err
		}
		add(f.name, coded)
	}
	add("Subject", encodeText(d.Subject))
	if validID(d.MessageID) {
		add("Message-ID", "<"+d.MessageID+">")
	}
	if validID(d.InReplyTo) {
		add("In-Reply-To", "<"+d.InReplyTo+">")
	}
	var refs []string
	for _, r := range d.References {
		if validID(r) {
			refs = append(refs, "<"+r+">")
		}
	}
	if refs = lastOf(refs, maxReferences); len(refs) > 0 {
		add("References", strings.Join(refs, " "))
	}
	add("MIME-Version", "1.0")
	return fields, nil
}

// writeText writes the text with the fields that describe it.
func (d *Draft) writeText(b *bufio.Writer) error {
	text := flow(cleanText(d.Text))
	charset, encoding := "utf-8", textEncoding(text)
	if isASCII([]byte(text)) {
		charset = "us-ascii"
	}
	b.WriteString(foldedField("Content-Type", "text/plain; charset="+charset+"; format=flowed"))
	b.WriteString(foldedField("Content-Transfer-Encoding", encoding) + "\r\n")
	return writeEncoded(b, encoding, strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")))
}

// writeMixed writes what text writes and attachments as one multipart/mixed.
func writeMixed(b *bufio.Writer, text func(*bufio.Writer) error, attachments []Attachment) error {
	parts := []func(*bufio.Writer) error{text}
	for _, a := range attachments {
		parts = append(parts, a.write)
	}
	return writeParts(b, "multipart/mixed", parts)
}

// writeParts writes a multipart. "=_" stands in no base64 and no
// quoted-printable text, and nobody can guess the rest of the boundary.
func writeParts(b *bufio.Writer, typ string, parts []func(*bufio.Writer) error) error {
	boundary := "=_" + rand.Text()
	b.WriteString(foldedField("Content-Type", typ+`; boundary="`+boundary+`"`))
	for _, part := range parts {
		b.WriteString("\r\n--" + boundary + "\r\n")
		if err := part(b); err != nil {
			return err
		}
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
	return nil
}

// write writes the part of an attachment.
func (a Attachment) write(b *bufio.Writer) error { return a.writeAs(b, "attachment", "") }

// writeAs writes the part of a file, with a Content-ID where it has one. A
// message, and what tells of its delivery, may not be encoded (RFC 2045 §6.4):
// one that is not fit for 7 bits as it is goes as a file.
func (a Attachment) writeAs(b *bufio.Writer, disposition, contentID string) error {
	name := FileName(a.Name)
	if name == "" {
		name = "attachment"
	}
	p := Part{}
	if p.SetContentType(a.Type); a.Type == "" || p.Multipart() {
		p.SetContentType(TypeOfName(name))
	}
	typ, encoding := p.wireType(), "base64"
	if strings.HasPrefix(typ, "message/") {
		clean, err := a.sevenBit()
		if err != nil {
			return err
		}
		if clean {
			encoding = "7bit"
		} else {
			typ = ""
		}
	}
	if typ == "" {
		typ = "application/octet-stream"
	}
	disposition = mime.FormatMediaType(disposition, map[string]string{"filename": name})
	r, err := a.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if !strings.HasPrefix(typ, "message/") {
		typ += nameParameter(name)
	}
	b.WriteString(foldedField("Content-Type", typ))
	b.WriteString(foldedField("Content-Transfer-Encoding", encoding))
	if contentID != "" {
		b.WriteString(foldedField("Content-ID", "<"+contentID+">"))
	}
	b.WriteString("Content-Disposition: " + strings.Replace(disposition, "; ", ";\r\n ", 1) + "\r\n\r\n")
	return writeEncoded(b, encoding, r)
}
