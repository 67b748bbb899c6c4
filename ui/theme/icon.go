package theme

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"paquebot.app/assets"
)

// icon is a stroke icon for the toolkit's own widgets, in a named colour of
// the appearance shown when it is drawn.
type icon struct {
	name  string
	color fyne.ThemeColorName
}

// Icon gives a stroke icon of assets as the toolkit's widgets take it.
func Icon(name string, color fyne.ThemeColorName) fyne.Resource {
	return &icon{name: name, color: color}
}

func (i *icon) hex() string {
	c := color.NRGBAModel.Convert(fynetheme.Color(i.color)).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}

// Name implements fyne.Resource; the toolkit keeps what it drew by name.
func (i *icon) Name() string { return i.name + i.hex() + ".svg" }

// Content implements fyne.Resource.
func (i *icon) Content() []byte {
	return []byte(strings.ReplaceAll(string(assets.Icon(i.name)), "currentColor", i.hex()))
}
