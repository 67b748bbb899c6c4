package glyph

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

var body = Style{Regular, 13.5}

func TestWidthGrowsWithTheSizeExactly(t *testing.T) {
	l := Shape("Itinerary for Lisbon", Display) // the display cut is not letter-spaced
	if a, b := l.Width(10), l.Width(14.5); math.Abs(float64(b/a-1.45)) > 1e-5 {
		t.Errorf("10 px: %v, 14.5 px: %v", a, b)
	}
	if Width("", body) != 0 {
		t.Error("nothing has a width")
	}
}

func TestFitNeverExceedsTheRoom(t *testing.T) {
	text := "Re: Draft budget for the spring workshop"
	whole := Width(text, body)
	for w := float32(0); w < whole+20; w += 3.3 {
		l := Fit(text, body, w)
		if got := l.Width(body.Size); got > w {
			t.Errorf("%q is %v wide, room %v", l.Text, got, w)
		}
		if w >= whole && l.Text != text {
			t.Errorf("%q was cut though there is room", l.Text)
		}
		if w < whole && l.Text != "" && !strings.HasSuffix(l.Text, "…") {
			t.Errorf("%q is cut without an ellipsis", l.Text)
		}
	}
	if l := Fit("Re: something", body, 30); strings.Contains(l.Text, " …") {
		t.Errorf("a space stands before the ellipsis: %q", l.Text)
	}
}

func TestFitOfAnEndlessSubjectIsBounded(t *testing.T) {
	l := Fit(strings.Repeat("é", 1<<20), body, 300)
	if !utf8.ValidString(l.Text) || len(l.Text) > maxFit {
		t.Errorf("%d bytes", len(l.Text))
	}
}

func TestWrapKeepsTheWordsAndTheWidth(t *testing.T) {
	text := "Tom, could you bring the printed tickets? The machines were out of order last time and the queue at the counter was long."
	for w := float32(80); w < 500; w += 37 {
		var words []string
		for _, l := range Wrap(text, body, w) {
			if l.Width(body.Size) > w+0.01 {
				t.Errorf("%q is wider than %v", l.Text, w)
			}
			words = append(words, strings.Fields(l.Text)...)
		}
		if got := strings.Join(words, " "); got != text {
			t.Errorf("at %v the text reads %q", w, got)
		}
	}
}

func TestWrapBreaksAtLineFeedsAndCutsEndlessWords(t *testing.T) {
	lines := Wrap("one\n\ntwo", body, 400)
	if len(lines) != 3 || lines[0].Text != "one" || lines[1].Text != "" || lines[2].Text != "two" {
		t.Errorf("%d lines", len(lines))
	}
	all := ""
	for _, l := range Wrap(strings.Repeat("x", 300), body, 100) {
		if l.Width(body.Size) > 100 {
			t.Errorf("a line is %v wide", l.Width(body.Size))
		}
		all += l.Text
	}
	if len(all) != 300 {
		t.Errorf("%d of 300 letters are left", len(all))
	}
}

func TestHebrewStandsInReadingOrder(t *testing.T) {
	l := Shape("אב", Regular)
	if len(l.glyphs) != 2 {
		t.Fatalf("%d glyphs", len(l.glyphs))
	}
	// The first letter in reading order stands to the right.
	alef := Shape("א", Regular).glyphs[0].id
	if l.glyphs[1].id != alef || l.glyphs[1].x <= l.glyphs[0].x {
		t.Error("the first letter is not at the right")
	}
}

func TestEveryScriptSharesTheBaseline(t *testing.T) {
	// Ink of a full stop stands on the baseline whatever follows it.
	bottom := func(text string) int {
		im := image.NewRGBA(image.Rect(0, 0, 6, 60))
		Shape(text, Regular).Paint(im, 0, 40, 30, 30, color.Black)
		last := -1
		for y := range 60 {
			for x := range 6 {
				if im.Pix[y*im.Stride+x*4+3] > 128 {
					last = y
				}
			}
		}
		return last
	}
	want := bottom(".")
	if want < 35 || want > 40 {
		t.Fatalf("the stop ends at %d", want)
	}
	for _, s := range []string{".a", ".会", ".हि", ".😀"} {
		if got := bottom(s); got != want {
			t.Errorf("%q: the stop ends at %d, want %d", s, got, want)
		}
	}
}

func TestEmojiAreColoured(t *testing.T) {
	for _, s := range []string{"😀", "❤️", "👍🏽"} {
		im := image.NewRGBA(image.Rect(0, 0, 80, 40))
		Shape(s, Regular).Paint(im, 2, 30, 24, 24, color.Black)
		coloured := 0
		for i := 0; i < len(im.Pix); i += 4 {
			if p := im.Pix[i : i+4]; p[3] > 200 && (p[0] > p[2]+40) {
				coloured++
			}
		}
		if coloured < 50 {
			t.Errorf("%s has %d coloured pixels", s, coloured)
		}
	}
}

// FuzzFit holds that no text from outside brings the painter down.
func FuzzFit(f *testing.F) {
	for _, s := range []string{"", "a", "שלום (123) abc", "\x00\xff", "👩‍👩‍👧🏳️‍🌈", "e\u0301\u0301\u0301", "\u202e\u2066x\u2069", "नमस्ते", "\ufffc\ufffd\U0010ffff"} {
		f.Add(s, float32(80))
	}
	f.Fuzz(func(t *testing.T, s string, w float32) {
		if w < 0 || w > 5000 || w != w {
			return
		}
		l := Fit(s, body, w)
		if got := l.Width(body.Size); got > w+0.01 && l.Text != "" {
			t.Errorf("%q is %v wide, room %v", l.Text, got, w)
		}
		im := image.NewRGBA(image.Rect(0, 0, 100, 30))
		l.Paint(im, 4, 20, body.Size, body.Size, color.White)
		if len(s) < 400 {
			Wrap(s, body, max(w, 10))
		}
	})
}

func BenchmarkFitCold(b *testing.B) {
	text := []byte("Hi both, I've put the final times below. The train leaves Oriente at 000000000")
	for i := range b.N {
		for k, n := len(text)-1, i; n > 0; k, n = k-1, n/10 {
			text[k] = '0' + byte(n%10)
		}
		Fit(string(text), body, 300)
	}
}

func BenchmarkPaint(b *testing.B) {
	l := Shape("Hi both, I've put the final times below. The train", Regular)
	im := image.NewRGBA(image.Rect(0, 0, 320, 28))
	for range b.N {
		l.Paint(im, 4, 20, 13.5, 13.5, color.Black)
	}
}
