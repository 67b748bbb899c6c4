package layout

import "paquebot.app/internal/htmlmail/css"

// block lays out a box that is w wide inside of one that is cb wide. Its top
// left corner is at ox, oy of the formatting context whose floats are fc. It
// returns the margins that go on below it.
func (l *layouter) block(b *box, w, cb float32, fc *floats, ox, oy float32) strut {
	s := b.style
	b.w = w
	left, top := inset(s, css.Left, cb), inset(s, css.Top, cb)
	inner := max(0, w-left-inset(s, css.Right, cb))
	below := inset(s, css.Bottom, cb)
	own := b.formats()
	if own {
		l.origin += oy
		defer func(oy float32) { l.origin -= oy }(oy)
		fc, ox, oy = &floats{}, 0, 0
	}
	out := strut{}.add(s.Margin[css.Bottom].Of(cb), s.QuirkBottom)
	y := top
	b.base, b.lastBase = -1, -1
	switch {
	case l.stopped():
	case b.kind == flexKind:
		y = l.flex(b, left, top, inner)
	case b.inlines != nil:
		y = l.inline(b, left, top, inner, fc, ox, oy)
	default:
		var end strut
		y, end = l.flow(b, left, top, inner, fc, ox, oy, own)
		if own || below > 0 || !s.Height.Auto && s.Height.Pct == 0 {
			if l.ignoresQuirks(b) {
				y += max(end.said(), 0)
			} else {
				y += end.sum()
			}
		} else {
			out = out.with(end)
		}
	}
	if own {
		y = max(y, fc.below(y, css.Both))
	}
	b.natural = y + below
	b.h = b.natural
	if b.kind != cellKind {
		b.h = heightOf(s, b.h, top+below)
	}
	b.h = min(max(b.h, 0), MaxHeight)
	return out
}

// heightOf is the height of a border box whose content wants one.
func heightOf(s *css.Style, natural, around float32) float32 {
	outer := func(v float32) float32 {
		if s.BorderBox {
			return max(v, around)
		}
		return v + around
	}
	h := natural
	if !s.Height.Auto && s.Height.Pct == 0 {
		h = outer(s.Height.Px)
	}
	if !s.MaxHeight.Auto && s.MaxHeight.Pct == 0 {
		h = min(h, outer(s.MaxHeight.Px))
	}
	if s.MinHeight.Px > 0 {
		h = max(h, outer(s.MinHeight.Px))
	}
	return h
}

// flow lays out the boxes in a box one below the other. It returns where they
// end and the margins there.
func (l *layouter) flow(b *box, left, top, inner float32, fc *floats, ox, oy float32, own bool) (float32, strut) {
	y := top
	var pending strut
	// At the top of a box without an edge the margins of what is in it are
	// its own: whoever placed it has counted them.
	counted := !own && top == 0 && b.node != l.rootNode
	first := true
	for _, k := range b.kids {
		if l.past(oy + y) {
			k.skipped = true
			continue
		}
		if k.floats() {
			l.placeFloat(k, fc, ox, oy, left, left+inner, y+pending.sum())
			continue
		}
		ks := k.style
		margin := l.topOf(k, inner)
		if first && !counted && l.ignoresQuirks(b) {
			margin.quirk = 0
		}
		if counted && first && ks.Clear == css.NoSide {
			if l.empty(k) {
				k.x, k.y, k.w, k.h = left, y, inner, 0
				l.emptyFloats(k, fc, ox+left, oy+y)
				continue
			}
			pending = strut{}
		} else {
			pending = pending.with(margin)
		}
		ky := y + pending.sum()
		if clear := fc.below(ky+oy, ks.Clear) - oy; clear > ky {
			ky = clear
			pending = strut{}
			if l.empty(k) {
				y = ky
			}
		}
		if l.empty(k) {
			k.x, k.y, k.w, k.h = left, ky, inner, 0
			l.emptyFloats(k, fc, ox+left, oy+ky)
			pending = pending.with(l.bottomOf(k, inner))
			continue
		}
		first = false
		pending = l.child(b, k, left, ky, inner, fc, ox, oy)
		y = k.y + k.h
		if b.base < 0 && k.base >= 0 {
			b.base = k.y + k.base
		}
		if k.lastBase >= 0 && k.kind != tableKind { // browsers pass over tables here
			b.lastBase = k.y + k.lastBase
		}
	}
	return y, pending
}

