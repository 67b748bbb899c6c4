package layout

import (
	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/line"
)

// extents finds how far a line reaches above its baseline and how high it is
// (CSS 2.2 §10.8).
func (n *liner) extents(from, to int, ln *line.Line) (ascent, height float32) {
	p := n.p
	up, down := float32(-far), float32(-far)
	count := func(a, d float32) { up, down = max(up, a), max(down, d) }
	seen := map[int]bool{}
	end := -1 // the element that ends the line, which counts where there is nothing else
	var faces map[*font.Face]bool
	standards := n.l.mode == tree.Standards
	if standards {
		count(p.frags[0].ascent, p.frags[0].descent)
		seen[0] = true
	}
	for i := range ln.Spans {
		s := &ln.Spans[i]
		if s.From >= ln.N-ln.Hang && s.From < ln.N && s.Object == nil {
			if p.text[from+s.From] == '\n' {
				end = int(s.Style.Tag)
			}
			continue // blanks at the end of a line are none
		}
		f := int(s.Style.Tag)
		if s.Object != nil {
			f = p.frags[f].around // boxes are counted by themselves
			if !standards {
				continue
			}
		}
		for f >= 0 && !seen[f] {
			seen[f] = true
			a := &p.frags[f]
			count(a.ascent+a.rise, a.descent-a.rise)
			if !standards {
				break
			}
			f = a.around
		}
		// Faces that stand in for others count where the face decides.
		if a := &p.frags[s.Style.Tag]; s.Face != nil && a.style.LineHeight == (css.LineHeight{}) && !faces[s.Face] {
			if faces == nil {
				faces = map[*font.Face]bool{}
			}
			faces[s.Face] = true
			m := measures(s.Face.Metrics, s.Style.Size)
			above, below := extent(m, a.style)
			count(above+a.rise, below-a.rise)
		}
	}
	hangs, stands := float32(0), float32(0) // the highest that hangs from the top, and that stands on the bottom
	for _, a := range p.between(from, to) {
		u, d, edge := n.boxExtent(a)
		switch {
		case edge && a.box.style.VAlign == css.VTop:
			hangs = max(hangs, u+d)
		case edge:
			stands = max(stands, u+d)
		default:
			count(u, d)
		}
	}
	if up == -far && end >= 0 && hangs == 0 && stands == 0 {
		a := &p.frags[end]
		count(a.ascent+a.rise, a.descent-a.rise)
	}
	if up == -far {
		up, down = 0, 0
	}
	down = max(down, hangs-up)
	up = max(up, stands-down)
	return up, max(up+down, 0)
}

// boxExtent is how far a box in a line reaches above and below the baseline of
// the line; edge tells that it hangs from the line's top or stands on its
// bottom.
func (n *liner) boxExtent(a anchor) (up, down float32, edge bool) {
	k := a.box
	s := k.style
	top, bottom := s.Margin[css.Top].Of(n.w), s.Margin[css.Bottom].Of(n.w)
	around := &n.p.frags[n.p.frags[n.fragOf(a.at)].around]
	h := k.h + top + bottom
	base := h
	if b := baseline(k); b >= 0 {
		base = top + b
	}
	switch s.VAlign {
	case css.VTop, css.VBottom:
		return h, 0, true
	case css.VMiddle:
		up = h/2 + around.face.xHeight/2
	case css.AbsMiddle:
		up = h/2 + (around.face.ascent-around.face.descent)/2
	case css.TextTop:
		up = around.face.ascent
	case css.TextBottom:
		up = h - around.face.descent
	default:
		up = base + raise(s, around, base, h-base)
	}
	up += around.rise
	return up, h - up, false
}

// baseline of a box that stands in a line: that of its last line; an image
// and a box that hides what overflows stand on their bottom.
func baseline(k *box) float32 {
	switch {
	case k.kind == imageKind, k.style.Clip && k.kind != tableKind:
		return -1
	case k.kind == tableKind:
		return k.base
	}
	return k.lastBase
}

func (n *liner) fragOf(at int) int { return int(n.p.runs[n.l.runOf(n.p, at)].Style.Tag) }

// boxes gives the boxes in a line their places.
func (n *liner) boxes(from, to int, ln *line.Line) {
	for _, a := range n.p.between(from, to) {
		k := a.box
		top, bottom := k.style.Margin[css.Top].Of(n.w), k.style.Margin[css.Bottom].Of(n.w)
		for i := range ln.Spans {
			if s := &ln.Spans[i]; s.Object != nil && s.From <= a.at-from && a.at-from < s.To {
				k.x = n.x + s.X0 + k.style.Margin[css.Left].Of(n.w)
			}
		}
		switch up, _, edge := n.boxExtent(a); {
		case edge && k.style.VAlign == css.VTop:
			k.y = n.y + top
		case edge:
			k.y = n.y + ln.Height - k.h - bottom
		default:
			k.y = n.y + ln.Ascent - up + top
		}
	}
}

// divide makes parts of a line in which boxes with text stand, so that what is
// in them is read where they stand.
func (n *liner) divide(pl *placed, left, widen float32) {
	if pl.line.Levels != nil {
		return
	}
	at, x := pl.from, left
	for _, a := range n.p.between(pl.from, pl.to) {
		if a.box.kind == imageKind {
			continue
		}
		if a.at > at {
			pl.parts = append(pl.parts, n.part(pl, at, a.at, x, widen))
		}
		pl.parts = append(pl.parts, part{box: a.box})
		at = a.at + 1
		x = pl.line.X(at - pl.from)
	}
	if pl.parts != nil && at < pl.to {
		pl.parts = append(pl.parts, n.part(pl, at, pl.to, x, widen))
	}
}

func (n *liner) part(pl *placed, from, to int, x, widen float32) part {
	ln := n.p.p.Compose(line.Place{From: from, To: to, Left: x, Widen: widen})
	ln.Ascent, ln.Height = pl.line.Ascent, pl.line.Height
	return part{line: ln, from: from}
}
