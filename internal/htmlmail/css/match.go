package css

import (
	"strings"

	"paquebot.app/internal/htmlmail/tree"
)

func (t nthTest) match(n *tree.Node) bool {
	i := n.Nth
	switch {
	case t.last && t.kind:
		i = n.TypeNthLast
	case t.last:
		i = n.NthLast
	case t.kind:
		i = n.TypeNth
	}
	i -= t.b
	if t.a == 0 {
		return i == 0
	}
	return i%t.a == 0 && i/t.a >= 0
}

func (a *attrTest) match(n *tree.Node) bool {
	v, ok := n.Lookup(a.key)
	if !ok || a.op == 0 {
		return ok
	}
	want := a.val
	if a.fold {
		v, want = strings.ToLower(v), strings.ToLower(want)
	}
	switch a.op {
	case '=':
		return v == want
	case '*':
		return want != "" && strings.Contains(v, want)
	case '^':
		return want != "" && strings.HasPrefix(v, want)
	case '$':
		return want != "" && strings.HasSuffix(v, want)
	case '|':
		return v == want || strings.HasPrefix(v, want+"-")
	case '~':
		for w := range strings.FieldsSeq(v) {
			if w == want {
				return true
			}
		}
	}
	return false
}

func (c *compound) match(n *tree.Node, fold bool) bool {
	if c.never || c.tag != "" && c.tag != n.Tag || c.link && !leads(n) || c.root && n.Tag != "html" || c.empty && len(n.Kids) > 0 {
		return false
	}
	if c.id != "" {
		if id := n.Get("id"); id != c.id && !(fold && strings.EqualFold(id, c.id)) {
			return false
		}
	}
	for _, class := range c.classes {
		if !has(n.Class, class, fold) {
			return false
		}
	}
	for i := range c.attrs {
		if !c.attrs[i].match(n) {
			return false
		}
	}
	for _, t := range c.nth {
		if !t.match(n) {
			return false
		}
	}
	for i := range c.not {
		if c.not[i].match(n, fold) {
			return false
		}
	}
	return true
}

// leads tells an a element that has an address, whether it may be opened or
// not.
func leads(n *tree.Node) bool {
	_, has := n.Lookup("href")
	return has && n.Tag == "a"
}

func has(list []string, class string, fold bool) bool {
	for _, c := range list {
		if c == class || fold && strings.EqualFold(c, class) {
			return true
		}
	}
	return false
}

// match tells whether the selector chooses n. steps bounds the work for all of
// a mail's selectors together.
func (s *selector) match(n *tree.Node, fold bool, steps *int) bool {
	return s.matchAt(n, len(s.parts)-1, fold, steps)
}

func (s *selector) matchAt(n *tree.Node, i int, fold bool, steps *int) bool {
	if *steps--; *steps < 0 || !s.parts[i].match(n, fold) {
		return false
	}
	if i == 0 {
		return true
	}
	switch s.join[i] {
	case '>':
		return n.Parent != nil && s.matchAt(n.Parent, i-1, fold, steps)
	case '+':
		return n.Prev != nil && s.matchAt(n.Prev, i-1, fold, steps)
	case '~':
		for p := n.Prev; p != nil; p = p.Prev {
			if s.matchAt(p, i-1, fold, steps) {
				return true
			}
		}
		return false
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if s.matchAt(p, i-1, fold, steps) {
			return true
		}
	}
	return false
}
