package letter

import (
	"cmp"
	"errors"
	"strings"
	"unicode/utf8"
)

// errLonger says that a text goes on where reading it ended.
var errLonger = errors.New("the text is longer")

// TooLongError says that a letter is too long to be held in memory whole, by
// its text or by the number of its parts.
type TooLongError struct{}

func (*TooLongError) Error() string {
	return "The text of this letter is too long to go on writing with."
}

// limits say how much of a text is read.
type limits struct {
	text int  // bytes, of all parts together
	part int  // bytes of one part
	wide bool // all paragraphs of HTML, not only as many as are shown
}

// Text returns the letter as plain text in the form of Draft.Text, for showing:
// its plain text where it has one that is not empty, else its HTML reduced to
// text. At most 2 MiB are read, and of HTML 20,000 paragraphs; what is longer
// ends there without a word. Ask WholeText where nothing may be missing.
func (l *Letter) Text() string {
	text, _ := l.readText(false, limits{text: maxText, part: maxText})
	return text
}

// WholeText is Text with nothing missing, for a letter that quotes it, passes
// it on or goes on with it. It fails with a *TooLongError where the text is
// longer than 16 MiB or the letter has more parts than are listed, or with what
// reading it failed with; it never returns less than all that is at hand.
func (l *Letter) WholeText() (string, error) {
	switch {
	case l.ReadError != nil:
		return "", l.ReadError
	case l.Truncated:
		return "", &TooLongError{}
	}
	text, err := l.readText(false, limits{text: maxWhole, part: maxWhole, wide: true})
	if err == errLonger {
		err = &TooLongError{}
	}
	if err != nil {
		return "", err
	}
	return text, nil
}

// SearchText returns at most limit bytes of text for the index of a search:
// what the reader shows, and after it the texts of attached messages and plain
// text attachments.
func (l *Letter) SearchText(limit int) string {
	text, _ := l.readText(true, limits{text: limit, part: maxText})
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
		more, _ := l.readable(p, limits{part: min(limit, maxText)})
		b.WriteString(more)
	}
	return cut(b.String(), limit)
}

// readText joins the texts of the body. Its error is the first one of reading
// them, errLonger where something was left out.
func (l *Letter) readText(html bool, most limits) (string, error) {
	var texts []string
	var first error
	room := most.text
	for _, i := range l.body(html) {
		p := &l.Parts[i]
		switch {
		case p.Absent:
			continue
		case room <= 0:
			first = cmp.Or(first, errLonger)
			continue
		}
		t, err := l.readable(p, limits{part: min(room, most.part), wide: most.wide})
		first = cmp.Or(first, err)
		room -= len(t)
		texts = append(texts, t)
	}
	text := strings.Join(texts, "\n\n")
	if !html && isEmptyLine(text) {
		if other, err := l.readText(true, most); other != "" {
			return other, cmp.Or(first, err)
		}
	}
	return text, first
}

// readable returns a text part as text for people.
func (l *Letter) readable(p *Part, most limits) (string, error) {
	s, err := l.partText(p, most.part)
	switch {
	case p.Type == "text/html":
		d := htmlDocument(s, most.wide, len(s))
		if d.Cut {
			err = cmp.Or(err, errLonger)
		}
		return d.String(), err
	case p.Flowed:
		lines := unflow(s, p.DelSp)
		out := make([]string, len(lines))
		for i, line := range lines {
			out[i] = line.String()
		}
		return strings.Join(out, "\n"), err
	}
	return strings.TrimRight(s, "\n"), err
}

// HTML returns the source of the letter's first HTML text as UTF-8, the first
// 2 MiB of it, "" where there is none. It is as the sender wrote it: never hand it to something that
// loads or runs what it names.
func (l *Letter) HTML() string {
	for _, i := range l.body(true) {
		if p := &l.Parts[i]; p.Type == "text/html" && !p.Absent {
			source, _ := l.partText(p, maxText)
			return source
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

// previewRead is how many bytes of a part are read first for its preview.
const previewRead = 2 << 10

// partPreview reads the beginning of a part, more of it if that shows too
// little: most letters say enough in their first lines, and lists are long.
func (l *Letter) partPreview(p *Part, n int) string {
	for _, limit := range [3]int{previewRead, 32 << 10, maxText} {
		text, err := l.partText(p, limit)
		d := &Document{}
		if p.Type == "text/html" {
			d = HTMLDocument(text)
		} else {
			d = plainDocument(text, p.Flowed, p.DelSp)
		}
		own := d.preview(n, false)
		switch {
		case err != errLonger:
			return cmp.Or(own, d.preview(n, true))
		case utf8.RuneCountInString(own) >= n*3/4, own != "" && limit > previewRead:
			return own
		}
	}
	return ""
}

// preview returns the first n characters in one line, of quotes too or without
// them. What is neither shown nor a blank is left out.
func (d *Document) preview(n int, quotes bool) string {
	var line strings.Builder
	blank := false
	for i := range d.Blocks {
		block := &d.Blocks[i]
		if block.Quote != 0 && !quotes {
			continue
		}
		for _, run := range block.Runs {
			for _, r := range run.Text {
				switch {
				case isBlank(r):
					blank = true
					continue
				case isControl(r) || isDirectional(r):
					continue
				}
				if blank && line.Len() > 0 {
					if n--; n <= 0 {
						return line.String()
					}
					line.WriteByte(' ')
				}
				blank = false
				if n--; n < 0 {
					return line.String()
				}
				line.WriteRune(r)
			}
		}
		blank = true
	}
	return line.String()
}
