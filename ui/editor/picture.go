package editor

import (
	"paquebot.app/internal/richtext"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/line"
)

// Measures of pictures in logical pixels.
const (
	pictureDrop  float32 = 5 // below the baseline
	blankWidth   float32 = 160
	blankHeight  float32 = 100
	pictureTall  float32 = 520 // at most
	pictureSmall float32 = 8   // at least
)

// object is the room that a picture takes in a width. A picture has one for all
// its runs, so that what is laid out stays as it is.
func (e *Editor) object(m *richtext.Image, width float32) *line.Object {
	if o := e.objects[m]; o != nil {
		return o
	}
	w, h := float32(m.Width), float32(m.Height)
	if img := e.pictures[m.ContentID]; w <= 0 || h <= 0 {
		w, h = blankWidth, blankHeight
		if img != nil {
			w, h = float32(img.Bounds().Dx()), float32(img.Bounds().Dy())
		}
	}
	if w > width {
		w, h = width, h*width/w
	}
	if h > pictureTall {
		w, h = w*pictureTall/h, pictureTall
	}
	o := &line.Object{Width: max(w, pictureSmall), Height: max(h, pictureSmall), Drop: pictureDrop}
	e.objects[m] = o
	return o
}

// pictureOps paints the pictures of the line that begins at start; those that are not here are a quiet
// box.
func (e *Editor) pictureOps(ops []ink.Op, b *block, l *line.Line, start int) []ink.Op {
	if !b.pictured {
		return ops
	}
	for i := range l.Spans {
		s := &l.Spans[i]
		if s.Object == nil {
			continue
		}
		m := b.para.StyleAt(start + s.From).Image
		if m == nil {
			continue
		}
		bottom := l.Ascent + s.Object.Drop
		r := ink.Rect{X0: s.X0, Y0: bottom - s.Object.Height, X1: s.X1, Y1: bottom}
		if img := e.pictures[m.ContentID]; img != nil {
			ops = append(ops, ink.Op{Kind: ink.Picture, Image: img, Rect: r})
		} else {
			ops = append(ops, ink.Op{Kind: ink.Box, Colour: e.colour.code, Radius: 6, Rect: r})
		}
	}
	return ops
}
