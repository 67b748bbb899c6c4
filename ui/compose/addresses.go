package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// addressEntry is a field of addresses that completes what is typed.
type addressEntry struct {
	kit.Entry
	completer *completer
}

func newAddressEntry() *addressEntry {
	e := &addressEntry{}
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// AcceptsTab implements fyne.Tabbable: Tab takes the person who is offered, or
// goes to the next field and not to the buttons between. Shift+Tab goes back as
// everywhere.
func (e *addressEntry) AcceptsTab() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return e.completer.open() || ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift == 0
}

// TypedShortcut implements fyne.Shortcutable.
func (e *addressEntry) TypedShortcut(s fyne.Shortcut) { passOn(e, &e.Entry.Entry, s) }

// passOn gives a shortcut to a field and, where the field has no use for it,
// to the window.
func passOn(o fyne.CanvasObject, field fyne.Shortcutable, s fyne.Shortcut) {
	field.TypedShortcut(s)
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		return
	}
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// completer offers people below a field of addresses.
type completer struct {
	field *recipients
	entry *addressEntry
	desk  *vm.Desk
	popup *suggestions
}

// complete makes a field complete addresses, offered in a layer of the panel.
func complete(f *recipients, desk *vm.Desk, popup *suggestions) *completer {
	c := &completer{field: f, entry: f.entry, desk: desk, popup: popup}
	f.entry.completer = c
	return c
}

func (c *completer) open() bool { return c.popup.below == c.entry }

func (c *completer) typed() {
	text := c.entry.Text
	if c.entry.CursorColumn < len([]rune(text)) {
		c.close()
		return
	}
	people := c.desk.Suggest(vm.JoinAddresses(c.field.whole, text))
	if len(people) == 0 {
		c.close()
		return
	}
	c.popup.show(c.entry, people, c.take)
}

func (c *completer) close() {
	if c.open() {
		c.popup.hide()
	}
}

func (c *completer) take(s vm.Suggestion) {
	c.popup.hide()
	c.field.take(s)
}

// key handles the keys of an open list; true means the key was used.
func (c *completer) key(k *fyne.KeyEvent) bool {
	if !c.open() {
		return false
	}
	switch k.Name {
	case fyne.KeyDown:
		c.popup.move(1)
	case fyne.KeyUp:
		c.popup.move(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		c.popup.choose()
	case fyne.KeyEscape:
		c.popup.hide()
	default:
		return false
	}
	return true
}
