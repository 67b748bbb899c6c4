package layout

import (
	"strconv"
	"strings"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/tree"
)

// table is the grid of a table box.
type table struct {
	rows     []*row
	cells    []*box // in the order they are written
	captions []*box
	columns  []column
	cols     []colHint
	known    bool  // columns are measured
	loose    *row  // of cells that stand in no row; nil: a new one begins
	taken    []int // rows that cells above still reach into, by column
	edges    *edges
	inside   *box  // the table whose cell it is in; nil: none
	in       *cell // that cell
	inStyle  *css.Style
	// between the captions
	edgeTop, edgeBottom float32
}

// row is a row of cells.
type row struct {
	style  *css.Style
	group  *css.Style // nil: of none
	cells  []*box
	y, h   float32
	number int
}

// cell is where a cell stands in its table.
type cell struct {
	row, col         int
	rowSpan, colSpan int
}

// colHint is what a col element says.
type colHint struct {
	width css.Length
	style *css.Style
}

// column is a column and the widths that its cells ask for.
type column struct {
	least, most float32
	fixed       float32
	share       float32 // percent
	w, x        float32
}

// tableBox gives a table its rows and cells.
func (b *builder) tableBox(k *box, n *tree.Node, depth int) {
	k.kind = tableKind
	k.table = &table{inside: b.inside, in: b.in, inStyle: b.inStyle}
	var foot []func()
	for _, c := range n.Kids {
		if c.Tag == "" {
			if !blankText(c.Text) {
				b.looseText(k, c.Text)
			}
			continue
		}
		s := b.cascade.Style(c, k.style)
		if s.Display == css.FooterGroup {
			foot = append(foot, func() { b.tableChild(k, c, s, depth+1) })
			continue
		}
		b.tableChild(k, c, s, depth+1)
	}
	for _, f := range foot {
		f()
	}
}

// tablePart adds one element to a table, its style computed anew inside it.
func (b *builder) tablePart(t *box, n *tree.Node, s *css.Style, depth int) {
	b.tableChild(t, n, s, depth)
}

func (b *builder) tableChild(k *box, n *tree.Node, s *css.Style, depth int) {
	switch s.Display {
	case css.None:
	case css.RowGroup, css.HeaderGroup, css.FooterGroup:
		for _, c := range n.Kids {
			if c.Tag == "" {
				continue
			}
			rs := b.cascade.Style(c, s)
			switch rs.Display {
			case css.None:
			case css.Row:
				b.tableRow(k, c, rs, s, depth+1)
			default:
				b.cellIn(k, b.newRow(k, s.Of(css.Row), s), c, rs, depth+1)
			}
		}
	case css.Row:
		b.tableRow(k, n, s, nil, depth)
	case css.Caption:
		c := *s
		c.Display = css.Block
		k.table.captions = append(k.table.captions, b.box(n, &c, depth+1))
	case css.Column:
		k.table.col(n, s)
	case css.ColumnGroup:
		some := false
		for _, c := range n.Kids {
			if c.Tag == "col" {
				k.table.col(c, b.cascade.Style(c, s))
				some = true
			}
		}
		if !some {
			k.table.col(n, s)
		}
	default:
		b.cellIn(k, b.looseRow(k), n, s, depth)
	}
}

// looseRow is the row of cells that stand in none, one behind the other.
func (b *builder) looseRow(k *box) *row {
	if r := k.table.loose; r != nil {
		return r
	}
	r := b.newRow(k, k.style.Of(css.Row), nil)
	k.table.loose = r
	return r
}

func (t *table) col(n *tree.Node, s *css.Style) {
	for range span(n.Get("span")) {
		if len(t.cols) < MaxColumns {
			t.cols = append(t.cols, colHint{s.Width, s})
		}
	}
}

func span(v string) int {
	i, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || i < 1 {
		return 1
	}
	return min(i, maxSpan)
}

func (b *builder) newRow(k *box, s, group *css.Style) *row {
	t := k.table
	if len(t.rows) > 0 {
		for i := range t.taken {
			t.taken[i] = max(0, t.taken[i]-1)
		}
	}
	r := &row{style: s, group: group, number: len(t.rows)}
	t.rows, t.loose = append(t.rows, r), nil
	return r
}

func (b *builder) tableRow(k *box, n *tree.Node, s, group *css.Style, depth int) {
	if len(k.table.rows) >= maxRows || b.l.stopped() {
		return
	}
	r := b.newRow(k, s, group)
	for _, c := range n.Kids {
		if c.Tag == "" {
			continue
		}
		if cs := b.cascade.Style(c, s); cs.Display != css.None {
			b.cellIn(k, r, c, cs, depth+1)
		}
	}
}

// cellIn adds a cell to a row; what is no cell gets one of its own.
func (b *builder) cellIn(k *box, r *row, n *tree.Node, s *css.Style, depth int) {
	var c *box
	at := &cell{rowSpan: 1, colSpan: 1}
	was, wasIn, wasStyle := b.inside, b.in, b.inStyle
	b.inside, b.in, b.inStyle = k, at, s
	defer func() { b.inside, b.in, b.inStyle = was, wasIn, wasStyle }()
	if s.Display == css.Cell {
		at.colSpan, at.rowSpan = span(n.Get("colspan")), span(n.Get("rowspan"))
		c = b.box(n, s, depth)
	} else {
		c = &box{kind: cellKind, style: r.style.Of(css.Cell)}
		f := flow{b: b, of: c}
		f.element(n, r.style, depth)
		f.end()
	}
	k.table.put(r, c, at)
}

// looseText is text between the parts of a table: a cell of its own.
func (b *builder) looseText(k *box, text string) {
	r := b.looseRow(k)
	c := &box{kind: cellKind, style: r.style.Of(css.Cell), inlines: []*inline{{style: k.style, text: text}}}
	k.table.put(r, c, &cell{rowSpan: 1, colSpan: 1})
}

// put gives a cell the next free place of its row.
func (t *table) put(r *row, c *box, at *cell) {
	col := 0
	if n := len(r.cells); n > 0 {
		last := r.cells[n-1].cell
		col = last.col + last.colSpan
	}
	for col < len(t.taken) && t.taken[col] > 0 {
		col++
	}
	if col >= MaxColumns {
		return
	}
	at.row, at.col = r.number, col
	at.colSpan = min(at.colSpan, MaxColumns-col)
	for i := range at.colSpan {
		if col+i == len(t.taken) {
			t.taken = append(t.taken, 0)
		}
		t.taken[col+i] = at.rowSpan
	}
	c.cell = at
	c.kind = cellKind
	r.cells = append(r.cells, c)
	t.cells = append(t.cells, c)
}
