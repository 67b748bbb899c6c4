package compose

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"paquebot.app/ui/theme"
)

// quiet is the theme of fields without a ground of their own: the caret alone
// says where the keyboard is, as on paper.
type quiet struct {
	fyne.Theme
	size float32
}

// quietly puts a field on the ground it lies on, with text of a size.
func quietly(o fyne.CanvasObject, size float32) fyne.CanvasObject {
	return container.NewThemeOverride(o, quiet{fyne.CurrentApp().Settings().Theme(), size})
}

// Color implements fyne.Theme.
func (q quiet) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case fynetheme.ColorNameInputBackground, fynetheme.ColorNameInputBorder, fynetheme.ColorNameFocus:
		return q.Theme.Color(theme.Clear, v)
	}
	return q.Theme.Color(n, v)
}

// Size implements fyne.Theme.
func (q quiet) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case fynetheme.SizeNameText:
		return q.size
	case fynetheme.SizeNameLineSpacing: // the toolkit adds it to the height of a line
		return q.size * 0.4
	}
	return q.Theme.Size(n)
}
