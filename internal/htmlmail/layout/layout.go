package layout

import (
	"context"
	"image/color"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/shape"
)

// Pictures answers what pictures are here. Picture is nil for one that is not.
type Pictures interface {
	Picture(address string) page.Source
}

// Params is what a mail is laid out for.
type Params struct {
	Width  float32
	Height float32 // of the view, for media queries
	Dark   bool
	// Until ends the layout where the page reaches down to it; 0: it is laid
	// out to its end.
	Until float32
	// Folds tells which of the outermost quotes are folded; nil: none.
	Folds func(quote int) bool
}

// layouter is one layout.
type layouter struct {
	ctx      context.Context
	shaper   *shape.Shaper
	fonts    fonts
	pictures Pictures
	mode     tree.Mode
	quirks   bool
	rootNode *tree.Node

	steps   int
	ended   bool
	until   float32
	origin  float32 // of the formatting context, on the page
	blind   int     // how many boxes around have no place yet
	partial bool

	bodyIsCanvas  bool
	canvasPicture *css.Style // nil: none
}

// stopped tells that the context has ended.
func (l *layouter) stopped() bool {
	if l.steps++; !l.ended && l.steps%256 == 0 {
		l.ended = l.ctx.Err() != nil
	}
	return l.ended
}

// past tells that y of the formatting context is below what was asked for.
func (l *layouter) past(y float32) bool {
	y += l.origin
	if l.blind == 0 && y > MaxHeight {
		l.partial = true
		return true
	}
	if l.until <= 0 || l.blind > 0 || y < l.until {
		return false
	}
	l.partial = true
	return true
}

// Page lays out a tree. Its error is that of the context.
func Page(ctx context.Context, t *tree.Tree, s *shape.Shaper, pictures Pictures, p Params) (*page.Page, error) {
	if p.Height <= 0 {
		p.Height = p.Width
	}
	l := &layouter{ctx: ctx, shaper: s, pictures: pictures, mode: t.Mode, quirks: t.Mode == tree.Quirks, rootNode: t.Root, until: p.Until}
	l.fonts = newFonts(s.Book)
	cascade := css.New(t, css.Media{Width: p.Width, Height: p.Height, Dark: p.Dark})
	b := builder{l: l, cascade: cascade, folds: p.Folds}
	root := b.root(t)
	g := &page.Page{Width: p.Width, Clips: make([]page.Rect, 1), Ground: white, Dark: p.Dark && cascade.Dark()}
	l.canvas(g, root)
	l.place(root, p.Width)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e := emitter{l: l, g: g}
	right, low := reach(root, root.x, root.y)
	g.Height = min(max(root.y+root.h, low), MaxHeight)
	g.Wide = max(p.Width, min(right, MaxWide))
	if c := l.canvasPicture; c != nil {
		e.background(c, c.Picture, page.Rect{X1: p.Width, Y1: max(g.Height, p.Height)}, nil)
	}
	e.box(root, root.x, root.y)
	g.Partial = l.partial
	for i := range g.Lines {
		ln := &g.Lines[i]
		if n := len(ln.Line.Spans); n > 0 {
			g.Wide = max(g.Wide, ln.X+min(ln.Line.Spans[n-1].X1, ln.Line.Spans[0].X0+ln.Line.Width))
		}
	}
	return g, ctx.Err()
}

// place lays out the root box at the top of a page.
func (l *layouter) place(root *box, width float32) {
	w := width - outset(root.style, width)
	y := max(0, root.style.Margin[css.Top].Of(width))
	root.x, root.y = root.style.Margin[css.Left].Of(width), y
	l.block(root, max(w, 0), width, &floats{}, 0, y)
	root.y = y
}

// canvas gives the page the ground of html, or of body (CSS Backgrounds 3
// §2.11.2).
func (l *layouter) canvas(g *page.Page, root *box) {
	s := root.style
	if s.Ground.A == 0 && s.Picture == nil {
		for _, k := range root.kids {
			if k.node != nil && k.node.Tag == "body" {
				s = k.style
				l.bodyIsCanvas = true
			}
		}
	}
	if c := s.Ground; c.A > 0 {
		g.Ground = over(white, c)
	}
	if s.Picture != nil {
		l.canvasPicture = s
	}
}

var white = color.NRGBA{255, 255, 255, 255}

// over is a colour laid over an opaque one.
func over(below, c color.NRGBA) color.NRGBA {
	mix := func(b, t uint8) uint8 { return uint8((int(t)*int(c.A) + int(b)*(255-int(c.A)) + 127) / 255) }
	return color.NRGBA{mix(below.R, c.R), mix(below.G, c.G), mix(below.B, c.B), 255}
}

// reach is how far right and down the boxes in a box reach, the margin of the
// body among them.
func reach(b *box, x, y float32) (right, low float32) {
	if b.skipped {
		return 0, 0
	}
	right, low = x+b.w, y+b.h
	if b.style.Clip {
		return right, low
	}
	take := func(k *box) {
		r, l := reach(k, x+k.x, y+b.shift+k.y)
		if k.node != nil && k.node.Tag == "body" {
			l += k.style.Margin[css.Bottom].Of(0)
		}
		right, low = max(right, r), max(low, l)
	}
	for _, k := range b.kids {
		take(k)
	}
	if b.text != nil {
		for _, a := range b.text.boxes {
			take(a.box)
		}
	}
	if b.table != nil {
		for _, c := range b.table.cells {
			take(c)
		}
	}
	return right, low
}
