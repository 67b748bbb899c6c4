package layout

import (
	"sort"

	"paquebot.app/internal/htmlmail/css"
)

// measure finds what the columns of a table ask for (CSS Tables 3 §4, as
// browsers do it).
func (l *layouter) measure(k *box) []column {
	t := k.table
	if t.known {
		return t.columns
	}
	t.known = true
	l.collapse(k)
	n := len(t.taken)
	t.columns = make([]column, n)
	for i := range t.columns {
		if i < len(t.cols) {
			t.columns[i].hint(t.cols[i].width)
		}
	}
	if k.style.FixedTable && !k.style.Width.Auto {
		l.measureFixed(k)
		return t.columns
	}
	cells := append([]*box(nil), t.cells...)
	sort.SliceStable(cells, func(i, j int) bool { return cells[i].cell.colSpan < cells[j].cell.colSpan })
	for _, c := range cells {
		if l.stopped() {
			break
		}
		l.measureCell(k, c)
	}
	share := float32(0)
	for i := range t.columns {
		c := &t.columns[i]
		c.most = max(c.most, c.least, c.fixed)
		if c.share = min(c.share, 100-share); c.share < 0 {
			c.share = 0
		}
		share += c.share
	}
	return t.columns
}

func (c *column) hint(w css.Length) {
	switch {
	case w.Auto:
	case w.Pct > 0:
		c.share = max(c.share, w.Pct)
	case w.Px > 0:
		c.fixed = max(c.fixed, w.Px)
		c.most = max(c.most, w.Px)
	}
}

// cellWidths are what a cell asks for, its own width among it.
func (l *layouter) cellWidths(c *box) (least, most, fixed float32) {
	least, most = l.widths(c)
	if w := c.style.Width; w.Fixed() && w.Px > 0 {
		fixed = w.Px
		if pad, _ := around(c.style, 0); !c.style.BorderBox {
			fixed += pad
		}
		fixed = max(fixed, least)
		most = fixed
	}
	return least, most, fixed
}

func (l *layouter) measureCell(k, c *box) {
	t := k.table
	least, most, fixed := l.cellWidths(c)
	from, to := c.cell.col, min(c.cell.col+c.cell.colSpan, len(t.columns))
	if to-from == 1 {
		col := &t.columns[from]
		col.least, col.most, col.fixed = max(col.least, least), max(col.most, most), max(col.fixed, fixed)
		if c.style.Width.Pct > 0 {
			col.share = max(col.share, c.style.Width.Pct)
		}
		return
	}
	var sumLeast, sumMost float32
	open := 0 // columns without a width
	for i := from; i < to; i++ {
		col := &t.columns[i]
		sumLeast += col.least
		sumMost += max(col.most, col.least)
		if col.share == 0 && col.fixed == 0 {
			open++
		}
	}
	gap := k.style.SpacingX * float32(to-from-1)
	spread := func(extra, sum float32, field func(*column) *float32) {
		if extra <= 0 {
			return
		}
		for i := from; i < to; i++ {
			col := &t.columns[i]
			part := 1 / float32(to-from)
			switch {
			case open > 0 && open < to-from:
				part = 0
				if col.fixed == 0 && col.share == 0 {
					part = 1 / float32(open)
				}
			case sum > 0:
				part = max(col.most, col.least) / sum
			}
			*field(col) += extra * part
		}
	}
	spread(most-gap-sumMost, sumMost, func(c *column) *float32 { c.most = max(c.most, c.least); return &c.most })
	spread(least-gap-sumLeast, sumMost, func(c *column) *float32 { return &c.least })
	shareOut(t.columns[from:to], c.style.Width.Pct)
}

// shareOut gives what a cell's share is more than that of its columns to those
// that have none.
func shareOut(columns []column, share float32) {
	n, most := 0, float32(0)
	for i := range columns {
		c := &columns[i]
		share -= c.share
		if c.share == 0 {
			n++
			most += max(c.most, c.least)
		}
	}
	if share <= 0 || n == 0 {
		return
	}
	for i := range columns {
		c := &columns[i]
		switch {
		case c.share > 0:
		case most > 0:
			c.share = share * max(c.most, c.least) / most
		default:
			c.share = share / float32(n)
		}
	}
}

// measureFixed takes the widths of the cols and the first row alone (CSS 2.2
// §17.5.2.1).
func (l *layouter) measureFixed(k *box) {
	t := k.table
	if len(t.rows) == 0 {
		return
	}
	for _, c := range t.rows[0].cells {
		n := float32(c.cell.colSpan)
		for i := c.cell.col; i < min(c.cell.col+c.cell.colSpan, len(t.columns)); i++ {
			col := &t.columns[i]
			if col.fixed > 0 || col.share > 0 {
				continue
			}
			switch w := c.style.Width; {
			case w.Pct > 0:
				col.share = w.Pct / n
			case w.Fixed() && w.Px > 0:
				pad := float32(0)
				if !c.style.BorderBox {
					pad, _ = around(c.style, 0)
				}
				col.fixed = (w.Px + pad - k.style.SpacingX*(n-1)) / n
			}
		}
	}
	for i := range t.columns {
		t.columns[i].least, t.columns[i].most = 0, t.columns[i].fixed
	}
}

