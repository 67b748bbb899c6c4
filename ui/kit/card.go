package kit

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/theme"
)

// Card is an icon with two lines of words: the offline card of the sidebar, an
// attachment. It can be pressed where it is given something to do.
type Card struct {
	press
	icon        string
	ink         fyne.ThemeColorName
	title, note string
	color       fyne.ThemeColorName
	wide        float32
}

// NewCard gives a card as wide as its space.
func NewCard(icon string, ink fyne.ThemeColorName, title, note string, tapped func()) *Card {
	c := &Card{icon: icon, ink: ink, title: title, note: note, color: theme.SelectionIdle}
	c.start(c, tapped)
	return c
}

// NewAttachment gives the card of a file: its name, and what is known of it
// ("PDF · 184 KB · on this computer").
func NewAttachment(icon, name, note string, tapped func(), menu func(fyne.Position)) *Card {
	c := NewCard(icon, theme.Accent, name, note, tapped)
	c.color, c.menu, c.wide = theme.Card, menu, 210
	return c
}

// Set shows other words.
func (c *Card) Set(icon string, ink fyne.ThemeColorName, title, note string) {
	if c.icon != icon || c.ink != ink || c.title != title || c.note != note {
		c.icon, c.ink, c.title, c.note = icon, ink, title, note
		c.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	const icon, left, right = 19, 42, 10
	bg, veil := rectangle(theme.RadiusRow), rectangle(theme.RadiusRow)
	mark := NewIconMark(c.icon, icon, c.ink)
	ts, ns := BodyStrong, Caption.In(theme.Muted)
	ts.Size, ns.Size = theme.SizeSmall, theme.SizeSection
	title, note := NewTextLine(ts), NewTextLine(ns)
	ring := c.newRing(theme.RadiusRow)
	c.look = func() {
		bg.FillColor, veil.FillColor = colour(c.color), colour(theme.Clear)
		if c.tapped != nil {
			veil.FillColor = colour(c.ground(theme.Clear))
		}
		bg.Refresh()
		veil.Refresh()
	}
	state := func() { mark.Set(c.icon, c.ink); c.look(); c.showRing() }
	state()
	return &renderer{
		widget: c, refresh: state,
		objects: []fyne.CanvasObject{bg, veil, mark.Object(), title.Object(), note.Object(), ring},
		min: func() fyne.Size {
			if c.wide == 0 {
				return fyne.NewSize(80, 52)
			}
			w := max(ts.Width(c.title), ns.Width(c.note)) + left + right + 4
			return fyne.NewSize(min(300, max(c.wide, ceil(w))), 50)
		},
		layout: func(s fyne.Size) {
			for _, o := range []fyne.CanvasObject{bg, veil, ring} {
				o.Resize(s)
			}
			mark.Place(13, (s.Height-icon)/2)
			title.Set(c.title, ts, s.Width-left-right)
			note.Set(c.note, ns, s.Width-left-right)
			mid := s.Height / 2
			title.Place(left, mid-5)
			note.Place(left, mid+14)
		},
	}
}
