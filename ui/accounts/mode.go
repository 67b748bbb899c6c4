package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// modeCard is one of two ways to keep mail, told in plain words.
type modeCard struct {
	widget.BaseWidget
	border, ground *kit.Fill
	inside         fyne.CanvasObject
	icon           *kit.Icon
	name           string
	on, focused    bool
	hovered        bool
	tapped         func()
}

func newModeCard(icon, title, text, protocol string, tapped func()) *modeCard {
	c := &modeCard{border: kit.NewFill(theme.Border, theme.RadiusCard), ground: kit.NewFill(theme.Reader, theme.RadiusCard-1.5), name: icon, tapped: tapped}
	c.icon = kit.NewIcon(icon, 20, theme.Muted)
	c.inside = kit.Inset(16, 14, 16, 14, kit.VStack(6,
		kit.HStack(10, kit.Sized(20, 20, c.icon), kit.NewShrinkText(title, kit.BodyStrong), kit.Spring(), kit.NewText(protocol, kit.Caption)),
		kit.NewNote(text, kit.Small)))
	c.ExtendBaseWidget(c)
	return c
}

func (c *modeCard) setOn(on bool) {
	c.on = on
	c.look()
}

func (c *modeCard) look() {
	border, ground, ink := theme.Border, theme.Reader, theme.Muted
	switch {
	case c.on:
		border, ground, ink = theme.Accent, theme.InfoGround, theme.Accent
	case c.hovered:
		ground = theme.Card
	}
	if c.focused {
		border = theme.Ring
	}
	c.border.SetColor(border)
	c.ground.SetColor(ground)
	c.icon.Set(c.name, ink)
}

// CreateRenderer implements fyne.Widget.
func (c *modeCard) CreateRenderer() fyne.WidgetRenderer {
	c.look()
	return widget.NewSimpleRenderer(container.NewStack(c.border, kit.Inset(1.5, 1.5, 1.5, 1.5, c.ground), c.inside))
}

// Tapped implements fyne.Tappable.
func (c *modeCard) Tapped(*fyne.PointEvent) { c.tapped() }

// MouseIn implements desktop.Hoverable.
func (c *modeCard) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.look() }

// MouseMoved implements desktop.Hoverable.
func (c *modeCard) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *modeCard) MouseOut() { c.hovered = false; c.look() }

// FocusGained implements fyne.Focusable.
func (c *modeCard) FocusGained() { c.focused = true; c.look() }

// FocusLost implements fyne.Focusable.
func (c *modeCard) FocusLost() { c.focused = false; c.look() }

// TypedRune implements fyne.Focusable.
func (c *modeCard) TypedRune(r rune) {
	if r == ' ' {
		c.tapped()
	}
}

// TypedKey implements fyne.Focusable.
func (c *modeCard) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		c.tapped()
	}
}
