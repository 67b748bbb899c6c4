package reader

import (
	"image"
	"strings"

	"fyne.io/fyne/v2/canvas"
)

const (
	pictureGap  float32 = 6
	pictureMost float32 = 900 // high
)

// pictured returns the picture that a hard line begins with. Pictures stand in
// hard lines of their own (paragraphOf).
func pictured(p *paragraph, from int) image.Image {
	for _, s := range p.spans {
		if s.from <= from && from < s.to {
			return s.look.picture
		}
	}
	return nil
}

// pictures lays out a hard line of pictures: side by side as far as there is
// room, none wider than the text.
func (f *flow) pictures(p *paragraph, from, end int) {
	indent := p.indent()
	l := line{from: from}
	x := indent
	emit := func() {
		if len(l.pieces) > 0 {
			l.h += pictureGap
			f.emit(p, l)
		}
	}
	for _, s := range p.spans {
		a, b := max(s.from, from), min(s.to, end)
		if a >= b || s.look.picture == nil {
			continue
		}
		size := s.look.picture.Bounds().Size()
		w, h := float32(size.X), float32(size.Y)
		scale := min(1, (f.width-indent)/w, pictureMost/h)
		w, h = w*scale, h*scale
		if len(l.pieces) > 0 && x+w > f.width {
			emit()
			l, x = line{from: a}, indent
		}
		l.pieces = append(l.pieces, piece{from: a, to: b, x: x, w: w, h: h, look: s.look, text: p.text[a:b]})
		l.to, l.h = b, max(l.h, h)
		x += w + pictureGap
	}
	emit()
}

// showPictures gives a line's pictures objects. It returns true when there are
// more objects than before.
func (v *lineView) showPictures(l *line) (changed bool) {
	n := 0
	for _, p := range l.pieces {
		if p.look.picture == nil {
			continue
		}
		if n == len(v.pictures) {
			c := canvas.NewImageFromImage(nil)
			c.FillMode, c.ScaleMode = canvas.ImageFillStretch, canvas.ImageScaleSmooth
			v.pictures, v.group, changed = append(v.pictures, c), append(v.group, c), true
		}
		c := v.pictures[n]
		c.Image = p.look.picture
		c.Show()
		c.Refresh()
		n++
	}
	for _, c := range v.pictures[n:] {
		c.Image = nil // what is out of sight holds no memory here
		c.Hide()
	}
	return changed
}

// apart puts a stretch of text, or of pictures, on hard lines of its own.
func apart(text *strings.Builder, pictures, before bool) {
	if text.Len() > 0 && pictures != before {
		text.WriteByte('\n')
	}
}
