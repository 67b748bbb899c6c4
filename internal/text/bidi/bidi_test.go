package bidi

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

func TestNestedLevels(t *testing.T) {
	for text, want := range map[string]string{
		"abc":             "000",
		"abc אב 12 ג xyz": "000011122110000",
		"אב (12) ג":       "111122111",
		"١٢":              "22",
		"a\tא":            "001",
		"אa":              "12",
	} {
		rs := []rune(text)
		levels, p := Levels(rs, Auto)
		EndLine(rs, levels, p)
		got := strings.Trim(strings.ReplaceAll(fmt.Sprint(levels), " ", ""), "[]")
		if got != want {
			t.Errorf("%q has levels %s, want %s", text, got, want)
		}
	}
}

func TestNeededMissesNothing(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	signs := []rune{'a', ' ', '1', '(', 'é', '漢', '😀', 'א', 'ا', '١', '\u202e', '\u2067', '\u202a', '\u2068', '\u2069', 0x10800, 0x1e900}
	for range 5000 {
		text := make([]rune, r.Intn(8))
		for i := range text {
			text[i] = signs[r.Intn(len(signs))]
		}
		levels, _ := Levels(text, Auto)
		odd := false
		for _, l := range levels {
			odd = odd || l&1 == 1
		}
		if odd && !Needed(text) {
			t.Fatalf("%q has levels %v and needs none", string(text), levels)
		}
	}
}

func TestALineBreakEndsEmbeddings(t *testing.T) {
	text := []rune("a\u202eb\nc")
	levels, _ := Levels(text, LTR)
	if levels[4] != 0 {
		t.Errorf("an override goes on in the next line: %v", levels)
	}
}

func FuzzLevels(f *testing.F) {
	f.Add("abc (אב \u2067 12) \u2069 ]")
	f.Fuzz(func(t *testing.T, s string) {
		text := []rune(s)
		levels, _ := Levels(text, Auto)
		EndLine(text, levels, 0)
		seen := make([]bool, len(text))
		for _, r := range Visual(levels) {
			for i := r.From; i < r.To; i++ {
				if seen[i] {
					t.Fatal("a rune is shown twice")
				}
				seen[i] = true
			}
		}
		for _, ok := range seen {
			if !ok {
				t.Fatal("a rune is not shown")
			}
		}
	})
}

// The cost of a rune must not grow with the text: compare the sizes.
func BenchmarkLevels(b *testing.B) {
	for name, part := range map[string]string{"hebrew": "שלום (עולם) 12, abc. ", "openBrackets": "(א", "isolates": "\u2068", "pairs": "(a[א]{)"} {
		for _, n := range []int{1000, 10_000, 100_000} {
			text := []rune(strings.Repeat(part, n/len([]rune(part))))
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					Levels(text, Auto)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rune")
			})
		}
	}
}
