package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// press is what all pressable widgets share: hover, press, focus, tooltip,
// Space and Enter. A widget embeds it and calls start in its constructor.
//
// The toolkit takes the focus away from where it was when something that
// cannot have it is clicked, and never gives it to what was clicked. So
// pressables can have it, and any focus they get came by keyboard.
type press struct {
	widget.BaseWidget
	self     fyne.Widget
	tapped   func()
	menu     func(fyne.Position) // secondary click, position on the canvas
	tip      string
	hovered  bool
	held     bool
	focused  bool
	disabled bool
	look     func() // state into objects, set by the renderer
	ring     *canvas.Rectangle
}

func (p *press) start(self fyne.Widget, tapped func()) {
	p.self, p.tapped = self, tapped
	p.ExtendBaseWidget(self)
}

// newRing gives the keyboard-focus ring for the widget's renderer.
func (p *press) newRing(radius float32) *canvas.Rectangle {
	p.ring = rectangle(radius)
	p.ring.StrokeWidth = 2
	return p.ring
}

func (p *press) showRing() {
	p.ring.StrokeColor = colour(theme.Clear)
	if p.focused {
		p.ring.StrokeColor = colour(theme.Ring)
	}
	p.ring.Refresh()
}

func (p *press) changed() {
	if p.look != nil {
		p.look()
	}
	if p.ring != nil {
		p.showRing()
	}
}

// SetTip sets the words shown while the pointer rests on the widget.
func (p *press) SetTip(tip string) { p.tip = tip }

// SetOnTapped changes what a press does.
func (p *press) SetOnTapped(f func()) { p.tapped = f }

// Disable makes the widget deaf and faint.
func (p *press) Disable() { p.setDisabled(true) }

// Enable undoes Disable.
func (p *press) Enable() { p.setDisabled(false) }

// Disabled reports the state.
func (p *press) Disabled() bool { return p.disabled }

func (p *press) setDisabled(d bool) {
	if p.disabled != d {
		p.disabled, p.held, p.hovered = d, false, p.hovered && !d
		p.self.Refresh()
	}
}

func (p *press) act() {
	if !p.disabled && p.tapped != nil {
		hideTip(p.self)
		p.tapped()
	}
}

// Tapped implements fyne.Tappable.
func (p *press) Tapped(*fyne.PointEvent) { p.act() }

// TappedSecondary implements fyne.SecondaryTappable.
func (p *press) TappedSecondary(e *fyne.PointEvent) {
	if p.menu != nil {
		hideTip(p.self)
		p.menu(e.AbsolutePosition)
	}
}

// MouseIn implements desktop.Hoverable.
func (p *press) MouseIn(*desktop.MouseEvent) {
	if p.disabled {
		return
	}
	p.hovered = true
	p.changed()
	if p.tip != "" {
		showTipSoon(p.self, p.tip)
	}
}

// MouseMoved implements desktop.Hoverable.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *press) MouseOut() {
	p.hovered, p.held = false, false
	p.changed()
	hideTip(p.self)
}

// MouseDown implements desktop.Mouseable.
func (p *press) MouseDown(e *desktop.MouseEvent) {
	if !p.disabled && e.Button == desktop.MouseButtonPrimary {
		p.held = true
		p.changed()
	}
}

// MouseUp implements desktop.Mouseable.
func (p *press) MouseUp(*desktop.MouseEvent) {
	p.held = false
	p.changed()
}

// FocusGained implements fyne.Focusable.
func (p *press) FocusGained() { p.focused = true; p.changed() }

// FocusLost implements fyne.Focusable.
func (p *press) FocusLost() { p.focused = false; p.changed() }

// TypedRune implements fyne.Focusable.
func (p *press) TypedRune(r rune) {
	if r == ' ' {
		p.act()
	}
}

// TypedKey implements fyne.Focusable.
func (p *press) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		p.act()
	}
}

// ground is the colour of a quiet pressable in its state.
func (p *press) ground(rest fyne.ThemeColorName) fyne.ThemeColorName {
	switch {
	case p.disabled:
		return rest
	case p.held && p.hovered:
		return theme.Pressed
	case p.hovered:
		return theme.Hover
	}
	return rest
}
