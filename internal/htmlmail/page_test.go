package htmlmail_test

import (
	"context"
	"image"
	"strings"
	"testing"

	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/layout"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
)

func must(t *testing.T, src string) *htmlmail.Document {
	t.Helper()
	doc, err := htmlmail.Parse(context.Background(), src, htmlmail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func paintOf(t *testing.T, g *page.Page, r page.Rect, scale float32) *image.RGBA {
	t.Helper()
	p := paint.Painter{Ink: ink.New()}
	img := p.Band(context.Background(), g, r, scale)
	if img == nil {
		t.Fatal("no picture")
	}
	return img
}

// embeddedStyle is the face of the first letter of a page.
func embeddedStyle(g *page.Page) font.Style { return g.Lines[0].Line.Spans[0].Style.Font }

const table = `<p>Intro <b>bold</b> text.</p><table><tr><td>one</td><td>two<br>lines</td></tr><tr><td>three</td><td>four</td></tr></table><ul><li>item</li></ul><p>end</p>`

func TestTextIsCopiedInReadingOrder(t *testing.T) {
	g := layoutOf(t, table, 500)
	want := "Intro bold text.\none\ttwo\nlines\nthree\tfour\nitem\nend"
	if got := g.Text(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// A paragraph that was broken to fit is one line of text.
	long := strings.Repeat("words and ", 30)
	if got := strings.TrimSpace(layoutOf(t, "<p>"+long, 200).Text()); got != strings.TrimSpace(long) {
		t.Errorf("%q", got)
	}
}

func TestWhatStandsInALineIsReadThere(t *testing.T) {
	g := layoutOf(t, `<div>before <span style="display:inline-block">in <b>side</b></span> behind</div>`, 500)
	if got := strings.Join(strings.Fields(g.Text()), " "); got != "before in side behind" {
		t.Errorf("%q", got)
	}
}

func TestHitWordAndParagraph(t *testing.T) {
	g := layoutOf(t, table, 500)
	w := word(t, g, "bold")
	from, to := g.Word(g.Hit(w.X+w.W/2, w.Y+w.H/2))
	if got := g.Copy(from, to); got != "bold" {
		t.Errorf("the word there is %q", got)
	}
	from, to = g.Paragraph(g.Hit(w.X, w.Y+2))
	if got := g.Copy(from, to); got != "Intro bold text." {
		t.Errorf("the paragraph there is %q", got)
	}
	w = word(t, g, "lines")
	from, to = g.Paragraph(g.Hit(w.X+1, w.Y+2))
	if got := g.Copy(from, to); got != "lines" {
		t.Errorf("the line there is %q", got)
	}
	if at := g.Hit(-100, -100); at != (page.Pos{}) {
		t.Errorf("above all: %v", at)
	}
	if at := g.Hit(1000, 1e6); at != g.End() {
		t.Errorf("below all: %v", at)
	}
	rects := g.Rects(page.Pos{}, g.End())
	if len(rects) < len(g.Lines)-1 {
		t.Errorf("%d rectangles for %d lines", len(rects), len(g.Lines))
	}
}

func TestFindGoesOverLinesAndCase(t *testing.T) {
	g := layoutOf(t, "<p>"+strings.Repeat("alpha beta ", 20)+"Gamma</p><p>gamma</p>", 120)
	if n := len(g.Find("BETA alpha")); n != 19 {
		t.Errorf("found %d times", n)
	}
	for _, f := range g.Find("gamma") {
		if got := g.Copy(f.From, f.To); !strings.EqualFold(got, "gamma") {
			t.Errorf("found %q", got)
		}
	}
	if g.Find("") != nil || g.Find("no such") != nil {
		t.Error("found what is not there")
	}
}

func TestQuotesAreMarked(t *testing.T) {
	g := layoutOf(t, `new<div class="gmail_quote"><div>On Monday</div><blockquote class="gmail_quote">old<blockquote type="cite">older</blockquote></blockquote></div>`, 400)
	var deepest page.Quote
	whole := page.Quote{From: len(g.Lines)}
	for _, q := range g.Quotes {
		if q.Level > deepest.Level {
			deepest = q
		}
		if q.Level == 1 {
			whole = q
		}
	}
	if len(g.Quotes) != 3 || g.Copy(page.Pos{Line: deepest.From}, page.Pos{Line: deepest.To - 1, Off: 99}) != "older" {
		t.Errorf("%+v", g.Quotes)
	}
	if got := g.Copy(page.Pos{Line: whole.From}, page.Pos{Line: whole.To - 1, Off: 99}); got != "On Monday\nold\nolder" {
		t.Errorf("the quote is %q", got)
	}
}

func TestQuotesFold(t *testing.T) {
	doc := must(t, `<p>new</p><div class="gmail_quote">On Monday<blockquote class="gmail_quote">old</blockquote></div><p>more</p><blockquote type="cite">two</blockquote><div id="divRplyFwdMsg">From: a</div><p>three</p>`)
	for _, c := range []struct {
		folds func(int) bool
		want  string
	}{
		{nil, "new\nOn Monday\nold\nmore\ntwo\nFrom: a\nthree"},
		{func(int) bool { return true }, "new\nmore"},
		{func(n int) bool { return n == 1 }, "new\nOn Monday\nold\nmore\nFrom: a\nthree"},
	} {
		g, err := doc.Layout(context.Background(), embedded(), htmlmail.View{Width: 400, Folds: c.folds})
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Text(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		numbers := 0
		for _, q := range g.Quotes {
			if q.Number >= 0 {
				numbers++
				if want := c.folds != nil && c.folds(q.Number); q.Folded != want || q.Folded && q.Rect.Y1-q.Rect.Y0 != layout.FoldHeight {
					t.Errorf("quote %d: %+v", q.Number, q)
				}
			}
		}
		if numbers != 3 {
			t.Errorf("%d quotes", numbers)
		}
	}
}

func TestOutlooksDividerBeginsAQuote(t *testing.T) {
	for _, src := range []string{
		`<div>new</div><hr><div id="divRplyFwdMsg"><b>From:</b> a</div><div>old</div>`,
		`<div class=WordSection1><p>new</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>From:</b> a</p></div></div><p>old</p></div>`,
	} {
		g := layoutOf(t, src, 400)
		if len(g.Quotes) != 1 {
			t.Errorf("%d quotes in %s", len(g.Quotes), src)
			continue
		}
		q := g.Quotes[0]
		if got := g.Copy(page.Pos{Line: q.From}, page.Pos{Line: q.To - 1, Off: 99}); got != "From: a\nold" {
			t.Errorf("the quote is %q", got)
		}
	}
}

func TestDarkTextCanBeRead(t *testing.T) {
	grounds := map[string]string{"nothing": "", "white": "background:#fff", "grey": "background:#ddd", "brand": "background:#1a73e8", "dark": "background:#202124",
		"yellow": "background:#ffeb3b", "red": "background:#d50000", "shade": "background:linear-gradient(#fff,#eee)", "pale": "background:#e8f0fe"}
	for name, ground := range grounds {
		for _, colour := range []string{"#000", "#333", "#777", "#999", "#fff", "#1a73e8", "#b00020", "#00c853", "#ffeb3b"} {
			doc := must(t, `<div style="padding:10px;`+ground+`"><p style="color:`+colour+`">text <a href="https://a.test">link</a></p></div>`)
			g, err := doc.Layout(context.Background(), embedded(), htmlmail.View{Width: 300, Dark: true})
			if err != nil {
				t.Fatal(err)
			}
			img := paintOf(t, g, page.Rect{X1: 300, Y1: 100}, 1)
			for _, it := range g.Items {
				if it.Kind != page.Text {
					continue
				}
				at := img.RGBAAt(int(it.X+it.Span.X1)+12, int(it.Y)+9)
				behind := it.Colour
				behind.R, behind.G, behind.B, behind.A = at.R, at.G, at.B, 255
				if c := page.Contrast(it.Colour, behind); c < 4.4 {
					t.Errorf("%s on %s: %v on %v, contrast %.2f", colour, name, it.Colour, behind, c)
				}
			}
		}
	}
	list, err := must(t, "<ul><li>x</ul>").Layout(context.Background(), embedded(), htmlmail.View{Width: 300, Dark: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range list.Items {
		if it.Sign && page.Contrast(it.Colour, list.Ground) < 4.5 {
			t.Errorf("the marker of a list is %v on %v", it.Colour, list.Ground)
		}
	}
	g, err := must(t, "<p>x").Layout(context.Background(), embedded(), htmlmail.View{Width: 300, Dark: true, Original: true})
	if err != nil || g.Ground.R != 255 {
		t.Errorf("the original colours: %v, %v", g.Ground, err)
	}
}

func TestAMailsOwnDarkRulesAreUsed(t *testing.T) {
	doc := must(t, `<style>p{color:#111}@media (prefers-color-scheme:dark){body{background:#000080}p{color:#abcdef}}</style><p>x`)
	g, err := doc.Layout(context.Background(), embedded(), htmlmail.View{Width: 300, Dark: true})
	if err != nil || !g.Dark || g.Ground.B != 128 || word(t, g, "x").Colour.R != 0xab {
		t.Errorf("%v %v %v", err, g.Ground, word(t, g, "x"))
	}
}

func TestPlainTextIsLaidOutToo(t *testing.T) {
	g, err := htmlmail.Plain("Hello,\n\nsee https://example.com/a_(b).\n> quoted\n>> twice\nbye\n").Layout(context.Background(), embedded(), htmlmail.View{Width: 400})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.Text(), "Hello,\n\nsee https://example.com/a_(b).\nquoted\ntwice\nbye"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if l := g.Links(); len(l) != 1 || l[0].Href != "https://example.com/a_(b)" {
		t.Errorf("links %+v", l)
	}
	if len(g.Quotes) != 2 {
		t.Errorf("%d quotes", len(g.Quotes))
	}
}

func TestZoomReflows(t *testing.T) {
	src := "<p>" + strings.Repeat("some words ", 40)
	if a, b := layoutOf(t, src, 600), layoutOf(t, src, 300); len(b.Lines) <= len(a.Lines) {
		t.Errorf("%d lines at 100 %%, %d at 200 %%", len(a.Lines), len(b.Lines))
	}
	if g := layoutOf(t, `<table width=900><td>x</table>`, 300); g.Wide < 900 {
		t.Errorf("a table of 900 is %g wide", g.Wide)
	}
}
