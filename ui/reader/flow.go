package reader

import (
	"image"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/text/unicode/bidi"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// piece is a stretch of a line in one look.
type piece struct {
	from, to int // bytes of the paragraph's text
	x, w     float32
	h        float32 // of a picture
	look     look
	line     *glyph.Line // nil in a fixed face
	text     string
}

// line is a laid-out line.
type line struct {
	y, h      float32
	baseline  float32 // below y
	paragraph int
	from, to  int // bytes of the paragraph's text, without the blanks at its end
	pieces    []piece
	marker    *piece
	quote     int
	rule      bool
	joined    int // bars of quotes that go on from the line before
}

// width is where its text ends.
func (l *line) width() float32 {
	if n := len(l.pieces); n > 0 {
		return l.pieces[n-1].x + l.pieces[n-1].w
	}
	return 0
}

// flow is a letter's text laid out at a width, from the top as far as it was
// asked for. It belongs to one goroutine at a time.
type flow struct {
	document *letter.Document
	pictured map[string]image.Image
	folds    []fold
	open     map[int]bool
	width    float32
	column   float32 // width of a column of the fixed face

	paragraphs []*paragraph
	lines      []line
	height     float32
	next       int // block
	words      map[wordKey]float32
	stale      *atomic.Bool // nobody wants it any more: fill ends
}

type wordKey struct {
	text string
	face glyph.Face
	size float32
}

// newFlow begins a layout of the view's letter.
func (t *TextView) newFlow(width, column float32) *flow {
	return &flow{document: t.document, pictured: t.pictures, folds: t.folds, open: t.open, width: max(width, 120), column: max(column, 4), words: map[wordKey]float32{}, stale: new(atomic.Bool)}
}

// done tells whether all of the letter is laid out.
func (f *flow) done() bool { return f.next >= len(f.document.Blocks) }

// fill lays out until the lines reach below y, or until blocks have been laid
// out that hold so many bytes of text.
func (f *flow) fill(y float32, bytes int) {
	for f.height <= y && bytes > 0 && !f.done() && !f.stale.Load() {
		bytes -= f.block()
	}
}

// block lays out the next block and returns how much text it had.
func (f *flow) block() int {
	i := f.next
	f.next++
	for n, fold := range f.folds {
		if i != fold.from {
			continue
		}
		f.add(foldLine(n, fold, f.open[n]))
		if !f.open[n] {
			f.next = fold.to
			return 64
		}
	}
	p := paragraphOf(&f.document.Blocks[i], f.pictured)
	f.add(p)
	return len(p.text) + 64
}

func (f *flow) add(p *paragraph) {
	var before *paragraph
	if n := len(f.paragraphs); n > 0 {
		before = f.paragraphs[n-1]
	}
	f.height += p.above(before)
	f.paragraphs = append(f.paragraphs, p)
	first := len(f.lines)
	switch {
	case p.kind == letter.Rule:
		f.emit(p, line{h: 1, rule: true})
	case p.kind == letter.Preformatted:
		f.fixed(p)
	default:
		f.text(p)
	}
	if first < len(f.lines) {
		l := &f.lines[first]
		if before != nil {
			l.joined = min(before.quote, p.quote)
		}
		if p.marker != "" {
			look := look{face: glyph.Regular, size: theme.SizeReading, color: theme.Muted}
			g := glyph.Shape(p.marker, look.face)
			w := g.Width(look.size)
			l.marker = &piece{x: p.indent() - w - 8, w: w, look: look, line: g, text: p.marker}
		}
	}
	for i := first + 1; i < len(f.lines); i++ {
		f.lines[i].joined = p.quote
	}
}

// emit puts a line below the others.
func (f *flow) emit(p *paragraph, l line) {
	l.y, l.paragraph, l.quote = f.height, len(f.paragraphs)-1, min(p.quote, deepest)
	if l.h == 0 {
		l.h = p.pitch()
	}
	f.height += l.h
	f.lines = append(f.lines, l)
}

// baselineIn puts text of a size in the middle of a line.
func baselineIn(pitch, size float32) float32 {
	st := glyph.Style{Size: size}
	return float32(int((pitch-glyph.Height(st))/2 + glyph.Ascent(st) + 0.5))
}

// fixed lays out text in the fixed face; what is too long is cut anywhere.
func (f *flow) fixed(p *paragraph) {
	indent := p.indent()
	most := max(20, int((f.width-indent)/f.column))
	for from := 0; from <= len(p.text); {
		end := strings.IndexByte(p.text[from:], '\n')
		if end < 0 {
			end = len(p.text)
		} else {
			end += from
		}
		for start := from; ; {
			to, n := start, 0
			for i, r := range p.text[start:end] {
				if n += runeColumns(r); n > most && i > 0 {
					break
				}
				to = start + i + len(string(r))
			}
			l := line{from: start, to: to, baseline: baselineIn(p.pitch(), monoSize)}
			f.cut(p, &l, indent, func(s string, lk look) float32 { return float32(columns(s)) * f.column })
			f.emit(p, l)
			start = to
			if start >= end {
				break
			}
		}
		from = end + 1
	}
}

// cut makes the pieces of a line out of the paragraph's spans.
func (f *flow) cut(p *paragraph, l *line, x float32, measure func(string, look) float32) {
	for _, s := range p.spans {
		from, to := max(s.from, l.from), min(s.to, l.to)
		if from >= to {
			continue
		}
		q := piece{from: from, to: to, x: x, look: s.look, text: p.text[from:to]}
		if !s.look.mono {
			q.line = glyph.Wrap(strings.ReplaceAll(q.text, "\n", " "), s.look.glyphs(), endless)[0]
		}
		q.w = measure(q.text, s.look)
		x += q.w
		l.pieces = append(l.pieces, q)
	}
}

const endless float32 = 1 << 24

// text lays out running text: every hard line by itself.
func (f *flow) text(p *paragraph) {
	for from := 0; from <= len(p.text); {
		end := strings.IndexByte(p.text[from:], '\n')
		if end < 0 {
			end = len(p.text)
		} else {
			end += from
		}
		if pictured(p, from) != nil {
			f.pictures(p, from, end)
		} else if s, ok := single(p, from, end); ok {
			f.plain(p, s, from, end)
		} else {
			f.mixed(p, from, end)
		}
		from = end + 1
	}
}

// single returns the look of a stretch that has only one.
func single(p *paragraph, from, to int) (look, bool) {
	for _, s := range p.spans {
		if s.from <= from && to <= s.to {
			return s.look, true
		}
	}
	return look{}, false
}

// plain lays out a hard line in one look.
func (f *flow) plain(p *paragraph, lk look, from, end int) {
	indent, at := p.indent(), from
	right := rightToLeft(p.text[from:end])
	for _, g := range glyph.Wrap(p.text[from:end], lk.glyphs(), f.width-indent) {
		for !strings.HasPrefix(p.text[at:end], g.Text) && at < end { // blanks at the end of the line before
			at++
		}
		l := line{from: at, to: at + len(g.Text), baseline: baselineIn(p.pitch(), lk.size)}
		q := piece{from: l.from, to: l.to, x: indent, w: g.Width(lk.size), look: lk, line: g, text: g.Text}
		if right {
			q.x = f.width - q.w
		}
		l.pieces = []piece{q}
		f.emit(p, l)
		at = l.to
	}
}

// rightToLeft tells whether the first letter with a direction runs to the left
// (UAX #9, P2 and P3).
func rightToLeft(s string) bool {
	for _, r := range s {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// mixed lays out a hard line of several looks, word by word.
func (f *flow) mixed(p *paragraph, from, end int) {
	indent, text := p.indent(), p.text[from:end]
	room := f.width - indent
	size := theme.SizeReading
	if len(p.spans) > 0 {
		size = p.spans[0].look.size
	}
	emit := func(a, b int) {
		for b > a && p.text[b-1] == ' ' {
			b--
		}
		l := line{from: a, to: b, baseline: baselineIn(p.pitch(), size)}
		f.cut(p, &l, indent, f.measure)
		f.emit(p, l)
	}
	if text == "" {
		emit(from, end)
		return
	}
	var seg segmenter.Segmenter
	seg.Init([]rune(text))
	start, at := from, from
	used := float32(0)
	for it := seg.LineIterator(); it.Next(); {
		word := len(string(it.Line().Text))
		w := f.span(p, at, at+word)
		if used+f.span(p, at, trimmed(p.text, at, at+word)) > room && at > start {
			emit(start, at)
			start, used = at, 0
		}
		for w > room { // a word wider than a line is cut anywhere
			n := f.most(p, start, at+word, room)
			emit(start, n)
			start, used = n, 0
			if start >= at+word {
				w = 0
				break
			}
			w = f.span(p, start, at+word)
		}
		at += word
		used += w
	}
	if start < end {
		emit(start, end)
	}
}

func trimmed(text string, from, to int) int {
	for to > from && text[to-1] == ' ' {
		to--
	}
	return to
}

// most returns how far text from start fits the room, at least one character.
func (f *flow) most(p *paragraph, start, end int, room float32) int {
	var ends []int
	for i, r := range p.text[start:end] {
		ends = append(ends, start+i+len(string(r)))
	}
	n := sort.Search(len(ends), func(i int) bool { return f.span(p, start, ends[i]) > room })
	return ends[max(n-1, 0)]
}

// span measures a stretch of a paragraph.
func (f *flow) span(p *paragraph, from, to int) float32 {
	w := float32(0)
	for _, s := range p.spans {
		if a, b := max(s.from, from), min(s.to, to); a < b {
			w += f.measure(p.text[a:b], s.look)
		}
	}
	return w
}

// measure remembers the widths of words: a letter says many of them again.
func (f *flow) measure(s string, lk look) float32 {
	k := wordKey{s, lk.face, lk.size}
	w, ok := f.words[k]
	if !ok {
		w = width(s, lk)
		f.words[k] = w
	}
	return w
}

// width measures text without the caches that belong to the lists.
func width(s string, lk look) float32 {
	return glyph.Wrap(strings.ReplaceAll(s, "\n", " "), lk.glyphs(), endless)[0].Width(lk.size)
}
