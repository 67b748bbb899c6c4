package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// drag shows what is being dragged and where it would land.
func (w *Window) drag(at fyne.Position) {
	n := w.mid.rows.Selection().Count()
	text := "Move 1 message"
	if n != 1 {
		text = fmt.Sprintf("Move %d messages", n)
	}
	row, target := w.side.at(at)
	if target != nil {
		text += " to " + row.Name
	}
	w.side.drop(target)
	w.layer.Ghost(text, at)
}

// drop moves what was dragged.
func (w *Window) drop(at fyne.Position) {
	w.layer.EndGhost()
	w.side.drop(nil)
	if row, target := w.side.at(at); target != nil && row.Place != w.list.Place() {
		w.actions.Move(w.chosen(), row.Folder, row.Name)
	}
}
