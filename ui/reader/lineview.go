package reader

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/theme"
)

// lineBleed is room round a line's picture for glyphs that overhang.
const lineBleed float32 = 4

// lineView is the canvas objects of one line in sight.
type lineView struct {
	at       int // of the flow, -1: nothing
	turn     int // of the flow
	line     *line
	raster   *canvas.Raster
	fixed    []*canvas.Text
	pictures []*canvas.Image
	bars     [deepest]*canvas.Rectangle
	rule     *canvas.Rectangle
	chosen   *canvas.Rectangle
	group    []fyne.CanvasObject
}

func newLineView() *lineView {
	v := &lineView{at: -1}
	v.raster = canvas.NewRaster(v.paint)
	v.rule = canvas.NewRectangle(color.Transparent)
	v.chosen = canvas.NewRectangle(color.Transparent)
	v.chosen.CornerRadius = 2
	v.group = append(v.group, v.chosen)
	for i := range v.bars {
		v.bars[i] = canvas.NewRectangle(color.Transparent)
		v.group = append(v.group, v.bars[i])
	}
	v.group = append(v.group, v.rule, v.raster)
	v.hide()
	return v
}

func (v *lineView) hide() {
	for _, o := range v.group {
		o.Hide()
	}
	v.at, v.line = -1, nil
}

// quoteColors tell the depth of quoting.
var quoteColors = [...]fyne.ThemeColorName{theme.Accent, theme.Success, theme.Warning, theme.Danger}

// show takes over a line. It returns true when the objects are others than
// before.
func (v *lineView) show(at, turn int, l *line, width float32) (changed bool) {
	if v.at == at && v.turn == turn {
		v.move()
		return false
	}
	v.at, v.turn, v.line = at, turn, l
	n := 0
	for _, p := range l.pieces {
		if !p.look.mono || p.text == "" || p.look.picture != nil {
			continue
		}
		if n == len(v.fixed) {
			t := canvas.NewText("", color.Transparent)
			t.TextStyle, t.TextSize = fyne.TextStyle{Monospace: true}, monoSize
			v.fixed, v.group, changed = append(v.fixed, t), append(v.group, t), true
		}
		t := v.fixed[n]
		t.Text, t.Color = p.text, theme.Color(p.look.color)
		t.Show()
		t.Resize(t.MinSize())
		t.Refresh()
		n++
	}
	for _, t := range v.fixed[n:] {
		t.Hide()
	}
	changed = v.showPictures(l) || changed
	drawn := l.marker != nil
	for _, p := range l.pieces {
		drawn = drawn || p.line != nil
	}
	v.raster.Hidden = !drawn
	if drawn {
		size := fyne.NewSize(float32(int(l.width()))+2*lineBleed+2, l.h+2*lineBleed)
		if size == v.raster.Size() {
			v.raster.Refresh()
		} else {
			v.raster.Resize(size)
		}
	}
	v.rule.Hidden = !l.rule
	v.rule.FillColor = theme.Color(theme.Separator)
	v.rule.Resize(fyne.NewSize(width, 1))
	for i, b := range v.bars {
		b.Hidden = i >= l.quote
		if !b.Hidden {
			b.FillColor = theme.Color(quoteColors[i%len(quoteColors)])
			b.Resize(fyne.NewSize(3, l.h+l.barAbove(i)))
		}
	}
	v.chosen.Hide()
	v.move()
	return changed
}

func (v *lineView) move() {
	l := v.line
	v.raster.Move(fyne.NewPos(-lineBleed, l.y-lineBleed))
	v.rule.Move(fyne.NewPos(0, l.y))
	for i, b := range v.bars {
		b.Move(fyne.NewPos(quoteStep*float32(i), l.y-l.barAbove(i)))
	}
	n, pictures := 0, 0
	for _, p := range l.pieces {
		switch {
		case p.look.picture != nil:
			v.pictures[pictures].Move(fyne.NewPos(p.x, l.y))
			v.pictures[pictures].Resize(fyne.NewSize(p.w, p.h))
			pictures++
		case p.look.mono && p.text != "":
			v.fixed[n].Move(fyne.NewPos(p.x, l.y))
			n++
		}
	}
}

// barAbove is how far the bar of a depth reaches up, over the room between
// paragraphs.
func (l *line) barAbove(depth int) float32 {
	if depth < l.joined {
		return 14
	}
	return 0
}

// choose marks what is selected of the line, from x to x.
func (v *lineView) choose(from, to float32) {
	if to <= from {
		v.chosen.Hide()
		return
	}
	v.chosen.FillColor = theme.Color(theme.TextSelection)
	v.chosen.Move(fyne.NewPos(from, v.line.y))
	v.chosen.Resize(fyne.NewSize(to-from, v.line.h))
	v.chosen.Show()
	v.chosen.Refresh()
}

// paint draws the line. Whatever a strange font or text does here, the window
// goes on.
func (v *lineView) paint(w, h int) image.Image {
	dst := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	defer func() { _ = recover() }()
	l, size := v.line, v.raster.Size()
	if l == nil || size.Height <= 0 {
		return dst
	}
	scale := float32(h) / size.Height
	base := (lineBleed + l.baseline) * scale
	pieces := l.pieces
	if l.marker != nil {
		pieces = append([]piece{*l.marker}, pieces...)
	}
	for _, p := range pieces {
		if p.line == nil {
			continue
		}
		ink := theme.Color(p.look.color)
		x := (lineBleed + p.x) * scale
		if p.look.under {
			stroke(dst, x, base+2.5*scale, p.w*scale, max(1, scale), fade(ink))
		}
		p.line.Paint(dst, x, base, p.look.size*scale, p.look.size, ink)
		if p.look.strike {
			stroke(dst, x, base-0.32*p.look.size*scale, p.w*scale, max(1, scale), ink)
		}
	}
	return dst
}

func stroke(dst draw.Image, x, y, w, thick float32, c color.Color) {
	r := image.Rect(int(x), int(y), int(x+w+0.5), int(y+thick+0.5))
	draw.Draw(dst, r, image.NewUniform(c), image.Point{}, draw.Over)
}

// fade makes an underline lighter than its text.
func fade(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = 110
	return n
}
