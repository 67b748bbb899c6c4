package layout

import "paquebot.app/internal/htmlmail/css"

// widths are how wide a box's border box must be for its longest word, and how
// wide it would be without breaking lines (CSS Sizing 3: min-content and
// max-content).
func (l *layouter) widths(b *box) (least, most float32) {
	if b.measured {
		return b.least, b.most
	}
	s := b.style
	pad, _ := around(s, 0)
	switch {
	case b.kind == imageKind:
		least, most = imageWidths(b)
		b.least, b.most, b.measured = least, most, true
		return least, most
	case b.kind == tableKind:
		least, most = l.tableWidths(b)
		b.least, b.most, b.measured = least, max(least, most), true
		return b.least, b.most
	case b.kind == flexKind:
		least, most = l.flexWidths(b)
	case b.inlines != nil:
		least, most = l.lineWidths(b)
	default:
		least, most = l.flowWidths(b)
	}
	if s.Width.Fixed() && b.kind != cellKind {
		least = s.Width.Px
		if s.BorderBox {
			least = max(0, least-pad)
		}
		most = least
	}
	limit := func(v css.Length) float32 {
		if s.BorderBox {
			return max(0, v.Px-pad)
		}
		return v.Px
	}
	if s.MaxWidth.Fixed() {
		least, most = min(least, limit(s.MaxWidth)), min(most, limit(s.MaxWidth))
	}
	if s.MinWidth.Px > 0 && s.MinWidth.Pct == 0 {
		least, most = max(least, limit(s.MinWidth)), max(most, limit(s.MinWidth))
	}
	b.least, b.most, b.measured = least+pad, max(least, most)+pad, true
	return b.least, b.most
}

// imageWidths are those of a picture: one whose width is a share of something
// can be as narrow as it must.
func imageWidths(b *box) (least, most float32) {
	s := *b.style
	shared := s.Width.Pct != 0 || !s.MaxWidth.Auto && s.MaxWidth.Pct != 0
	if !shared {
		imageSize(b, 0)
		return b.w, b.w
	}
	plain := *b
	if s.Width.Pct != 0 {
		s.Width = css.Auto
	}
	if s.MaxWidth.Pct != 0 {
		s.MaxWidth = css.Auto
	}
	plain.style = &s
	imageSize(&plain, 0)
	return 0, plain.w
}

// lineWidths are those of lines.
func (l *layouter) lineWidths(b *box) (least, most float32) {
	p := l.paragraphOf(b)
	boxes := make(map[int]float32, len(p.boxes)) // how much narrower each can be
	for _, a := range p.boxes {
		low, high := l.widths(a.box)
		m := outset(a.box.style, 0)
		p.runs[l.runOf(p, a.at)].Object.Width = high + m
		boxes[a.at] = high - low
	}
	x := b.style.Indent.Px
	if b.style.Indent.Auto {
		x = 0
	}
	for at := 0; at < len(p.text); {
		piece := p.p.Piece(at)
		narrow := piece.Width
		if len(boxes) > 0 {
			for i := piece.From; i < piece.To; i++ {
				narrow -= boxes[i]
			}
		}
		if s := l.breakOf(p, at); s >= css.BreakAnywhere {
			narrow = min(narrow, p.frags[0].style.Size)
		}
		least = max(least, narrow)
		most = max(most, x+piece.Width)
		x += piece.Width + piece.Blank
		if piece.Ends {
			x = 0
		}
		at = piece.To
	}
	floats := float32(0)
	for _, f := range p.floats {
		low, high := l.widths(f.box)
		m := outset(f.box.style, 0)
		least = max(least, low+m)
		floats += high + m
	}
	return least, most + floats
}

func (l *layouter) breakOf(p *paragraph, at int) css.Break {
	s := p.frags[p.runs[l.runOf(p, at)].Style.Tag].style
	if !s.WhiteSpace.Wraps() {
		return css.BreakNot
	}
	return max(s.Break, s.WordBreak)
}

// flowWidths are those of boxes one below the other; floats stand beside each
// other.
func (l *layouter) flowWidths(b *box) (least, most float32) {
	beside := float32(0)
	for _, k := range b.kids {
		low, high := l.widths(k)
		m := outset(k.style, 0)
		least = max(least, low+m)
		if k.floats() {
			beside += high + m
			most = max(most, beside)
			continue
		}
		if k.style.Clear != css.NoSide {
			beside = 0
		}
		most = max(most, beside+high+m)
		if k.inlines == nil {
			beside = 0
		}
	}
	return least, most
}
