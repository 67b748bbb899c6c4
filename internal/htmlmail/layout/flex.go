package layout

import (
	"sort"

	"paquebot.app/internal/htmlmail/css"
)

// flexItem is a box of a flex container and the room it takes.
type flexItem struct {
	box        *box
	base, size float32 // along the main axis, without margins
	least      float32
	margin     float32 // both, along the main axis
	frozen     bool
}

// flexItems are the items of a container in their order.
func flexItems(b *box) []*box {
	items := append([]*box(nil), b.kids...)
	sort.SliceStable(items, func(i, j int) bool { return items[i].style.Order < items[j].style.Order })
	return items
}

// flex lays out the items of a container (CSS Flexbox 1) and returns where
// they end.
func (l *layouter) flex(b *box, left, top, inner float32) float32 {
	if b.style.Column {
		return l.flexColumn(b, left, top, inner)
	}
	gap := b.style.GapX.Of(inner)
	y := top
	b.base, b.lastBase = -1, -1
	for n, line := range l.flexLines(b, inner, gap) {
		if n > 0 {
			y += b.style.GapY.Of(inner)
		}
		y += l.flexLine(b, line, left, y, inner, gap)
	}
	return y
}

// flexLines divides the items into lines and finds what each wants to be.
func (l *layouter) flexLines(b *box, inner, gap float32) [][]flexItem {
	var lines [][]flexItem
	var cur []flexItem
	used := float32(0)
	for _, k := range flexItems(b) {
		s := k.style
		pad, _ := around(s, inner)
		least, most := l.widths(k)
		it := flexItem{box: k, margin: outset(s, inner), least: least}
		basis := s.Basis
		if basis.Auto {
			basis = s.Width
		}
		switch {
		case basis.Auto:
			it.base = most
		case s.BorderBox:
			it.base = max(basis.Of(inner), pad)
		default:
			it.base = basis.Of(inner) + pad
		}
		if !s.Width.Auto {
			it.least = min(it.least, l.widthOf(k, inner, inner))
		}
		if s.Clip {
			it.least = pad
		}
		it.size = l.flexLimit(k, max(it.base, 0), inner)
		if room := it.size + it.margin; b.style.FlexWrap && len(cur) > 0 && used+gap+room > inner+0.01 {
			lines, cur, used = append(lines, cur), nil, 0
		}
		if len(cur) > 0 {
			used += gap
		}
		used += it.size + it.margin
		cur = append(cur, it)
	}
	if cur != nil {
		lines = append(lines, cur)
	}
	return lines
}

// flexLimit keeps a width between the item's own limits.
func (l *layouter) flexLimit(k *box, w, inner float32) float32 {
	s := k.style
	if !s.MaxWidth.Auto {
		w = min(w, s.MaxWidth.Of(inner))
	}
	return max(w, s.MinWidth.Of(inner))
}

// flexLine sizes and places the items of a line. It returns the line's height.
func (l *layouter) flexLine(b *box, items []flexItem, left, y, inner, gap float32) float32 {
	free := inner - gap*float32(len(items)-1)
	for i := range items {
		free -= items[i].size + items[i].margin
	}
	free = l.stretchItems(items, free, inner)
	height, base := float32(0), float32(0)
	for i := range items {
		k := items[i].box
		l.blind++
		switch k.kind {
		case tableKind:
			l.layTable(k, items[i].size, inner, 0)
		default:
			l.block(k, items[i].size, inner, &floats{}, 0, 0)
		}
		l.blind--
		m := k.style.Margin
		height = max(height, k.h+m[css.Top].Of(inner)+m[css.Bottom].Of(inner))
		base = max(base, max(k.base, 0)+m[css.Top].Of(inner))
	}
	if h := b.style.Height; h.Fixed() && !b.style.FlexWrap {
		_, pad := around(b.style, inner)
		v := h.Px
		if b.style.BorderBox {
			v -= pad
		}
		height = max(height, v)
	}
	before, between := spaces(b.style.Justify, free, len(items))
	autos := 0
	for i := range items {
		for _, side := range []int{css.Left, css.Right} {
			if items[i].box.style.Margin[side].Auto {
				autos++
			}
		}
	}
	if autos > 0 && free > 0 {
		before, between = 0, 0
	}
	x := left + before
	order := items
	if b.style.Reverse != b.style.RTL {
		order = make([]flexItem, len(items))
		for i := range items {
			order[len(items)-1-i] = items[i]
		}
		if b.style.Justify == css.ContentStart {
			x = left + max(free, 0)
		}
	}
	for i := range order {
		k := order[i].box
		m := k.style.Margin
		if m[css.Left].Auto && free > 0 {
			x += free / float32(autos)
		}
		k.x = x + m[css.Left].Of(inner)
		k.y = y + m[css.Top].Of(inner) + l.cross(b, k, height, base, inner)
		x += k.w + order[i].margin + gap + between
		if m[css.Right].Auto && free > 0 {
			x += free / float32(autos)
		}
		if b.base < 0 && k.base >= 0 {
			b.base = k.y + k.base
		}
		if k.lastBase >= 0 {
			b.lastBase = k.y + k.lastBase
		}
	}
	return height
}

