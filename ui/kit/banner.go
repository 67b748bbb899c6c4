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
	buttons := func() (w float32) {
		for _, a := range b.actions {
			w += a.MinSize().Width
		}
		return w
	}
	right := func() float32 {
		w := float32(12) + buttons()
		if b.close != nil {
			w += b.close.MinSize().Width + 2
		}
		return w
	}
	// Several actions stand below the sentence where there is no room beside it.
	below := func(width float32) bool { return len(b.actions) > 1 && width-40-right() < 280 }
	room := func(width float32) float32 {
		if below(width) {
			return width - 52
		}
		return width - 40 - right()
	}
	return &renderer{
		widget: b, objects: objects, refresh: state,
		min: func() fyne.Size {
			h := max(40, b.text.MinSize().Height+20)
			if w := b.Size().Width; w > 0 && len(b.actions) > 1 {
				if h = max(40, b.text.HeightFor(room(w))+20); below(w) {
					h += 30
				}
			}
			return fyne.NewSize(200, h)
		},
		layout: func(s fyne.Size) {
			bg.Resize(s)
			mark.Place(12, 11)
			w := room(s.Width)
			h := b.text.HeightFor(w)
			place(b.text, 40, max(10, (min(s.Height, 40)-h)/2), w, h)
			x, top := s.Width-8, float32(20)
			if b.close != nil {
				m := b.close.MinSize()
				x -= m.Width
				place(b.close, x, (40-m.Height)/2, m.Width, m.Height)
			}
			x -= buttons()
			if below(s.Width) {
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
