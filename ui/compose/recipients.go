package compose

import (
	"slices"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// recipients is a field of addresses: a pill for each that is whole, and room
// to type the next.
type recipients struct {
	object  *fyne.Container
	entry   *addressEntry
	whole   []letter.Address
	guard   func(what string, f func())
	changed func(text string) // by the user
	filling bool              // the entry's text is being set by the program
}

func newRecipients(guard func(string, func()), changed func(string)) *recipients {
	r := &recipients{entry: newAddressEntry(), guard: guard, changed: changed}
	r.object = &fyne.Container{Layout: &pillRows{}}
	r.draw()
	return r
}

// text returns all of it as the model keeps it.
func (r *recipients) text() string { return vm.JoinAddresses(r.whole, r.entry.Text) }

// set shows what the model keeps.
func (r *recipients) set(text string) {
	var rest string
	r.whole, rest = vm.PartAddresses(text, true)
	r.fill(rest)
	r.draw()
}

// fill sets the entry's text, with the caret behind it.
func (r *recipients) fill(text string) {
	r.filling = true
	r.entry.SetText(text)
	r.entry.CursorColumn = len([]rune(text))
	r.entry.Refresh()
	r.filling = false
}

// typed takes what is in the entry; what is whole becomes pills. settled says
// that nothing more is coming.
func (r *recipients) typed(settled bool) {
	if whole, rest := vm.PartAddresses(r.entry.Text, settled); len(whole) > 0 {
		r.whole = append(r.whole, whole...)
		r.fill(rest)
		r.draw()
	}
	r.changed(r.text())
}

// take puts a person who was offered in place of what is typed.
func (r *recipients) take(s vm.Suggestion) {
	r.whole = append(r.whole, letter.Address{Name: s.Name, Addr: s.Address})
	r.fill("")
	r.draw()
	r.changed(r.text())
}

// remove takes a pill away.
func (r *recipients) remove(i int) {
	if r.entry.Disabled() || i < 0 || i >= len(r.whole) {
		return
	}
	r.whole = slices.Delete(r.whole, i, i+1)
	r.draw()
	r.focus()
	r.changed(r.text())
}

// edit makes a pill text again.
func (r *recipients) edit(i int) {
	if r.entry.Disabled() || i < 0 || i >= len(r.whole) {
		return
	}
	r.typed(true)
	text := r.whole[i].String()
	r.whole = slices.Delete(r.whole, i, i+1)
	r.fill(text)
	r.draw()
	r.focus()
	r.changed(r.text())
}

func (r *recipients) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r.entry); c != nil {
		c.Focus(r.entry)
	}
}

// backspace takes the last pill away where there is nothing to delete before
// the caret.
func (r *recipients) backspace() bool {
	if r.entry.Text != "" || len(r.whole) == 0 {
		return false
	}
	r.remove(len(r.whole) - 1)
	return true
}

// draw makes the pills anew.
func (r *recipients) draw() {
	objects := make([]fyne.CanvasObject, 0, len(r.whole)+1)
	for i, a := range r.whole {
		objects = append(objects, kit.NewPill(a.Display(), a.Shown(), func() { r.guard("edit address", func() { r.edit(i) }) }, func() {
			r.guard("remove address", func() { r.remove(i) })
		}))
	}
	r.object.Objects = append(objects, quietLine(r.entry))
	r.object.Refresh()
}

// pillRows sets pills side by side, in as many rows as they need, and gives
// the last object, the entry, what is left of the last row.
type pillRows struct{ width float32 }

const (
	pillRow   float32 = 34
	pillGap   float32 = 6
	leastType float32 = 150 // of the entry
)

func (l *pillRows) walk(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y, w float32)) float32 {
	x, y := float32(0), float32(0)
	for i, o := range objects {
		least, gap := o.MinSize().Width, pillGap
		entry := i == len(objects)-1
		if entry {
			least, gap = leastType, 0
		} else if x == 0 {
			x = entryInset // in line with other fields' text
		}
		if width > 0 {
			least = min(least, width-entryInset)
		}
		if x > entryInset && width > 0 && x+least > width {
			x, y = 0, y+pillRow
			if !entry {
				x = entryInset
			}
		}
		w := least
		if entry {
			w = max(least, width-x)
		}
		put(o, x, y, w)
		x += w + gap
	}
	return y + pillRow
}

// MinSize implements fyne.Layout.
func (l *pillRows) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastType, l.walk(objects, l.width, func(fyne.CanvasObject, float32, float32, float32) {}))
}

// Layout implements fyne.Layout.
func (l *pillRows) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.walk(objects, s.Width, func(o fyne.CanvasObject, x, y, w float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, pillRow))
	})
}
