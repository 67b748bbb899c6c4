package ink

import (
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"sync"
	"testing"

	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/line"
	"paquebot.app/internal/text/shape"
)

var update = flag.Bool("update", false, "write the golden pictures")

var (
	black = color.NRGBA{0x1b, 0x1f, 0x24, 0xff}
	white = color.NRGBA{0xe8, 0xea, 0xed, 0xff}
	blue  = color.NRGBA{0x1a, 0x56, 0xdb, 0xff}
	red   = color.NRGBA{0xd0, 0x30, 0x30, 0xff}
	grey  = color.NRGBA{0x80, 0x88, 0x90, 0x40}
)

var shaper = shape.New(font.New(false, ""))

// lay lays runs out, a style and a text in turns.
func lay(width float32, runs ...any) *line.Paragraph {
	var text []rune
	var rs []line.Run
	for i := 0; i < len(runs); i += 2 {
		t := []rune(runs[i+1].(string))
		text = append(text, t...)
		rs = append(rs, line.Run{N: len(t), Style: runs[i].(line.Style)})
	}
	p := line.New(shaper, text, rs, line.Params{Width: width, Height: 23, Style: line.Style{Size: 15}})
	p.Find(len(text))
	return p
}

func looks(dark bool) func(uint32) Look {
	text := black
	if dark {
		text = white
	}
	return func(tag uint32) Look {
		switch tag {
		case 1:
			return Look{Colour: blue, Underline: true}
		case 2:
			return Look{Colour: text, Strike: true}
		case 3:
			return Look{Colour: text, Ground: grey}
		}
		return Look{Colour: text}
	}
}

func ops(p *line.Paragraph, dark bool) []Op {
	var out []Op
	for i := range p.Len() {
		out = Line(out, p.Line(i), 0, p.Y(i), looks(dark))
	}
	return out
}

// sample is a paragraph with all there is.
func sample() *line.Paragraph {
	at := func(tag uint32, s font.Style) line.Style { return line.Style{Size: 15, Tag: tag, Font: s} }
	return lay(300,
		at(0, font.Style{}), "Dear Ana, the ", at(0, font.Style{Weight: font.Bold}), "packet boat ", at(0, font.Style{Italic: true}), "leaves ",
		at(0, font.Style{Weight: font.Bold, Italic: true}), "definately ", at(1, font.Style{}), "on Monday", at(0, font.Style{}), "; ",
		at(2, font.Style{}), "not today", at(0, font.Style{}), ", says ", at(3, font.Style{}), "the code", at(0, font.Style{}), ". AVATAR Ωмега")
}

func golden(t *testing.T, name string, got *image.RGBA) {
	t.Helper()
	path := "testdata/" + name + ".png"
	if *update {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, got); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	src, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewRGBA(src.Bounds())
	draw.Draw(want, want.Rect, src, src.Bounds().Min, draw.Src)
	if want.Rect != got.Rect {
		t.Fatalf("%s is %v, want %v", name, got.Rect, want.Rect)
	}
	wrong := 0
	for i := range got.Pix {
		if d := int(got.Pix[i]) - int(want.Pix[i]); d > 2 || d < -2 { // rounding differs by processor
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%s: %d of %d values differ", name, wrong, len(got.Pix))
	}
}

// on lays a tile on a ground, as a window does.
func on(ground color.Color, tile *image.RGBA) *image.RGBA {
	out := image.NewRGBA(tile.Rect)
	draw.Draw(out, out.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, tile, tile.Rect.Min, draw.Over)
	return out
}

func TestGoldenTiles(t *testing.T) {
	p := sample()
	l := p.Line(0)
	for name, x := range map[string]struct {
		scale float32
		dark  bool
	}{"light": {1, false}, "dark": {1, true}, "light15": {1.5, false}, "dark2": {2, true}} {
		list := Waves(ops(p, x.dark), l, 0, 0, []Mark{{5, 8}}, red)
		list = append(list, Op{Kind: Box, Colour: grey, Radius: 9, Rect: Rect{0, p.Height() + 4, 120, p.Height() + 26}})
		ground := color.NRGBA{0xff, 0xff, 0xff, 0xff}
		if x.dark {
			ground = color.NRGBA{0x1e, 0x20, 0x24, 0xff}
		}
		golden(t, name, on(ground, New().Tile(list, 300, p.Height()+30, x.scale)))
	}
}

func TestPaintingTwiceIsTheSame(t *testing.T) {
	p, painter := sample(), New()
	a, b := painter.Tile(ops(p, false), 300, 90, 1.5), painter.Tile(ops(p, false), 300, 90, 1.5)
	if string(a.Pix) != string(b.Pix) {
		t.Error("a cached glyph looks different")
	}
}

// Lines may be painted while others are laid out.
func TestPaintingBesideLayingOut(t *testing.T) {
	painter := New()
	first := ops(sample(), false)
	want := painter.Tile(first, 300, 90, 1)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				if got := painter.Tile(ops(sample(), false), 300, 90, 1); string(got.Pix) != string(want.Pix) {
					t.Error("another picture")
				}
			}
		})
	}
	wg.Wait()
}

