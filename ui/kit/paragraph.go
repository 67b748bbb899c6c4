package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Paragraph is text that wraps to the width it is given. Its height follows
// the width it had last, as the toolkit's own wrapping label does.
type Paragraph struct {
	widget.BaseWidget
	text    string
	style   TextStyle
	leading float32 // line height as a multiple of the size
	align   fyne.TextAlign

	wrapped float32 // width the lines were made for, -1: none
	lines   []*glyph.Line
}

// NewParagraph gives wrapping text with the line height of running text.
func NewParagraph(text string, style TextStyle) *Paragraph {
	p := &Paragraph{text: text, style: style, leading: theme.LineReading, wrapped: -1}
	p.ExtendBaseWidget(p)
	return p
}

// NewNote gives wrapping text set tighter, for hints and banners.
func NewNote(text string, style TextStyle) *Paragraph {
	p := NewParagraph(text, style)
	p.leading = 1.4
	return p
}

// SetText changes the text.
func (p *Paragraph) SetText(text string) {
	if text != p.text {
		p.text, p.wrapped = text, -1
		p.Refresh()
	}
}

// SetStyle changes face, size and colour.
func (p *Paragraph) SetStyle(s TextStyle) {
	if s != p.style {
		p.style, p.wrapped = s, -1
		p.Refresh()
	}
}

// SetAlign places the lines in their space.
func (p *Paragraph) SetAlign(a fyne.TextAlign) {
	p.align = a
	p.Refresh()
}

// HeightFor is the height the text takes at a width.
func (p *Paragraph) HeightFor(width float32) float32 {
	p.wrap(width)
	return float32(len(p.lines)) * p.pitch()
}

// uncut is room enough for any wrapped line: letters joined differently at a
// break may make one a little wider than it was within the text.
const uncut = 1e6

func (p *Paragraph) pitch() float32 { return round(p.style.Size * p.leading) }

func (p *Paragraph) wrap(width float32) {
	if width <= 0 || width == p.wrapped {
		return
	}
	p.wrapped = width
	p.lines = glyph.Wrap(p.text, p.style.glyphs(), width)
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	var rows []*TextLine
	r := &renderer{widget: p}
	r.min = func() fyne.Size {
		n := len(p.lines)
		if p.wrapped < 0 {
			n = 1
		}
		return fyne.NewSize(40, float32(n)*p.pitch())
	}
	r.layout = func(s fyne.Size) {
		p.wrap(s.Width)
		for len(rows) < len(p.lines) {
			l := NewTextLine(p.style)
			rows = append(rows, l)
			r.objects = append(r.objects, l.Object())
		}
		first := (p.pitch()-glyph.Height(p.style.glyphs()))/2 + glyph.Ascent(p.style.glyphs())
		for i, l := range rows {
			if i >= len(p.lines) {
				l.Set("", p.style, 0)
				continue
			}
			l.Set(p.lines[i].Text, p.style, uncut)
			x := float32(0)
			if p.align == fyne.TextAlignCenter {
				x = (s.Width - l.Width()) / 2
			}
			l.Place(x, first+float32(i)*p.pitch())
		}
	}
	return r
}
