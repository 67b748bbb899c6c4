package letter

import (
	"bufio"
	"strings"
)

// writeBody writes the letter itself: its text alone, or beside it the HTML with
// the pictures in it (RFC 2046 §5.1.4, RFC 2387).
func (d *Draft) writeBody(b *bufio.Writer) error {
	if d.HTML == "" {
		return d.writeText(b)
	}
	html := d.writeHTML
	var pictures []func(*bufio.Writer) error
	for _, p := range d.Inline {
		if validID(p.ContentID) {
			pictures = append(pictures, func(b *bufio.Writer) error { return p.writeAs(b, "inline", p.ContentID) })
		}
	}
	if len(pictures) > 0 {
		html = func(b *bufio.Writer) error {
			return writeParts(b, `multipart/related; type="text/html"`, append([]func(*bufio.Writer) error{d.writeHTML}, pictures...))
		}
	}
	return writeParts(b, "multipart/alternative", []func(*bufio.Writer) error{d.writeText, html})
}

// writeHTML writes the HTML with the fields that describe it.
func (d *Draft) writeHTML(b *bufio.Writer) error {
	text := "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + strings.TrimRight(cleanText(d.HTML), "\n") + "\n</body></html>\n"
	encoding := textEncoding(text)
	b.WriteString(foldedField("Content-Type", "text/html; charset=utf-8"))
	b.WriteString(foldedField("Content-Transfer-Encoding", encoding) + "\r\n")
	return writeEncoded(b, encoding, strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")))
}

// rich returns the HTML of the letter and the pictures of it that are here, ""
// where it has none or is only text. It fails as WholeText does.
func (l *Letter) rich() (html string, pictures []Inline, err error) {
	body := l.Body()
	if len(body) != 1 || body[0].Type != "text/html" || body[0].Absent {
		return "", nil, nil
	}
	html, err = l.partText(body[0], maxWhole)
	if err == errLonger {
		err = &TooLongError{}
	}
	if err != nil {
		return "", nil, err
	}
	for i := range l.Parts {
		if p := &l.Parts[i]; !p.Absent && validID(p.ContentID) && l.belongsToHTML(p) {
			pictures = append(pictures, Inline{p.ContentID, l.carry(p)})
		}
	}
	return html, pictures, nil
}
