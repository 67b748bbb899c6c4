package layout

import "paquebot.app/internal/htmlmail/css"

// layTable lays out a table where avail is left to it, inside of a box cb
// wide, its top at y of the formatting context.
func (l *layouter) layTable(k *box, avail, cb, y float32) {
	t, s := k.table, k.style
	columns := l.measure(k)
	k.w = l.tableWidth(k, avail, cb)
	edge := l.edgesOf(k, cb)
	inner := max(0, k.w-edge)
	if s.FixedTable && !s.Width.Auto {
		distributeFixed(columns, inner)
		sum := edge
		for i := range columns {
			sum += columns[i].w
		}
		k.w = max(k.w, sum)
	} else {
		distribute(columns, inner)
	}
	gapX, gapY := s.SpacingX, s.SpacingY
	left, top, bottom := inset(s, css.Left, cb), inset(s, css.Top, cb), inset(s, css.Bottom, cb)
	if s.Collapse {
		gapX, gapY = 0, 0
		left, top, bottom = t.edges.left, t.edges.top, t.edges.bottom
	}
	x := left + gapX
	for i := range columns {
		columns[i].x = x
		x += columns[i].w + gapX
	}
	at := float32(0)
	at = l.captions(k, false, at)
	start := at
	at = l.rows(k, start+top, gapX, gapY, y)
	natural := at + bottom - start
	h := heightOf(s, natural, 0)
	if s.Height.Auto || s.Height.Pct != 0 {
		h = max(natural, h)
	}
	if h > natural {
		l.stretch(t, h-natural)
		at += h - natural
	}
	l.settle(k, gapX)
	at += bottom
	k.base = -1
	if len(t.rows) > 0 {
		k.base = l.rowBase(t.rows[0])
	}
	t.edgeTop, t.edgeBottom = start, at
	at = l.captions(k, true, at)
	k.h = min(max(at, 0), MaxHeight)
	k.lastBase = k.base
}

// tableWidth is the width of a table's border box.
func (l *layouter) tableWidth(k *box, avail, cb float32) float32 {
	s := k.style
	least, most := l.widths(k)
	w := min(most, max(avail, 0))
	pad, _ := around(s, cb)
	outer := func(v css.Length) float32 {
		if s.BorderBox || s.Collapse {
			return v.Of(cb)
		}
		return v.Of(cb) + pad
	}
	if !s.Width.Auto {
		w = outer(s.Width)
	}
	if !s.MaxWidth.Auto {
		w = min(w, outer(s.MaxWidth))
	}
	if s.MinWidth.Px > 0 || s.MinWidth.Pct > 0 {
		w = max(w, outer(s.MinWidth))
	}
	if s.FixedTable && !s.Width.Auto {
		return w
	}
	content := l.edgesOf(k, cb)
	for i := range k.table.columns {
		content += k.table.columns[i].least
	}
	if s.Width.Auto {
		content = max(content, min(least, w))
	}
	return max(w, content)
}

func (l *layouter) captions(k *box, below bool, y float32) float32 {
	for _, c := range k.table.captions {
		if c.style.CaptionBottom != below {
			continue
		}
		y += c.style.Margin[css.Top].Of(k.w)
		l.block(c, l.widthOf(c, k.w, k.w-outset(c.style, k.w)), k.w, &floats{}, 0, y)
		c.x, c.y = c.style.Margin[css.Left].Of(k.w), y
		y += c.h + c.style.Margin[css.Bottom].Of(k.w)
	}
	return y
}

// cellWidth is how wide a cell is.
func (t *table) cellWidth(c *box, gap float32) float32 {
	from, to := c.cell.col, min(c.cell.col+c.cell.colSpan, len(t.columns))
	w := gap * float32(to-from-1)
	for i := from; i < to; i++ {
		w += t.columns[i].w
	}
	return w
}

