package kit

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/theme"
)

// IconButton is a button of a tool bar: an icon, named by its tooltip.
type IconButton struct {
	press
	icon  string
	color fyne.ThemeColorName
	on    bool
	wide  float32
}

// NewIconButton gives a 36 × 34 button; tip names it for those who hover.
func NewIconButton(icon, tip string, tapped func()) *IconButton {
	b := &IconButton{icon: icon, color: theme.Muted, wide: 36}
	b.start(b, tapped)
	b.tip = tip
	return b
}

// NewSmallIconButton gives a 26 × 26 button, for the ends of fields and banners.
func NewSmallIconButton(icon, tip string, tapped func()) *IconButton {
	b := NewIconButton(icon, tip, tapped)
	b.wide = 26
	return b
}

// SetIcon changes the drawing and its colour, such as a star that is set.
func (b *IconButton) SetIcon(icon string, color fyne.ThemeColorName) {
	if b.icon != icon || b.color != color {
		b.icon, b.color = icon, color
		b.Refresh()
	}
}

// SetOn shows a switch that is on.
func (b *IconButton) SetOn(on bool) {
	if b.on != on {
		b.on = on
		b.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	size, high := float32(19), float32(34)
	if b.wide < 30 {
		size, high = 15, 26
	}
	bg, m := rectangle(theme.RadiusSmall), NewIconMark(b.icon, size, b.color)
	b.look = func() {
		rest := theme.Clear
		if b.on {
			rest = theme.Selection
		}
		bg.FillColor = colour(b.ground(rest))
		bg.Refresh()
	}
	state := func() {
		c := b.color
		switch {
		case b.disabled:
			c = theme.Border
		case b.on:
			c = theme.Accent
		}
		m.Set(b.icon, c)
		b.look()
	}
	ring := b.newRing(theme.RadiusSmall)
	state()
	b.showRing()
	return &renderer{
		widget: b, objects: []fyne.CanvasObject{bg, m.Object(), ring}, refresh: func() { state(); b.showRing() },
		min: func() fyne.Size { return fyne.NewSize(b.wide, high) },
		layout: func(s fyne.Size) {
			place(bg, 0, (s.Height-high)/2, s.Width, high)
			place(ring, 0, (s.Height-high)/2, s.Width, high)
			m.Place((s.Width-size)/2, (s.Height-size)/2)
		},
	}
}
