package htmlmail_test

import (
	"math"
	"strings"
	"testing"

	"paquebot.app/internal/htmlmail/page"
)

// word finds a word of a page.
func word(t *testing.T, g *page.Page, text string) page.Word {
	t.Helper()
	for _, w := range g.Words() {
		if w.Text == text {
			return w
		}
	}
	t.Fatalf("no word %q in %q", text, g.Text())
	return page.Word{}
}

func near(a, b, by float32) bool { return float32(math.Abs(float64(a-b))) <= by }

const html5 = "<!DOCTYPE html><style>body{margin:0;font:16px Inter}</style>"

// 1: text of a fractional size is as wide as its size says, not as the next
// whole one.
func TestTrapFractionalSizes(t *testing.T) {
	wide := func(size string) float32 {
		return word(t, layoutOf(t, html5+`<p style="font-size:`+size+`">Steamer`, 500), "Steamer").W
	}
	if a, b := wide("10.5px"), wide("100px"); !near(a, b*0.105, 0.1) {
		t.Errorf("at 10.5 px it is %g wide, at 100 px %g", a, b)
	}
}

// 2: a family that is not here gives way to one with its measures, and a
// quoted generic name is the name of a font.
func TestTrapFamilies(t *testing.T) {
	a := word(t, layoutOf(t, `<p style="font-family:'Inter'">Steamer`, 500), "Steamer").W
	b := word(t, layoutOf(t, `<p style="font-family:No Such Font, Inter">Steamer`, 500), "Steamer").W
	if a != b {
		t.Errorf("%g and %g wide", a, b)
	}
}

// 3: a line of no height is as high as its face wants, in whole pixels each.
func TestTrapNormalLineHeight(t *testing.T) {
	g := layoutOf(t, html5+"<div>a</div><div>b</div>", 300)
	m := embedded().Book.Face(embeddedStyle(g)).Metrics
	want := float32(math.Round(float64(m.Ascent*16)) + math.Round(float64(m.Descent*16)) + math.Round(float64(m.Gap*16)))
	if got := word(t, g, "b").Y - word(t, g, "a").Y; got != want {
		t.Errorf("a line is %g high, want %g", got, want)
	}
}

// 4: pictures are broken between lines as words are.
func TestTrapPicturesWrap(t *testing.T) {
	g := layoutOf(t, html5+strings.Repeat(`<img src="data:," width="100" height="20" alt=""> `, 6)+"end", 250)
	if w := word(t, g, "end"); w.Y < 40 {
		t.Errorf("six pictures of 100 stand in 250 pixels: the end is at %g, %g", w.X, w.Y)
	}
}

// 5: quirks: no strut round pictures in cells, tables that begin anew, no
// margins of paragraphs at the edges of cells, numbers without units.
func TestTrapQuirks(t *testing.T) {
	cell := `<table cellspacing=0 cellpadding=0><tr><td><img src="data:," width=40 height=10 style="font-size:40px"></table><p style="margin:0">end`
	quirks, standards := layoutOf(t, cell, 300), layoutOf(t, "<!DOCTYPE html>"+cell, 300)
	limited := layoutOf(t, `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">`+cell, 300)
	a, b, c := word(t, quirks, "end").Y, word(t, limited, "end").Y, word(t, standards, "end").Y
	if a != b || c <= a {
		t.Errorf("a picture in a cell takes until %g in quirks, %g in limited quirks, %g in standards mode", a, b, c)
	}
	if w := word(t, layoutOf(t, `<div style="font-size:40px"><table><td>x</table></div>`, 300), "x"); w.Size != 16 {
		t.Errorf("a table in quirks mode begins with %g px", w.Size)
	}
	p := "<table cellspacing=0 cellpadding=0><td><p>x</p></table>"
	if q, s := word(t, layoutOf(t, p, 300), "x").Y, word(t, layoutOf(t, "<!DOCTYPE html>"+p, 300), "x").Y; s-q < 15 {
		t.Errorf("a paragraph in a cell begins at %g in quirks and %g in standards mode", q, s)
	}
	n := `<p style="margin:0 0 0 30;color:ff0000">x`
	if w := word(t, layoutOf(t, n, 300), "x"); w.X != 38 || w.Colour.R != 255 {
		t.Errorf("numbers without units: %+v", w)
	}
	if w := word(t, layoutOf(t, "<!DOCTYPE html>"+n, 300), "x"); w.X != 8 || w.Colour.R != 0 {
		t.Errorf("in standards mode: %+v", w)
	}
}

