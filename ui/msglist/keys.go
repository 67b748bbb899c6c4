package msglist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/ui/kit"
)

func keyModifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// FocusGained implements fyne.Focusable.
func (l *List) FocusGained() {
	l.focused, l.byKeys = true, true
	l.update()
}

// FocusLost implements fyne.Focusable.
func (l *List) FocusLost() {
	l.focused = false
	l.update()
}

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) {
	if l.OnRune != nil && l.OnRune(r) {
		return
	}
	switch r {
	case 'j':
		l.step(1, false, false)
	case 'k':
		l.step(-1, false, false)
	}
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(k *fyne.KeyEvent) {
	l.key(k.Name, l.modifiers())
}

func (l *List) key(name fyne.KeyName, mod fyne.KeyModifier) {
	if l.OnKey != nil && l.OnKey(name, mod) {
		return
	}
	extend, only := mod&fyne.KeyModifierShift != 0, mod&fyne.KeyModifierShortcutDefault != 0
	page := max(1, l.view.page()-1)
	switch name {
	case fyne.KeyDown:
		l.step(1, extend, only)
	case fyne.KeyUp:
		l.step(-1, extend, only)
	case fyne.KeyPageDown:
		l.step(page, extend, only)
	case fyne.KeyPageUp:
		l.step(-page, extend, only)
	case fyne.KeyHome:
		l.goRow(0, extend, only)
	case fyne.KeyEnd:
		l.goRow(l.view.n-1, extend, only)
	case fyne.KeySpace:
		if only && l.selection.cursor >= 0 {
			l.selection.Toggle(l.selection.cursor)
			l.update()
			l.told()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.OnOpen != nil && l.selection.cursor >= 0 {
			l.OnOpen(l.selection.cursor)
		}
	case desktop.KeyMenu:
		l.keyMenu()
	}
}

func (l *List) step(by int, extend, only bool) {
	at := l.selection.cursor
	if at < 0 {
		first, _ := l.InSight()
		l.goRow(first, extend, only)
		return
	}
	l.goRow(at+by, extend, only)
}

func (l *List) goRow(i int, extend, only bool) {
	if l.view.n == 0 {
		return
	}
	l.byKeys = true
	l.selection.MoveTo(i, extend, only)
	l.view.reveal(l.selection.cursor)
	l.update()
	l.told()
}

func (l *List) keyMenu() {
	i := l.selection.cursor
	if i < 0 || l.OnMenu == nil {
		return
	}
	l.view.reveal(i)
	l.update()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
	l.OnMenu(at.AddXY(comfortLeft, float32(l.view.top(i)-l.view.offset+l.view.rowH/2)))
}

// TypedShortcut implements fyne.Shortcutable. What the list has no use for
// goes on to the window, which a focused widget would otherwise swallow.
func (l *List) TypedShortcut(s fyne.Shortcut) {
	switch c := s.(type) {
	case *fyne.ShortcutSelectAll:
		l.selection.All()
		l.update()
		l.told()
		return
	case *desktop.CustomShortcut:
		switch c.KeyName {
		case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeySpace:
			l.key(c.KeyName, c.Modifier)
			return
		}
	}
	kit.PassShortcut(l, s)
}

// AcceptsTab lets Tab leave the list.
func (l *List) AcceptsTab() bool { return false }
