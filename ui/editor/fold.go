package editor

import (
	"strconv"

	"paquebot.app/internal/richtext"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/line"
	"paquebot.app/ui/theme"
)

// pill is what stands for a quote that is folded: three dots and whose words
// they are.
type pill struct {
	words *line.Paragraph
	width float32
}

const (
	pillHeight float32 = 28
	pillDrop   float32 = 9 // below the baseline
	pillDots   float32 = 38
	pillEnd    float32 = 14
)

// object is the room that the pill takes in its line.
func (p *pill) object() *line.Object {
	return &line.Object{Width: p.width, Height: pillHeight, Drop: pillDrop}
}

// newPill makes the pill of a Fold.
func (e *Editor) newPill(p *richtext.Para) *pill {
	lines, quoted := 0, 0
	for _, h := range richtext.Unfolded(p.Hidden) {
		if h.Quote > 0 {
			quoted++
		}
		if len(h.Text) > 0 {
			lines++
		}
	}
	if quoted > 0 { // and the line that says whose they are is none of them
		lines = quoted
	}
	text := strconv.Itoa(lines) + " quoted line"
	if lines != 1 {
		text += "s"
	}
	if p.About != "" {
		text = p.About + " · " + text
	}
	style := line.Style{Size: theme.SizeSmall, Font: font.Style{}, Tag: tagQuoted}
	t := []rune(text)
	words := line.New(e.set.shaper, t, []line.Run{{N: len(t), Style: style}}, line.Params{Width: 1e6, Style: style, NoWrap: true})
	words.Find(len(t))
	room := max(80, e.width-pillDots-pillEnd)
	return &pill{words: words, width: min(pillDots+words.Line(0).Width, pillDots+room) + pillEnd}
}

// ops paints the pill into its tile.
func (p *pill) ops(ops []ink.Op, c palette) []ink.Op {
	l := p.words.Line(0)
	top := float32(0)
	ops = append(ops, ink.Op{Kind: ink.Box, Colour: c.pill, Radius: pillHeight / 2, Rect: ink.Rect{X0: 0, Y0: top, X1: p.width, Y1: top + pillHeight}})
	for i := range 3 {
		x := 14 + float32(i)*6
		ops = append(ops, ink.Op{Kind: ink.Box, Colour: c.muted, Radius: 1.75, Rect: ink.Rect{X0: x, Y0: top + pillHeight/2 - 1.75, X1: x + 3.5, Y1: top + pillHeight/2 + 1.75}})
	}
	return ink.Line(ops, l, pillDots, top+(pillHeight-l.Height)/2, c.look)
}
