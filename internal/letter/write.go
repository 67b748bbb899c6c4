package letter

import (
	"bufio"
	"crypto/rand"
	"io"
	"mime"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
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
	if len(d.Attachments) == 0 {
		err = d.writeText(b, fields)
	} else {
		err = d.writeMixed(b, fields)
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
		coded := make([]string, 0, len(f.list))
		for _, a := range f.list {
			s, err := encodeAddress(a)
			if err != nil {
				return nil, err
			}
			coded = append(coded, s)
		}
		add(f.name, strings.Join(coded, ", "))
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

// mimeHeader makes a header of fields that are folded already. go-message would
// fold at 998 bytes where one long Message-ID stands among others, and write
// file names as encoded words inside quotes, which RFC 2047 §5 forbids.
func mimeHeader(fields []string) message.Header {
	var h message.Header
	for _, f := range slices.Backward(fields) { // a field is added above the others
		h.AddRaw([]byte(f))
	}
	return h
}

// textPart returns the text as it goes into the letter and its fields.
func (d *Draft) textPart() (text string, fields []string) {
	text = flow(cleanText(d.Text))
	charset := "utf-8"
	if isASCII([]byte(text)) {
		charset = "us-ascii"
	}
	return strings.ReplaceAll(text, "\n", "\r\n"), []string{
		foldedField("Content-Type", "text/plain; charset="+charset+"; format=flowed"),
		foldedField("Content-Transfer-Encoding", textEncoding(text)),
	}
}

// writeText writes a letter that is a text only.
func (d *Draft) writeText(b *bufio.Writer, fields []string) error {
	text, textFields := d.textPart()
	h := mimeHeader(append(fields, textFields...))
	w, err := message.CreateWriter(b, h)
	if err != nil {
		return err
	}
	if err := writePart(w, strings.NewReader(text)); err != nil {
		return err
	}
	if h.Get("Content-Transfer-Encoding") == "base64" {
		b.WriteString("\r\n") // go-message leaves the last line open
	}
	return nil
}

// writeMixed writes a letter with attachments. "=_" stands in no base64 and no
// quoted-printable text, and nobody can guess the rest.
func (d *Draft) writeMixed(b *bufio.Writer, fields []string) error {
	contentType := mime.FormatMediaType("multipart/mixed", map[string]string{"boundary": "=_" + rand.Text()})
	w, err := message.CreateWriter(b, mimeHeader(append(fields, foldedField("Content-Type", contentType))))
	if err != nil {
		return err
	}
	text, textFields := d.textPart()
	part, err := w.CreatePart(mimeHeader(textFields))
	if err != nil {
		return err
	}
	if err := writePart(part, strings.NewReader(text)); err != nil {
		return err
	}
	for _, a := range d.Attachments {
		if err := a.write(w); err != nil {
			return err
		}
	}
	return w.Close()
}

// writePart writes the content of a part, of which w knows the encoding.
func writePart(w *message.Writer, content io.Reader) error {
	if _, err := io.Copy(w, content); err != nil {
		return err
	}
	return w.Close()
}

// write writes the part of an attachment. An embedded message may not be
// encoded (RFC 2046 §5.2.1): one that is not fit for 7 bits as it is goes as a
// file.
func (a Attachment) write(w *message.Writer) error {
	name := FileName(a.Name)
	if name == "" {
		name = "attachment"
	}
	p := Part{}
	if p.SetContentType(a.Type); a.Type == "" || p.Multipart() {
		p.SetContentType(TypeOfName(name))
	}
	typ, encoding := mime.FormatMediaType(p.Type, nil), "base64"
	if typ == "message/rfc822" {
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
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	part, err := w.CreatePart(mimeHeader([]string{
		foldedField("Content-Type", typ),
		foldedField("Content-Transfer-Encoding", encoding),
		"Content-Disposition: " + strings.Replace(disposition, "; ", ";\r\n ", 1) + "\r\n",
	}))
	if err != nil {
		return err
	}
	r, err := a.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return writePart(part, r)
}
