package theme

import (
	"bytes"
	"testing"

	"github.com/go-text/typesetting/font"

	"paquebot.app/assets"
)

func TestLeading(t *testing.T) {
	plain := assets.Font(assets.FontRegular)
	face, err := font.ParseTTF(bytes.NewReader(withLeading(plain, LineReading)))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := face.FontHExtents()
	if height := (e.Ascender - e.Descender + e.LineGap) / float32(face.Upem()); !ok || height < LineReading-0.01 || height > LineReading+0.01 {
		t.Errorf("lines are %v of the size high", height)
	}
	for n := range 200 { // damaged fonts are left alone
		withLeading(plain[:n*len(plain)/200], LineReading)
	}
}
