package glyph

import (
	"sort"

	"github.com/go-text/typesetting/segmenter"
)

// Width is the length of text in pixels.
func Width(text string, st Style) float32 { return Shape(text, st.Face).Width(st.Size) }

// Fit gives text as one line, cut with an ellipsis where it is wider than
// width pixels; the cut falls between runes, at the end in reading order.
func Fit(text string, st Style, width float32) *Line {
	if len(text) > maxFit {
		text = cutBytes(text, maxFit)
	}
	mu.Lock()
	defer mu.Unlock()
	l := shape(text, st.Face)
	if l.Width(st.Size) <= width {
		return l
	}
	room := (width - shape("…", st.Face).Width(st.Size)) * em / st.Size
	rs := []rune(text)
	t := tracking(st.Face, st.Size)
	n := sort.Search(len(rs), func(i int) bool { return l.logical[i+1]+float32(i+1)*t > room })
	// Shaped alone the beginning can be a little wider than it was in the whole.
	for ; n > 0; n-- {
		if rs[n-1] == ' ' || emojiTail(rs[n-1]) {
			continue
		}
		if l := shape(string(rs[:n])+"…", st.Face); l.Width(st.Size) <= width {
			return l
		}
	}
	if room < 0 {
		return shape("", st.Face)
	}
	return shape("…", st.Face)
}

// maxFit bounds the shaping of one line: no screen shows more than this.
const maxFit = 2048

func cutBytes(s string, n int) string {
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// Wrap breaks text into lines of at most width pixels at the places UAX #14
// allows; line feeds always break. A word wider than a line is cut between
// graphemes.
func Wrap(text string, st Style, width float32) []*Line {
	mu.Lock()
	defer mu.Unlock()
	var out []*Line
	start := 0
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == '\n' {
			out = wrap(out, text[start:i], st, width)
			start = i + 1
		}
	}
	return out
}

func wrap(out []*Line, text string, st Style, width float32) []*Line {
	whole := layOut(text, st.Face)
	if whole.Width(st.Size) <= width {
		return append(out, whole)
	}
	rs := []rune(text)
	room := width * em / st.Size
	t := tracking(st.Face, st.Size)
	span := func(a, b int) float32 {
		for b > a && rs[b-1] == ' ' {
			b--
		}
		return whole.logical[b] - whole.logical[a] + float32(b-a)*t
	}
	emit := func(a, b int) {
		for b > a && rs[b-1] == ' ' {
			b--
		}
		out = append(out, shape(string(rs[a:b]), st.Face))
	}
	var seg segmenter.Segmenter
	seg.Init(rs)
	from, last := 0, 0
	for it := seg.LineIterator(); it.Next(); {
		l := it.Line()
		end := l.Offset + len(l.Text)
		if span(from, end) > room && last > from {
			emit(from, last)
			from = last
		}
		for span(from, end) > room {
			cut := from + 1
			for cut < end && span(from, cut+1) <= room {
				cut++
			}
			emit(from, cut)
			from = cut
		}
		last = end
	}
	if from < len(rs) {
		emit(from, len(rs))
	}
	return out
}
