package theme

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"paquebot.app/assets"
)

// Page is the style of the toolkit's text fields in which letters are written.
// Such a field sets its lines as close as the font's own measures allow, so the
// line height of running text is put into a copy of the font: the ascent and
// descent of its hhea and OS/2 tables (OpenType 1.9). The style differs from
// others by its tab stops alone.
var Page = fyne.TextStyle{TabWidth: 8}

// leaded is the regular face with the line height of running text.
var leaded = sync.OnceValue(func() fyne.Resource {
	return fyne.NewStaticResource("leaded-"+assets.FontRegular, withLeading(assets.Font(assets.FontRegular), LineReading))
})

// withLeading returns a copy of a font whose lines are height times its size
// high, the letters in their middle. A font that is not understood is returned
// as it is.
func withLeading(font []byte, height float32) []byte {
	head, hhea, os2 := table(font, "head"), table(font, "hhea"), table(font, "OS/2")
	if len(head) < 20 || len(hhea) < 10 || len(os2) < 78 {
		return font
	}
	font = slices.Clone(font)
	hhea, os2 = table(font, "hhea"), table(font, "OS/2")
	be := binary.BigEndian
	unit := float32(be.Uint16(head[18:]))
	up, down := float32(int16(be.Uint16(hhea[4:]))), -float32(int16(be.Uint16(hhea[6:])))
	more := height*unit - up - down
	if more <= 0 || height*unit > math.MaxInt16 {
		return font
	}
	ascent, descent := uint16(up+more/2), uint16(-int16(down+more/2))
	for _, at := range [][]byte{hhea[4:], os2[68:]} { // ascender, descender, line gap
		be.PutUint16(at, ascent)
		be.PutUint16(at[2:], descent)
		be.PutUint16(at[4:], 0)
	}
	return font
}

// table returns a table of a font; nil where it has none.
func table(font []byte, tag string) []byte {
	if len(font) < 12 {
		return nil
	}
	be := binary.BigEndian
	for i := range int(be.Uint16(font[4:])) {
		at := 12 + 16*i
		if at+16 > len(font) {
			return nil
		}
		if string(font[at:at+4]) == tag {
			from, size := uint64(be.Uint32(font[at+8:])), uint64(be.Uint32(font[at+12:]))
			if from+size > uint64(len(font)) {
				return nil
			}
			return font[from : from+size]
		}
	}
	return nil
}
