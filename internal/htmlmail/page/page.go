// Package page is a mail as it is laid out: what is painted where, which
// lines are read in which order, what is linked and what is a quote. It knows
// no HTML any more.
//
// A Page never changes once made and may be read from several goroutines.
// Measures are in logical pixels from the top left corner of the page.
package page

import (
	"image"
	"image/color"

	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/line"
)

// Rect is a rectangle.
type Rect struct{ X0, Y0, X1, Y1 float32 }

// Empty tells a rectangle without room.
func (r Rect) Empty() bool { return r.X1 <= r.X0 || r.Y1 <= r.Y0 }

// Meets tells whether two rectangles have something in common.
func (r Rect) Meets(o Rect) bool {
	return r.X0 < o.X1 && o.X0 < r.X1 && r.Y0 < o.Y1 && o.Y0 < r.Y1
}

// Within is what two rectangles have in common.
func (r Rect) Within(o Rect) Rect {
	return Rect{max(r.X0, o.X0), max(r.Y0, o.Y0), min(r.X1, o.X1), min(r.Y1, o.Y1)}
}

// Kind is what an Item paints.
type Kind uint8

// The kinds of Items.
const (
	Fill    Kind = iota // Rect in Colour
	Frame               // the border of Rect
	Shade               // a gradient in Rect
	Picture             // a picture in Rect
	Text                // the glyphs of Span, their line's left end and baseline at X, Y
	Rule                // a line from Rect.X0 to X1, its top at Y0, Y1 thick
)

// Item is an entry of the display list.
type Item struct {
	Kind    Kind
	Line    uint8 // of a Rule: the look, as css.Line has it
	Opacity uint8 // 255: all
	Sign    bool  // a Fill or Frame that is read as text is: the marker of a list
	Clip    int32 // into Page.Clips, 0 for none
	Colour  color.NRGBA
	Rect    Rect
	Radius  *[4]float32 // of the corners, from the top left, clockwise; nil: none
	Border  *Border
	Shade   *Gradient
	Image   *Image
	X, Y    float32
	Span    *line.Span
}

// Border is the border of a Frame.
type Border struct {
	Width  [4]float32 // top, right, bottom, left
	Line   [4]uint8   // as css.Line has it
	Colour [4]color.NRGBA
}

// Gradient is a change of colours: from X0, Y0 to X1, Y1 in shares of the
// Rect's pixels, or round a middle.
type Gradient struct {
	Radial, Repeating bool
	X0, Y0, X1, Y1    float32 // on the page; of a radial one the middle, and how far it reaches right and down
	Stops             []Stop
}

// Stop is a colour at a place from 0 to 1.
type Stop struct {
	At     float32
	Colour color.NRGBA
}

// Image is a picture: where its first tile stands, and whether there are
// more.
type Image struct {
	Source           Source
	Tile             Rect
	RepeatX, RepeatY bool
	Alt              string
}

// Source is a picture that is decoded when it is first painted.
type Source interface {
	Size() (width, height int)
	// Image is nil for one that cannot be decoded. It may be called from
	// several goroutines.
	Image() image.Image
}

// Line is a line of text at a place. The lines of a Page stand in reading
// order.
type Line struct {
	X, Y  float32
	Line  *line.Line
	Text  []rune
	Runs  *Runs
	From  int // rune of the paragraph at which it begins
	Block int // lines of one paragraph have the same number
	Cell  int // lines of one table row that have other numbers stand beside each other; 0: of no table
	Row   int
}

// Runs is what the styles of a paragraph's text mean; line.Style.Tag is an
// index into it.
type Runs struct {
	List []Run
}

// Run is a stretch of text as it looks and what it is.
type Run struct {
	Colour          color.NRGBA
	Size            float32
	Ascent, Descent float32 // of its face, in whole pixels
	Link            *tree.Link
	Title           string
	Hidden          bool
	Alt             bool // stands for a picture
}

// Quote is a stretch of the page that quotes an earlier mail.
type Quote struct {
	Rect  Rect
	Level int
	// From and To are the lines of it.
	From, To int
	// Number is the same in every layout of the mail; -1 for a quote in a
	// quote.
	Number int
	// Folded tells that nothing of it is shown; Rect is room for a button.
	Folded bool
}

// Page is a laid-out mail.
type Page struct {
	Width, Height float32 // Width is that of the view
	Wide          float32 // how wide what is shown is: more than Width where it does not fit
	Ground        color.NRGBA
	Items         []Item
	Clips         []Rect // Clips[0] is not used
	Lines         []Line
	Quotes        []Quote
	Dark          bool // the mail's own dark rules are in use
	// Partial tells that the page ends before the mail does; its Height is an
	// estimate.
	Partial bool
	// Missing are pictures that were not here, by their boxes.
	Missing []Missing
}

// Missing is a picture that was not here.
type Missing struct {
	Rect    Rect
	Address string
}
