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
	page bool // of many lines
}

// quietLine puts a field of one line on the ground it lies on.
func quietLine(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, quiet{Theme: fyne.CurrentApp().Settings().Theme()})
}

// quietPage is quietLine for the text of a letter.
func quietPage(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, quiet{fyne.CurrentApp().Settings().Theme(), true})
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
	case fynetheme.SizeNameText:
		if q.page {
			return theme.SizeReading
		}
	case fynetheme.SizeNameInputBorder:
		return 0
	case fynetheme.SizeNameLineSpacing: // the font has it
		return 0
	case fynetheme.SizeNameScrollBar, fynetheme.SizeNameScrollBarSmall:
		if !q.page {
			return 0
		}
	}
	return q.Theme.Size(n)
}
