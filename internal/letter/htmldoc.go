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
func HTMLDocument(source string) *Document { return htmlDocument(source, false, len(source)) }

// htmlDocument is HTMLDocument; wide takes all paragraphs, not only as many as
// are shown, and no pictures. It reads so many bytes, pictures not counted.
func htmlDocument(source string, wide bool, limit int) *Document {
	h := htmlReader{blockBuilder: blockBuilder{doc: &Document{wide: wide}}}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(max(maxText, len(source)))
	for {
		kind := z.Next()
		h.read += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			h.endBlock()
			if z.Err() != io.EOF {
				h.doc.Cut = true
			}
			return h.doc
		case html.TextToken:
			if !h.top().hidden && !h.top().tiny {
				text := string(z.Text())
				h.words(cut(text, max(0, len(text)-max(0, h.read-limit))))
			}
		case html.StartTagToken:
			t := z.Token()
			h.start(&t)
		case html.SelfClosingTagToken:
			t := z.Token()
			h.start(&t)
			if !isVoid(t.DataAtom) {
				h.end(t.DataAtom, t.Data)
			}
		case html.EndTagToken:
			t := z.Token()
			h.end(t.DataAtom, t.Data)
		}
		if h.read > limit {
			h.endBlock()
			h.doc.Cut = true
			return h.doc
		}
	}
}

// maxOpen bounds the elements held open. What nests deeper is read in the
// style of its surroundings.
const maxOpen = 200

// htmlReader is the state between two tokens.
type htmlReader struct {
	blockBuilder
	open  []element
	blank bool // a blank is due before the next text,
	space Run  // in this style
	begun bool // the next block's kind was set by an element
	read  int  // bytes of the source, without those of pictures in it
}

// element is an open element and the style inside it.
type element struct {
	tag    atom.Atom // 0 for elements HTML does not know
	name   string
	style  Run
	hidden bool // nothing inside is shown
	tiny   bool // its text has no size
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

// endBlock ends the paragraph.
func (h *htmlReader) endBlock() {
	h.blank, h.begun = false, false
	h.flush()
}

// begin ends the paragraph and says what the next one is.
func (h *htmlReader) begin(k Kind, level int) {
	h.endBlock()
	h.block.Kind, h.block.Level, h.begun = k, level, true
}

// words adds text, its blanks joined unless it is preformatted.
func (h *htmlReader) words(s string) {
	t := h.top()
	s = cleanText(s)
	if t.pre {
		if !h.begun && h.empty() {
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
			if h.blank && !h.empty() && !h.afterBreak() {
				h.text(" ", h.space)
			}
			h.blank = false
			h.put(s[:i], t)
		}
		if i < len(s) {
			if !h.blank {
				h.blank, h.space = true, t.style
			}
			i++
		}
		s = s[i:]
	}
}

func (h *htmlReader) put(s string, t element) {
	h.block.Quote = t.quote
	h.text(s, t.style)
}

// lineBreak is <br>.
func (h *htmlReader) lineBreak() {
	h.blank = false
	if !h.empty() {
		h.put("\n", h.top())
	}
}
