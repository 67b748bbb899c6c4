package testmail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"
)

// file is an attachment.
type file struct {
	name, typ string
	data      []byte
}

// draft is what a mail is composed of. It is written by this package's own
// code, so that the tests of our reader do not read what our writer wrote.
type draft struct {
	from, to, cc  string // `Name <addr>`, the name in UTF-8
	extra         string // further fields, CRLF ended
	subject       string
	id            string
	refs          []string // oldest first
	date          time.Time
	text, html    string // "\n" line ends
	charset       string // "" for UTF-8
	encode        func(string) []byte
	files         []file
	received      string // the host that took it; "" for none
	inline        *file  // a picture the HTML shows as cid:logo
	plainEncoding string // "8bit": the text as it is
}

func (d *draft) bytes() []byte {
	var b bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	if d.received != "" {
		field("Return-Path", "<"+addrOf(d.from)+">")
		at := d.date.Add(3 * time.Second)
		field("Received", fmt.Sprintf("from %s by mx.example.org with ESMTPS\r\n\tid %s; %s", d.received, shortID(d.id), at.Format(time.RFC1123Z)))
	}
	field("Date", d.date.Format(time.RFC1123Z))
	field("From", d.addresses(d.from))
	field("To", d.addresses(d.to))
	field("Cc", d.addresses(d.cc))
	field("Subject", d.words(d.subject))
	if d.id != "" {
		field("Message-ID", "<"+d.id+">")
	}
	if n := len(d.refs); n > 0 {
		field("In-Reply-To", "<"+d.refs[n-1]+">")
		field("References", "<"+strings.Join(d.refs, ">\r\n <")+">")
	}
	b.WriteString(d.extra)
	field("MIME-Version", "1.0")
	d.content(&b)
	return b.Bytes()
}

func shortID(id string) string { return strings.ToUpper(id[:min(len(id), 10)]) }

func addrOf(s string) string {
	if i := strings.IndexByte(s, '<'); i >= 0 {
		return strings.Trim(s[i:], "<>")
	}
	return s
}

// words encodes a header text in the mail's charset.
func (d *draft) words(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			if d.encode == nil {
				return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
			}
			return "=?" + d.charset + "?B?" + base64.StdEncoding.EncodeToString(d.encode(s)) + "?="
		}
	}
	return s
}

func (d *draft) addresses(list string) string {
	var out []string
	for _, a := range strings.Split(list, ", ") {
		if i := strings.Index(a, " <"); i > 0 {
			a = d.words(a[:i]) + a[i:]
		}
		out = append(out, a)
	}
	return strings.Join(out, ",\r\n ")
}

func (d *draft) boundary(kind string) string {
	return kind + "_" + strings.NewReplacer("@", "_", ".", "_").Replace(d.id)
}

// content writes the fields of the body, an empty line and the body.
func (d *draft) content(b *bytes.Buffer) {
	if len(d.files) == 0 {
		d.body(b)
		return
	}
	boundary := d.boundary("mixed")
	fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary)
	d.body(b)
	for _, f := range d.files {
		fmt.Fprintf(b, "\r\n--%s\r\n", boundary)
		f.part(b, "attachment; filename="+param(f.name))
	}
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
}

func param(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) >= 0 {
		return `"` + mime.QEncoding.Encode("utf-8", s) + `"`
	}
	return `"` + s + `"`
}

func (d *draft) body(b *bytes.Buffer) {
	if d.html == "" {
		d.plain(b)
		return
	}
	boundary := d.boundary("alt")
	fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary)
	d.plain(b)
	fmt.Fprintf(b, "\r\n--%s\r\n", boundary)
	if d.inline == nil {
		qpPart(b, "text/html; charset=utf-8", []byte(d.html))
	} else {
		related := d.boundary("rel")
		fmt.Fprintf(b, "Content-Type: multipart/related; boundary=\"%s\"\r\n\r\n--%s\r\n", related, related)
		qpPart(b, "text/html; charset=utf-8", []byte(d.html))
		fmt.Fprintf(b, "\r\n--%s\r\nContent-ID: <logo>\r\n", related)
		d.inline.part(b, "inline; filename="+param(d.inline.name))
		fmt.Fprintf(b, "\r\n--%s--\r\n", related)
	}
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
}

func (d *draft) plain(b *bytes.Buffer) {
	charset, text := "utf-8", []byte(d.text)
	if d.encode != nil {
		charset, text = d.charset, d.encode(d.text)
	}
	if d.plainEncoding == "8bit" {
		fmt.Fprintf(b, "Content-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", charset)
		b.Write(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")))
		return
	}
	qpPart(b, "text/plain; charset="+charset, text)
}

func qpPart(b *bytes.Buffer, typ string, text []byte) {
	fmt.Fprintf(b, "Content-Type: %s\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", typ)
	w := quotedprintable.NewWriter(b)
	w.Write(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")))
	w.Close()
	if !bytes.HasSuffix(b.Bytes(), []byte("\n")) {
		b.WriteString("\r\n")
	}
}

func (f *file) part(b *bytes.Buffer, disposition string) {
	fmt.Fprintf(b, "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: %s\r\n\r\n", f.typ, disposition)
	s := base64.StdEncoding.EncodeToString(f.data)
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	b.WriteString(s + "\r\n")
}
