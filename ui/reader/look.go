package reader

import (
	"image"
	"strconv"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// look is how a stretch of text is drawn.
type look struct {
	face   glyph.Face
	size   float32
	color  fyne.ThemeColorName
	under  bool
	strike bool
	mono   bool
	link   string // what a tap opens
	fold   bool   // a tap opens what is folded here
	// picture is shown in place of the text, its alt text.
	picture image.Image
}

func (l look) glyphs() glyph.Style { return glyph.Style{Face: l.face, Size: l.size} }

// span is a stretch of a paragraph's text in one look.
type span struct {
	from, to int // bytes
	look     look
}

// paragraph is a block of the letter ready to be laid out.
type paragraph struct {
	kind   letter.Kind
	level  int
	quote  int
	text   string
	spans  []span
	marker string // of a list's item
	fold   int    // the number of the fold it stands for, -1: none
}

// pitch is the distance of its lines.
func (p *paragraph) pitch() float32 {
	size := theme.SizeReading
	if len(p.spans) > 0 {
		size = p.spans[0].look.size
	}
	if p.kind == letter.Preformatted {
		return 19
	}
	if p.kind == letter.Heading {
		return float32(int(size*1.35 + 0.5))
	}
	return float32(int(size*theme.LineReading + 0.5))
}

// above is the room above it, after a paragraph before it.
func (p *paragraph) above(before *paragraph) float32 {
	switch {
	case before == nil:
		return 0
	case p.kind == letter.Item && before.kind == letter.Item && p.quote == before.quote:
		return 4
	case p.kind == letter.Heading:
		return 20
	case before.kind == letter.Heading:
		return 6
	case p.kind == letter.Rule || before.kind == letter.Rule:
		return 16
	case p.kind == letter.Signature && before.kind == letter.Signature:
		return 0
	}
	return 12
}

const (
	quoteStep float32 = 15
	itemStep  float32 = 22
	deepest           = 6 // levels of quotes and lists that are indented
	monoSize  float32 = 13
)

// indent is where its text begins.
func (p *paragraph) indent() float32 {
	x := quoteStep * float32(min(p.quote, deepest))
	if p.kind == letter.Item {
		x += itemStep * float32(min(max(p.level, 1), deepest))
	}
	return x
}

// base is the look of a block's text without styles.
func base(b *letter.Block) look {
	l := look{face: glyph.Regular, size: theme.SizeReading, color: theme.Text}
	switch b.Kind {
	case letter.Heading:
		l.face = glyph.SemiBold
		switch b.Level {
		case 1:
			l.face, l.size = glyph.Display, 21
		case 2:
			l.size = 18
		case 3:
			l.size = 16
		}
	case letter.Preformatted:
		l.mono, l.size = true, monoSize
	case letter.Signature:
		l.size, l.color = 14, theme.Muted
	}
	if b.Quote > 0 {
		l.color = theme.Muted
	}
	return l
}

// paragraphOf makes a block ready, with those of its pictures that are here.
func paragraphOf(b *letter.Block, pictures map[string]image.Image) *paragraph {
	p := &paragraph{kind: b.Kind, level: b.Level, quote: b.Quote, fold: -1}
	plain := base(b)
	var text strings.Builder
	before := false // a picture
	add := func(s string, l look) {
		if before && l.picture == nil {
			s = strings.TrimLeft(s, " \n")
		}
		if s == "" {
			return
		}
		apart(&text, l.picture != nil, before)
		before = l.picture != nil
		from := text.Len()
		text.WriteString(s)
		if n := len(p.spans); n > 0 && l.picture == nil && p.spans[n-1].look == l && p.spans[n-1].to == from {
			p.spans[n-1].to = text.Len()
			return
		}
		p.spans = append(p.spans, span{from, text.Len(), l})
	}
	for _, r := range b.Runs {
		s := r.Text
		l := plain
		if b.Kind == letter.Preformatted {
			s = expandTabs(s)
		} else {
			s = strings.ReplaceAll(s, "\t", "    ")
		}
		switch {
		case r.Bold && l.face != glyph.Display:
			l.face = glyph.SemiBold
		case r.Italic && l.face == glyph.Regular:
			l.face = glyph.Italic
		}
		l.strike = r.Strike
		if r.Image {
			l.picture = pictures[r.ContentID]
			if s = strings.TrimSpace(s); s == "" && l.picture == nil {
				continue
			}
			s = "[" + s + "]"
			l.color, l.face = theme.Faint, glyph.Italic
		}
		if r.Link != "" {
			l.link, l.color, l.under = r.Link, theme.Accent, true
		}
		add(s, l)
		if r.Link != "" && !r.Image && letter.Misleading(r.Text, r.Link) {
			warn := plain
			warn.color = theme.Warning
			add(" (leads to "+letter.LinkHost(r.Link)+")", warn)
		}
	}
	p.text = text.String()
	if b.Kind == letter.Item {
		p.marker = marker(b)
	}
	return p
}

func marker(b *letter.Block) string {
	if b.Number > 0 {
		return strconv.Itoa(b.Number) + "."
	}
	if b.Level%2 == 0 {
		return "–"
	}
	return "•"
}

// expandTabs sets tabs to every eighth column.
func expandTabs(s string) string {
	if !strings.ContainsRune(s, '\t') {
		return s
	}
	var b strings.Builder
	column := 0
	for _, r := range s {
		switch r {
		case '\t':
			n := 8 - column%8
			b.WriteString("        "[:n])
			column += n
		case '\n':
			b.WriteRune(r)
			column = 0
		default:
			b.WriteRune(r)
			column++
		}
	}
	return b.String()
}

// columns is how many columns of a fixed face a text takes.
func columns(s string) int {
	n := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		n += runeColumns(r)
		i += size
	}
	return n
}

func runeColumns(r rune) int {
	if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300) {
		return 2
	}
	return 1
}
