package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Select is a field that opens a menu of choices.
type Select struct {
	press
	options []string
	at      int
	changed func(int)
}

// NewSelect gives a field showing option at; changed is called with the index
// the user chose.
func NewSelect(options []string, at int, changed func(int)) *Select {
	s := &Select{options: options, at: at, changed: changed}
	s.start(s, s.open)
	return s
}

// Selected is the index of what is shown, -1 for nothing.
func (s *Select) Selected() int { return s.at }

// SetSelected shows another option without calling back.
func (s *Select) SetSelected(at int) {
	if s.at != at {
		s.at = at
		s.Refresh()
	}
}

// SetOptions changes the choices and what is shown of them.
func (s *Select) SetOptions(options []string, at int) {
	s.options, s.at = options, at
	s.Refresh()
}

func (s *Select) open() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s)
	if c == nil {
		return
	}
	items := make([]MenuItem, len(s.options))
	for i, o := range s.options {
		items[i] = MenuItem{Text: o, Checked: i == s.at, Action: func() {
			s.SetSelected(i)
			if s.changed != nil {
				s.changed(i)
			}
		}}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s)
	m := ShowMenu(c, items, at.AddXY(0, s.Size().Height+3), nil)
	m.highlight(s.at)
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	bg, veil := rectangle(theme.RadiusSmall), rectangle(theme.RadiusSmall)
	label, mark := NewTextLine(Name), NewIconMark("chevron-down", 15, theme.Muted)
	ring := s.newRing(theme.RadiusSmall)
	s.look = func() {
		bg.FillColor, veil.FillColor = colour(theme.Input), colour(s.ground(theme.Clear))
		bg.Refresh()
		veil.Refresh()
	}
	state := func() { s.look(); s.showRing() }
	state()
	return &renderer{
		widget: s, refresh: state,
		objects: []fyne.CanvasObject{bg, veil, label.Object(), mark.Object(), ring},
		min: func() fyne.Size {
			w := float32(90)
			for _, o := range s.options {
				w = max(w, ceil(Name.Width(o)))
			}
			return fyne.NewSize(min(w, 280)+42, 36)
		},
		layout: func(size fyne.Size) {
			for _, o := range []fyne.CanvasObject{bg, veil, ring} {
				o.Resize(size)
			}
			text := ""
			if s.at >= 0 && s.at < len(s.options) {
				text = s.options[s.at]
			}
			label.Set(text, Name, size.Width-42)
			label.Place(12, Name.Centred(size.Height))
			mark.Place(size.Width-26, (size.Height-15)/2)
		},
	}
}

// Segments is a choice of a few, all in sight.
type Segments struct {
	widget.BaseWidget
	options []string
	at      int
	changed func(int)
	parts   []*segment
}

// NewSegments gives a choice with option at chosen; changed is called with the
// index the user chose.
func NewSegments(options []string, at int, changed func(int)) *Segments {
	s := &Segments{options: options, at: at, changed: changed}
	for i, o := range options {
		p := &segment{text: o, on: i == at}
		p.start(p, func() { s.choose(i) })
		s.parts = append(s.parts, p)
	}
	s.ExtendBaseWidget(s)
	return s
}

// Selected is the index of the choice.
func (s *Segments) Selected() int { return s.at }

// SetSelected chooses without calling back.
func (s *Segments) SetSelected(at int) {
	s.at = at
	for i, p := range s.parts {
		if on := i == at; p.on != on {
			p.on = on
			p.Refresh()
		}
	}
}

func (s *Segments) choose(i int) {
	if i != s.at {
		s.SetSelected(i)
		if s.changed != nil {
			s.changed(i)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	bg := rectangle(theme.RadiusRow)
	objects := []fyne.CanvasObject{bg}
	for _, p := range s.parts {
		objects = append(objects, p)
	}
	state := func() { bg.FillColor = colour(theme.Input) }
	state()
	return &renderer{
		widget: s, objects: objects, refresh: state,
		min: func() fyne.Size {
			w := float32(0)
			for _, p := range s.parts {
				w = max(w, p.MinSize().Width)
			}
			return fyne.NewSize(w*float32(len(s.parts))+6, 36)
		},
		layout: func(size fyne.Size) {
			place(bg, 0, (size.Height-36)/2, size.Width, 36)
			w := (size.Width - 6) / float32(len(s.parts))
			for i, p := range s.parts {
				place(p, 3+float32(i)*w, (size.Height-36)/2+3, w, 30)
			}
		},
	}
}

type segment struct {
	press
	text string
	on   bool
}

// CreateRenderer implements fyne.Widget.
func (p *segment) CreateRenderer() fyne.WidgetRenderer {
	bg, ring := rectangle(theme.RadiusSmall), p.newRing(theme.RadiusSmall)
	style := TextStyle{glyph.Medium, theme.SizeSmall, theme.Muted}
	label := NewTextLine(style)
	p.look = func() {
		bg.FillColor, bg.StrokeWidth = colour(p.ground(theme.Clear)), 0
		if p.on {
			bg.FillColor = colour(theme.Raised)
			bg.StrokeColor, bg.StrokeWidth = colour(theme.Border), 1
		}
		bg.Refresh()
	}
	state := func() { p.look(); p.showRing() }
	state()
	return &renderer{
		widget: p, refresh: state, objects: []fyne.CanvasObject{bg, label.Object(), ring},
		min: func() fyne.Size { return fyne.NewSize(ceil(style.Width(p.text))+28, 30) },
		layout: func(s fyne.Size) {
			bg.Resize(s)
			ring.Resize(s)
			ink := theme.Muted
			if p.on {
				ink = theme.Text
			}
			label.Set(p.text, style.In(ink), s.Width-8)
			label.Place((s.Width-label.Width())/2, style.Centred(s.Height))
		},
	}
}
