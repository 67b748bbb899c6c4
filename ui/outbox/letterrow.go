package outbox

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// letterRow is a letter that a press, or Enter, shows.
type letterRow struct {
	widget.BaseWidget
	ground *kit.Fill
	inside fyne.CanvasObject
	open   func()
	on     bool // it is the one that is shown
}

func newLetterRow(inside fyne.CanvasObject, open func()) *letterRow {
	r := &letterRow{ground: kit.NewFill(theme.Clear, theme.RadiusRow), inside: inside, open: open}
	r.ExtendBaseWidget(r)
	return r
}

func (r *letterRow) setOn(on bool) {
	r.on = on
	r.rest()
}

// rest shows the row as it is without the pointer.
func (r *letterRow) rest() {
	if r.on {
		r.ground.SetColor(theme.Selection)
	} else {
		r.ground.SetColor(theme.Clear)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *letterRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, r.inside))
}

// Tapped implements fyne.Tappable.
func (r *letterRow) Tapped(*fyne.PointEvent) { r.open() }

// MouseIn implements desktop.Hoverable.
func (r *letterRow) MouseIn(*desktop.MouseEvent) {
	if !r.on {
		r.ground.SetColor(theme.Hover)
	}
}

// MouseMoved implements desktop.Hoverable.
func (r *letterRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *letterRow) MouseOut() { r.rest() }

// FocusGained implements fyne.Focusable.
func (r *letterRow) FocusGained() {
	if !r.on {
		r.ground.SetColor(theme.Hover)
	}
}

// FocusLost implements fyne.Focusable.
func (r *letterRow) FocusLost() { r.rest() }

// TypedRune implements fyne.Focusable.
func (r *letterRow) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (r *letterRow) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		r.open()
	}
}
