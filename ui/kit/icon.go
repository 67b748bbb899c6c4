package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Icon is a stroke icon as a widget, centred in its space.
type Icon struct {
	widget.BaseWidget
	name  string
	size  float32
	color fyne.ThemeColorName
}

// NewIcon gives an icon of assets by name.
func NewIcon(name string, size float32, color fyne.ThemeColorName) *Icon {
	i := &Icon{name: name, size: size, color: color}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes what is shown.
func (i *Icon) Set(name string, color fyne.ThemeColorName) {
	if i.name != name || i.color != color {
		i.name, i.color = name, color
		i.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	i.ExtendBaseWidget(i)
	m := NewIconMark(i.name, i.size, i.color)
	return &renderer{
		widget: i, objects: []fyne.CanvasObject{m.Object()},
		min:     func() fyne.Size { return fyne.NewSquareSize(i.size) },
		layout:  func(s fyne.Size) { m.Place((s.Width-i.size)/2, (s.Height-i.size)/2) },
		refresh: func() { m.Set(i.name, i.color) },
	}
}
