package assets

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"strings"
	"testing"
)

func TestEveryFaceIsThereWithItsLicence(t *testing.T) {
	for _, n := range []string{FontRegular, FontMedium, FontSemiBold, FontBold, FontItalic, FontDisplay} {
		if b := Font(n); !bytes.HasPrefix(b, []byte("OTTO")) {
			t.Errorf("%s is no OpenType font (%d bytes)", n, len(b))
		}
	}
	if !strings.Contains(FontLicence(), "SIL OPEN FONT LICENSE Version 1.1") {
		t.Error("the licence text is missing")
	}
	if Font("Comic.otf") != nil {
		t.Error("an unknown face is not nil")
	}
}

func TestEveryIconIsAStrokeDrawingOnTheGrid(t *testing.T) {
	names := IconNames()
	if len(names) < 40 {
		t.Fatalf("%d icons", len(names))
	}
	for _, n := range names {
		var svg struct {
			ViewBox string `xml:"viewBox,attr"`
		}
		b := Icon(n)
		if err := xml.Unmarshal(b, &svg); err != nil || svg.ViewBox != "0 0 24 24" {
			t.Errorf("%s: view box %q, %v", n, svg.ViewBox, err)
		}
		if !bytes.Contains(b, []byte(`stroke="currentColor" stroke-width="1.7"`)) {
			t.Errorf("%s is not drawn with the common stroke", n)
		}
	}
	if Icon("no-such") != nil {
		t.Error("an unknown icon is not nil")
	}
}

func TestApplicationIcon(t *testing.T) {
	im, err := png.Decode(bytes.NewReader(IconPNG))
	if err != nil || im.Bounds().Dx() != 256 || im.Bounds().Dy() != 256 {
		t.Errorf("icon: %v", err)
	}
	if err := xml.Unmarshal(IconSVG, new(struct{})); err != nil {
		t.Error(err)
	}
}
