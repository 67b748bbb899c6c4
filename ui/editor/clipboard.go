package editor

import (
	"fyne.io/fyne/v2"

	"paquebot.app/internal/richtext"
)

// copied is what was copied last in this program, with its style: the toolkit's
// clipboard knows plain text alone.
var copied struct {
	text  string
	paras []*richtext.Para
}

// copy copies the selection and reports whether there is one.
func (e *Editor) copy(c fyne.Clipboard) bool {
	from, to := e.doc.Sel().Order()
	if from == to {
		return false
	}
	copied.text, copied.paras = e.doc.Text(from, to), e.doc.Slice(from, to)
	c.SetContent(copied.text)
	return true
}

// paste puts what is in the clipboard in the place of the selection; what was
// copied in this program keeps its style, unless plain text is wanted.
func (e *Editor) paste(c fyne.Clipboard, plain bool) {
	text := c.Content()
	if e.disabled || !plain && e.OnPaste(text) || text == "" {
		return
	}
	e.Edit(func(d *richtext.Doc) {
		if !plain && text == copied.text {
			d.Insert(copied.paras)
		} else {
			d.Paste(text)
		}
	})
}

// Cut, Copy and Paste are what a menu offers.
func (e *Editor) Cut() { e.TypedShortcut(&fyne.ShortcutCut{Clipboard: fyne.CurrentApp().Clipboard()}) }

// Copy: see Cut.
func (e *Editor) Copy() { e.copy(fyne.CurrentApp().Clipboard()) }

// Paste: see Cut.
func (e *Editor) Paste() { e.paste(fyne.CurrentApp().Clipboard(), false) }

// PastePlain pastes without any style.
func (e *Editor) PastePlain() { e.paste(fyne.CurrentApp().Clipboard(), true) }
