package kit

import "fyne.io/fyne/v2"

// PassShortcut hands the window a shortcut its focused widget has no use for:
// the toolkit gives a shortcut to the focused widget alone.
func PassShortcut(from fyne.CanvasObject, s fyne.Shortcut) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(from); c != nil {
		passTo(c, s)
	}
}

func passTo(c fyne.Canvas, s fyne.Shortcut) {
	// The driver's canvas has this method, which fyne.Canvas does not name.
	if w, ok := c.(fyne.Shortcutable); ok {
		w.TypedShortcut(s)
	}
}
