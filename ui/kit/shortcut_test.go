package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// listening is a canvas with the method the driver's own has.
type listening struct {
	fyne.Canvas
	fyne.ShortcutHandler
}

func (l *listening) AddShortcut(s fyne.Shortcut, f func(fyne.Shortcut)) {
	l.ShortcutHandler.AddShortcut(s, f)
}

func (l *listening) RemoveShortcut(s fyne.Shortcut) { l.ShortcutHandler.RemoveShortcut(s) }

func TestAShortcutReachesTheWindow(t *testing.T) {
	test.NewTempApp(t)
	c := &listening{Canvas: test.NewCanvas()}
	send := &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl}
	sent := 0
	c.AddShortcut(send, func(fyne.Shortcut) { sent++ })
	passTo(c, send)
	passTo(test.NewCanvas(), send) // one that cannot listen is left alone
	if sent != 1 {
		t.Errorf("the window saw it %d times", sent)
	}
}
