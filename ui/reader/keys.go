package reader

import "fyne.io/fyne/v2"

// FocusGained implements fyne.Focusable.
func (t *TextView) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (t *TextView) FocusLost() {}

// TypedRune implements fyne.Focusable; the window has a use for letters.
func (t *TextView) TypedRune(r rune) {
	if t.OnRune != nil {
		t.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (t *TextView) TypedKey(k *fyne.KeyEvent) {
	if t.OnKey != nil {
		t.OnKey(k)
	}
}

// AcceptsTab lets Tab leave the text.
func (t *TextView) AcceptsTab() bool { return false }

// TypedShortcut implements fyne.Shortcutable. What the text has no use for
// goes on to the window.
func (t *TextView) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy:
		if text := t.Selected(); text != "" {
			fyne.CurrentApp().Clipboard().SetContent(text)
		}
		return
	case *fyne.ShortcutSelectAll:
		t.SelectAll()
		return
	}
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(t).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}
