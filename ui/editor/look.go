package editor

import (
	"image/color"

	"fyne.io/fyne/v2"

	"paquebot.app/internal/richtext"
	"paquebot.app/internal/text/font"
	"paquebot.app/internal/text/ink"
	"paquebot.app/internal/text/line"
	"paquebot.app/ui/theme"
)

// Measures in logical pixels.
const (
	lineHeight  float32 = 23 // that of running text, whole so that lines fit together
	headingSize float32 = 19
	quoteStep   float32 = 16 // of each level of quoting
	listStep    float32 = 26 // of each level of a list
	padTop      float32 = 12
	padBottom   float32 = 24 // that can be scrolled into sight below the end
	barWidth    float32 = 6
)

// The tags of line.Style: what takes no room.
const (
	tagLink uint32 = 1 << iota
	tagUnderline
	tagStrike
	tagCode
	tagQuoted
)

// palette are the colours of the theme that is shown.
type palette struct {
	text, muted, link, code, caret, selected, idle, quote, pill, bar color.NRGBA
}

func colours() palette {
	c := func(n fyne.ThemeColorName) color.NRGBA { return color.NRGBAModel.Convert(theme.Color(n)).(color.NRGBA) }
	return palette{text: c(theme.Text), muted: c(theme.Muted), link: c(theme.Accent), code: c(theme.Input), caret: c(theme.Text),
		selected: c(theme.TextSelection), idle: c(theme.SelectionIdle), quote: c(theme.Border), pill: c(theme.Input), bar: c(theme.ScrollBar)}
}

// look is what a tag means to the eye.
func (c palette) look(tag uint32) ink.Look {
	l := ink.Look{Colour: c.text, Underline: tag&tagUnderline != 0, Strike: tag&tagStrike != 0}
	if tag&tagQuoted != 0 {
		l.Colour = c.muted
	}
	if tag&tagLink != 0 {
		l.Colour, l.Underline = c.link, true
	}
	if tag&tagCode != 0 {
		l.Ground = c.code
	}
	return l
}

// textStyle is how a style of the document is set in a paragraph.
func textStyle(s richtext.Style, p *richtext.Para) line.Style {
	out := line.Style{Size: theme.SizeReading, Font: font.Style{Italic: s.Bits&richtext.Italic != 0}}
	if p.Kind == richtext.Heading {
		out.Size, out.Font.Weight = headingSize, font.SemiBold
	}
	if s.Bits&richtext.Bold != 0 {
		out.Font.Weight = font.Bold
	}
	if s.Bits&richtext.Code != 0 {
		out.Font.Family, out.Tag = font.Mono, tagCode
		out.Size -= 1.5
	}
	if s.Bits&richtext.Underline != 0 {
		out.Tag |= tagUnderline
	}
	if s.Bits&richtext.Strike != 0 {
		out.Tag |= tagStrike
	}
	if s.Link != "" {
		out.Tag |= tagLink
	}
	if p.Quote > 0 {
		out.Tag |= tagQuoted
	}
	return out
}

// runs are the runs of a paragraph as they are laid out in a width.
func (e *Editor) runs(p *richtext.Para, width float32) (runs []line.Run, pictured bool) {
	runs = make([]line.Run, 0, len(p.Runs))
	for _, r := range p.Runs {
		run := line.Run{N: r.N, Style: textStyle(r.Style, p)}
		if r.Style.Image != nil {
			run.Object, pictured = e.object(r.Style.Image, width), true
		}
		runs = append(runs, run)
	}
	return runs, pictured
}
