package letter

import (
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLDocument reduces HTML to a Document. Nothing is loaded; scripts, styles
// and forms are dropped; text that the sender hid is dropped, so that what is
// shown and what is searched agree. It reads tokens, not a tree: no HTML costs
// more than its length.
func HTMLDocument(source string) *Document {
	h := htmlReader{doc: &Document{}}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(maxText)
	for {
		switch z.Next() {
		case html.ErrorToken:
			h.flush()
			if z.Err() != io.EOF {
				h.doc.Cut = true
			}
			return h.doc
		case html.TextToken:
			if !h.hidden() {
				h.text(string(z.Text()))
			}
		case html.StartTagToken:
			t := z.Token()
			h.start(&t)
		case html.SelfClosingTagToken:
			t := z.Token()
			h.start(&t)
			if !isVoid(t.DataAtom) && t.DataAtom != 0 {
				h.end(t.DataAtom)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			h.end(atom.Lookup(name))
		}
	}
}

// maxOpen bounds the elements held open. What nests deeper is read in the
// style of its surroundings.
const maxOpen = 200

// htmlReader is the state between two tokens.
type htmlReader struct {
	doc   *Document
	open  []element
	block Block
	blank bool // a blank is due before the next text
	begun bool // the next block's kind was set by an element
}

// element is an open element and the style inside it.
type element struct {
	tag    atom.Atom
	style  Run
	hidden bool
	pre    bool
	quote  int
	list   int // depth
	number int // of the next item; -1: bullets
}

func (h *htmlReader) top() element {
	if len(h.open) == 0 {
		return element{}
	}
	return h.open[len(h.open)-1]
}

func (h *htmlReader) hidden() bool { return h.top().hidden }

// flush ends the paragraph.
func (h *htmlReader) flush() {
	b := h.block
	h.block, h.blank, h.begun = Block{}, false, false
	for len(b.Runs) > 0 { // line breaks at its end say nothing
		last := &b.Runs[len(b.Runs)-1]
		if b.Kind != Preformatted {
			last.Text = strings.TrimRight(last.Text, " \n")
		} else {
			last.Text = strings.TrimRight(last.Text, "\n")
		}
		if last.Text != "" || last.Image {
			break
		}
		b.Runs = b.Runs[:len(b.Runs)-1]
	}
	if len(b.Runs) > 0 && !blankRuns(b.Runs) {
		h.doc.add(b)
	}
}

func blankRuns(runs []Run) bool {
	for _, r := range runs {
		if r.Image || !isEmptyLine(r.Text) {
			return false
		}
	}
	return true
}

// begin ends the paragraph and says what the next one is.
func (h *htmlReader) begin(k Kind, level int) {
	h.flush()
	h.block.Kind, h.block.Level, h.begun = k, level, true
}

// text adds text, its blanks joined unless it is preformatted.
func (h *htmlReader) text(s string) {
	t := h.top()
	s = cleanText(s)
	if t.pre {
		if !h.begun && len(h.block.Runs) == 0 {
			h.block.Kind, h.begun = Preformatted, true
		}
		h.put(s, t)
		return
	}
	for s != "" {
		i := strings.IndexAny(s, " \t\n")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			if h.blank && len(h.block.Runs) > 0 && !h.afterBreak() {
				h.put(" ", t)
			}
			h.blank = false
			h.put(s[:i], t)
		}
		if i < len(s) {
			h.blank = true
			i++
		}
		s = s[i:]
	}
}

func (h *htmlReader) afterBreak() bool {
	return strings.HasSuffix(h.block.Runs[len(h.block.Runs)-1].Text, "\n")
}

func (h *htmlReader) put(s string, t element) {
	h.block.Quote = t.quote
	h.block.text(s, t.style)
}

// lineBreak is <br>.
func (h *htmlReader) lineBreak() {
	h.blank = false
	if len(h.block.Runs) > 0 {
		h.put("\n", h.top())
	}
}
