// Package layout lays a mail's tree out: boxes from elements and their styles,
// lines from text, tables, floats and flex boxes, and of all that a page (CSS
// 2.2, CSS Flexbox 1; the quirks of old mail as in the Quirks Mode Standard).
//
// A layout belongs to one goroutine and ends with its context. Whatever the
// mail, its work is bounded by the limits of package tree, those here and the
// context.
package layout

import (
	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/line"
)

// Limits of a layout.
const (
	MaxHeight  = 200_000
	MaxWide    = 20_000
	MaxColumns = 1000
	maxSpan    = 1000
	maxRows    = 20_000
	maxNesting = 200 // of boxes: deeper ones are shown without the boxes between
)

type kind uint8

const (
	blockKind kind = iota // holds boxes, or lines
	tableKind
	cellKind
	flexKind
	imageKind
)

// box is a box of the formatting structure. x and y are from the parent's
// border edge to its own, w and h its border box.
type box struct {
	kind    kind
	style   *css.Style
	node    *tree.Node // nil for boxes without an element
	kids    []*box
	inlines []*inline // instead of kids
	text    *paragraph
	lines   []placed

	x, y, w, h float32
	natural    float32 // height of a cell's content with its padding
	shift      float32 // of a cell's content down
	base       float32 // first baseline from the top; negative: none
	lastBase   float32

	least, most float32 // min-content and max-content widths
	measured    bool
	topKnown    bool
	top         strut

	picture   *picture
	table     *table
	cell      *cell
	marker    *marker
	anonTable bool
	skipped   bool // not laid out: below what was asked for
	link      *tree.Link
	quote     bool
	number    int // of an outermost quote
	folded    bool
}

// inline is what stands in lines: text, an element with more of it, a box, a
// float, or a line's end.
type inline struct {
	style *css.Style
	text  string
	kids  []*inline
	box   *box
	ends  bool // br
	elem  bool
	open  bool // begins here; false: goes on behind a block inside of it
	shut  bool // ends here
	link  *tree.Link
	title string
	alt   bool
}

// placed is a line in its box.
type placed struct {
	x, y     float32
	from, to int
	line     *line.Line
	parts    []part // instead of line, where boxes with text stand in it
}

// part is a stretch of a line between boxes that have text of their own.
type part struct {
	line *line.Line
	from int
	box  *box // instead
}

// picture is a replaced element.
type picture struct {
	source  page.Source
	address string
	w, h    float32 // natural; 0: not known
	alt     string
	missing bool
}

// formats tells a box inside of which floats and margins stay.
func (b *box) formats() bool {
	return b.kind != blockKind || b.style.Float != css.NoSide || b.style.Clip || b.style.Display == css.InlineBlock || b.style.Display == css.Flex || b.style.Display == css.InlineFlex
}

func (b *box) floats() bool { return b.style.Float != css.NoSide }

// around is what padding and border take in width and height.
func around(s *css.Style, width float32) (w, h float32) {
	return s.Padding[css.Left].Of(width) + s.Padding[css.Right].Of(width) + s.Border[css.Left].Width + s.Border[css.Right].Width,
		s.Padding[css.Top].Of(width) + s.Padding[css.Bottom].Of(width) + s.Border[css.Top].Width + s.Border[css.Bottom].Width
}

// inset is what padding and border take on one side.
func inset(s *css.Style, side int, width float32) float32 {
	return s.Padding[side].Of(width) + s.Border[side].Width
}

// outset is what margins take in width.
func outset(s *css.Style, width float32) float32 {
	return s.Margin[css.Left].Of(width) + s.Margin[css.Right].Of(width)
}
