// Package theme is the look of the window: named colours for a light and a
// dark appearance, sizes, and the typeface. Nothing else under ui writes a
// literal colour; every text colour reaches 4.5:1 and every mark 3:1 on the
// grounds it is used on (WCAG 2.2, 1.4.3 and 1.4.11), which a test computes.
//
// The toolkit's own widgets are covered through the toolkit's names, so that
// an Entry or a Scroll among ours looks like ours.
package theme

import (
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"paquebot.app/assets"
)

// Appearance says where light or dark comes from.
type Appearance int

// Follow takes the desktop's wish, live; the others are the user's own.
const (
	Follow Appearance = iota
	Light
	Dark
)

// Theme implements fyne.Theme. It never changes: a changed setting installs a
// new one.
type Theme struct {
	appearance Appearance
	base       fyne.Theme
}

// New gives the theme for an appearance.
func New(a Appearance) *Theme {
	return &Theme{appearance: a, base: fynetheme.DefaultTheme()}
}

// Install makes an appearance the application's theme.
func Install(app fyne.App, a Appearance) { app.Settings().SetTheme(New(a)) }

// Color gives a named colour in the appearance the application shows now.
func Color(name fyne.ThemeColorName) color.Color { return fynetheme.Color(name) }

// IsDark reports whether the application shows the dark appearance now.
func IsDark() bool {
	s := fyne.CurrentApp().Settings()
	if t, ok := s.Theme().(*Theme); ok {
		return t.dark(s.ThemeVariant())
	}
	return s.ThemeVariant() == fynetheme.VariantDark
}

func (t *Theme) dark(v fyne.ThemeVariant) bool {
	return t.appearance == Dark || t.appearance == Follow && v == fynetheme.VariantDark
}

// Color implements fyne.Theme.
func (t *Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	isDark := t.dark(v)
	p, v := light, fynetheme.VariantLight
	if isDark {
		p, v = dark, fynetheme.VariantDark
	}
	if own, ok := toolkit[n]; ok {
		n = own
	}
	if c, ok := p[n]; ok {
		return c
	}
	return t.base.Color(n, v)
}

// toolkit says which of our colours the toolkit's own widgets take.
var toolkit = map[fyne.ThemeColorName]fyne.ThemeColorName{
	fynetheme.ColorNameBackground:          Reader,
	fynetheme.ColorNameForeground:          Text,
	fynetheme.ColorNamePrimary:             Accent,
	fynetheme.ColorNameForegroundOnPrimary: OnAccent,
	fynetheme.ColorNameHyperlink:           Accent,
	fynetheme.ColorNameSeparator:           Separator,
	fynetheme.ColorNameInputBackground:     Input,
	fynetheme.ColorNameInputBorder:         Clear,
	fynetheme.ColorNamePlaceHolder:         Faint,
	fynetheme.ColorNameDisabled:            Faint,
	fynetheme.ColorNameHover:               Hover,
	fynetheme.ColorNamePressed:             Hover,
	fynetheme.ColorNameFocus:               Ring,
	fynetheme.ColorNameSelection:           TextSelection,
	fynetheme.ColorNameMenuBackground:      Raised,
	fynetheme.ColorNameOverlayBackground:   Raised,
	fynetheme.ColorNameShadow:              Shadow,
	fynetheme.ColorNameScrollBar:           ScrollBar,
	fynetheme.ColorNameScrollBarBackground: Clear,
	fynetheme.ColorNameError:               Danger,
	fynetheme.ColorNameWarning:             Warning,
	fynetheme.ColorNameSuccess:             Success,
	fynetheme.ColorNameButton:              Input,
	fynetheme.ColorNameDisabledButton:      Input,
}

// Font implements fyne.Theme.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Monospace || s.Symbol:
		return t.base.Font(s)
	case s.Bold:
		return fontResource(assets.FontSemiBold)
	case s.Italic:
		return fontResource(assets.FontItalic)
	}
	return fontResource(assets.FontRegular)
}

var (
	fontLock sync.Mutex
	fonts    = map[string]fyne.Resource{}
)

func fontResource(file string) fyne.Resource {
	fontLock.Lock()
	defer fontLock.Unlock()
	r := fonts[file]
	if r == nil {
		r = fyne.NewStaticResource(file, assets.Font(file))
		fonts[file] = r
	}
	return r
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return t.base.Icon(n) }

// AppIcon is the application's icon as the toolkit wants it.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("paquebot.png", assets.IconPNG) }
