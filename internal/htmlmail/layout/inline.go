package layout

import (
	"sort"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/text/line"
)

// liner finds the lines of one block.
type liner struct {
	l      *layouter
	b      *box
	p      *paragraph
	fc     *floats
	ox, oy float32
	x, w   float32
	y      float32
	put    map[*box]bool // floats that have their place
	drift  int           // of p.floats, the first that has no place yet
	clear  int           // of p.clears, the first that is to come
}

// inline lays out the lines of a box, from y down, between x and x+w. It
// returns where they end.
func (l *layouter) inline(b *box, x, y, w float32, fc *floats, ox, oy float32) float32 {
	p := l.paragraphOf(b)
	b.lines = b.lines[:0]
	for i := range p.boxes {
		a := p.boxes[i].box
		l.atom(a, w)
		p.runs[l.runOf(p, p.boxes[i].at)].Object.Width = a.w + outset(a.style, w)
	}
	n := liner{l: l, b: b, p: p, fc: fc, ox: ox, oy: oy, x: x, w: w, y: y}
	if len(p.floats) > 0 {
		n.put = map[*box]bool{}
	}
	if b.style.Clear != css.NoSide {
		n.y = fc.below(n.y+oy, b.style.Clear) - oy
	}
	for at := 0; at < len(p.text); {
		if l.past(oy+n.y) || l.stopped() {
			break
		}
		at = n.line(at)
		if len(b.lines) > MaxHeight {
			break
		}
	}
	n.floatsUntil(len(p.text), true)
	return n.y
}

// runOf is the run of a paragraph's rune.
func (l *layouter) runOf(p *paragraph, at int) int { return sort.SearchInts(p.ends, at+1) }

// between are the boxes that stand in a stretch of the text.
func (p *paragraph) between(from, to int) []anchor {
	a := sort.Search(len(p.boxes), func(i int) bool { return p.boxes[i].at >= from })
	b := a
	for b < len(p.boxes) && p.boxes[b].at < to {
		b++
	}
	return p.boxes[a:b]
}

// floatsUntil places the floats anchored before or at a rune at the top of the
// line.
func (n *liner) floatsUntil(at int, all bool) {
	for n.drift < len(n.p.floats) && (n.p.floats[n.drift].at <= at || all) {
		k := n.p.floats[n.drift].box
		n.drift++
		if !n.put[k] {
			n.put[k] = true
			n.l.placeFloat(k, n.fc, n.ox, n.oy, n.x, n.x+n.w, n.y)
		}
	}
}

// line finds the line that begins at rune from, places it and returns where
// the next begins.
func (n *liner) line(from int) int {
	p := n.p
	// Floats that come first in the line narrow it.
	n.floatsUntil(n.blanks(from), false)
	indent := float32(0)
	if from == 0 {
		indent = n.b.style.Indent.Of(n.w)
	}
	strut := p.frags[0].ascent + p.frags[0].descent
	var to int
	var left, right float32
	for range maxPush {
		var next float32
		left, right, next = n.fc.room(n.y+n.oy, strut, n.x+n.ox, n.x+n.w+n.ox)
		left, right = left-n.ox, right-n.ox
		var fits bool
		to, fits = n.fit(from, right-left-indent, next < far)
		if !fits && next < far {
			n.y = next - n.oy
			continue
		}
		if !n.more(from, to, right-left-indent) {
			break
		}
	}
	width, blanks := p.p.Measure(from, to)
	x, widen := n.start(from, to, left, right, indent, width, blanks)
	ln := p.p.Compose(line.Place{From: from, To: to, Left: x - n.x, Widen: widen})
	ascent, height := n.extents(from, to, ln)
	ln.Ascent, ln.Height = ascent, height
	n.boxes(from, to, ln)
	pl := placed{x: n.x, y: n.y, from: from, to: to, line: ln}
	n.divide(&pl, x-n.x, widen)
	n.b.lines = append(n.b.lines, pl)
	if n.b.base < 0 {
		n.b.base = n.y + ascent
	}
	n.b.lastBase = n.y + ascent
	n.y += height
	for ; n.clear < len(p.clears) && p.clears[n.clear].at < to; n.clear++ {
		n.y = n.fc.below(n.y+n.oy, p.clears[n.clear].s.Clear) - n.oy
	}
	n.floatsUntil(to, false)
	return to
}

// blanks is the first rune from at on that is not a blank.
func (n *liner) blanks(at int) int {
	for at < len(n.p.text) && (n.p.text[at] == ' ' || n.p.text[at] == 0x200b) {
		at++
	}
	return at
}

// fit finds the end of a line that may be limit wide; fits is false where not
// even its first piece does.
func (n *liner) fit(from int, limit float32, beside bool) (to int, fits bool) {
	p := n.p
	x := float32(0)
	at := from
	for at < len(p.text) {
		piece := p.p.Piece(at)
		if x+piece.Width > limit+0.02 && piece.Width > 0 {
			if at > from {
				if n.l.breakOf(p, at) == css.BreakAll {
					if cut := p.p.Cut(at, piece.To, limit-x); cut > at && cut < piece.To {
						return cut, true
					}
				}
				return at, true
			}
			if beside {
				return piece.To, false
			}
			if n.l.breakOf(p, at) != css.BreakNot {
				return p.p.Cut(at, piece.To, limit), true
			}
			return piece.To, true
		}
		x += piece.Width + piece.Blank
		at = piece.To
		if piece.Ends {
			break
		}
	}
	return at, true
}

// more places the next float that is anchored inside the line and has room
// beside what stands before it. It tells whether there was one.
func (n *liner) more(from, to int, room float32) bool {
	for i := n.drift; i < len(n.p.floats) && n.p.floats[i].at < to; i++ {
		k := n.p.floats[i].box
		if n.put[k] {
			continue
		}
		before, _ := n.p.p.Measure(from, n.p.floats[i].at)
		_, most := n.l.widths(k)
		if !k.style.Width.Auto {
			most = n.l.widthOf(k, n.w, n.w)
		}
		if before+most+outset(k.style, n.w) > room {
			return false
		}
		n.put[k] = true
		n.l.placeFloat(k, n.fc, n.ox, n.oy, n.x, n.x+n.w, n.y)
		return true
	}
	return false
}

// start is where a line begins, and how much each of its blanks is widened.
func (n *liner) start(from, to int, left, right, indent, width float32, blanks int) (x, widen float32) {
	s := n.b.style
	rtl := n.p.p.RTL()
	free := right - left - indent - width
	x = left + indent
	if rtl {
		x = left
	}
	if free < 0 {
		if rtl {
			x += free
		}
		return x, 0
	}
	switch s.Align {
	case css.Center, css.BlocksCenter:
		x += free / 2
	case css.AlignRight, css.BlocksRight:
		x += free
	case css.AlignLeft, css.BlocksLeft:
	case css.End:
		if !rtl {
			x += free
		}
	case css.Justify:
		last := to == len(n.p.text) || n.p.text[to-1] == '\n'
		if !last && blanks > 0 && s.WhiteSpace.Wraps() && !s.WhiteSpace.Keeps() {
			return x, free / float32(blanks)
		}
		if rtl {
			x += free
		}
	default:
		if rtl {
			x += free
		}
	}
	return x, 0
}
