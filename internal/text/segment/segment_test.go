package segment

import (
	"math/rand"
	"testing"

	"github.com/go-text/typesetting/segmenter"
)

var pieces = []string{"a", "word ", "longerword", " ", "漢字", "e\u0301", "👍🏽", "👨‍👩‍👧", "🇫🇷", "🇩🇪", "-", "ภาษา", "12.5", "(", ")", "\"", "$", "%",
	"  ", "אב", "العربية", "\n", "\u200d", "\ufe0f", "\u00a0", "क्षि", "가각", "\r", "—", "/", "http://x.y/z?"}

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
