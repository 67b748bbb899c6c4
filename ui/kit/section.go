package kit

import (
	"fyne.io/fyne/v2"
)

// SectionHeader heads a group of rows, such as an account in the sidebar.
func SectionHeader(text string) fyne.CanvasObject {
	return Inset(12, 15, 8, 5, NewShrinkText(text, Section))
}
