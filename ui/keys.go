package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keys binds the shortcuts of the window.
func (w *Window) keys() {
	c := w.window.Canvas()
	bind := func(name fyne.KeyName, mod fyne.KeyModifier, f func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: mod}, func(fyne.Shortcut) { w.Guard("shortcut", f) })
	}
	ctrl, shift := fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	bind(fyne.KeyN, ctrl, func() { w.Compose(nil) })
	bind(fyne.KeyR, ctrl, func() { w.Reply(false) })
	bind(fyne.KeyR, ctrl|shift, func() { w.Reply(true) })
	bind(fyne.KeyL, ctrl, w.Forward)
	bind(fyne.KeyF, ctrl, w.focusSearch)
	bind(fyne.KeyK, ctrl, w.focusSearch)
	c.SetOnTypedRune(func(r rune) { w.Guard("key", func() { w.rune(r) }) })
	c.SetOnTypedKey(func(k *fyne.KeyEvent) { w.Guard("key", func() { w.key(k.Name, 0) }) })
}

func (w *Window) focusSearch() {
	w.window.Canvas().Focus(w.mid.search)
	w.mid.search.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// rune does what a letter stands for; false for one that stands for nothing.
func (w *Window) rune(r rune) bool {
	switch r {
	case 'e':
		w.archive()
	case '#':
		w.delete()
	case '!':
		w.junk()
	case 'r':
		w.Reply(false)
	case 'a':
		w.Reply(true)
	case 'f':
		w.Forward()
	case 's':
		w.star()
	case 'u':
		w.toggleRead()
	case 'v':
		w.moveByKey()
	case 'c':
		w.Compose(nil)
	case '/':
		w.focusSearch()
	case ' ':
		w.reader.Attend()
		return w.pane.ScrollBy(w.pane.Page())
	default:
		return false
	}
	return true
}

// key does what a key stands for anywhere in the window.
func (w *Window) key(name fyne.KeyName, mod fyne.KeyModifier) bool {
	switch name {
	case fyne.KeyDelete, fyne.KeyBackspace:
		w.delete()
	case fyne.KeyF5:
		w.status.Check()
	case fyne.KeyF6:
		w.nextPane(mod&fyne.KeyModifierShift != 0)
	case fyne.KeyEscape:
		w.escape()
	default:
		return false
	}
	return true
}

// escape leaves what was begun last: the reader of a narrow window, a search,
// a selection of several.
func (w *Window) escape() {
	switch {
	case w.panel.close != nil && w.panel.small:
		w.panel.close()
	case w.onLedger && !w.panes.Single():
		w.HideLedger()
	case w.list.Query() != "":
		w.mid.search.SetText("")
		w.focusList()
	case w.mid.rows.Selection().Count() > 1:
		w.mid.rows.Select(w.mid.rows.Cursor())
	default:
		w.panes.SetReading(false)
		w.focusList()
	}
}

// nextPane gives the keyboard to the next pane, or the one before. What is
// written on in the reading pane's place has it again where it left off.
func (w *Window) nextPane(back bool) {
	c := w.window.Canvas()
	order := []fyne.Focusable{w.side.keys, w.listFocus(), w.pane.Text}
	at, focused := 1, c.Focused()
	for i, f := range order {
		if focused == f {
			at = i
		}
	}
	if w.panel.close != nil {
		if at == 1 && focused != nil && focused != order[1] && focused != fyne.Focusable(w.mid.search) {
			at, w.panel.focus = 2, focused
		}
		order[2] = w.panel.focus
	}
	step := 1
	if back {
		step = len(order) - 1
	}
	for n := 1; n < len(order); n++ { // a pane that shows nothing cannot have it
		next := order[(at+n*step)%len(order)]
		if next == nil {
			continue
		}
		if c.Focus(next); c.Focused() == next {
			return
		}
	}
}

// NextPane implements Host.
func (w *Window) NextPane() {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	w.nextPane(ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0)
}

// readerKey scrolls the letter by keyboard.
func (w *Window) readerKey(k *fyne.KeyEvent) {
	w.Guard("key", func() {
		w.reader.Attend()
		switch k.Name {
		case fyne.KeyDown:
			w.pane.ScrollBy(48)
		case fyne.KeyUp:
			w.pane.ScrollBy(-48)
		case fyne.KeyPageDown, fyne.KeySpace:
			w.pane.ScrollBy(w.pane.Page())
		case fyne.KeyPageUp:
			w.pane.ScrollBy(-w.pane.Page())
		case fyne.KeyHome:
			w.pane.ScrollBy(-1e9)
		case fyne.KeyEnd:
			w.pane.ScrollBy(1e9)
		default:
			w.key(k.Name, 0)
		}
	})
}
