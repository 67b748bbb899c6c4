package segment

import (
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/segmenter"
)

var pieces = []string{"a", "word ", "longerword", " ", "漢字", "e\u0301", "👍🏽", "👨‍👩‍👧", "🇫🇷", "🇩🇪", "-", "ภาษา", "12.5", "(", ")", "\"", "$", "%",
	"  ", "אב", "العربية", "\n", "\u200d", "\ufe0f", "\u00a0", "क्षि", "가각", "\r", "—", "/", "http://x.y/z?",
	"123", "1,2", "€", "🇫", "א-ב", "भारत", "क्ष", "्", "ᬓᬸ", "ᬓ᭄", "ᄀ", "ᅡ", "ᆨ", "ខ្មែរ", "😀😀", "🏽", "々ー", "ʰ", "0", "x", "!", "%", "»", "\u2028"}

func randomText(r *rand.Rand, n int) []rune {
	var t []rune
	for len(t) < n {
		t = append(t, []rune(pieces[r.Intn(len(pieces))])...)
	}
	return t
}

// full asks about the whole text at once.
func full(t []rune) []Break {
	var s segmenter.Segmenter
	s.Init(t)
	out := make([]Break, len(t)+1)
	out[0] = Grapheme
	for it := s.GraphemeIterator(); it.Next(); {
		g := it.Grapheme()
		out[g.Offset+len(g.Text)] |= Grapheme
	}
	for it := s.LineIterator(); it.Next(); {
		l := it.Line()
		b := Line
		if l.IsMandatoryBreak {
			b |= MustLine
		}
		out[l.Offset+len(l.Text)] |= b
	}
	joinPictures(t, 0, out)
	return out
}

func TestTheNeighbourhoodIsEnough(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 400 {
		text := randomText(r, 1+r.Intn(300))
		want := full(text)
		for range 20 {
			from := r.Intn(len(text) + 1)
			to := from + r.Intn(len(text)+1-from)
			for i, b := range Breaks(text, from, to) {
				if b != want[from+i] {
					t.Fatalf("place %d of %q: %b, in the whole text %b", from+i, string(text), b, want[from+i])
				}
			}
		}
	}
}

func TestJoinedPicturesStayTogether(t *testing.T) {
	for _, before := range []string{"", "a", "😀", "😀😀", "👍🏽", "🇫🇷"} {
		text := []rune(before + "👨🏽‍👩‍👧❤️‍🔥x")
		at := len([]rune(before))
		if got := Next(text, at); got != at+6 {
			t.Errorf("behind %q a family ends after %d runes, want 6", before, got-at)
		}
		if got := Prev(text, len(text)-1); got != at+6 {
			t.Errorf("behind %q a burning heart begins at %d, want %d", before, got, at+6)
		}
	}
}

// A question in a long text of no letters must not cost the text.
func TestFarIsFarEnough(t *testing.T) {
	text := []rune(strings.Repeat("= ", 100_000))
	if a := anchor(text, len(text)); a < len(text)-far {
		t.Errorf("looks back %d runes", len(text)-a)
	}
	if b := Breaks(text, 100_001, 100_002); b[1]&Line == 0 || b[0]&Line != 0 {
		t.Errorf("breaks %b", b)
	}
}

func TestSteps(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 200 {
		text := randomText(r, 1+r.Intn(120))
		want := full(text)
		last := 0
		for i := range text {
			if want[i]&Grapheme != 0 {
				last = i
			}
			next := i + 1
			for want[next]&Grapheme == 0 {
				next++
			}
			if got := Next(text, i); got != next {
				t.Fatalf("Next(%d) of %q is %d, want %d", i, string(text), got, next)
			}
			if got := Prev(text, i+1); got != last {
				t.Fatalf("Prev(%d) of %q is %d, want %d", i+1, string(text), got, last)
			}
			if got := Round(text, i); got != last {
				t.Fatalf("Round(%d) of %q is %d, want %d", i, string(text), got, last)
			}
		}
	}
}

func TestWords(t *testing.T) {
	text := []rune("it's  a naïve—word")
	for _, x := range []struct{ at, start, end, from, to int }{
		{0, 0, 4, 0, 4}, {2, 0, 4, 0, 4}, {4, 0, 7, 0, 4}, {5, 0, 7, 5, 6}, {18, 14, 18, 14, 18},
	} {
		if got := WordStart(text, x.at); got != x.start {
			t.Errorf("WordStart(%d) = %d, want %d", x.at, got, x.start)
		}
		if got := WordEnd(text, x.at); got != x.end {
			t.Errorf("WordEnd(%d) = %d, want %d", x.at, got, x.end)
		}
		if from, to := WordAround(text, x.at); from != x.from || to != x.to {
			t.Errorf("WordAround(%d) = %d, %d, want %d, %d", x.at, from, to, x.from, x.to)
		}
	}
}

func TestAllWords(t *testing.T) {
	var got []string
	text := []rune("It's – one naïve—word, 12.")
	for from, to := range Words(text) {
		got = append(got, string(text[from:to]))
	}
	if !slices.Equal(got, []string{"It's", "one", "naïve", "word", "12"}) {
		t.Errorf("%q", got)
	}
}
