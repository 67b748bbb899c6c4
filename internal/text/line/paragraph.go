package line

import (
	"sort"

	"paquebot.app/internal/text/bidi"
	"paquebot.app/internal/text/segment"
	"paquebot.app/internal/text/shape"
)

// Align says at which side short lines stand.
type Align uint8

// Start is the side at which the paragraph is begun to be read.
const (
	Start Align = iota
	Left
	Right
	Center
)

// Params are the measures of a paragraph.
type Params struct {
	Width  float32   // lines are broken where they would be wider
	Height float32   // of a line, at least; 0: as its faces want it
	Style  Style     // of an empty paragraph, and of what the estimates go by
	Base   bidi.Base // where its direction comes from
	Align  Align
	Indent float32 // of the first line
	Tab    float32 // distance of tab stops; 0: 8 times half the size
	NoWrap bool    // lines end only where the text says so
	// WholeAddresses keeps lines from ending behind a slash inside a word, as
	// browsers do, where lines are found by Piece.
	WholeAddresses bool
	// Room says where the line whose top is y may stand, beside what floats
	// there; nil: from 0 to Width. It is asked once for each line.
	Room func(y float32) (left, width float32)
}

// ref is a line as found: where it begins and its measures. Its content is
// made when it is asked for.
type ref struct {
	start, n         int
	hang             int // blanks at its end
	y                float32
	width, hangWidth float32
	left, room       float32 // where it may stand
	height, ascent   float32
	widen            float32 // each blank inside
	line             *Line   // nil: not asked for
}

// Paragraph is a text laid out in lines.
type Paragraph struct {
	shaper *shape.Shaper
	params Params
	text   []rune
	runs   []Run
	ends   []int   // of runs
	levels []uint8 // nil: all 0
	level  uint8   // of the paragraph
	lines  []ref
	next   int // where the next line begins; len(text)+1: there is none
	breaks breaks
	laid   int // lines found, for measurements
}

// New returns a paragraph without lines. The lengths of the runs add up to
// that of the text. Neither may be changed afterwards.
func New(s *shape.Shaper, text []rune, runs []Run, p Params) *Paragraph {
	q := &Paragraph{shaper: s, params: p}
	q.set(text, runs)
	if bidi.Needed(text) || p.Base == bidi.RTL {
		q.levels, q.level = bidi.Levels(text, p.Base)
	}
	return q
}

func (p *Paragraph) set(text []rune, runs []Run) {
	p.text, p.runs, p.ends = text, runs, p.ends[:0]
	at := 0
	for _, r := range runs {
		at += r.N
		p.ends = append(p.ends, at)
	}
	p.breaks = breaks{}
}

// runAt is the index of the run that holds rune i.
func (p *Paragraph) runAt(i int) int { return sort.SearchInts(p.ends, i+1) }

// RTL tells whether the paragraph is read from right to left.
func (p *Paragraph) RTL() bool { return p.level&1 == 1 }

// Text is the text that is laid out.
func (p *Paragraph) Text() []rune { return p.text }

// Params are the measures it is laid out by.
func (p *Paragraph) Params() Params { return p.params }

// Done tells whether all lines are found.
func (p *Paragraph) Done() bool { return p.next > len(p.text) }

// Len is the number of lines found.
func (p *Paragraph) Len() int { return len(p.lines) }

// FindLines finds lines until there are n, or all. Find finds them until the
// one that holds off, FindHeight until they reach down to y.
func (p *Paragraph) FindLines(n int) {
	for len(p.lines) < n && !p.Done() {
		p.add()
	}
}

// Find: see FindLines.
func (p *Paragraph) Find(off int) {
	for p.next <= off && !p.Done() {
		p.add()
	}
}

// FindHeight: see FindLines.
func (p *Paragraph) FindHeight(y float32) {
	for p.bottom() <= y && !p.Done() {
		p.add()
	}
}

// bottom is where the lines found end.
func (p *Paragraph) bottom() float32 {
	if n := len(p.lines); n > 0 {
		return p.lines[n-1].y + p.lines[n-1].height
	}
	return 0
}

// Height is that of the lines found and an estimate for the rest.
func (p *Paragraph) Height() float32 {
	h := p.bottom()
	if !p.Done() {
		h += Estimate(len(p.text)-p.next, p.params)
	}
	return h
}

// Estimate is about how high n runes are.
func Estimate(n int, p Params) float32 {
	perLine := max(1, p.Width/max(1, p.Style.Size*0.5))
	height := p.Height
	if height == 0 {
		height = p.Style.Size * 1.21
	}
	return height * float32(1+int(float32(n)/perLine))
}

// Start is the offset of line i's first rune, Y its top, LineHeight its
// height.
func (p *Paragraph) Start(i int) int { return p.lines[i].start }

// Y: see Start.
func (p *Paragraph) Y(i int) float32 { return p.lines[i].y }

// LineHeight: see Start.
func (p *Paragraph) LineHeight(i int) float32 { return p.lines[i].height }

// LineOf is the line that the caret at off stands in, of those found. Where a
// line ends without a blank, off is its end and the start of the next: endOf
// chooses the end.
func (p *Paragraph) LineOf(off int, endOf bool) int {
	i := sort.Search(len(p.lines), func(i int) bool { return p.lines[i].start > off }) - 1
	i = max(i, 0)
	if endOf && i > 0 && p.lines[i].start == off && p.lines[i-1].hang == 0 {
		i--
	}
	return i
}

// LineAt is the line found that is nearest to y.
func (p *Paragraph) LineAt(y float32) int {
	i := sort.Search(len(p.lines), func(i int) bool { return p.lines[i].y > y }) - 1
	return max(i, 0)
}

// Hit is the place in line i nearest to x, and whether it is the end of that
// line rather than the start of the next.
func (p *Paragraph) Hit(i int, x float32) (off int, endOf bool) {
	l := p.Line(i)
	at := l.Hit(x)
	if last := i == len(p.lines)-1 && p.Done(); at == l.N && !last {
		at = l.End()
	}
	return p.lines[i].start + at, at == l.N && i < len(p.lines)-1
}

// Drop forgets the content of all lines but those from to to, which is made
// again when it is asked for.
func (p *Paragraph) Drop(from, to int) {
	for i := range p.lines {
		if i < from || i >= to {
			p.lines[i].line = nil
		}
	}
}

// SetWidth lays the paragraph out in another width.
func (p *Paragraph) SetWidth(w float32) {
	if w != p.params.Width {
		p.params.Width = w
		p.lines, p.next = nil, 0
	}
}

// breaks remembers where the text may be broken, for a stretch of it.
type breaks struct {
	from int
	list []segment.Break
	size int
	line int // where the line begins that is being found: it is looked at twice
}

const (
	firstBreaks = 256  // runes looked at for the first line after an edit
	moreBreaks  = 2048 // and for the lines behind it
)

// breakAt is what may happen before rune i.
func (p *Paragraph) breakAt(i int) segment.Break {
	b := &p.breaks
	if k := i - b.from; k >= 0 && k < len(b.list) {
		return b.list[k]
	}
	b.size = min(max(firstBreaks, 2*b.size), moreBreaks)
	b.from = i
	if b.line < i && i-b.line < b.size/2 {
		b.from = b.line
	}
	b.list = segment.Breaks(p.text, b.from, min(b.from+b.size, len(p.text)))
	return b.list[i-b.from]
}