// rows lays out the cells and finds the heights of the rows from y down.
// tableY is where the table is in its formatting context.
func (l *layouter) rows(k *box, y, gapX, gapY, tableY float32) float32 {
	t := k.table
	ends := map[int][]*box{} // cells of several rows, by their last
	for _, c := range t.cells {
		if c.cell.rowSpan > 1 {
			last := min(c.cell.row+c.cell.rowSpan, len(t.rows)) - 1
			ends[last] = append(ends[last], c)
		}
	}
	for n, r := range t.rows {
		y += gapY
		r.y, r.h = y, 0
		if h := r.style.Height; h.Fixed() {
			r.h = h.Px
		}
		if l.past(tableY + y) {
			for _, c := range r.cells {
				c.skipped = true
			}
			continue
		}
		base := float32(0)
		for _, c := range r.cells {
			l.block(c, t.cellWidth(c, gapX), t.cellWidth(c, gapX), &floats{}, 0, tableY+y)
			if c.cell.rowSpan > 1 {
				continue
			}
			r.h = max(r.h, l.cellHeight(c))
			if c.style.VAlign == css.Baseline {
				base = max(base, max(c.base, 0))
			}
		}
		for _, c := range r.cells {
			if c.style.VAlign == css.Baseline && c.base >= 0 {
				c.shift = base - c.base
				if c.cell.rowSpan == 1 {
					r.h = max(r.h, c.shift+l.cellHeight(c))
				}
			}
		}
		for _, c := range ends[n] {
			r.h = max(r.h, l.cellHeight(c)-(y-t.rows[c.cell.row].y))
		}
		y += r.h
	}
	if len(t.rows) > 0 {
		y += gapY
	}
	return y
}

// cellHeight is how high a cell wants to be.
func (l *layouter) cellHeight(c *box) float32 {
	h := c.natural
	s := c.style
	if s.Height.Fixed() && s.Height.Px > 0 {
		v := s.Height.Px
		if _, pad := around(s, c.w); !s.BorderBox && !l.quirks {
			v += pad
		}
		h = max(h, v)
	}
	if s.MinHeight.Px > 0 {
		h = max(h, s.MinHeight.Px)
	}
	return h
}

// fixed tells a row whose height is said, by itself or a cell.
func (r *row) fixed() bool {
	if r.style.Height.Fixed() {
		return true
	}
	for _, c := range r.cells {
		if h := c.style.Height; h.Fixed() && h.Px > 0 && c.cell.rowSpan == 1 {
			return true
		}
	}
	return false
}

// stretch gives the rows of a table more height.
func (l *layouter) stretch(t *table, more float32) {
	var open []*row
	for _, r := range t.rows {
		if !r.fixed() {
			open = append(open, r)
		}
	}
	if len(open) == 0 {
		open = t.rows
	}
	sum := float32(0)
	for _, r := range open {
		sum += r.h
	}
	add := float32(0)
	k := 0
	for _, r := range t.rows {
		r.y += add
		if k < len(open) && open[k] == r {
			part := more / float32(len(open))
			if sum > 0 {
				part = more * r.h / sum
			}
			r.h += part
			add += part
			k++
		}
	}
}

// settle gives the cells their places, now that all rows have theirs.
func (l *layouter) settle(k *box, gapX float32) {
	t := k.table
	for _, c := range t.cells {
		if c.skipped {
			continue
		}
		r := t.rows[c.cell.row]
		last := t.rows[min(c.cell.row+c.cell.rowSpan, len(t.rows))-1]
		h := last.y + last.h - r.y
		c.x, c.y = t.columns[c.cell.col].x, r.y
		c.w = t.cellWidth(c, gapX)
		if k.style.RTL {
			c.x = k.w - c.x - c.w
		}
		switch c.style.VAlign {
		case css.VMiddle, css.AbsMiddle:
			c.shift = (h - c.natural) / 2
		case css.VBottom, css.TextBottom:
			c.shift = h - c.natural
		case css.Baseline:
		default:
			c.shift = 0
		}
		c.shift = max(c.shift, 0)
		c.h = h
	}
}

// rowBase is the baseline of a row.
func (l *layouter) rowBase(r *row) float32 {
	base := float32(-1)
	for _, c := range r.cells {
		if c.base >= 0 {
			base = max(base, r.y+c.base+c.shift)
		}
	}
	if base < 0 {
		base = r.y + r.h
	}
	return base
}
