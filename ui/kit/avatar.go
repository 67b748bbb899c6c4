package kit

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Initial is the sign that stands for a sender: the first letter or digit,
// upper case; a question mark for a name without one.
func Initial(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "?"
}

// Avatar is a disc with a sender's initial, its colour kept by key.
type Avatar struct {
	widget.BaseWidget
	name, key string
	size      float32
}

// NewAvatar gives a disc of a size; key is the address.
func NewAvatar(name, key string, size float32) *Avatar {
	a := &Avatar{name: name, key: key, size: size}
	a.ExtendBaseWidget(a)
	return a
}

// Set shows another sender.
func (a *Avatar) Set(name, key string) {
	if a.name != name || a.key != key {
		a.name, a.key = name, key
		a.Refresh()
	}
}

// InitialStyle is the letter on a disc of a size.
func InitialStyle(disc float32) TextStyle {
	return TextStyle{glyph.SemiBold, round(disc*0.43*2) / 2, theme.OnAvatar}
}

// CreateRenderer implements fyne.Widget.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	disc := rectangle(a.size / 2)
	style := InitialStyle(a.size)
	label := NewTextLine(style)
	state := func() { disc.FillColor = theme.Avatar(a.key) }
	state()
	return &renderer{
		widget: a, refresh: state,
		objects: []fyne.CanvasObject{disc, label.Object()},
		min:     func() fyne.Size { return fyne.NewSquareSize(a.size) },
		layout: func(s fyne.Size) {
			x, y := (s.Width-a.size)/2, (s.Height-a.size)/2
			place(disc, x, y, a.size, a.size)
			label.Set(Initial(a.name), style, a.size)
			label.Place(x+(a.size-label.Width())/2, y+style.Centred(a.size))
		},
	}
}
