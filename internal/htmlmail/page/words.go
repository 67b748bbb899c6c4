package page

import "image/color"

// Word is a word of the page and where it stands.
type Word struct {
	Text       string
	X, Y, W, H float32
	Colour     color.NRGBA
	Size       float32
}

// Words are the words of the page in reading order. Signs of Chinese,
// Japanese and Korean are words by themselves.
func (g *Page) Words() []Word {
	var out []Word
	for i := range g.Lines {
		out = append(out, g.Lines[i].words()...)
	}
	return out
}

// words are those of a line: also a change of run divides them.
func (l *Line) words() []Word {
	tags := make([]uint32, l.Line.N)
	seen := make([]bool, l.Line.N)
	rise := make([]float32, l.Line.N)
	for k := range l.Line.Spans {
		s := &l.Line.Spans[k]
		for i := s.From; i < s.To && s.Face != nil; i++ {
			tags[i], seen[i], rise[i] = s.Style.Tag, true, s.Style.Rise
		}
	}
	var out []Word
	for i := 0; i < l.Line.N; {
		if !seen[i] || gap(l.Text[i]) {
			i++
			continue
		}
		j := i + 1
		for j < l.Line.N && seen[j] && tags[j] == tags[i] && !gap(l.Text[j]) && !alone(l.Text[i]) && !alone(l.Text[j]) {
			j++
		}
		r := &l.Runs.List[tags[i]]
		if left, right := l.ends(i, j); !r.Hidden {
			out = append(out, Word{Text: string(l.Text[i:j]), X: l.X + left, Y: l.Y + l.Line.Ascent - rise[i] - r.Ascent,
				W: right - left, H: r.Ascent + r.Descent, Colour: r.Colour, Size: r.Size})
		}
		i = j
	}
	return out
}

// ends are the left and right end of what runes i to j cover.
func (l *Line) ends(i, j int) (left, right float32) {
	left, right = l.Line.Carets[i], l.Line.Carets[i]
	for ; i < j; i++ {
		a, b := l.Line.Carets[i], l.Line.Carets[i]+l.Line.Advance[i]
		if l.Line.Levels != nil && l.Line.Levels[i]&1 == 1 {
			a, b = a-l.Line.Advance[i], a
		}
		left, right = min(left, a), max(right, b)
	}
	return left, right
}

func gap(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == 0xa0 || r == 0x200b || r == 0x3000 || r == 0xfffc || r >= 0x2000 && r <= 0x200a || r == 0xfeff || r == 0x2028 || r == 0x2029 || r == 0x202f
}

func alone(r rune) bool {
	return r >= 0x3001 && r <= 0x9fff || r >= 0xff00 && r <= 0xffef || r >= 0xac00 && r <= 0xd7af
}
