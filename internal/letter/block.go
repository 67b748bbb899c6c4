package letter

import (
	"strings"
	"unicode/utf8"
)

// maxBlockText is where a paragraph of endless length is cut into several, so
// that showing one is never slow.
const maxBlockText = 8 << 10

// blockBuilder puts a paragraph together. Text in one style is one Run, however
// many pieces it comes in.
type blockBuilder struct {
	doc   *Document
	block Block
	last  []byte // the text of the last run, while it grows
	size  int    // bytes of text in the block
}

func (b *blockBuilder) empty() bool { return len(b.block.Runs) == 0 }

// text adds text in the style of a run.
func (b *blockBuilder) text(s string, style Run) {
	for b.size+len(s) > maxBlockText {
		n := cutPoint(s, maxBlockText-b.size)
		b.piece(s[:n], style)
		s = s[n:]
		next := Block{Kind: b.block.Kind, Level: b.block.Level, Quote: b.block.Quote}
		if next.Kind == Item || next.Kind == Heading {
			next.Kind, next.Level = Paragraph, 0
		}
		b.flush()
		b.block = next
	}
	b.piece(s, style)
}

// cutPoint returns where to cut s, at most n bytes in: after the last blank of
// the second half, else between two characters. It may be 0.
func cutPoint(s string, n int) int {
	n = len(cut(s, n))
	if i := strings.LastIndexAny(s[:n], " \n"); i > n/2 {
		return i + 1
	}
	return n
}

func (b *blockBuilder) piece(s string, style Run) {
	if s == "" {
		return
	}
	b.size += len(s)
	if n := len(b.block.Runs); n > 0 && b.block.Runs[n-1] == style && !style.Image {
		b.last = append(b.last, s...)
		return
	}
	b.endRun()
	b.block.Runs = append(b.block.Runs, style)
	b.last = append(b.last, s...)
}

// image adds a picture with its alt text.
func (b *blockBuilder) image(alt string, style Run) {
	b.endRun()
	b.size += len(alt)
	b.block.Runs = append(b.block.Runs, style)
	b.last = append(b.last, alt...)
}

func (b *blockBuilder) endRun() {
	if n := len(b.block.Runs); n > 0 {
		b.block.Runs[n-1].Text = string(b.last)
	}
	b.last = b.last[:0]
}

// afterBreak tells whether the text so far ends with a line break.
func (b *blockBuilder) afterBreak() bool {
	return len(b.last) > 0 && b.last[len(b.last)-1] == '\n'
}

// linked adds plain text with its links.
func (b *blockBuilder) linked(s string) {
	for s != "" {
		start, end, link := findLink(s)
		if link == "" {
			b.text(s, Run{})
			return
		}
		b.text(s[:start], Run{})
		b.text(s[start:end], Run{Link: link})
		s = s[end:]
	}
}

// flush adds the paragraph to the document, unless there is nothing to see in
// it, and begins a new one.
func (b *blockBuilder) flush() {
	b.endRun()
	block := b.block
	b.block, b.size = Block{}, 0
	blanks := " \n"
	if block.Kind == Preformatted {
		blanks = "\n"
	}
	for len(block.Runs) > 0 { // what is blank at its end says nothing
		last := &block.Runs[len(block.Runs)-1]
		last.Text = strings.TrimRight(last.Text, blanks)
		if last.Text != "" || last.Image {
			break
		}
		block.Runs = block.Runs[:len(block.Runs)-1]
	}
	for _, r := range block.Runs {
		if r.Image || !isEmptyLine(r.Text) {
			b.doc.add(block)
			return
		}
	}
}

func isEmptyLine(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && !isBlank(r) || r < utf8.RuneSelf && r != ' ' && r != '\t' && r != '\n' {
			return false
		}
	}
	return true
}
