package kit

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/theme"
)

// ButtonKind says how loud a button is. A view has one Primary at most.
type ButtonKind int

// The kinds of Button.
const (
	Primary ButtonKind = iota // filled with the accent
	Quiet                     // a soft ground
	Plain                     // text only, in the accent
	Danger                    // text in the warning colour on a soft ground
)

// Button is a button with words, and an icon where one helps.
type Button struct {
	press
	kind ButtonKind
	icon string
	text string
	high float32
}

// NewButton gives a 34 px high button; icon may be empty.
func NewButton(kind ButtonKind, icon, text string, tapped func()) *Button {
	b := &Button{kind: kind, icon: icon, text: text, high: 34}
	b.start(b, tapped)
	return b
}

// NewComposeButton gives the 40 px high button at the head of the sidebar.
func NewComposeButton(text string, tapped func()) *Button {
	b := NewButton(Primary, "draft", text, tapped)
	b.high = 40
	return b
}

// Text is what the button says.
func (b *Button) Text() string { return b.text }

// SetText changes the words; empty leaves the icon alone.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text = text
		b.Refresh()
	}
}

// SetIcon changes the icon.
func (b *Button) SetIcon(icon string) {
	if b.icon != icon {
		b.icon = icon
		b.Refresh()
	}
}

func (b *Button) colours() (ground, ink fyne.ThemeColorName) {
	switch b.kind {
	case Primary:
		ground, ink = theme.AccentFill, theme.OnAccent
		if b.hovered {
			ground = theme.AccentHover
		}
	case Quiet:
		ground, ink = theme.Input, theme.Text
	case Danger:
		ground, ink = theme.DangerGround, theme.Danger
	default:
		ground, ink = theme.Clear, theme.Accent
	}
	if b.disabled {
		ground, ink = theme.Input, theme.Faint
	}
	return ground, ink
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	bg, veil := rectangle(theme.RadiusRow), rectangle(theme.RadiusRow)
	style := BodyStrong
	if b.kind == Plain || b.kind == Quiet {
		style = BodyMedium
	}
	label, mark := NewTextLine(style), NewIconMark(b.icon, 17, theme.Text)
	ring := b.newRing(theme.RadiusRow + 2)
	b.look = func() {
		g, _ := b.colours()
		bg.FillColor, veil.FillColor = colour(g), colour(theme.Clear)
		if b.kind != Primary || b.held {
			veil.FillColor = colour(b.ground(theme.Clear))
		}
		bg.Refresh()
		veil.Refresh()
	}
	content := func() (w, icon, gap float32) {
		if b.icon != "" {
			icon = 17
		}
		if b.text != "" && b.icon != "" {
			gap = 7
		}
		return icon + gap + ceil(style.Width(b.text)), icon, gap
	}
	state := func() {
		_, ink := b.colours()
		if b.icon == "" {
			mark.Hide()
		} else {
			mark.Show()
			mark.Set(b.icon, ink)
		}
		b.look()
		b.showRing()
	}
	state()
	return &renderer{
		widget: b, refresh: state,
		objects: []fyne.CanvasObject{bg, veil, mark.Object(), label.Object(), ring},
		min: func() fyne.Size {
			w, _, _ := content()
			side := float32(14)
			if b.kind == Plain {
				side = 8
			}
			return fyne.NewSize(max(b.high, w+2*side), b.high)
		},
		layout: func(s fyne.Size) {
			top := (s.Height - b.high) / 2
			place(bg, 0, top, s.Width, b.high)
			place(veil, 0, top, s.Width, b.high)
			place(ring, -2, top-2, s.Width+4, b.high+4)
			_, ink := b.colours()
			w, icon, gap := content()
			x := max(4, (s.Width-w)/2)
			mark.Place(x, top+(b.high-17)/2)
			label.Set(b.text, style.In(ink), s.Width-icon-gap-8)
			label.Place(x+icon+gap, top+style.Centred(b.high))
		},
	}
}
