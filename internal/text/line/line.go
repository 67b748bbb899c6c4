// Package line lays paragraphs out in lines and says where in them a caret
// stands and what is under the mouse. It is common ground of whatever shows
// text: the reader, the editor, lists.
//
// Lines are found by arithmetic on the advances of shaped words, and only as
// far as asked for; glyphs are placed only for lines that are asked for. After
// an edit the layout begins anew in the line before it and ends where lines
// begin as they did: the cost of a key does not grow with the paragraph, and
// the result is that of a layout from the start.
//
// Measures are in logical pixels, offsets in runes. A Paragraph belongs to one
// goroutine; a Line never changes and may be painted on another.
package line

import (
	otfont "github.com/go-text/typesetting/font"

	"paquebot.app/internal/text/font"
)

// Style is the look of a run as far as it takes room. Tag is the caller's own
// mark, for what does not: colours, links, lines through.
type Style struct {
	Font    font.Style
	Size    float32
	Spacing float32 // between letters, more than the font's own
	Blank   float32 // of blanks, more than the font's own
	Rise    float32 // of the baseline, for what is set higher; negative: lower
	Line    float32 // how high it wants its line; 0: as its face says
	Tag     uint32
}

// Object is what a run of ObjectRune stands for: a box on the baseline.
type Object struct {
	Width, Height float32
	Drop          float32 // how far it reaches below the baseline
}

// ObjectRune is the rune of an Object.
const ObjectRune = '\ufffc'

// Break ends a line inside a paragraph.
const Break = '\n'

// Run is N runes in one style, or N equal objects.
type Run struct {
	N           int
	Style       Style
	Object      *Object
	Lead, Trail float32 // room before its first rune and behind its last
	NoBreak     bool    // lines do not end inside it
}

// Glyph is a glyph of a Line: its origin, from the line's left end and its
// baseline, y going down.
type Glyph struct {
	ID   otfont.GID
	X, Y float32
}

// Span is a stretch of a Line in one style and one face.
type Span struct {
	Style    Style
	Face     *font.Face // nil for an Object, and for the room beside a run, which has no runes
	Object   *Object
	From, To int     // runes of the line
	X0, X1   float32 // its left and right end
	RTL      bool
	Glyphs   []Glyph
}

// Line is a laid-out line. Offsets are from its first rune.
type Line struct {
	N       int
	Spans   []Span    // from left to right
	Carets  []float32 // the edge of each rune at which reading begins, and the end of the line: N+1
	Advance []float32 // of each rune
	Levels  []uint8   // of bidi; nil: all 0
	Width   float32   // without the blanks at its end
	Height  float32
	Ascent  float32 // the baseline's distance from the top
	Stops   []int32 // where a caret may stand, 0 and N among them
	Hang    int     // runes at its end that are blanks or a Break
}

// rtl tells whether rune i is read from right to left.
func (l *Line) rtl(i int) bool { return l.Levels != nil && l.Levels[i]&1 == 1 }

// edges returns the left and right edge of runes a to b, which stand in one
// span.
func (l *Line) edges(a, b int) (left, right float32) {
	w := float32(0)
	for i := a; i < b; i++ {
		w += l.Advance[i]
	}
	if l.rtl(a) {
		return l.Carets[a] - w, l.Carets[a]
	}
	return l.Carets[a], l.Carets[a] + w
}

// Hit is the place nearest to x at which a caret may stand.
func (l *Line) Hit(x float32) int {
	best, near := 0, float32(1e9)
	for k := 0; k+1 < len(l.Stops); k++ {
		a, b := int(l.Stops[k]), int(l.Stops[k+1])
		left, right := l.edges(a, b)
		leading, trailing := left, right
		if l.rtl(a) {
			leading, trailing = right, left
		}
		if d := distance(x, leading); d < near {
			best, near = a, d
		}
		if d := distance(x, trailing); d < near {
			best, near = b, d
		}
	}
	return best
}

func distance(a, b float32) float32 { return max(a-b, b-a) }

// X is where the caret at off is drawn.
func (l *Line) X(off int) float32 { return l.Carets[min(max(off, 0), l.N)] }

// Forward tells whether what stands right of a caret at off is what is read
// next: whether the key Right goes forward in the text.
func (l *Line) Forward(off int) bool {
	i := min(off, l.N-1)
	return i < 0 || !l.rtl(i)
}

// Rects returns the left and right ends of what runes from to to cover, from
// left to right.
func (l *Line) Rects(from, to int) [][2]float32 {
	from, to = max(from, 0), min(to, l.N)
	var out [][2]float32
	for i := range l.Spans {
		s := &l.Spans[i]
		a, b := max(from, s.From), min(to, s.To)
		if a >= b {
			continue
		}
		left, right := l.edges(a, b)
		if n := len(out); n > 0 && distance(left, out[n-1][1]) < 0.01 {
			out[n-1][1] = right
		} else {
			out = append(out, [2]float32{left, right})
		}
	}
	return out
}

// End is where the key End puts the caret: before the blank at which the line
// was broken, for behind it text would be typed into the next line.
func (l *Line) End() int {
	if l.Hang == 0 {
		return l.N
	}
	for k := len(l.Stops) - 1; k >= 0; k-- {
		if int(l.Stops[k]) < l.N {
			return int(l.Stops[k])
		}
	}
	return 0
}
