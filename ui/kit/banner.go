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

// Banner is one calm sentence with at most one action, or with the answers to
// its question, above what it concerns.
type Banner struct {
	widget.BaseWidget
	kind    BannerKind
	text    *Paragraph
	actions []*Button
	close   *IconButton
}

// Answer is one of several actions of a banner.
type Answer struct {
	Text  string
	Acted func()
}

// NewQuestion gives a banner with several actions, the safest first. It cannot
// be dismissed: the question stays.
func NewQuestion(kind BannerKind, text string, answers ...Answer) *Banner {
	b := NewBanner(kind, text, "", nil, nil)
	for _, a := range answers {
		b.add(a)
	}
	return b
}

func (b *Banner) add(a Answer) {
	button := NewButton(Plain, "", a.Text, a.Acted)
	button.high = 28
	b.actions = append(b.actions, button)
}

// NewBanner gives a banner; an empty action shows none, a nil dismissed no cross.
func NewBanner(kind BannerKind, text, action string, acted, dismissed func()) *Banner {
	b := &Banner{kind: kind, text: NewNote(text, TextStyle{Face: Body.Face, Size: theme.SizeSmall, Color: theme.Text})}
	if action != "" {
		b.add(Answer{action, acted})
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

// buttons is how wide the actions are together.
func (b *Banner) buttons() (w float32) {
	for _, a := range b.actions {
		w += a.MinSize().Width
	}
	return w
}

// beside is the room for the sentence, with the actions beside it.
func (b *Banner) beside(width float32) float32 {
	width -= 52 + b.buttons()
	if b.close != nil {
		width -= b.close.MinSize().Width + 2
	}
	return width
}

// below tells whether the actions stand below the sentence: several do, where
// there is no room beside it.
func (b *Banner) below(width float32) bool { return len(b.actions) > 1 && b.beside(width) < 280 }

func (b *Banner) room(width float32) float32 {
	if b.below(width) {
		return width - 52
	}
	return b.beside(width)
}

// HeightFor is the height that the banner takes at a width.
func (b *Banner) HeightFor(width float32) float32 {
	h := max(40, b.text.HeightFor(b.room(width))+20)
	if b.below(width) {
		h += 30
	}
	return h
}

// CreateRenderer implements fyne.Widget.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	icon, ink, ground := b.look()
	bg, mark := rectangle(theme.RadiusRow), NewIconMark(icon, 18, ink)
	objects := []fyne.CanvasObject{bg, mark.Object(), b.text}
	for _, a := range b.actions {
		objects = append(objects, a)
	}
	if b.close != nil {
		objects = append(objects, b.close)
	}
	state := func() { bg.FillColor = colour(ground) }
	state()
	return &renderer{
		widget: b, objects: objects, refresh: state,
		min: func() fyne.Size {
			if w := b.Size().Width; w > 0 {
				return fyne.NewSize(200, b.HeightFor(w))
			}
			return fyne.NewSize(200, max(40, b.text.MinSize().Height+20))
		},
		layout: func(s fyne.Size) {
			bg.Resize(s)
			mark.Place(12, 11)
			w := b.room(s.Width)
			h := b.text.HeightFor(w)
			place(b.text, 40, max(10, (min(s.Height, 40)-h)/2), w, h)
			x, top := s.Width-8, float32(20)
			if b.close != nil {
				m := b.close.MinSize()
				x -= m.Width
				place(b.close, x, (40-m.Height)/2, m.Width, m.Height)
			}
			x -= b.buttons()
			if b.below(s.Width) {
				x, top = 40-12, s.Height-20 // the first letter below that of the sentence
			}
			for _, a := range b.actions {
				m := a.MinSize()
				place(a, x, top-m.Height/2, m.Width, m.Height)
				x += m.Width
			}
		},
	}
}
