package kit

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Pill is a person in a field of addresses: a press writes on, the cross takes
// away, and so do Delete and Backspace.
type Pill struct {
	press
	text   string
	remove func()
}

const (
	pillHeight float32 = 26
	pillCross  float32 = 24 // room of the cross at the right
	pillMost   float32 = 260
)

// NewPill gives a pill; tip is shown while the pointer rests on it.
func NewPill(text, tip string, tapped, remove func()) *Pill {
	p := &Pill{text: text, remove: remove}
	p.tip = tip
	p.start(p, tapped)
	return p
}

// Tapped implements fyne.Tappable.
func (p *Pill) Tapped(e *fyne.PointEvent) {
	if e.Position.X >= p.Size().Width-pillCross {
		hideTip(p)
		p.remove()
		return
	}
	p.act()
}

// TypedKey implements fyne.Focusable.
func (p *Pill) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyDelete || k.Name == fyne.KeyBackspace {
		hideTip(p)
		p.remove()
		return
	}
	p.press.TypedKey(k)
}

// CreateRenderer implements fyne.Widget.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	const left, cross = 11, 11
	bg, veil := rectangle(pillHeight/2), rectangle(pillHeight/2)
	style := TextStyle{glyph.Medium, theme.SizeSmall, theme.Text}
	label, mark := NewTextLine(style), NewIconMark("close", cross, theme.Faint)
	ring := p.newRing(pillHeight / 2)
	p.look = func() {
		bg.FillColor, veil.FillColor = colour(theme.Selection), colour(p.ground(theme.Clear))
		bg.Refresh()
		veil.Refresh()
	}
	state := func() { p.look(); p.showRing() }
	state()
	return &renderer{
		widget: p, refresh: state,
		objects: []fyne.CanvasObject{bg, veil, label.Object(), mark.Object(), ring},
		min: func() fyne.Size {
			return fyne.NewSize(min(pillMost, ceil(style.Width(p.text))+left+4+pillCross), pillHeight)
		},
		layout: func(s fyne.Size) {
			top := (s.Height - pillHeight) / 2
			for _, o := range []fyne.CanvasObject{bg, veil, ring} {
				place(o, 0, top, s.Width, pillHeight)
			}
			label.Set(p.text, style, s.Width-left-pillCross)
			label.Place(left, top+style.Centred(pillHeight))
			mark.Place(s.Width-pillCross+5, top+(pillHeight-cross)/2)
		},
	}
}
