package editor

import (
	"sync"

	fynetheme "fyne.io/fyne/v2/theme"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/shape"
	"paquebot.app/ui/kit/glyph"
)

// typesetting is what all Editors share: faces, shaped words, drawn glyphs.
type typesetting struct {
	shaper  *shape.Shaper
	painter *ink.Painter
}

var fonts = sync.OnceValue(func() *typesetting {
	var more []font.Source
	if bundled := fynetheme.DefaultEmojiFont(); bundled != nil {
		more = append(more, font.Source{Family: "emoji", Emoji: true, Data: bundled.Content()})
	}
	t := &typesetting{shape.New(font.New(true, "", more...)), ink.New()}
	t.painter.SVG = glyph.SVG
	return t
})

// Preload indexes the system's fonts, which the first letter in a script
// outside the embedded faces would otherwise wait for. Meant for a goroutine at
// start-up.
func Preload() { fonts().shaper.Book.Preload() }
