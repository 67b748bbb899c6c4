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
}

// quietLine puts a field of one line on the ground it lies on.
func quietLine(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, quiet{Theme: fyne.CurrentApp().Settings().Theme()})
}

// Color implements fyne.Theme.
func (q quiet) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case fynetheme.ColorNameInputBackground, fynetheme.ColorNameInputBorder, fynetheme.ColorNameShadow:
		return q.Theme.Color(theme.Clear, v)
	}
	return q.Theme.Color(n, v)
}

// Size implements fyne.Theme.
func (q quiet) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case fynetheme.SizeNameInputBorder, fynetheme.SizeNameScrollBar, fynetheme.SizeNameScrollBarSmall:
		return 0
	}
	return q.Theme.Size(n)
}
