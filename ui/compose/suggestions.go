package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// suggestions is the list of people below a field. It takes no keyboard, so
// that typing goes on.
type suggestions struct {
	layer  *fyne.Container
	below  *addressEntry // nil: hidden
	rows   []*suggestion
	at     int
	take   func(vm.Suggestion)
	people []vm.Suggestion
}

func newSuggestions() *suggestions { return &suggestions{layer: container.NewWithoutLayout()} }

func (s *suggestions) show(below *addressEntry, people []vm.Suggestion, take func(vm.Suggestion)) {
	s.below, s.people, s.take, s.at = below, people, take, 0
	s.rows = s.rows[:0]
	list := kit.VStack(0)
	for i, p := range people {
		r := newSuggestion(p, func() { s.set(i) }, func() { s.set(i); s.choose() })
		s.rows = append(s.rows, r)
		list.Add(r)
	}
	s.set(0)
	box := kit.On(theme.Border, theme.RadiusCard, kit.Inset(1, 1, 1, 1, kit.On(theme.Raised, theme.RadiusCard-1, kit.Inset(4, 4, 4, 4, list))))
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(below).Subtract(driver.AbsolutePositionForObject(s.layer))
	box.Resize(fyne.NewSize(min(440, max(280, s.layer.Size().Width-at.X-16)), box.MinSize().Height))
	box.Move(at.AddXY(0, below.Size().Height+2))
	s.layer.Objects = []fyne.CanvasObject{box}
	s.layer.Refresh()
}

func (s *suggestions) hide() {
	s.below, s.rows = nil, s.rows[:0]
	s.layer.Objects = nil
	s.layer.Refresh()
}

func (s *suggestions) set(at int) {
	s.at = at
	for i, r := range s.rows {
		r.setOn(i == at)
	}
}

func (s *suggestions) move(by int) {
	if n := len(s.rows); n > 0 {
		s.set((s.at + by + n) % n)
	}
}

func (s *suggestions) choose() {
	if s.at < len(s.people) {
		s.take(s.people[s.at])
	}
}

// suggestion is one person.
type suggestion struct {
	widget.BaseWidget
	ground  *kit.Fill
	inside  fyne.CanvasObject
	hovered func()
	tapped  func()
}

func newSuggestion(p vm.Suggestion, hovered, tapped func()) *suggestion {
	r := &suggestion{ground: kit.NewFill(theme.Clear, theme.RadiusSmall), hovered: hovered, tapped: tapped}
	name, address := p.Name, p.Address
	if name == "" {
		name, address = address, ""
	}
	r.inside = kit.Inset(8, 0, 10, 0, kit.Sized(0, 34, kit.HStack(9, kit.Sized(24, 24, kit.NewAvatar(name, p.Address, 24)),
		kit.NewShrinkText(name, kit.BodyMedium), kit.NewShrinkText(address, kit.Small))))
	r.ExtendBaseWidget(r)
	return r
}

func (r *suggestion) setOn(on bool) {
	c := theme.Clear
	if on {
		c = theme.Selection
	}
	r.ground.SetColor(c)
}

// CreateRenderer implements fyne.Widget.
func (r *suggestion) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, r.inside))
}

// Tapped implements fyne.Tappable.
func (r *suggestion) Tapped(*fyne.PointEvent) { r.tapped() }

// MouseIn implements desktop.Hoverable.
func (r *suggestion) MouseIn(*desktop.MouseEvent) { r.hovered() }

// MouseMoved implements desktop.Hoverable.
func (r *suggestion) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *suggestion) MouseOut() {}
