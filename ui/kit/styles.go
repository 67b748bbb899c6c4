package kit

import (
	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// The window's text styles: hierarchy by weight and colour, less by size.
var (
	Title      = TextStyle{glyph.Display, theme.SizeTitle, theme.Text}
	Heading    = TextStyle{glyph.Display, theme.SizeHeading, theme.Text}
	Reading    = TextStyle{glyph.Regular, theme.SizeReading, theme.Text}
	Name       = TextStyle{glyph.Regular, theme.SizeName, theme.Text}
	NameStrong = TextStyle{glyph.SemiBold, theme.SizeName, theme.Text}
	Body       = TextStyle{glyph.Regular, theme.SizeBody, theme.Text}
	BodyMedium = TextStyle{glyph.Medium, theme.SizeBody, theme.Text}
	BodyStrong = TextStyle{glyph.SemiBold, theme.SizeBody, theme.Text}
	Small      = TextStyle{glyph.Regular, theme.SizeSmall, theme.Muted}
	Caption    = TextStyle{glyph.Regular, theme.SizeCaption, theme.Faint}
	CaptionOn  = TextStyle{glyph.Medium, theme.SizeCaption, theme.Accent}
	Section    = TextStyle{glyph.SemiBold, theme.SizeSection, theme.Faint}
)
