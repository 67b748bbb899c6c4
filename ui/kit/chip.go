package kit

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Chip is a filter that is on or off.
type Chip struct {
	press
	text string
	on   bool
}

const chipHeight float32 = 26

// NewChip gives a chip that is off.
func NewChip(text string, tapped func()) *Chip {
	c := &Chip{text: text}
	c.start(c, tapped)
	return c
}

// SetOn switches it without calling back.
func (c *Chip) SetOn(on bool) {
	if c.on != on {
		c.on = on
		c.Refresh()
	}
}

// On reports the state.
func (c *Chip) On() bool { return c.on }

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	bg, veil := rectangle(chipHeight/2), rectangle(chipHeight/2)
	style := TextStyle{glyph.Medium, theme.SizeCaption, theme.Muted}
	label := NewTextLine(style)
	ring := c.newRing(chipHeight / 2)
	c.look = func() {
		bg.FillColor = colour(theme.Input)
		if c.on {
			bg.FillColor = colour(theme.Selection)
		}
		veil.FillColor = colour(c.ground(theme.Clear))
		bg.Refresh()
		veil.Refresh()
	}
	state := func() { c.look(); c.showRing() }
	state()
	return &renderer{
		widget: c, refresh: state,
		objects: []fyne.CanvasObject{bg, veil, label.Object(), ring},
		min:     func() fyne.Size { return fyne.NewSize(ceil(style.Width(c.text))+22, chipHeight) },
		layout: func(s fyne.Size) {
			top := (s.Height - chipHeight) / 2
			for _, o := range []fyne.CanvasObject{bg, veil, ring} {
				place(o, 0, top, s.Width, chipHeight)
			}
			ink := theme.Muted
			if c.on {
				ink = theme.Accent
			}
			label.Set(c.text, style.In(ink), s.Width-16)
			label.Place((s.Width-label.Width())/2, top+style.Centred(chipHeight))
		},
	}
}
