package letter

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Document is a letter as paragraphs of styled text, safe to show: it refers
// to nothing but links a person may choose to follow and pictures inside the
// same mail.
type Document struct {
	Blocks []Block
	// Remote counts the pictures that would have come from the network. They
	// are not loaded; their alt texts stand in their places.
	Remote int
	// Cut is true when the text was longer than what is shown.
	Cut bool

	wide  bool // any number of blocks: nobody lays them out
	datas int  // pictures that stand in the HTML
	data  int  // their bytes
}

// Kind is what a Block is.
type Kind int

const (
	Paragraph    Kind = iota
	Heading           // Level 1 to 6
	Item              // of a list; Level is its depth from 1, Number its number, 0 for a bullet
	Preformatted      // keep blanks, show in a fixed face
	Rule              // a line across, no Runs
	Signature         // text below "-- "
)

// Block is a paragraph. Its runs may hold "\n", a line break inside it.
type Block struct {
	Kind   Kind
	Level  int
	Number int
	Quote  int // depth of quoting, 0 for the sender's own words
	Runs   []Run
}

// Run is a piece of text in one style.
type Run struct {
	Text   string
	Bold   bool
	Italic bool
	Strike bool
	Code   bool
	// Link is an http, https or mailto URL, "" for none. Ask LinkHost where it
	// leads, and Misleading whether the text says otherwise.
	Link string
	// Image is true for a picture; Text is its alt text. ContentID names the
	// part that holds it, "" where there is none.
	Image     bool
	ContentID string
	// Data is the picture itself where it stands in the HTML (RFC 2397): PNG,
	// JPEG, GIF or WebP. ContentID is then its name within the document.
	Data string
}

// Limits of a Document.
const (
	maxBlocks = 20000
	maxQuote  = 30
)

// Document returns the letter for reading: each of its texts, HTML preferred
// to plain text, on its own, one after the other. Parts that are absent are
// left out (see Body).
func (l *Letter) Document() *Document {
	d := l.document(l.body(true))
	if len(d.Blocks) == 0 { // HTML that shows nothing
		if plain := l.document(l.body(false)); len(plain.Blocks) > 0 {
			plain.Remote = d.Remote
			return plain
		}
	}
	return d
}

func (l *Letter) document(body []int) *Document {
	d := &Document{}
	for n, i := range body {
		p := &l.Parts[i]
		if n > 0 && len(d.Blocks) > 0 {
			d.add(Block{Kind: Rule})
		}
		limit := maxText
		if p.Type == "text/html" {
			limit += base64.StdEncoding.EncodedLen(maxData)
		}
		text, err := l.partText(p, limit)
		d.Cut = d.Cut || err == errLonger
		if p.Type == "text/html" {
			d.join(htmlDocument(text, false, maxText))
		} else {
			d.join(plainDocument(text, p.Flowed, p.DelSp))
		}
	}
	return d
}

// join appends another document's blocks.
func (d *Document) join(o *Document) {
	for _, b := range o.Blocks {
		for i := range b.Runs {
			if r := &b.Runs[i]; r.Data != "" {
				r.ContentID, r.Data = d.keep(r.Data)
			}
		}
		d.add(b)
	}
	d.Remote += o.Remote
	d.Cut = d.Cut || o.Cut
}

func (d *Document) add(b Block) {
	if len(d.Blocks) >= maxBlocks && !d.wide {
		d.Cut = true
		return
	}
	d.Blocks = append(d.Blocks, b)
}

// Text returns the text of a block without its style.
func (b *Block) Text() string {
	if len(b.Runs) == 1 {
		return b.Runs[0].Text
	}
	var s strings.Builder
	for _, r := range b.Runs {
		s.WriteString(r.Text)
	}
	return s.String()
}

// String returns the document as plain text in the form of Draft.Text: one
// line a paragraph, an empty line between paragraphs, ">" before quotes.
func (d *Document) String() string {
	var s strings.Builder
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if i > 0 {
			prev := &d.Blocks[i-1]
			if !(b.Kind == Item && prev.Kind == Item && b.Quote == prev.Quote) {
				s.WriteString(paragraph{depth: min(b.Quote, prev.Quote)}.String())
				s.WriteByte('\n')
			}
		}
		text := b.Text()
		switch b.Kind {
		case Item:
			mark := "• "
			if b.Number > 0 {
				mark = strconv.Itoa(b.Number) + ". "
			}
			text = strings.Repeat("  ", min(max(0, b.Level-1), 20)) + mark + text
		case Rule:
			text = "———"
		}
		for _, line := range strings.Split(text, "\n") {
			s.WriteString(paragraph{depth: b.Quote, text: line}.String())
			s.WriteByte('\n')
		}
	}
	return strings.TrimRight(s.String(), "\n")
}
