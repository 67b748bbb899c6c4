package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/shape"
)

func TestSheetsHoldAllLinesWhole(t *testing.T) {
	doc, err := htmlmail.Parse(context.Background(), strings.Repeat("<p>A paragraph of some words, and <a href='https://example.com/a_(b)'>a link</a>.</p>", 120), htmlmail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := doc.Layout(context.Background(), shape.New(font.New(false, "")), htmlmail.View{Width: 700})
	if err != nil {
		t.Fatal(err)
	}
	cuts := sheets(g, 1000)
	for _, c := range cuts[1 : len(cuts)-1] {
		for i := range g.Lines {
			if l := &g.Lines[i]; l.Y < c && c < l.Y+l.Line.Height {
				t.Errorf("a line from %g to %g is cut at %g", l.Y, l.Y+l.Line.Height, c)
			}
		}
	}
	var out bytes.Buffer
	if err := Write(context.Background(), &out, &paint.Painter{Ink: ink.New()}, g); err != nil {
		t.Fatal(err)
	}
	pdf := out.String()
	if n := strings.Count(pdf, "/Type/Page/"); n < 4 || strings.Count(pdf, "/Subtype/Link") != 120 || !strings.Contains(pdf, `https://example.com/a_\(b\)`) {
		t.Errorf("%d sheets, %d links", n, strings.Count(pdf, "/Subtype/Link"))
	}
	// The table says where each object begins, and pictures are as large as
	// they say.
	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindStringSubmatch(pdf)
	at, _ := strconv.Atoi(start[1])
	for i, m := range regexp.MustCompile(`(\d{10}) 00000 n`).FindAllStringSubmatch(pdf[at:], -1) {
		where, _ := strconv.Atoi(m[1])
		if !strings.HasPrefix(pdf[where:], strconv.Itoa(i+1)+" 0 obj") {
			t.Fatalf("object %d is not at %d", i+1, where)
		}
	}
	picture := regexp.MustCompile(`/Width (\d+)/Height (\d+)/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length (\d+)>>stream\n`).FindStringSubmatchIndex(pdf)
	number := func(i int) int { n, _ := strconv.Atoi(pdf[picture[2*i]:picture[2*i+1]]); return n }
	z, err := zlib.NewReader(strings.NewReader(pdf[picture[1] : picture[1]+number(3)]))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil || len(data) != 3*number(1)*number(2) {
		t.Errorf("%v: %d bytes for %d by %d", err, len(data), number(1), number(2))
	}
}
