package editor

import "paquebot.app/internal/richtext"

// goTo moves the caret, with extend the moving end of the selection.
func (e *Editor) goTo(p richtext.Pos, extend bool) {
	s := richtext.At(p)
	if extend {
		s.Anchor = e.doc.Sel().Anchor
	}
	e.doc.Select(s)
}

// beside is the place right or left of one: forward or back in the text as its
// direction is there.
func (e *Editor) beside(c richtext.Pos, right bool) richtext.Pos {
	if e.forward(c, right) {
		return e.doc.Right(c)
	}
	return e.doc.Left(c)
}

// word is beside by words.
func (e *Editor) word(c richtext.Pos, right bool) richtext.Pos {
	if e.forward(c, right) {
		return e.doc.WordRight(c)
	}
	return e.doc.WordLeft(c)
}

// forward tells whether the key Right, or Left, goes forward in the text.
func (e *Editor) forward(c richtext.Pos, right bool) bool {
	b, k := e.caretLine(c, e.endOf)
	l, off := b.text.Line(k), c.Off-b.text.Start(k)
	if l.N == 0 {
		return right != b.text.RTL()
	}
	if right {
		return l.Forward(off)
	}
	return !l.Forward(max(0, off-1))
}

// page is how many lines PageDown goes down.
func (e *Editor) page() int { return max(1, int(e.Size().Height/lineHeight)-1) }

// vertical is the place n lines below the caret, above with a negative number,
// at the same height in the line.
func (e *Editor) vertical(n int) (c richtext.Pos, endOf bool, wish float32) {
	c = e.doc.Sel().Caret
	b, k := e.caretLine(c, e.endOf)
	if wish = e.wish; wish < 0 {
		wish = b.left + b.text.Line(k).X(c.Off-b.text.Start(k))
	}
	i := c.Para
	for ; n > 0; n-- {
		if b.text.FindLines(k + 2); k+1 < b.text.Len() {
			k++
			continue
		}
		if i == e.doc.Len()-1 {
			return e.doc.End(), false, wish
		}
		i++
		b, k = e.block(i), 0
		b.text.FindLines(1)
	}
	for ; n < 0; n++ {
		if k > 0 {
			k--
			continue
		}
		if i == 0 {
			return richtext.Pos{}, false, wish
		}
		i--
		b = e.block(i)
		b.text.FindHeight(1e9)
		k = b.text.Len() - 1
	}
	off, endOf := b.text.Hit(k, wish-b.left)
	return richtext.Pos{Para: i, Off: off}, endOf, wish
}
