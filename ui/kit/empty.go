package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Empty is what a pane shows that has nothing to show: an icon, what is so,
// what could be done, and buttons for that.
func Empty(icon, title, note string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	head := NewText(title, TextStyle{glyph.SemiBold, 16, theme.Text})
	head.SetAlign(fyne.TextAlignCenter)
	words := NewNote(note, TextStyle{glyph.Regular, theme.SizeBody, theme.Muted})
	words.SetAlign(fyne.TextAlignCenter)
	parts := []fyne.CanvasObject{
		Sized(64, 64, container.NewStack(NewFill(theme.Card, 32), NewIcon(icon, 28, theme.Faint))),
		Gap(1, 8), head, words,
	}
	if len(buttons) > 0 {
		parts = append(parts, Gap(1, 6))
	}
	for _, b := range buttons {
		parts = append(parts, Sized(240, 0, b))
	}
	stack := VStack(8, parts...)
	return VStack(0, Spring(), Column(360, stack), Gap(1, 60), Spring())
}
