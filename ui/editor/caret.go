package editor

import (
	"time"

	"fyne.io/fyne/v2"
)

// The caret blinks, but not while somebody types, and it rests when nobody
// does: each blink paints the whole window.
const (
	blink   = 530 * time.Millisecond
	steady  = 400 * time.Millisecond
	resting = 12 * time.Second
)

// placeCaret shows the caret where it stands.
func (e *Editor) placeCaret() {
	if !e.focused || e.disabled {
		return
	}
	x, y, h, ok := e.caretBox()
	if !ok || y+h < 0 || y > e.Size().Height {
		return
	}
	e.caret.FillColor = e.colour.caret
	e.caret.Move(fyne.NewPos(e.snap(min(x-1, e.Size().Width-3)), e.snap(y+2)))
	e.caret.Resize(fyne.NewSize(2, h-4))
	e.caret.Show()
}

// blinkOn lets the caret blink until the keyboard goes elsewhere.
func (e *Editor) blinkOn(run int) {
	if e.Later == nil || run != e.blinking {
		return
	}
	e.Later(blink, func() {
		if run != e.blinking || !e.focused {
			return
		}
		switch idle := e.clock.Now().Sub(e.active); {
		case idle < steady:
		case idle > resting:
			if !e.caret.Visible() {
				e.placeCaret()
			}
		case e.caret.Visible():
			e.caret.Hide()
		default:
			e.placeCaret()
		}
		e.blinkOn(run)
	})
}

// FocusGained implements fyne.Focusable.
func (e *Editor) FocusGained() {
	e.focused = true
	e.active = e.clock.Now()
	e.blinking++
	e.sync()
	e.blinkOn(e.blinking)
}

// FocusLost implements fyne.Focusable.
func (e *Editor) FocusLost() {
	e.focused = false
	e.blinking++
	e.doc.Break()
	e.sync()
}
