package layout

import (
	"image/color"

	"paquebot.app/internal/htmlmail/css"
)

// edges are the borders of a table whose cells share theirs (CSS 2.2
// §17.6.2): of each cell all four, and half of the outermost as those of the
// table.
type edges struct {
	left, right, top, bottom float32
	cells                    map[*box]*[4]css.Edge
}

// grey is the colour of borders that only an attribute asks for; where cells
// share them, browsers draw them in black.
var grey = color.NRGBA{128, 128, 128, 255}

// opposite is the side that meets a side.
var opposite = [4]int{css.Bottom, css.Left, css.Top, css.Right}

// collapse decides which borders are drawn between the cells of a table, and
// gives each cell half of them.
func (l *layouter) collapse(k *box) {
	if !k.style.Collapse {
		return
	}
	t := k.table
	e := &edges{cells: make(map[*box]*[4]css.Edge, len(t.cells))}
	t.edges = e
	rows, columns := len(t.rows), len(t.taken)
	grid := make([]*box, 0)
	if rows*columns <= 4_000_000 {
		grid = make([]*box, rows*columns)
		for _, c := range t.cells {
			for y := c.cell.row; y < min(c.cell.row+c.cell.rowSpan, rows); y++ {
				for x := c.cell.col; x < min(c.cell.col+c.cell.colSpan, columns); x++ {
					grid[y*columns+x] = c
				}
			}
		}
	}
	at := func(y, x int) *box {
		if y < 0 || x < 0 || y >= rows || x >= columns || len(grid) == 0 {
			return nil
		}
		return grid[y*columns+x]
	}
	for _, c := range t.cells {
		p := c.cell
		bottom, right := min(p.row+p.rowSpan, rows), min(p.col+p.colSpan, columns)
		beside := [4]*box{at(p.row-1, p.col), at(p.row, right), at(bottom, p.col), at(p.row, p.col-1)}
		outer := [4]bool{p.row == 0, right == columns, bottom == rows, p.col == 0}
		if k.style.RTL { // the columns run from the right
			beside[css.Left], beside[css.Right] = beside[css.Right], beside[css.Left]
			outer[css.Left], outer[css.Right] = outer[css.Right], outer[css.Left]
		}
		won := &[4]css.Edge{}
		for side := range 4 {
			best := c.style.Border[side]
			if n := beside[side]; n != nil {
				best = stronger(best, n.style.Border[opposite[side]], side == css.Top || side == css.Left)
			}
			row := t.rows[p.row].style
			if side == css.Top || side == css.Bottom {
				if side == css.Bottom {
					row = t.rows[bottom-1].style
				}
				best = stronger(best, row.Border[side], false)
			}
			if outer[side] {
				best = stronger(best, k.style.Border[side], false)
			}
			if (best.Line == css.Inset || best.Line == css.Outset) && best.Colour == grey { // of the attribute border
				best.Line, best.Colour = css.Solid, color.NRGBA{A: 255}
			}
			won[side] = best
		}
		e.cells[c] = won
		for side, is := range outer {
			if is {
				field := [4]*float32{&e.top, &e.right, &e.bottom, &e.left}[side]
				*field = max(*field, won[side].Width/2)
			}
		}
	}
	if len(t.cells) == 0 {
		b := &k.style.Border
		e.top, e.right, e.bottom, e.left = b[0].Width/2, b[1].Width/2, b[2].Width/2, b[3].Width/2
	}
	for _, c := range t.cells {
		s := *c.style
		for side := range 4 {
			s.Border[side] = css.Edge{Width: e.cells[c][side].Width / 2, Line: css.Solid}
		}
		c.style = &s
	}
}

// stronger is the border that wins (CSS 2.2 §17.6.2.1); first tells that b
// stands before a where both are alike.
func stronger(a, b css.Edge, first bool) css.Edge {
	switch {
	case a.Line == css.Hidden || b.Line == css.Hidden:
		return css.Edge{Line: css.Hidden}
	case b.Line == css.NoLine || b.Width == 0 && a.Width > 0:
		return a
	case a.Line == css.NoLine:
		return b
	case a.Width != b.Width:
		if a.Width > b.Width {
			return a
		}
		return b
	case rank[a.Line] != rank[b.Line]:
		if rank[a.Line] > rank[b.Line] {
			return a
		}
		return b
	case first:
		return b
	}
	return a
}

// rank orders the looks of lines of the same width.
var rank = map[css.Line]int{css.Double: 8, css.Solid: 7, css.Dashed: 6, css.Dotted: 5, css.Ridge: 4, css.Outset: 3, css.Groove: 2, css.Inset: 1}
