// Package css says how the elements of a mail look. It understands the
// properties that mail uses, each with a grammar of its own; what is not in a
// grammar is as if it had not been written. No value is an address, but that
// of a background picture, which is cid:, data:, http: or https: and is asked
// for by others, if at all. So nothing in a style sheet can load, run or cover
// anything.
//
// A Cascade belongs to one goroutine; Styles never change once made.
package css

import (
	"paquebot.app/internal/htmlmail/tree"
)

// Cascade computes the styles of a tree's elements (CSS Cascade 4).
type Cascade struct {
	browser *sheet
	author  *sheet
	quirks  bool
	rem     float32
	media   Media
	inline  map[string][]decl
	steps   int
	found   []*rule
	decls   []decl
	late    []decl
}

// New returns the cascade of a tree's own sheets over the browser's.
func New(t *tree.Tree, m Media) *Cascade {
	quirks := t.Mode == tree.Quirks
	c := &Cascade{browser: browserSheets[0](), quirks: quirks, rem: 16, media: m, inline: map[string][]decl{}, steps: maxSteps}
	if quirks {
		c.browser = browserSheets[1]()
	}
	c.author = newSheet(quirks, m)
	for _, s := range t.Sheets {
		if s.Media != "" {
			q := tokens(s.Media)
			if mentionsDark(q) {
				c.author.dark = true
			}
			if !m.matches(q) {
				continue
			}
		}
		c.author.add(s.Text)
	}
	return c
}

// Dark tells that the mail has rules of its own for dark mode.
func (c *Cascade) Dark() bool { return c.author.dark }

// Initial is the style around the root element.
func (c *Cascade) Initial() *Style { return initial() }

// Style computes the style of an element inside one of style parent.
func (c *Cascade) Style(n *tree.Node, parent *Style) *Style {
	s := &Style{Inherited: parent.Inherited, Own: initialOwn}
	if quirky[n.Tag] {
		s.QuirkTop, s.QuirkBottom = true, n.Tag[0] != 'h' // below, those of headings are margins like others
	}
	c.decls, c.late = c.decls[:0], c.late[:0]
	c.found = c.browser.find(n, c.found[:0], &c.steps)
	for _, r := range c.found {
		c.decls = append(c.decls, r.decls...)
	}
	computing := &computing{parent: parent, context: context{em: parent.Size, rem: c.rem, width: c.media.Width, height: c.media.Height}}
	ofBrowser := len(c.decls)
	c.hints(n, s, parent)
	c.found = c.author.find(n, c.found[:0], &c.steps)
	for _, r := range c.found {
		c.take(r.decls)
	}
	if v := n.Get("style"); v != "" {
		in, ok := c.inline[v]
		if !ok {
			in = declarations(tokens(v), c.quirks)
			c.inline[v] = in
		}
		c.take(in)
	}
	c.decls = append(c.decls, c.late...)
	c.apply(s, computing, ofBrowser)
	c.finish(n, s, parent, computing)
	return s
}

// take appends declarations, the important ones behind all others.
func (c *Cascade) take(decls []decl) {
	for i := range decls {
		if decls[i].important {
			c.late = append(c.late, decls[i])
		} else {
			c.decls = append(c.decls, decls[i])
		}
	}
}

// first are the properties that others depend on.
func first(name string) bool {
	switch name {
	case "font-size", "font-family", "direction", "color":
		return true
	}
	return false
}

func (c *Cascade) apply(s *Style, at *computing, ofBrowser int) {
	sized := false
	for i := range c.decls {
		if d := &c.decls[i]; first(d.name) {
			d.set(s, at)
			sized = sized || d.name == "font-size"
		}
	}
	if was, is := monospaced(at.parent), monospaced(s); was != is && !sized && !s.absolute {
		if s.Size = at.parent.Size * 13 / 16; was {
			s.Size = at.parent.Size * 16 / 13
		}
	}
	at.em, at.ex = s.Size, 0.519 // as high as the small letters of faces without serifs
	if f := (*s.Families)[0]; f.Text == "serif" || f.Text == "times new roman" || f.Text == "times" {
		at.ex = 0.459
	}
	top, bottom := s.QuirkTop, s.QuirkBottom
	for i := range c.decls {
		if i == ofBrowser {
			s.QuirkTop, s.QuirkBottom = top, bottom
		}
		if d := &c.decls[i]; !first(d.name) {
			d.set(s, at)
		}
	}
	if ofBrowser == len(c.decls) {
		s.QuirkTop, s.QuirkBottom = top, bottom
	}
}

// finish settles what depends on several properties at once.
func (c *Cascade) finish(n *tree.Node, s, parent *Style, at *computing) {
	switch n.Tag {
	case "html":
		c.rem = s.Size
	case "table":
		if s.Align >= BlocksLeft {
			s.Align = Start
		}
	}
	if s.Align == headerCell {
		if s.Align = parent.Align; s.Align == Start {
			s.Align = Center
		}
	}
	for i := range s.Border {
		e := &s.Border[i]
		w := e.wide.at(at.context).Px
		switch {
		case e.Line == NoLine || e.Line == Hidden || w < 0:
			w = 0
		case w > 0 && w < 1:
			w = 1
		default:
			w = float32(int(w))
		}
		e.Width = min(w, 1000)
		if e.current {
			e.Colour = s.Colour
		}
	}
	if s.Float != NoSide {
		s.Display = blockOf(s.Display)
	}
	if s.MinWidth.Auto {
		s.MinWidth = Length{}
	}
	if s.MinHeight.Auto {
		s.MinHeight = Length{}
	}
	if s.LineStyle == NoLine {
		s.LineStyle = Solid
	}
	s.Opacity *= s.opacity
	if s.Picture != nil && s.Picture.Address == "" && s.Picture.Gradient == nil {
		s.Picture = nil
	}
	s.decorate()
}

// decorate adds the lines of an element to those around it, which do not reach
// into what stands by itself (CSS Text Decoration 3 §2.1).
func (s *Style) decorate() {
	switch {
	case s.Float != NoSide, s.Display == InlineBlock, s.Display == InlineTable, s.Display == InlineFlex:
		s.Decoration = nil
	}
	if !s.Under && !s.Over && !s.Through {
		return
	}
	colour := s.LineColour
	if s.lineCurrent {
		colour = s.Colour
	}
	s.Decoration = &Decoration{Under: s.Under, Over: s.Over, Through: s.Through, Line: s.LineStyle, Colour: colour, Around: s.Decoration}
}

// blockOf is the display of a box that stands out of its line.
func blockOf(d Display) Display {
	switch d {
	case Inline, InlineBlock, Row, RowGroup, HeaderGroup, FooterGroup, Cell, Caption, Column, ColumnGroup:
		return Block
	case InlineTable:
		return Table
	case InlineFlex:
		return Flex
	}
	return d
}

// Blockify returns the style of a flex item.
func (s *Style) Blockify() *Style {
	d := blockOf(s.Display)
	if d == s.Display && s.Float == NoSide {
		return s
	}
	t := *s
	t.Display, t.Float = d, NoSide
	return &t
}
