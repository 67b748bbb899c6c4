package htmlmail_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/htmlmail"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/paint"
	"paquebot.app/internal/htmlmail/score"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/shape"
)

// benched are the mails of testdata, and of the folder of others' mail where
// it is there.
func benched(b *testing.B) map[string]string {
	b.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"testdata/mail/*.html", "../../../shared/html/*.html"} {
		files, _ := filepath.Glob(pattern)
		for _, f := range files {
			src, err := os.ReadFile(f)
			if err != nil {
				b.Fatal(err)
			}
			out[strings.TrimSuffix(filepath.Base(f), ".html")] = score.Prepare(string(src), nil)
		}
	}
	return out
}

// look is what happens between the choice of a mail and its first screen.
func look(b *testing.B, s *shape.Shaper, p *paint.Painter, src string) {
	ctx := context.Background()
	doc, err := htmlmail.Parse(ctx, src, htmlmail.Options{})
	if err != nil {
		b.Fatal(err)
	}
	g, err := doc.Layout(ctx, s, htmlmail.View{Width: 700, Height: 900, Until: 1000})
	if err != nil {
		b.Fatal(err)
	}
	p.Band(ctx, g, page.Rect{X1: 700, Y1: 900}, 1)
}

// BenchmarkFirstScreen: parsed, laid out as far as it is seen, and its first
// 900 pixels painted, words and glyphs known from before.
func BenchmarkFirstScreen(b *testing.B) {
	s, p := shape.New(font.New(true, "")), &paint.Painter{Ink: ink.New()}
	for name, src := range benched(b) {
		look(b, s, p, src)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				look(b, s, p, src)
			}
		})
	}
}

// BenchmarkFirstScreenCold: the same with no word shaped and no glyph drawn;
// the fonts are indexed.
func BenchmarkFirstScreenCold(b *testing.B) {
	book := font.New(true, "")
	book.Preload()
	for name, src := range benched(b) {
		look(b, shape.New(book), &paint.Painter{Ink: ink.New()}, src)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				look(b, shape.New(book), &paint.Painter{Ink: ink.New()}, src)
			}
		})
	}
}

// BenchmarkLongMail: a mail of 4,000 paragraphs laid out to its end, and a
// band of 400 pixels in the middle of it painted.
func BenchmarkLongMail(b *testing.B) {
	src := strings.Repeat("<p>A paragraph of <b>some</b> words, long enough to be broken in two or three lines where the window is as wide as most windows are, and <a href=https://a.test>a link</a>.</p>", 4000)
	s, p := shape.New(font.New(false, "")), &paint.Painter{Ink: ink.New()}
	ctx := context.Background()
	doc, err := htmlmail.Parse(ctx, src, htmlmail.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var g *page.Page
	b.Run("layout", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if g, err = doc.Layout(ctx, s, htmlmail.View{Width: 700}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("band", func(b *testing.B) {
		for b.Loop() {
			p.Band(ctx, g, page.Rect{Y0: g.Height / 2, X1: 700, Y1: g.Height/2 + 400}, 1)
		}
	})
	b.Run("find", func(b *testing.B) {
		for b.Loop() {
			g.Find("windows are")
		}
	})
	b.Run("hit", func(b *testing.B) {
		for b.Loop() {
			g.Hit(300, g.Height/2)
		}
	})
}