// stretchItems lets items grow or shrink to fill the line and returns what is
// left (CSS Flexbox 1 §9.7).
func (l *layouter) stretchItems(items []flexItem, free, inner float32) float32 {
	for range items {
		total := float32(0)
		for i := range items {
			it := &items[i]
			if it.frozen {
				continue
			}
			if free > 0 {
				total += it.box.style.Grow
			} else {
				total += it.box.style.Shrink * it.size
			}
		}
		if total <= 0 || free > -0.01 && free < 0.01 {
			break
		}
		part := free
		if free > 0 && total < 1 {
			part = free * total
		}
		done := true
		for i := range items {
			it := &items[i]
			if it.frozen {
				continue
			}
			share := it.box.style.Grow
			if free < 0 {
				share = it.box.style.Shrink * it.size
			}
			want := it.size + part*share/total
			got := max(l.flexLimit(it.box, want, inner), it.least)
			if got != want {
				it.frozen, done = true, false
			}
			it.size = got
		}
		free = inner
		for i := range items {
			free -= items[i].size + items[i].margin
		}
		if done {
			break
		}
	}
	return free
}

// spaces are what is left before the first item and between two.
func spaces(c css.Content, free float32, n int) (before, between float32) {
	if free <= 0 {
		if c == css.ContentCenter {
			return free / 2, 0
		}
		if c == css.ContentEnd {
			return free, 0
		}
		return 0, 0
	}
	switch c {
	case css.ContentEnd:
		return free, 0
	case css.ContentCenter:
		return free / 2, 0
	case css.ContentBetween:
		if n > 1 {
			return 0, free / float32(n-1)
		}
	case css.ContentAround:
		return free / float32(2*n), free / float32(n)
	case css.ContentEvenly:
		return free / float32(n+1), free / float32(n+1)
	}
	return 0, 0
}

// cross moves an item in its line, or makes it as high as the line.
func (l *layouter) cross(b, k *box, height, base, inner float32) float32 {
	m := k.style.Margin
	room := height - k.h - m[css.Top].Of(inner) - m[css.Bottom].Of(inner)
	how := k.style.Self
	if how > css.ContentBaseline {
		how = b.style.Items
	}
	switch how {
	case css.ContentEnd:
		return room
	case css.ContentCenter:
		return room / 2
	case css.ContentBaseline:
		return max(0, base-max(k.base, 0)-m[css.Top].Of(inner))
	case css.ContentStretch:
		if k.style.Height.Auto && room > 0 && k.kind != tableKind {
			k.h += room
		}
	}
	return 0
}

// flexColumn lays the items out one below the other.
func (l *layouter) flexColumn(b *box, left, top, inner float32) float32 {
	y := top
	gap := b.style.GapY.Of(inner)
	items := flexItems(b)
	if b.style.Reverse {
		for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
			items[i], items[j] = items[j], items[i]
		}
	}
	b.base, b.lastBase = -1, -1
	for i, k := range items {
		if i > 0 {
			y += gap
		}
		s := k.style
		how := s.Self
		if how > css.ContentBaseline {
			how = b.style.Items
		}
		room := inner - outset(s, inner)
		w := room
		if how != css.ContentStretch && s.Width.Auto {
			least, most := l.widths(k)
			w = min(max(least, room), most)
		}
		y += s.Margin[css.Top].Of(inner)
		l.blind++
		if k.kind == tableKind {
			l.layTable(k, w, inner, 0)
		} else {
			l.block(k, l.widthOf(k, inner, w), inner, &floats{}, 0, 0)
		}
		l.blind--
		k.x, k.y = left+s.Margin[css.Left].Of(inner), y
		switch free := room - k.w; {
		case how == css.ContentCenter, s.Margin[css.Left].Auto && s.Margin[css.Right].Auto:
			k.x += free / 2
		case how == css.ContentEnd, s.Margin[css.Left].Auto:
			k.x += free
		}
		if b.base < 0 && k.base >= 0 {
			b.base = k.y + k.base
		}
		if k.lastBase >= 0 {
			b.lastBase = k.y + k.lastBase
		}
		y += k.h + s.Margin[css.Bottom].Of(inner)
	}
	return y
}

// flexWidths are the least and most that a container wants.
func (l *layouter) flexWidths(b *box) (least, most float32) {
	for i, k := range b.kids {
		low, high := l.widths(k)
		m := outset(k.style, 0)
		if b.style.Column {
			least, most = max(least, low+m), max(most, high+m)
			continue
		}
		gap := b.style.GapX.Px
		if i == 0 {
			gap = 0
		}
		if b.style.FlexWrap {
			least = max(least, low+m)
		} else {
			least += low + m + gap
		}
		most += high + m + gap
	}
	return least, most
}
