package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// BannerKind is the tone of a banner.
type BannerKind int

// The tones.
const (
	Info BannerKind = iota
	Warn
	Fail
)

// Banner is one calm sentence with at most one action, above what it concerns.
type Banner struct {
	widget.BaseWidget
	kind   BannerKind
	text   *Paragraph
	action *Button
	close  *IconButton
}

// NewBanner gives a banner; an empty action shows none, a nil dismissed no cross.
func NewBanner(kind BannerKind, text, action string, acted, dismissed func()) *Banner {
	b := &Banner{kind: kind, text: NewNote(text, TextStyle{Face: Body.Face, Size: theme.SizeSmall, Color: theme.Text})}
	if action != "" {
		b.action = NewButton(Plain, "", action, acted)
		b.action.high = 28
	}
	if dismissed != nil {
		b.close = NewSmallIconButton("close", "Dismiss", dismissed)
	}
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the sentence.
func (b *Banner) SetText(text string) { b.text.SetText(text) }

func (b *Banner) look() (icon string, ink, ground fyne.ThemeColorName) {
	switch b.kind {
	case Warn:
		return "warning", theme.Warning, theme.WarningGround
	case Fail:
		return "warning", theme.Danger, theme.DangerGround
	}
	return "info", theme.Accent, theme.InfoGround
}

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	icon, ink, ground := b.look()
	bg, mark := rectangle(theme.RadiusRow), NewIconMark(icon, 18, ink)
	objects := []fyne.CanvasObject{bg, mark.Object(), b.text}
	if b.action != nil {
		objects = append(objects, b.action)
	}
	if b.close != nil {
		objects = append(objects, b.close)
	}
	state := func() { bg.FillColor = colour(ground) }
	state()
	right := func() float32 {
		w := float32(12)
		if b.action != nil {
			w += b.action.MinSize().Width
		}
		if b.close != nil {
			w += b.close.MinSize().Width + 2
		}
		return w
	}
	return &renderer{
		widget: b, objects: objects, refresh: state,
		min: func() fyne.Size {
			return fyne.NewSize(200, max(40, b.text.MinSize().Height+20))
		},
		layout: func(s fyne.Size) {
			bg.Resize(s)
			mark.Place(12, 11)
			w := s.Width - 40 - right()
			h := b.text.HeightFor(w)
			place(b.text, 40, max(10, (min(s.Height, 40)-h)/2), w, h)
			x := s.Width - 8
			if b.close != nil {
				m := b.close.MinSize()
				x -= m.Width
				place(b.close, x, (40-m.Height)/2, m.Width, m.Height)
			}
			if b.action != nil {
				m := b.action.MinSize()
				x -= m.Width
				place(b.action, x, (40-m.Height)/2, m.Width, m.Height)
			}
		},
	}
}
