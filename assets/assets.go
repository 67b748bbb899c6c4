// Package assets holds what the program carries inside itself: the application
// icon, the typeface and the icons of the window. Everything here is embedded
// at build time, so a lookup by one of the package's own names never fails.
package assets

import "embed"

// The faces of Inter that the window uses (SIL Open Font License 1.1, the text
// is fonts/OFL.txt).
const (
	FontRegular  = "Inter-Regular.otf"
	FontMedium   = "Inter-Medium.otf"
	FontSemiBold = "Inter-SemiBold.otf"
	FontBold     = "Inter-Bold.otf"
	FontItalic   = "Inter-Italic.otf"
	FontDisplay  = "InterDisplay-SemiBold.otf"
)

//go:embed fonts/*.otf fonts/OFL.txt
var fonts embed.FS

//go:embed icons/*.svg
var icons embed.FS

// IconSVG is the application's icon as a drawing, IconPNG the same at 256 × 256.
var (
	//go:embed paquebot.svg
	IconSVG []byte
	//go:embed paquebot.png
	IconPNG []byte
)

// Font gives the bytes of an embedded face, nil for a name that is none of the
// constants.
func Font(name string) []byte {
	b, err := fonts.ReadFile("fonts/" + name)
	if err != nil {
		return nil
	}
	return b
}

// FontLicence is the licence the typeface comes under.
func FontLicence() string {
	b, _ := fonts.ReadFile("fonts/OFL.txt")
	return string(b)
}

// Icon gives a stroke icon as SVG on a 24-unit grid, drawn in currentColor;
// nil when there is none of that name.
func Icon(name string) []byte {
	b, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil
	}
	return b
}

// IconNames lists all stroke icons, sorted.
func IconNames() []string {
	entries, _ := icons.ReadDir("icons")
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()[:len(e.Name())-len(".svg")]
	}
	return names
}