// edgesOf is what the border, padding and spacing of a table take in width.
func (l *layouter) edgesOf(k *box, width float32) float32 {
	s := k.style
	if s.Collapse {
		return k.table.edges.left + k.table.edges.right
	}
	w, _ := around(s, width)
	return w + s.SpacingX*float32(len(k.table.columns)+1)
}

// tableWidths are the least and most a table wants.
func (l *layouter) tableWidths(k *box) (least, most float32) {
	columns := l.measure(k)
	var share, other float32
	byShare := float32(0)
	for i := range columns {
		c := &columns[i]
		least += c.least
		most += c.most
		if c.share > 0 {
			share += c.share
			byShare = max(byShare, c.most*100/c.share)
		} else {
			other += c.most
		}
	}
	if !bloats(k) {
		byShare = 0
	} else if share > 0 && other > 0 {
		if share >= 99.9 {
			byShare = 10000
		} else {
			byShare = max(byShare, other*100/(100-share))
		}
	}
	most = max(most, min(byShare, 10000))
	edge := l.edgesOf(k, 0)
	least, most = least+edge, most+edge
	for _, c := range k.table.captions {
		low, _ := l.widths(c)
		least = max(least, low+outset(c.style, 0))
	}
	if w := k.style.Width; w.Fixed() {
		v := w.Px
		if pad, _ := around(k.style, 0); !k.style.BorderBox && !k.style.Collapse {
			v += pad
		}
		least = max(least, v)
		if k.style.FixedTable {
			least = v
		}
		most = least
	}
	if m := k.style.MinWidth; m.Fixed() && m.Px > 0 {
		least = max(least, m.Px)
	}
	if m := k.style.MaxWidth; m.Fixed() {
		most = max(min(most, m.Px), least)
	}
	return least, max(least, most)
}

// bloats tells whether the shares of a table's columns make it want to be
// wider: not of one that is in a cell of a table without a width, as browsers
// do it.
func bloats(k *box) bool {
	for k != nil {
		if k.style.Width.Fixed() || k.table.inside == nil || k.table.inStyle.Width.Fixed() {
			return true
		}
		if k.table.in.colSpan > 1 || k.table.inside.style.Width.Auto {
			return false
		}
		k = k.table.inside
	}
	return true
}

// distribute gives the columns of a table their widths, inner in all.
func distribute(columns []column, inner float32) {
	used := float32(0)
	for i := range columns {
		c := &columns[i]
		c.w = c.least
		if c.share > 0 {
			c.w = max(c.w, c.share*inner/100)
		}
		used += c.w
	}
	if used > inner {
		room := float32(0)
		for i := range columns {
			room += columns[i].w - columns[i].least
		}
		if room > 0 {
			f := min(1, (used-inner)/room)
			for i := range columns {
				c := &columns[i]
				c.w -= (c.w - c.least) * f
			}
		}
		return
	}
	rest := inner - used
	// grow gives columns what they lack, or their part of what is left.
	grow := func(lacks func(c *column) float32) {
		total := float32(0)
		for i := range columns {
			total += lacks(&columns[i])
		}
		if rest <= 0.001 || total <= 0 {
			return
		}
		f := min(1, rest/total)
		for i := range columns {
			v := lacks(&columns[i]) * f
			columns[i].w += v
			rest -= v
		}
	}
	spread := func(weight func(c *column) float32) {
		total := float32(0)
		for i := range columns {
			total += weight(&columns[i])
		}
		if rest <= 0.001 || total <= 0 {
			return
		}
		all := rest
		for i := range columns {
			v := all * weight(&columns[i]) / total
			columns[i].w += v
			rest -= v
		}
	}
	is := func(yes bool, v float32) float32 {
		if yes {
			return max(v, 0)
		}
		return 0
	}
	grow(func(c *column) float32 { return is(c.fixed > 0 && c.share == 0, c.fixed-c.w) })
	grow(func(c *column) float32 { return is(c.fixed == 0 && c.share == 0, c.most-c.w) })
	spread(func(c *column) float32 { return is(c.fixed == 0 && c.share == 0, c.most) })
	spread(func(c *column) float32 { return is(c.share == 0, c.fixed) })
	spread(func(c *column) float32 { return c.share })
	spread(func(c *column) float32 { return 1 })
}

// distributeFixed does the same for table-layout: fixed.
func distributeFixed(columns []column, inner float32) {
	used, open := float32(0), 0
	for i := range columns {
		c := &columns[i]
		switch {
		case c.share > 0:
			c.w = c.share * inner / 100
		case c.fixed > 0:
			c.w = c.fixed
		default:
			c.w = 0
			open++
		}
		used += c.w
	}
	rest := inner - used
	if rest <= 0 {
		return
	}
	for i := range columns {
		c := &columns[i]
		switch {
		case open > 0:
			if c.share == 0 && c.fixed == 0 {
				c.w = rest / float32(open)
			}
		case used > 0:
			c.w += rest * c.w / used
		}
	}
}
