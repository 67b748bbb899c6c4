package letter

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

// Write writes the letter: 7-bit clean, CRLF, Bcc included (see StripBcc). The
// same Draft gives the same bytes. It fails with an *AddressError, with what
// opening or reading an attachment failed with, or with what w fails with; a
// letter written after an error is not whole.
func (d *Draft) Write(w io.Writer) error {
	header, err := d.header()
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 32<<10)
	b.WriteString(header)
	text := flow(cleanText(d.Text))
	if len(d.Attachments) == 0 {
		err = writeTextPart(b, text)
	} else {
		err = d.writeMixed(b, text)
	}
	if err != nil {
		return err
	}
	return b.Flush()
}

// header returns all fields but those that describe the content.
func (d *Draft) header() (string, error) {
	var b strings.Builder
	if !d.Date.IsZero() {
		b.WriteString(foldedField("Date", d.Date.Format(time.RFC1123Z)))
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
				return "", err
			}
			coded = append(coded, s)
		}
		b.WriteString(foldedField(f.name, strings.Join(coded, ", ")))
	}
	b.WriteString(foldedField("Subject", encodeText(d.Subject)))
	if validID(d.MessageID) {
		b.WriteString(foldedField("Message-ID", "<"+d.MessageID+">"))
	}
	if validID(d.InReplyTo) {
		b.WriteString(foldedField("In-Reply-To", "<"+d.InReplyTo+">"))
	}
	var refs []string
	for _, r := range d.References {
		if validID(r) {
			refs = append(refs, "<"+r+">")
		}
	}
	if refs = lastOf(refs, maxReferences); len(refs) > 0 {
		b.WriteString(foldedField("References", strings.Join(refs, " ")))
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	return b.String(), nil
}

// writeTextPart writes the fields of a text part, an empty line and the text.
func writeTextPart(b *bufio.Writer, text string) error {
	charset := "utf-8"
	if isASCII([]byte(text)) {
		charset = "us-ascii"
	}
	encoding := textEncoding(text)
	fmt.Fprintf(b, "Content-Type: text/plain; charset=%s; format=flowed\r\n", charset)
	fmt.Fprintf(b, "Content-Transfer-Encoding: %s\r\n\r\n", encoding)
	return writeText(b, text, encoding)
}

func (d *Draft) writeMixed(b *bufio.Writer, text string) error {
	boundary := d.boundary(text)
	fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary)
	if err := writeTextPart(b, text); err != nil {
		return err
	}
	for _, a := range d.Attachments {
		fmt.Fprintf(b, "\r\n--%s\r\n", boundary)
		if err := a.write(b); err != nil {
			return err
		}
	}
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
	return nil
}

// boundary is made of the letter's own content, so that writing it again gives
// the same bytes. "=_" stands in no base64 and no quoted-printable text.
func (d *Draft) boundary(text string) string {
	for n := 0; ; n++ {
		s := sha256.Sum256([]byte(fmt.Sprintf("%d %s %s %d", n, d.MessageID, text, len(d.Attachments))))
		if boundary := "=_" + hex.EncodeToString(s[:16]); !strings.Contains(text, boundary) {
			return boundary
		}
	}
}

// write writes the part of an attachment. An embedded message may not be
// encoded (RFC 2046 §5.2.1): one that is not fit for 7 bits as it is goes as a
// file.
func (a Attachment) write(b *bufio.Writer) error {
	name := FileName(a.Name)
	if name == "" {
		name = "attachment"
	}
	p := Part{}
	if p.SetContentType(a.Type); a.Type == "" || p.Multipart() {
		p.SetContentType(TypeOfName(name))
	}
	encoding := "base64"
	if p.Type == "message/rfc822" {
		clean, err := a.sevenBit()
		if err != nil {
			return err
		}
		if clean {
			encoding = "7bit"
		} else {
			p.Type = "application/octet-stream"
		}
	}
	b.WriteString(foldedField("Content-Type", asciiToken(p.Type)))
	b.WriteString("Content-Transfer-Encoding: " + encoding + "\r\n")
	b.WriteString("Content-Disposition: attachment" + encodeParam("filename", name) + "\r\n\r\n")
	r, err := a.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if encoding == "7bit" {
		_, err = io.Copy(b, r)
		return err
	}
	return writeBase64(b, r)
}

// asciiToken returns a type fit for a header.
func asciiToken(typ string) string {
	for _, c := range typ {
		if c <= ' ' || c >= 0x7f || strings.ContainsRune(`()<>@,;:\"[]?=`, c) {
			return "application/octet-stream"
		}
	}
	return typ
}

// sevenBit reads the attachment once and tells whether it can go unencoded:
// ASCII without NUL, CRLF line ends only, no line too long.
func (a Attachment) sevenBit() (bool, error) {
	r, err := a.Open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	src := bufio.NewReader(r)
	for n, last := 0, byte(0); ; {
		c, err := src.ReadByte()
		if err == io.EOF {
			return last != '\r', nil
		}
		if err != nil {
			return false, err
		}
		n++
		if c == 0 || c >= 0x80 || (c == '\n') != (last == '\r') || n > lineLimit {
			return false, nil
		}
		if c == '\n' {
			n = 0
		}
		last = c
	}
}
