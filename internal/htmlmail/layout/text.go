package layout

import (
	"strings"
	"unicode"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/page"
	"paquebot.app/internal/htmlmail/tree"
	"paquebot.app/internal/text/bidi"
	"paquebot.app/internal/text/line"
)

// paragraph is the content of lines as one text.
type paragraph struct {
	text   []rune
	runs   []line.Run
	ends   []int // of runs
	frags  []frag
	boxes  []anchor // boxes that stand in it, by offset
	floats []anchor
	clears []anchor // line ends that clear floats
	p      *line.Paragraph
	out    *page.Runs
}

// anchor is a box at an offset of a text.
type anchor struct {
	at  int
	box *box
	s   *css.Style
}

// frag is an element as far as it stands in lines: what a run of its own text
// looks like. The first is the block.
type frag struct {
	style           *css.Style
	around          int // the element it is in; -1 for the block
	rise            float32
	ascent, descent float32 // of its line
	face            faceMetrics
	look            line.Style
	elem            *inline
}

// paragraphOf makes a block's text, once.
func (l *layouter) paragraphOf(b *box) *paragraph {
	if b.text != nil {
		return b.text
	}
	p := &paragraph{}
	g := gatherer{l: l, p: p, blank: true}
	b.text = p
	g.frag(b.style, -1, nil, nil, "")
	g.walk(b.inlines, 0)
	g.trim()
	at := 0
	for i := range p.runs {
		at += p.runs[i].N
		p.ends = append(p.ends, at)
	}
	base := bidi.LTR
	switch {
	case b.style.Plaintext():
		base = bidi.Auto
	case b.style.RTL:
		base = bidi.RTL
	}
	p.p = line.New(l.shaper, p.text, p.runs, line.Params{Base: base, Align: line.Left, WholeAddresses: true, Style: p.frags[0].look, Tab: 8 * l.blankWidth(p.frags[0].look)})
	return p
}

// blankWidth is the advance of a blank.
func (l *layouter) blankWidth(s line.Style) float32 {
	return l.shaper.Word([]rune{' '}, 0, 1, s.Font, false).Width * s.Size / 1000
}

// gatherer collapses blanks and turns elements into runs.
type gatherer struct {
	l     *layouter
	p     *paragraph
	blank bool // what is before is a blank, or the beginning
	lead  float32
}

func (g *gatherer) frag(s *css.Style, around int, e *inline, link *tree.Link, title string) int {
	m, face := g.l.fonts.metrics(s)
	f := frag{style: s, around: around, face: m, elem: e}
	f.ascent, f.descent = extent(m, s)
	if around >= 0 {
		a := &g.p.frags[around]
		f.rise = a.rise + raise(s, a, f.ascent, f.descent)
	}
	f.look = line.Style{Font: face, Size: floor(s.Size*64) / 64, // as browsers ask the font for it
		Spacing: s.LetterSpacing, Blank: s.WordSpacing, Rise: f.rise, Tag: uint32(len(g.p.frags))}
	g.p.frags = append(g.p.frags, f)
	if g.p.out == nil {
		g.p.out = &page.Runs{}
	}
	if link == nil && around >= 0 {
		link = g.p.out.List[around].Link
		if title == "" {
			title = g.p.out.List[around].Title
		}
	}
	g.p.out.List = append(g.p.out.List, page.Run{Colour: s.Colour, Size: s.Size, Ascent: m.ascent, Descent: m.descent, Link: link, Title: title,
		Hidden: s.Hidden, Alt: e != nil && e.alt})
	return len(g.p.frags) - 1
}

// raise is how far the baseline of an element is above that of the element
// around it (CSS 2.2 §10.8.1).
func raise(s *css.Style, a *frag, ascent, descent float32) float32 {
	switch s.VAlign {
	case css.Sub:
		return -floor(a.style.Size/5) - 1
	case css.Super:
		return floor(a.style.Size/3) + 1
	case css.Raised:
		return s.Raise
	case css.VMiddle, css.AbsMiddle:
		return a.face.xHeight/2 - (ascent-descent)/2
	case css.TextTop:
		return a.face.ascent - ascent
	case css.TextBottom:
		return descent - a.face.descent
	}
	return 0
}

func (g *gatherer) walk(list []*inline, f int) {
	for _, i := range list {
		switch {
		case i.ends:
			g.ends(i, f)
		case i.box != nil && i.box.floats():
			g.p.floats = append(g.p.floats, anchor{len(g.p.text), i.box, nil})
		case i.box != nil:
			k := g.frag(i.style, f, i, i.link, i.title)
			g.p.frags[k].rise = g.p.frags[f].rise
			g.p.boxes = append(g.p.boxes, anchor{len(g.p.text), i.box, nil})
			g.put(line.ObjectRune, k, &line.Object{})
			g.blank = false
		case i.elem:
			g.element(i, f)
		default:
			g.words(i.text, f)
		}
	}
}

