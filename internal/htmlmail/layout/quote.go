package layout

import (
	"strings"

	"paquebot.app/internal/htmlmail/css"
	"paquebot.app/internal/htmlmail/tree"
)

// FoldHeight is how high a folded quote is.
const FoldHeight = 28

// quotes numbers the outermost quotes in a box and folds those that are to be
// folded: nothing of them is laid out, but the room for a button.
func (b *builder) quotes(k *box) {
	for i, c := range k.kids {
		if divides(c) { // all from here on is the earlier mail
			q := &box{style: k.style.Of(css.Block), kids: append([]*box(nil), k.kids[i:]...), quote: true}
			k.kids = append(k.kids[:i:i], q)
			break
		}
	}
	if k.table != nil {
		for _, c := range k.table.cells {
			b.quotes(c)
		}
	}
	for _, c := range k.kids {
		if !c.quote {
			b.quotes(c)
			continue
		}
		c.number = b.met
		if b.met++; b.folds != nil && b.folds(c.number) {
			s := c.style.Of(css.Block)
			s.Height = css.Px(FoldHeight)
			*c = box{style: s, node: c.node, quote: true, number: c.number, folded: true}
		}
	}
}

// quotes tells an element that holds what an earlier mail said.
func quotes(n *tree.Node) bool {
	switch n.Tag {
	case "blockquote":
		return n.Get("type") == "cite" || has(n, "gmail_quote")
	case "div":
		return has(n, "gmail_quote") || has(n, "yahoo_quoted")
	}
	return false
}

// divides tells a box with which Outlook begins what it quotes: all behind it
// in its container is the earlier mail.
func divides(b *box) bool {
	for range 3 {
		switch n := b.node; {
		case n == nil || n.Tag != "div":
			return false
		case n.Get("id") == "divRplyFwdMsg", n.Get("id") == "x_divRplyFwdMsg":
			return true
		case outlookRule(n.Get("style")):
			return true
		case len(b.kids) == 0:
			return false
		}
		b = b.kids[0]
	}
	return false
}

// outlookRule tells the style of the line that Word draws above a quoted
// header.
func outlookRule(style string) bool {
	s := strings.ToLower(strings.ReplaceAll(style, " ", ""))
	return strings.Contains(s, "border-top:solid#e1e1e1") || strings.Contains(s, "border-top:solid#b5c4df")
}

func has(n *tree.Node, class string) bool {
	for _, c := range n.Class {
		if c == class {
			return true
		}
	}
	return false
}
