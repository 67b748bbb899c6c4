package layout

import "paquebot.app/internal/htmlmail/css"

// strut is a set of margins that collapse (CSS 2.2 §8.3.1). quirk is the
// largest of those that only the browser gave.
type strut struct{ positive, negative, quirk float32 }

func (s strut) add(m float32, quirk bool) strut {
	switch {
	case m < 0:
		s.negative = min(s.negative, m)
	case quirk:
		s.quirk = max(s.quirk, m)
	default:
		s.positive = max(s.positive, m)
	}
	return s
}

func (s strut) with(o strut) strut {
	return strut{max(s.positive, o.positive), min(s.negative, o.negative), max(s.quirk, o.quirk)}
}

// sum is what they come to.
func (s strut) sum() float32 { return max(s.positive, s.quirk) + s.negative }

// said is what they come to at the edge of a cell or the body in quirks mode,
// where the browser's own are nothing.
func (s strut) said() float32 { return s.positive + s.negative }

// ignoresQuirks tells a box at whose edges the browser's own margins are
// nothing (Quirks Mode Standard §3.5).
func (l *layouter) ignoresQuirks(b *box) bool {
	return l.quirks && (b.kind == cellKind || b.node != nil && b.node.Tag == "body")
}

// topOf are the margins that collapse at the top of a box.
func (l *layouter) topOf(b *box, width float32) strut {
	if b.topKnown {
		return b.top
	}
	s := strut{}.add(b.style.Margin[css.Top].Of(width), b.style.QuirkTop)
	if !b.formats() && inset(b.style, css.Top, width) == 0 && b.inlines == nil {
		var in strut
		for _, k := range b.kids {
			if k.floats() {
				continue
			}
			if k.style.Clear != css.NoSide {
				break
			}
			in = in.with(l.topOf(k, width))
			if !l.empty(k) {
				break
			}
			in = in.with(l.bottomOf(k, width))
		}
		if l.ignoresQuirks(b) {
			in.quirk = 0
		}
		s = s.with(in)
	}
	b.top, b.topKnown = s, true
	return s
}

// bottomOf is the bottom margin of an empty box, and of those in it.
func (l *layouter) bottomOf(b *box, width float32) strut {
	s := strut{}.add(b.style.Margin[css.Bottom].Of(width), b.style.QuirkBottom)
	for _, k := range b.kids {
		if !k.floats() {
			s = s.with(l.bottomOf(k, width))
		}
	}
	return s
}

// empty tells a box through which margins collapse.
func (l *layouter) empty(b *box) bool {
	s := b.style
	if b.formats() || s.Height.Px > 0 || s.MinHeight.Px > 0 {
		return false
	}
	if _, h := around(s, 0); h > 0 {
		return false
	}
	if b.inlines != nil {
		return len(l.paragraphOf(b).text) == 0
	}
	for _, k := range b.kids {
		if !k.floats() && !l.empty(k) {
			return false
		}
	}
	return true
}
