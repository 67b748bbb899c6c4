package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit/glyph"
)

// Text is one line of text as a widget, vertically centred in its space.
type Text struct {
	widget.BaseWidget
	text   string
	style  TextStyle
	align  fyne.TextAlign
	shrink bool
}

// NewText asks for the whole width of its text.
func NewText(text string, style TextStyle) *Text {
	t := &Text{text: text, style: style}
	t.ExtendBaseWidget(t)
	return t
}

// NewShrinkText asks for no width and ends in an ellipsis where it gets too little.
func NewShrinkText(text string, style TextStyle) *Text {
	t := &Text{text: text, style: style, shrink: true}
	t.ExtendBaseWidget(t)
	return t
}

// SetText changes the text.
func (t *Text) SetText(text string) {
	if text != t.text {
		t.text = text
		t.Refresh()
	}
}

// SetStyle changes face, size and colour.
func (t *Text) SetStyle(s TextStyle) {
	if s != t.style {
		t.style = s
		t.Refresh()
	}
}

// SetAlign places the text in a wider space.
func (t *Text) SetAlign(a fyne.TextAlign) {
	t.align = a
	t.Refresh()
}

// Text is what was set, uncut.
func (t *Text) Text() string { return t.text }

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	l := NewTextLine(t.style)
	return &renderer{
		widget: t, objects: []fyne.CanvasObject{l.Object()},
		min: func() fyne.Size {
			if t.shrink {
				return fyne.NewSize(0, t.style.Height())
			}
			return fyne.NewSize(ceil(t.style.Width(t.text)), t.style.Height())
		},
		layout: func(s fyne.Size) {
			room := s.Width
			if !t.shrink {
				room = max(room, ceil(t.style.Width(t.text)))
			}
			l.Set(t.text, t.style, room)
			x := float32(0)
			switch t.align {
			case fyne.TextAlignCenter:
				x = (s.Width - l.Width()) / 2
			case fyne.TextAlignTrailing:
				x = s.Width - l.Width()
			}
			l.Place(x, (s.Height-glyph.Height(t.style.glyphs()))/2+glyph.Ascent(t.style.glyphs()))
		},
	}
}
