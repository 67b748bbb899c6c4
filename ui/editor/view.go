package editor

import (
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// placedLine is a line in sight.
type placedLine struct {
	para, line int
	y          float32
}

// snap rounds to a whole device pixel.
func (e *Editor) snap(v float32) float32 {
	return float32(math.Floor(float64(v*e.scale)+0.5)) / e.scale
}

// sync brings the canvas objects in line with the document: what is in sight,
// and nothing else.
func (e *Editor) sync() {
	size := e.Size()
	if size.Height < 10 || e.width < 40 {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil && c.Scale() != e.scale {
		e.scale = c.Scale()
		e.drop()
	}
	e.turn++
	e.placed, e.rectsOut = e.placed[:0], 0
	e.caret.Hide()
	var tiles, labels []fyne.CanvasObject
	bars := bars{e: e}
	y := -e.top.away
	i := e.top.para
	for ; i < e.doc.Len() && y < size.Height; i++ {
		b := e.block(i)
		start := y
		y += e.above(i)
		b.text.FindHeight(size.Height - y)
		first := b.text.LineAt(-y)
		bars.at(b.para.Quote, start, y)
		if item(b.para) && first == 0 {
			labels = e.mark(labels, i, b, y)
		}
		for k := first; k < b.text.Len(); k++ {
			top := y + b.text.Y(k)
			if top >= size.Height {
				break
			}
			e.placed = append(e.placed, placedLine{i, k, top})
			e.selectionOf(i, k, b, top)
			if b.text.LineHeight(k) > 0 && len(b.para.Text) > 0 {
				tiles = append(tiles, e.tile(b, k, e.Left+b.left, top))
			}
		}
		if n := b.text.Len(); n > most {
			b.text.Drop(max(0, first-most/4), first+most)
		}
		y += b.text.Height()
		bars.to(y)
	}
	bars.at(0, y, y)
	e.shown = e.shown[:0:0] // the driver may still walk the old one
	for _, r := range e.rects[:e.rectsOut] {
		e.shown = append(e.shown, r)
	}
	e.shown = append(append(e.shown, labels...), tiles...)
	if e.Hint != "" && e.doc.Len() == 1 && len(e.doc.Para(0).Text) == 0 && !item(e.doc.Para(0)) {
		e.hint.Set(e.Hint, kit.Reading.In(theme.Faint), e.width)
		e.hint.Place(e.Left, padTop+kit.Reading.Centred(lineHeight))
		e.shown = append(e.shown, e.hint.Object())
	}
	e.placeCaret()
	e.shown = append(e.shown, e.caret)
	e.scrollBar()
	e.tidy()
	canvas.Refresh(e.caret) // of the widget it would drop every texture
}

// rect adds a rectangle below the text.
func (e *Editor) rect(x, y, w, h, radius float32, c color.Color) {
	if e.rectsOut == len(e.rects) {
		e.rects = append(e.rects, canvas.NewRectangle(c))
	}
	r := e.rects[e.rectsOut]
	e.rectsOut++
	r.FillColor, r.CornerRadius = c, radius
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(w, h))
}

// selectionOf shows what is selected of a line. Where the selection goes on in
// the next one it reaches to the column's edge.
func (e *Editor) selectionOf(i, k int, b *block, y float32) {
	from, to := e.doc.Sel().Order()
	if from == to || i < from.Para || i > to.Para {
		return
	}
	c := e.colour.selected
	if !e.focused {
		c = e.colour.idle
	}
	start := b.text.Start(k)
	l := b.text.Line(k)
	a, z := 0, l.N
	if i == from.Para {
		a = max(0, from.Off-start)
	}
	on := true // it goes on in the next line
	if i == to.Para && (to.Off < start+l.N || k == b.text.Len()-1 && b.text.Done()) {
		z, on = min(z, to.Off-start), false
	}
	if a > l.N || z < 0 || a == l.N && l.N > 0 && k < b.text.Len()-1 {
		return
	}
	left, height := e.Left+b.left, b.text.LineHeight(k)
	if k == 0 && i > from.Para { // the room between two paragraphs
		up := e.above(i)
		y, height = y-up, height+up
	}
	y, bottom := e.snap(y), e.snap(y+height)
	rects := l.Rects(a, z)
	if on && len(rects) == 0 {
		rects = append(rects, [2]float32{l.X(a), l.X(a)})
	}
	for n, r := range rects {
		x0, x1 := r[0], min(r[1], max(l.Width, b.text.Params().Width))
		if on && !b.text.RTL() && n == len(rects)-1 {
			x1 = b.text.Params().Width
		}
		if on && b.text.RTL() && n == 0 {
			x0 = 0
		}
		e.rect(left+x0, y, x1-x0, bottom-y, 0, c)
	}
}

// mark shows the sign before an item of a list.
func (e *Editor) mark(labels []fyne.CanvasObject, i int, b *block, y float32) []fyne.CanvasObject {
	edge, back := e.Left+b.left, float32(-1)
	if b.text.RTL() { // the sign stands at the other side
		edge, back = edge+b.text.Params().Width, 1
	}
	if b.para.Kind == richtext.Bullet {
		x := edge + back*14
		e.rect(e.snap(x-2.5), e.snap(y+lineHeight/2-1.5), 5, 5, 2.5, e.colour.muted)
		return labels
	}
	n := len(labels)
	if n == len(e.labels) {
		e.labels = append(e.labels, kit.NewTextLine(kit.Small))
	}
	t := e.labels[n]
	t.Set(strconv.Itoa(e.doc.Number(i))+".", kit.Small, listStep*2)
	x := edge - 7 - t.Width()
	if back > 0 {
		x = edge + 7
	}
	t.Place(x, y+kit.Reading.Centred(lineHeight))
	return append(labels, t.Object())
}

// bars are the bars beside quotes: one for all paragraphs of a quote.
type bars struct {
	e    *Editor
	open []float32 // the tops of those that are not ended
	end  float32
}

// at ends the bars deeper than a depth and begins those up to it.
func (b *bars) at(depth int, start, text float32) {
	for len(b.open) > depth {
		n := len(b.open) - 1
		top := max(b.open[n], -20)
		b.e.rect(b.e.Left+float32(n)*quoteStep, b.e.snap(top), 3, b.e.snap(b.end)-b.e.snap(top), 1.5, b.e.colour.quote)
		b.open = b.open[:n]
	}
	for len(b.open) < depth {
		if len(b.open) == 0 {
			start = text
		}
		b.open = append(b.open, start)
	}
}

func (b *bars) to(y float32) { b.end = min(y, b.e.Size().Height+20) }
