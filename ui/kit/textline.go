package kit

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/kit/glyph"
)

// TextStyle is a face, a size in logical pixels and a colour by name.
type TextStyle struct {
	Face  glyph.Face
	Size  float32
	Color fyne.ThemeColorName
}

func (s TextStyle) glyphs() glyph.Style { return glyph.Style{Face: s.Face, Size: s.Size} }

// In is the style in another colour.
func (s TextStyle) In(c fyne.ThemeColorName) TextStyle { s.Color = c; return s }

// Height is what a line of the style needs without leading.
func (s TextStyle) Height() float32 { return ceil(glyph.Height(s.glyphs())) }

// Width measures text in the style, in logical pixels.
func (s TextStyle) Width(text string) float32 { return glyph.Width(text, s.glyphs()) }

// Centred is the baseline that puts capitals in the middle of a height.
func (s TextStyle) Centred(height float32) float32 { return round(height/2 + 0.364*s.Size) }

// TextLine is one line of text for use inside a renderer: a canvas object
// without a widget round it, cheap enough for the rows of a long list.
type TextLine struct {
	style  TextStyle
	text   string
	room   float32
	line   *glyph.Line
	width  float32
	above  float32 // baseline below the raster's upper edge
	raster *canvas.Raster
}

// bleed is room beside a line, so that overhanging glyphs are not cut.
const bleed = 3

// NewTextLine gives an empty line.
func NewTextLine(style TextStyle) *TextLine {
	l := &TextLine{style: style, line: glyph.Shape("", style.Face)}
	l.raster = canvas.NewRaster(l.paint)
	l.raster.Hide()
	return l
}

// Object is what the renderer lists.
func (l *TextLine) Object() fyne.CanvasObject { return l.raster }

// Width is the length of the shown text in logical pixels.
func (l *TextLine) Width() float32 { return l.width }

// Set shows text, cut with an ellipsis at room logical pixels.
func (l *TextLine) Set(text string, style TextStyle, room float32) {
	if text == l.text && style == l.style && (room == l.room || l.line.Text == text && l.width <= room) {
		l.room = room
		return
	}
	was, wasStyle := l.line, l.style
	l.text, l.style, l.room = text, style, room
	l.line = glyph.Fit(text, style.glyphs(), room)
	if l.line == was && style == wasStyle {
		return
	}
	l.width = l.line.Width(style.Size)
	if l.line.Text == "" {
		l.raster.Hide()
		return
	}
	l.raster.Show()
	above, below := l.line.Extent(style.Size)
	l.above = ceil(above) + 1
	size := fyne.NewSize(ceil(l.width)+2*bleed, l.above+ceil(below)+1)
	if size == l.raster.Size() {
		l.raster.Refresh()
	} else {
		l.raster.Resize(size)
	}
}

// Place puts the line's left edge and baseline.
func (l *TextLine) Place(x, baseline float32) {
	l.raster.Move(fyne.NewPos(round(x)-bleed, round(baseline)-l.above))
}

// Show and Hide also work on an empty line, which draws nothing.
func (l *TextLine) Show() {
	if l.line.Text != "" {
		l.raster.Show()
	}
}

// Hide: see Show.
func (l *TextLine) Hide() { l.raster.Hide() }

func (l *TextLine) paint(w, h int) image.Image {
	dst := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	size := l.raster.Size()
	if size.Width <= 0 {
		return dst
	}
	scale := float32(h) / size.Height
	l.line.Paint(dst, bleed*scale, l.above*scale, l.style.Size*scale, l.style.Size, colour(l.style.Color))
	return dst
}