func TestTilesAreTransparentAndPremultiplied(t *testing.T) {
	img := New().Tile(ops(sample(), true), 300, 90, 1)
	clear := 0
	for i := 0; i < len(img.Pix); i += 4 {
		a := img.Pix[i+3]
		if a == 0 {
			clear++
		}
		for _, c := range img.Pix[i : i+3] {
			if c > a {
				t.Fatalf("colour %d over alpha %d", c, a)
			}
		}
	}
	if clear < len(img.Pix)/8 {
		t.Errorf("only %d clear pixels", clear)
	}
}

func TestNothingIsCutAtTheEdges(t *testing.T) {
	p := lay(300, line.Style{Size: 15, Font: font.Style{Italic: true}}, "jf")
	img := New().Tile(ops(p, false), p.Line(0).Width, 23, 2)
	b := img.Rect
	for x := b.Min.X; x < b.Max.X; x++ {
		for _, y := range []int{b.Min.Y, b.Max.Y - 1} {
			if img.RGBAAt(x, y).A != 0 {
				t.Fatal("ink in the last row")
			}
		}
	}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		if img.RGBAAt(b.Min.X, y).A != 0 || img.RGBAAt(b.Max.X-1, y).A != 0 {
			t.Fatal("ink in the last column")
		}
	}
	bleeds := false
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := 0; x < Margin(2); x++ {
			bleeds = bleeds || img.RGBAAt(x, y).A != 0
		}
	}
	if !bleeds {
		t.Error("an italic j does not reach out of its line: this tests nothing")
	}
}

func TestEdgesAreSharpAtEveryScale(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		for _, y := range []float32{0, 3.3, 7.7} {
			img := New().Tile([]Op{{Kind: Stroke, Colour: black, Rect: Rect{0, 10 + y, 20, 1}}, {Kind: Box, Colour: black, Rect: Rect{30, y, 40, y + 9}}}, 50, 30, scale)
			for i := 3; i < len(img.Pix); i += 4 {
				if a := img.Pix[i]; a != 0 && a != 255 {
					t.Fatalf("half a pixel at scale %g, %g", scale, y)
				}
			}
		}
	}
}

func TestTheGlyphCacheIsBounded(t *testing.T) {
	p, painter := sample(), New()
	for i := range 60 {
		painter.Tile(ops(p, false), 300, 90, 2+float32(i)/7)
	}
	n := 0
	for _, g := range []map[glyphKey]*mask{painter.young, painter.old} {
		for _, m := range g {
			n += m.size()
		}
	}
	if n > 2*generation {
		t.Errorf("%d bytes of glyphs kept", n)
	}
}

func TestPictures(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 2, 2))
	draw.Draw(src, src.Rect, image.NewUniform(red), image.Point{}, draw.Src)
	img := image.NewRGBA(image.Rect(0, 0, 20, 20))
	New().Paint(img, []Op{{Kind: Picture, Image: src, Rect: Rect{0, 0, 5, 5}}, {Kind: Picture}}, 10, 10, 1)
	if img.RGBAAt(12, 12).R != red.R || img.RGBAAt(9, 9).A != 0 || img.RGBAAt(15, 15).A != 0 {
		t.Error("a picture is not where it belongs")
	}
}

func BenchmarkLine(b *testing.B) {
	p := lay(720, line.Style{Size: 15}, "A line of a letter about as long as they are when a window is not too wide for reading")
	painter := New()
	for _, scale := range []float32{1, 2} {
		b.Run(map[float32]string{1: "1x", 2: "2x"}[scale], func(b *testing.B) {
			for b.Loop() {
				painter.Tile(Line(nil, p.Line(0), 0, 0, looks(false)), 720, 23, scale)
			}
		})
	}
}
