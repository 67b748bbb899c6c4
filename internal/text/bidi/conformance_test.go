package bidi

import (
	"bufio"
	"compress/bzip2"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// lines calls f for every line of a file of the Unicode Character Database
// (15.0, under the Unicode licence, which the files name).
func lines(t *testing.T, name string, f func(line string)) {
	t.Helper()
	file, err := os.Open("testdata/" + name + ".bz2")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := bufio.NewScanner(bzip2.NewReader(file))
	for s.Scan() {
		if line := s.Text(); line != "" && line[0] != '#' {
			f(line)
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
}

// differs compares levels and order of a text as one line with those wanted,
// "x" for what is removed.
func differs(text []rune, base Base, paragraph int, levels, order []string) string {
	got, level := Levels(text, base)
	EndLine(text, got, level)
	if paragraph >= 0 && int(level) != paragraph {
		return fmt.Sprintf("paragraph level %d, want %d", level, paragraph)
	}
	for i, want := range levels {
		if want != "x" && want != strconv.Itoa(int(got[i])) {
			return fmt.Sprintf("levels %v, want %v", got, levels)
		}
	}
	var visual []string
	for _, r := range Visual(got) {
		for k := r.From; k < r.To; k++ {
			i := k
			if r.RTL() {
				i = r.To - 1 - (k - r.From)
			}
			if levels[i] != "x" {
				visual = append(visual, strconv.Itoa(i))
			}
		}
	}
	if strings.Join(visual, " ") != strings.Join(order, " ") {
		return fmt.Sprintf("order %v, want %v", visual, order)
	}
	return ""
}

func TestBidiCharacterTest(t *testing.T) {
	cases, wrong := 0, 0
	lines(t, "BidiCharacterTest.txt", func(line string) {
		f := strings.Split(line, ";")
		var text []rune
		for _, h := range strings.Fields(f[0]) {
			r, _ := strconv.ParseUint(h, 16, 32)
			text = append(text, rune(r))
		}
		base := map[string]Base{"0": LTR, "1": RTL, "2": Auto}[f[1]]
		paragraph, _ := strconv.Atoi(f[2])
		cases++
		if d := differs(text, base, paragraph, strings.Fields(f[3]), strings.Fields(f[4])); d != "" {
			if wrong++; wrong < 10 {
				t.Errorf("%s: %s", line, d)
			}
		}
	})
	if cases < 90000 || wrong > 0 {
		t.Errorf("%d of %d cases wrong", wrong, cases)
	}
}

func TestBidiTest(t *testing.T) {
	sample := map[string]rune{"L": 'a', "R": 'א', "EN": '1', "ES": '+', "ET": '#', "AN": '١', "CS": ',', "B": '\u2029',
		"S": '\t', "WS": ' ', "ON": '!', "BN": '\u00ad', "NSM": '\u0300', "AL": 'ا', "LRE": '\u202a', "RLE": '\u202b',
		"PDF": '\u202c', "LRO": '\u202d', "RLO": '\u202e', "LRI": '\u2066', "RLI": '\u2067', "FSI": '\u2068', "PDI": '\u2069'}
	var levels, order []string
	cases, wrong := 0, 0
	lines(t, "BidiTest.txt", func(line string) {
		if rest, ok := strings.CutPrefix(line, "@Levels:"); ok {
			levels = strings.Fields(rest)
			return
		}
		if rest, ok := strings.CutPrefix(line, "@Reorder:"); ok {
			order = strings.Fields(rest)
			return
		}
		classes, bits, ok := strings.Cut(line, "; ")
		if !ok {
			return
		}
		var text []rune
		for _, c := range strings.Fields(classes) {
			text = append(text, sample[c])
		}
		set, _ := strconv.Atoi(bits)
		for base := Auto; base <= RTL; base++ {
			if set&(1<<base) == 0 {
				continue
			}
			cases++
			if d := differs(text, base, -1, levels, order); d != "" {
				if wrong++; wrong < 10 {
					t.Errorf("%s with base %d: %s", classes, base, d)
				}
			}
		}
	})
	if cases < 700000 || wrong > 0 {
		t.Errorf("%d of %d cases wrong", wrong, cases)
	}
}
