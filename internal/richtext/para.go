package richtext

import "unicode/utf8"

// Kind is what a paragraph is.
type Kind uint8

// The kinds of paragraphs.
const (
	Body Kind = iota
	Heading
	Bullet
	Number
	Fold // ObjectRune alone: Hidden stands in its place when it is opened
)

// Limits of a paragraph; deeper ones are cut to them.
const (
	MaxQuote  = 30
	MaxIndent = 8
)

// LineBreak is a break inside a paragraph.
const LineBreak = '\n'

// Para is a paragraph. It is never changed once a document holds it.
type Para struct {
	Text   []rune // may hold LineBreak and, in runs with an Image, ObjectRune
	Runs   []Run  // their lengths add up to len(Text); each picture is one, else no neighbours are equal
	Kind   Kind
	Quote  int // depth of quoting, 0 for the writer's own words
	Indent int // levels of a list below the first
	Hidden []*Para
	About  string // of a Fold: whose words they are; may be ""
}

// NewPara returns a paragraph of plain text.
func NewPara(text string) *Para {
	t := []rune(clean(text))
	return &Para{Text: t, Runs: oneRun(len(t), Style{})}
}

// NewFold returns a paragraph that stands for others; about says whose they
// are.
func NewFold(hidden []*Para, about string) *Para {
	return &Para{Kind: Fold, Text: []rune{ObjectRune}, Runs: oneRun(1, Style{}), Hidden: append([]*Para(nil), hidden...), About: about}
}

// String returns the text without its style; a picture is its alt text, a
// Fold nothing.
func (p *Para) String() string {
	if p.Kind == Fold {
		return ""
	}
	return p.text(0, len(p.Text))
}

// text returns runes a to b as a string, pictures as their alt texts.
func (p *Para) text(a, b int) string {
	out := make([]byte, 0, b-a)
	at := 0
	for _, r := range p.Runs {
		lo, hi := max(a, at), min(b, at+r.N)
		for i := lo; i < hi; i++ {
			if r.Style.Image != nil {
				out = append(out, "["+r.Style.Image.Alt+"]"...)
			} else {
				out = utf8.AppendRune(out, p.Text[i])
			}
		}
		at += r.N
	}
	return string(out)
}

// StyleAt is the style of rune i.
func (p *Para) StyleAt(i int) Style {
	for _, r := range p.Runs {
		if i < r.N {
			return r.Style
		}
		i -= r.N
	}
	return Style{}
}

// typedStyle is what text typed at off looks like: as the rune before it, but
// no picture, and a link only between two runes of it.
func (p *Para) typedStyle(off int) Style {
	s := p.StyleAt(max(0, off-1))
	s.Image = nil
	if s.Link != "" && (off == 0 || off == len(p.Text) || p.StyleAt(off).Link != s.Link) {
		s.Link = ""
	}
	return s
}

// with returns p with runes a to b replaced.
func (p *Para) with(a, b int, text []rune, runs []Run) *Para {
	q := *p
	q.Text = make([]rune, 0, len(p.Text)+len(text)-(b-a))
	q.Text = append(append(append(q.Text, p.Text[:a]...), text...), p.Text[b:]...)
	q.Runs = joinRuns(cutRuns(p.Runs, 0, a), runs, cutRuns(p.Runs, b, len(p.Text)))
	return &q
}

// slice returns runes a to b as a paragraph of p's kind.
func (p *Para) slice(a, b int) *Para {
	q := *p
	q.Text = append([]rune(nil), p.Text[a:b]...)
	q.Runs = cutRuns(p.Runs, a, b)
	return &q
}

// blank tells a paragraph without text.
func (p *Para) blank() bool { return len(p.Text) == 0 }

// size is about how many bytes p keeps in memory.
func (p *Para) size() int {
	n := 160 + 4*cap(p.Text) + 40*len(p.Runs)
	for _, h := range p.Hidden {
		n += h.size()
	}
	return n
}

// clean makes outside text fit for a paragraph: valid, without control
// characters but tab and LineBreak, and without ObjectRune, which would stand
// for nothing.
func clean(s string) string {
	sound := utf8.ValidString(s)
	for i := 0; sound && i < len(s); i++ {
		c := s[i]
		sound = c >= ' ' && c != 0x7f && c < 0xc2 || c == '\t' || c == LineBreak || c > 0xc2 && c != 0xe2 && c != 0xef
	}
	if sound {
		return s
	}
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch {
		case r == '\t', r == LineBreak:
		case r < ' ', r >= 0x7f && r < 0xa0, r == ObjectRune, r == 0xfeff:
			continue
		case r == 0x2028, r == 0x2029:
			r = LineBreak
		}
		out = append(out, r)
	}
	return string(out)
}
