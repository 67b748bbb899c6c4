package letter

import (
	"strings"
	"unicode/utf8"
)

// Text returns the letter as plain text in the form of Draft.Text: its plain
// text where it has one that is not empty, else its HTML reduced to text. At
// most 2 MiB of each part are read.
func (l *Letter) Text() string { return l.readText(false, maxText) }

// SearchText returns at most limit bytes of text for the index of a search:
// what the reader shows, and after it the texts of attached messages and plain
// text attachments.
func (l *Letter) SearchText(limit int) string {
	text := l.readText(true, limit)
	seen := map[int]bool{}
	for _, html := range [2]bool{true, false} {
		for _, i := range l.body(html) {
			seen[i] = true
		}
	}
	var b strings.Builder
	b.WriteString(text)
	for i := range l.Parts {
		p := &l.Parts[i]
		if b.Len() >= limit {
			break
		}
		if seen[i] || p.Absent || p.Type != "text/plain" && (p.Type != "text/html" || l.otherForm(p)) || l.otherForm(p) {
			continue
		}
		b.WriteByte('\n')
		b.WriteString(l.readable(p, min(limit, maxText)))
	}
	return cut(b.String(), limit)
}

// readText joins the texts of the body.
func (l *Letter) readText(html bool, limit int) string {
	var texts []string
	room := limit
	for _, i := range l.body(html) {
		if p := &l.Parts[i]; !p.Absent && room > 0 {
			t := l.readable(p, min(room, maxText))
			room -= len(t)
			texts = append(texts, t)
		}
	}
	text := strings.Join(texts, "\n\n")
	if !html && isEmptyLine(text) {
		if other := l.readText(true, limit); other != "" {
			return other
		}
	}
	return text
}

// readable returns a text part as text for people.
func (l *Letter) readable(p *Part, limit int) string {
	s := l.partText(p, limit)
	switch {
	case p.Type == "text/html":
		return HTMLDocument(s).String()
	case p.Flowed:
		lines := unflow(s, p.DelSp)
		out := make([]string, len(lines))
		for i, line := range lines {
			out[i] = line.String()
		}
		return strings.Join(out, "\n")
	}
	return strings.TrimRight(s, "\n")
}

// HTML returns the source of the letter's first HTML text as UTF-8, "" where
// there is none. It is as the sender wrote it: never hand it to something that
// loads or runs what it names.
func (l *Letter) HTML() string {
	for _, i := range l.body(true) {
		if p := &l.Parts[i]; p.Type == "text/html" && !p.Absent {
			return l.partText(p, maxText)
		}
	}
	return ""
}

// Preview returns the first n characters of what the sender wrote, quotes left
// out unless there is nothing else, in one line.
func (l *Letter) Preview(n int) string {
	for _, html := range [2]bool{false, true} {
		for _, i := range l.body(html) {
			if p := &l.Parts[i]; !p.Absent {
				if s := l.partPreview(p, n); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// partPreview reads the beginning of a part, more of it if that shows nothing.
func (l *Letter) partPreview(p *Part, n int) string {
	for _, limit := range [2]int{32 << 10, maxText} {
		s := l.partText(p, limit)
		d := &Document{}
		if p.Type == "text/html" {
			d = HTMLDocument(s)
		} else {
			d = plainDocument(s, p.Flowed, p.DelSp)
		}
		if s := d.preview(n); s != "" || len(s) < limit/2 {
			return s
		}
	}
	return ""
}

func (d *Document) preview(n int) string {
	for _, quotes := range [2]bool{false, true} {
		var b strings.Builder
		for i := range d.Blocks {
			if block := &d.Blocks[i]; block.Quote == 0 || quotes {
				b.WriteString(cut(block.Text(), 4*n))
				b.WriteByte(' ')
			}
			if b.Len() > 8*n {
				break
			}
		}
		if s := strings.Join(strings.FieldsFunc(cleanLine(b.String()), isBlank), " "); s != "" {
			return firstRunes(s, n)
		}
	}
	return ""
}

func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return strings.TrimRight(s[:i], " ")
		}
		n--
	}
	return s
}