// ends adds the end of a line.
func (g *gatherer) ends(i *inline, f int) {
	if i.style.Clear != css.NoSide {
		g.p.clears = append(g.p.clears, anchor{len(g.p.text), nil, i.style})
	}
	g.trim()
	g.put('\n', f, nil)
	g.blank = true
}

// element adds what an element holds, and the room its edges take.
func (g *gatherer) element(i *inline, f int) {
	k := g.frag(i.style, f, i, i.link, i.title)
	s := i.style
	start, end := css.Left, css.Right
	if g.p.frags[0].style.RTL {
		start, end = end, start
	}
	before, behind := float32(0), float32(0)
	if i.open {
		before = s.Margin[start].Of(0) + inset(s, start, 0)
	}
	if i.shut {
		behind = s.Margin[end].Of(0) + inset(s, end, 0)
	}
	from := len(g.p.text)
	g.lead += before
	g.walk(i.kids, k)
	if behind == 0 && before == 0 {
		return
	}
	if len(g.p.text) == from { // nothing in it
		if w := g.lead + behind; w > 0 {
			g.lead = 0
			g.put(line.ObjectRune, k, &line.Object{Width: w})
			g.blank = false
			return
		}
		g.lead += behind
		return
	}
	if behind != 0 {
		g.p.runs[len(g.p.runs)-1].Trail += behind
	}
}

// words adds text, its blanks collapsed and its letters changed as its style
// says (CSS Text 3 §4.1.1).
func (g *gatherer) words(text string, f int) {
	s := g.p.frags[f].style
	if s.Transform != css.NoTransform {
		text = transform(text, s.Transform, g.blank)
	}
	for _, r := range text {
		switch r {
		case '\r':
			continue
		case ' ', '\t', '\n', '\f':
			switch {
			case r == '\n' && s.WhiteSpace.KeepsLines():
				if !s.WhiteSpace.Keeps() {
					g.trim()
				}
				g.put('\n', f, nil)
				g.blank = true
			case s.WhiteSpace.Keeps():
				if r == '\f' {
					r = ' '
				}
				g.put(r, f, nil)
				g.blank = false
			case !g.blank:
				g.put(' ', f, nil)
				g.blank = true
			}
			continue
		case line.ObjectRune:
			r = '\uFFFD'
		}
		g.put(r, f, nil)
		if r != 0x200b {
			g.blank = false
		}
	}
}

func transform(s string, t css.Transform, begin bool) string {
	switch t {
	case css.Uppercase:
		return strings.ToUpper(s)
	case css.Lowercase:
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range s {
		if begin {
			b.WriteRune(unicode.ToTitle(r))
		} else {
			b.WriteRune(r)
		}
		begin = !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && !unicode.IsMark(r)
	}
	return b.String()
}

// put adds a rune to the run of an element.
func (g *gatherer) put(r rune, f int, o *line.Object) {
	p := g.p
	p.text = append(p.text, r)
	n := len(p.runs)
	if o == nil && g.lead == 0 && n > 0 && p.runs[n-1].Style.Tag == uint32(f) && p.runs[n-1].Object == nil && p.runs[n-1].Trail == 0 {
		p.runs[n-1].N++
		return
	}
	p.runs = append(p.runs, line.Run{N: 1, Style: p.frags[f].look, Object: o, Lead: g.lead, NoBreak: !p.frags[f].style.WhiteSpace.Wraps()})
	g.lead = 0
}

// trim takes a collapsed blank off the end.
func (g *gatherer) trim() {
	p := g.p
	n, k := len(p.text), len(p.runs)
	if n == 0 || p.text[n-1] != ' ' || p.runs[k-1].Object != nil || p.frags[p.runs[k-1].Style.Tag].style.WhiteSpace.Keeps() {
		return
	}
	p.text = p.text[:n-1]
	for i := len(p.floats) - 1; i >= 0 && p.floats[i].at >= n; i-- {
		p.floats[i].at = n - 1
	}
	for i := len(p.clears) - 1; i >= 0 && p.clears[i].at >= n; i-- {
		p.clears[i].at = n - 1
	}
	if p.runs[k-1].N--; p.runs[k-1].N == 0 {
		if k > 1 {
			p.runs[k-2].Trail += p.runs[k-1].Lead + p.runs[k-1].Trail
		} else {
			g.lead += p.runs[k-1].Lead
		}
		p.runs = p.runs[:k-1]
	}
}
