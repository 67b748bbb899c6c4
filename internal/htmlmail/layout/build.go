package layout

import (
	"strings"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/tree"
)

// builder makes boxes of a tree.
type builder struct {
	l       *layouter
	cascade *css.Cascade
	// The cell that is being filled: its table, place and style.
	inside  *box
	in      *cell
	inStyle *css.Style
	folds   func(quote int) bool
	met     int // quotes so far
	// ordinals are the numbers of the list items so far.
	ordinals map[*tree.Node]int
}

// root makes the box of the whole document.
func (b *builder) root(t *tree.Tree) *box {
	s := b.cascade.Style(t.Root, b.cascade.Initial())
	root := &box{style: s, node: t.Root}
	f := flow{b: b, of: root}
	f.children(t.Root, s, 1)
	f.end()
	b.quotes(root)
	return root
}

// flow gathers the content of a block container: lines as long as nothing but
// what stands in lines comes, boxes once there is one.
type flow struct {
	b     *builder
	of    *box
	kids  []*box
	roots []*inline // of the lines being gathered
	open  []*inline // the elements that what comes stands in
	solid bool      // there is more than blanks in them
	ended bool      // a line was ended, and nothing came since
	link  *tree.Link
}

// children adds those of an element.
func (f *flow) children(n *tree.Node, s *css.Style, depth int) {
	for _, k := range n.Kids {
		if f.b.l.stopped() {
			return
		}
		if k.Tag == "" {
			f.text(k.Text, s)
			continue
		}
		f.element(k, s, depth)
	}
}

func (f *flow) inline(i *inline) {
	if n := len(f.open); n > 0 {
		f.open[n-1].kids = append(f.open[n-1].kids, i)
	} else {
		f.roots = append(f.roots, i)
	}
}

func (f *flow) text(t string, s *css.Style) {
	if t == "" {
		return
	}
	if !f.solid && !s.WhiteSpace.KeepsLines() && blankText(t) && len(f.roots) == 0 {
		return
	}
	if !blankText(t) || s.WhiteSpace.KeepsLines() {
		f.solid, f.ended = true, false
	}
	f.inline(&inline{style: s, text: t})
}

func blankText(s string) bool { return strings.Trim(s, " \t\r\n\f") == "" }

func (f *flow) element(n *tree.Node, parent *css.Style, depth int) {
	s := f.b.cascade.Style(n, parent)
	if s.Display == css.None {
		return
	}
	switch n.Tag {
	case "br":
		f.solid = true
		f.inline(&inline{style: s, ends: true})
		return
	case "img":
		f.image(n, s)
		return
	case "wbr":
		f.inline(&inline{style: s, text: "\u200b"})
		return
	}
	if depth > maxNesting {
		if s.Display != css.Inline && f.solid && !f.ended {
			f.inline(&inline{style: s, ends: true})
			f.ended = true
		}
		f.children(n, s, depth+1)
		return
	}
	switch s.Display {
	case css.Inline:
		i := &inline{style: s, elem: true, open: true, shut: true, link: n.Link, title: n.Get("title")}
		f.inline(i)
		was := f.link
		if n.Link != nil {
			f.link = n.Link
		}
		if !f.solid && (inset(s, css.Left, 0) > 0 || inset(s, css.Right, 0) > 0) {
			f.solid = true
		}
		f.open = append(f.open, i)
		f.children(n, s, depth+1)
		f.open = f.open[:len(f.open)-1]
		f.link = was
	case css.InlineBlock, css.InlineTable, css.InlineFlex:
		k := f.b.box(n, s, depth+1)
		k.link = f.linkOf(n)
		if k.floats() {
			f.float(k)
			return
		}
		f.solid = true
		f.inline(&inline{style: s, box: k, link: k.link})
	case css.Column, css.ColumnGroup:
	case css.Row, css.RowGroup, css.HeaderGroup, css.FooterGroup, css.Cell, css.Caption:
		f.stray(n, s, parent, depth)
	default:
		k := f.b.box(n, s, depth+1)
		k.link = f.linkOf(n)
		if k.floats() {
			f.float(k)
			return
		}
		f.block(k)
	}
}

func (f *flow) linkOf(n *tree.Node) *tree.Link {
	if n.Link != nil {
		return n.Link
	}
	return f.link
}

// float adds a float: to the lines where they have begun.
func (f *flow) float(k *box) {
	if f.solid {
		f.inline(&inline{style: k.style, box: k})
		return
	}
	f.kids = append(f.kids, k)
}

// block adds a box that stands between lines. Elements that are open go on
// behind it.
func (f *flow) block(k *box) {
	f.flush()
	f.kids = append(f.kids, k)
	f.roots = nil
	for i, o := range f.open {
		o.shut = false
		again := &inline{style: o.style, elem: true, shut: true, link: o.link, title: o.title}
		if i == 0 {
			f.roots = append(f.roots, again)
		} else {
			f.open[i-1].kids = append(f.open[i-1].kids, again)
		}
		f.open[i] = again
	}
}

// flush makes a box of the lines gathered.
func (f *flow) flush() {
	if f.solid {
		f.kids = append(f.kids, &box{style: f.of.style.Of(css.Block), inlines: f.roots})
	}
	f.roots, f.solid = nil, false
}

// end gives the container what was gathered.
func (f *flow) end() {
	if len(f.kids) == 0 {
		if f.solid {
			f.of.inlines = f.roots
		}
		return
	}
	f.flush()
	f.of.kids = f.kids
}

// stray adds a part of a table that stands in none, in a table of its own
// (CSS 2.2 §17.2.1).
func (f *flow) stray(n *tree.Node, s, parent *css.Style, depth int) {
	var t *box
	if k := len(f.kids); k > 0 && f.kids[k-1].anonTable && !f.solid {
		t = f.kids[k-1]
	} else {
		t = &box{kind: tableKind, style: parent.Of(css.Table), anonTable: true, table: &table{}}
		f.block(t)
	}
	f.b.tablePart(t, n, s, depth+1)
}

// box makes the box of an element that is one.
func (b *builder) box(n *tree.Node, s *css.Style, depth int) *box {
	k := &box{style: s, node: n, quote: quotes(n)}
	switch s.Display {
	case css.Table, css.InlineTable:
		b.tableBox(k, n, depth)
		return k
	case css.Flex, css.InlineFlex:
		k.kind = flexKind
		b.flexBox(k, n, depth)
		return k
	case css.ListItem:
		k.marker = b.markerOf(n, s)
	case css.Cell:
		k.kind = cellKind
	}
	f := flow{b: b, of: k}
	f.children(n, s, depth)
	f.end()
	return k
}

// flexBox gives a flex container its items: boxes, and boxes round text.
func (b *builder) flexBox(k *box, n *tree.Node, depth int) {
	for _, c := range n.Kids {
		if c.Tag == "" {
			if !blankText(c.Text) {
				k.kids = append(k.kids, &box{style: k.style.Of(css.Block), inlines: []*inline{{style: k.style, text: c.Text}}})
			}
			continue
		}
		s := b.cascade.Style(c, k.style)
		if s.Display == css.None {
			continue
		}
		s = s.Blockify()
		if c.Tag == "img" {
			item := &box{style: k.style.Of(css.Block)}
			f := flow{b: b, of: item}
			f.image(c, s)
			f.end()
			k.kids = append(k.kids, item)
			continue
		}
		item := b.box(c, s, depth+1)
		item.link = c.Link
		k.kids = append(k.kids, item)
	}
}