// 6: align=center and center move tables and blocks, text-align does not, and
// inside of a table it ends.
func TestTrapCenteredBlocks(t *testing.T) {
	inside := `<table width=100 cellspacing=0 cellpadding=0><td>x</table>`
	at := func(src string) float32 { return word(t, layoutOf(t, src, 316), "x").X }
	if a, b, c := at("<center>"+inside+"</center>"), at("<div align=center>"+inside+"</div>"), at(`<div style="text-align:center">`+inside+"</div>"); a != 108 || b != 108 || c != 8 {
		t.Errorf("%g, %g and %g", a, b, c)
	}
}

// 7: a float that comes first in a line narrows it, and a br alone is a line.
func TestTrapFloatsAndBreaks(t *testing.T) {
	g := layoutOf(t, html5+`<p style="margin:0"><span style="float:left;width:100px;height:50px"></span>first words that wrap round it</p>`, 200)
	if w := word(t, g, "first"); w.X != 100 || w.Y > 5 {
		t.Errorf("%+v", w)
	}
	h := layoutOf(t, html5+`<div>a</div><div><br></div><div>b</div>`, 200)
	if a, b := word(t, h, "a"), word(t, h, "b"); b.Y-a.Y < 30 {
		t.Errorf("a lone br takes %g", b.Y-a.Y)
	}
}

// 8: what reaches over the edges of a picture is cut off; FuzzHTML looks for
// more of this.
func TestTrapClipping(t *testing.T) {
	for _, src := range odd {
		use(t, must(t, src), 300, true)
	}
	g := layoutOf(t, `<div style="border:20px dashed red;border-radius:300px;background:linear-gradient(red,blue);width:3000px;height:3000px;margin:-500px">x`, 300)
	for _, r := range []page.Rect{{X0: -700, Y0: -700, X1: -500, Y1: -400}, {X0: 2000, Y0: 2000, X1: 2600, Y1: 2600}, {X0: 0.3, Y0: 0.7, X1: 1.1, Y1: 1.2}} {
		paintOf(t, g, r, 1.7)
	}
}

// 10: shared borders of border=1, markers as shapes, lines along nested links
// in their own colours.
func TestTrapSmallThings(t *testing.T) {
	g := layoutOf(t, `<table border=1 style="border-collapse:collapse;border-color:#123456"><tr><td style="border:1px solid #123456">a<td style="border:1px solid #123456">b</table>`, 300)
	seams := map[float32]bool{}
	for _, it := range g.Items {
		if it.Kind == page.Frame {
			for i, w := range it.Border.Width {
				if w > 0 && i == 1 {
					seams[it.Rect.X1] = true
				}
			}
		}
	}
	if len(seams) != 2 {
		t.Errorf("two cells have right borders at %v", seams)
	}
	g = layoutOf(t, `<a href="https://a.test" style="color:#ff0000">x<span style="color:#00ff00">y</span></a>`, 300)
	for _, it := range g.Items {
		if it.Kind == page.Rule && (it.Colour.R != 255 || it.Colour.G != 0) {
			t.Errorf("a link's line is %v", it.Colour)
		}
	}
	g = layoutOf(t, `<ul><li>x<ul><li>y<ul><li>z</ul></ul></ul>`, 300)
	kinds := ""
	for _, it := range g.Items {
		switch {
		case it.Kind == page.Frame:
			kinds += "o"
		case it.Kind == page.Fill && it.Radius != nil:
			kinds += "•"
		case it.Kind == page.Fill:
			kinds += "▪"
		}
	}
	if kinds != "•o▪" {
		t.Errorf("markers %q", kinds)
	}
	if strings.Contains(g.Text(), "•") {
		t.Error("markers are text")
	}
}