// emptyFloats places the floats in a box that has nothing else.
func (l *layouter) emptyFloats(b *box, fc *floats, ox, oy float32) {
	for _, k := range b.kids {
		if k.floats() {
			l.placeFloat(k, fc, ox, oy, 0, b.w, 0)
		} else {
			k.w = b.w
			l.emptyFloats(k, fc, ox, oy)
		}
	}
	if b.text != nil {
		for _, f := range b.text.floats {
			l.placeFloat(f.box, fc, ox, oy, 0, b.w, 0)
		}
	}
}

// child lays out one box of a flow with its top at y. It returns the margins
// below it.
func (l *layouter) child(b, k *box, left, y, inner float32, fc *floats, ox, oy float32) strut {
	ks := k.style
	x0, x1 := left, left+inner
	if k.formats() && len(fc.list) > 0 { // it stands beside floats, not behind them
		need := l.leastOf(k, inner)
		for range maxPush {
			a, e, next := fc.room(y+oy, 1, left+ox, left+inner+ox)
			if e-a >= need-0.01 || next == far || a == left+ox && e == left+inner+ox {
				x0, x1 = a-ox, e-ox
				break
			}
			y = next - oy
		}
	}
	room := x1 - x0
	ml, mr := ks.Margin[css.Left].Of(inner), ks.Margin[css.Right].Of(inner)
	below := strut{}.add(ks.Margin[css.Bottom].Of(inner), ks.QuirkBottom)
	switch k.kind {
	case tableKind:
		k.x, k.y = x0+ml, y
		l.layTable(k, max(0, room-ml-mr), inner, oy+y)
	case imageKind:
		imageSize(k, inner)
	default:
		w := l.widthOf(k, inner, room-ml-mr)
		k.x, k.y = x0+ml, y
		below = l.block(k, w, inner, fc, ox+k.x, oy+y)
	}
	k.x, k.y = x0+ml, y
	l.align(b, k, room-ml-mr-k.w)
	return below
}

// align moves a box that is narrower than its container to where it belongs.
func (l *layouter) align(b, k *box, free float32) {
	if free <= 0 {
		if b.style.RTL && free < 0 && !k.style.Margin[css.Left].Auto {
			k.x += free
		}
		return
	}
	autoLeft, autoRight := k.style.Margin[css.Left].Auto, k.style.Margin[css.Right].Auto
	switch {
	case autoLeft && autoRight:
		k.x += free / 2
	case autoLeft:
		k.x += free
	case autoRight:
	case b.style.Align == css.BlocksCenter:
		k.x += free / 2
	case b.style.Align == css.BlocksRight, b.style.RTL && b.style.Align != css.BlocksLeft:
		k.x += free
	}
}

// leastOf is how wide a box beside floats must be at least.
func (l *layouter) leastOf(k *box, inner float32) float32 {
	if k.kind == tableKind || k.style.Width.Auto {
		least, _ := l.widths(k)
		return least + outset(k.style, inner)
	}
	return l.widthOf(k, inner, inner) + outset(k.style, inner)
}

// widthOf is the width of a block's border box where avail is left to it.
func (l *layouter) widthOf(k *box, inner, avail float32) float32 {
	s := k.style
	pad, _ := around(s, inner)
	outer := func(v css.Length) float32 {
		if s.BorderBox {
			return max(v.Of(inner), pad)
		}
		return v.Of(inner) + pad
	}
	w := max(avail, 0)
	if !s.Width.Auto {
		w = outer(s.Width)
	}
	if !s.MaxWidth.Auto {
		w = min(w, outer(s.MaxWidth))
	}
	if s.MinWidth.Px > 0 || s.MinWidth.Pct > 0 {
		w = max(w, outer(s.MinWidth))
	}
	return max(w, pad, 0)
}

// atom lays out a box that stands in a line or floats: as wide as it wants to
// be where there is room (CSS 2.2 §10.3.5).
func (l *layouter) atom(k *box, avail float32) {
	if k.kind == imageKind {
		imageSize(k, avail)
		return
	}
	l.blind++ // its place is not known yet
	defer func() { l.blind-- }()
	room := max(0, avail-outset(k.style, avail))
	if k.kind == tableKind {
		l.layTable(k, room, avail, 0)
		return
	}
	w := room
	if k.style.Width.Auto {
		least, most := l.widths(k)
		w = min(max(least, room), most)
	}
	w = l.widthOf(k, avail, w)
	l.block(k, w, avail, &floats{}, 0, 0)
}
