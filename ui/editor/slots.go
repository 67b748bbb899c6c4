package editor

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/line"
)

// slot is a canvas object that shows one tile after the other. The toolkit
// keeps the texture of an object that is gone for a minute: a new one for each
// edited line would fill the memory.
type slot struct {
	raster *canvas.Raster
	img    *image.RGBA
}

func newSlot() *slot {
	s := &slot{}
	s.raster = canvas.NewRaster(func(int, int) image.Image { return s.img })
	s.raster.ScaleMode = canvas.ImageScalePixels
	return s
}

// tile is a painted line.
type tile struct {
	slot *slot // nil: not in sight
	img  *image.RGBA
	seen int // the turn that last showed it
}

// mostTiles is how many painted lines are kept.
const mostTiles = 120

// drop forgets all tiles, as when their colours are no longer right.
func (e *Editor) drop() {
	for _, t := range e.tiles {
		if t.slot != nil {
			e.spare = append(e.spare, t.slot)
		}
	}
	clear(e.tiles)
}

// tile returns the object that shows line k of a block, its left edge and top
// at x, y.
func (e *Editor) tile(b *block, k int, x, y float32) fyne.CanvasObject {
	l := b.text.Line(k)
	t := e.tiles[l]
	if t == nil {
		t = &tile{img: e.paint(b, l, b.text.Start(k))}
		e.tiles[l] = t
	}
	t.seen = e.turn
	if t.slot == nil {
		if n := len(e.spare); n > 0 {
			t.slot, e.spare = e.spare[n-1], e.spare[:n-1]
		} else {
			t.slot = newSlot()
		}
		t.slot.img = t.img
		t.slot.raster.Refresh()
	}
	r, out := t.slot.raster, float32(ink.Margin(e.scale))/e.scale
	if size := fyne.NewSize(float32(t.img.Rect.Dx())/e.scale, float32(t.img.Rect.Dy())/e.scale); r.Size() != size {
		r.Resize(size)
	}
	r.Move(fyne.NewPos(e.snap(x)-out, e.snap(y)-out))
	return r
}

// paint paints the line that begins at start.
func (e *Editor) paint(b *block, l *line.Line, start int) *image.RGBA {
	right := float32(1)
	for i := range l.Spans {
		right = max(right, l.Spans[i].X1)
	}
	ops := ink.Line(nil, l, 0, 0, e.colour.look)
	ops = e.pictureOps(ops, b, l, start)
	if b.pill != nil {
		ops = b.pill.ops(ops, e.colour)
	}
	return e.set.painter.Tile(ops, right, l.Height, e.scale)
}

// tidy gives back the slots of lines that are out of sight and forgets the
// oldest of them.
func (e *Editor) tidy() {
	for l, t := range e.tiles {
		if t.seen == e.turn {
			continue
		}
		if t.slot != nil {
			e.spare = append(e.spare, t.slot)
			t.slot = nil
		}
		if len(e.tiles) > mostTiles {
			delete(e.tiles, l)
		}
	}
}
