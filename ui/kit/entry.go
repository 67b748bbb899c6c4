package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// Entry is the toolkit's text field, which passes on the shortcuts it has no
// use for: its own swallows them, so that Ctrl+Enter would not send.
type Entry struct {
	widget.Entry
	// OnKey sees every key first; true means it was used.
	OnKey func(*fyne.KeyEvent) bool
	// OnFocus is told when the field gains or loses the keyboard.
	OnFocus func(bool)
}

// NewEntry gives a field of one line.
func NewEntry(hint string) *Entry {
	e := &Entry{}
	e.PlaceHolder = hint
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewSearch gives a field with a magnifying glass.
func NewSearch(hint string) *Entry {
	e := NewEntry(hint)
	e.Icon = theme.Icon("search", theme.Faint)
	return e
}

// NewSecretEntry gives a field that does not show what is typed.
func NewSecretEntry(hint string) *Entry {
	e := NewEntry(hint)
	e.Password = true
	e.ActionItem = nil
	return e
}

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(k) {
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		e.Entry.TypedShortcut(s)
		return
	}
	e.Entry.TypedShortcut(s)
	PassShortcut(e, s)
}
