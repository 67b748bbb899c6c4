package css

import (
	"strconv"
	"strings"
)

// selector chooses elements (Selectors 4). Its parts stand in the order they
// are written; join[i] stands before parts[i].
type selector struct {
	parts  []compound
	join   []byte
	weight int
}

// compound is what must hold of one element.
type compound struct {
	tag, id string
	classes []string
	attrs   []attrTest
	nth     []nthTest
	not     []compound
	link    bool
	root    bool
	empty   bool
	never   bool // :hover and what else a mail at rest is not
}

type attrTest struct {
	key, val string
	op       byte // 0: it is there
	fold     bool
}

// nthTest is :nth-child(an+b) and its kin.
type nthTest struct {
	a, b       int
	last, kind bool // counted from the end, among its kind
}

// Weights of the parts of a selector.
const (
	weightTag   = 1
	weightClass = 1 << 10
	weightID    = 1 << 20
)

// maxParts bounds the parts of a selector, which are tried one after another.
const maxParts = 32

// parseSelectors reads a list of selectors; ok is false where one of them is
// not understood, which makes the rule none (CSS Syntax 3).
func parseSelectors(t []token) ([]selector, bool) {
	var out []selector
	for _, part := range split(t, ',') {
		s, ok := parseSelector(part)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func parseSelector(t []token) (s selector, ok bool) {
	join := byte(' ')
	for {
		for len(t) > 0 && (t[0].kind == tSpace || t[0].is('>') || t[0].is('+') || t[0].is('~')) {
			if t[0].kind == tDelim {
				join = t[0].text[0]
			}
			t = t[1:]
		}
		if len(t) == 0 {
			return s, len(s.parts) > 0 && join == ' '
		}
		var c compound
		n, weight := c.read(t)
		if n == 0 || len(s.parts) == maxParts {
			return s, false
		}
		s.parts, s.join, s.weight = append(s.parts, c), append(s.join, join), s.weight+weight
		t, join = t[n:], ' '
	}
}

// read reads a compound and returns how many tokens it took, 0 for none.
func (c *compound) read(t []token) (n, weight int) {
	for n < len(t) {
		switch x := t[n]; {
		case x.kind == tIdent && n == 0:
			c.tag = x.text
			weight += weightTag
			n++
		case x.is('*') && n == 0:
			n++
		case x.kind == tHash:
			c.id = x.raw
			weight += weightID
			n++
		case x.is('.') && n+1 < len(t) && t[n+1].kind == tIdent:
			c.classes = append(c.classes, t[n+1].raw)
			weight += weightClass
			n += 2
		case x.is('['):
			k := n + 1
			for k < len(t) && !t[k].is(']') {
				k++
			}
			if k == len(t) || !c.attribute(t[n+1:k]) {
				return 0, 0
			}
			weight += weightClass
			n = k + 1
		case x.is(':') && n+1 < len(t):
			k, w := c.pseudo(t[n+1:])
			if k == 0 {
				return 0, 0
			}
			weight += w
			n += k + 1
		case x.kind == tSpace, x.is('>'), x.is('+'), x.is('~'):
			return n, weight
		default:
			return 0, 0
		}
	}
	return n, weight
}

func (c *compound) attribute(t []token) bool {
	r := reader{t: t}
	key, ok := r.next()
	if !ok || key.kind != tIdent {
		return false
	}
	a := attrTest{key: key.text}
	if !r.done() {
		op, _ := r.next()
		if op.kind != tDelim {
			return false
		}
		a.op = op.text[0]
		if a.op != '=' {
			if eq, _ := r.next(); !eq.is('=') || strings.IndexByte("~|^$*", a.op) < 0 {
				return false
			}
		}
		v, ok := r.next()
		switch {
		case !ok:
			return false
		case v.kind == tIdent || v.kind == tNumber || v.kind == tDimension:
			a.val = v.raw
		case v.kind == tString:
			a.val = v.text
		default:
			return false
		}
		if w, ok := r.word(); ok {
			a.fold = w == "i"
		}
		if strings.HasPrefix(a.key, "on") {
			return false
		}
	}
	c.attrs = append(c.attrs, a)
	return true
}

// pseudo reads what stands behind a colon.
func (c *compound) pseudo(t []token) (n, weight int) {
	x := t[0]
	if x.kind == tFunction {
		r := &reader{t: t[1:]}
		before := len(r.t)
		args := r.arguments()
		n = 1 + before - len(r.t)
		switch x.text {
		case "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type":
			test, ok := parseNth(args)
			if !ok {
				return 0, 0
			}
			test.last, test.kind = strings.Contains(x.text, "last"), strings.HasSuffix(x.text, "of-type")
			c.nth = append(c.nth, test)
			return n, weightClass
		case "not":
			var most int
			for _, part := range split(args, ',') {
				for len(part) > 0 && part[0].kind == tSpace {
					part = part[1:]
				}
				for len(part) > 0 && part[len(part)-1].kind == tSpace {
					part = part[:len(part)-1]
				}
				var not compound
				k, w := not.read(part)
				if k == 0 || k != len(part) || len(c.not) > maxParts || len(not.not) > 0 {
					return 0, 0
				}
				c.not = append(c.not, not)
				most = max(most, w)
			}
			return n, most
		case "lang":
			c.never = true
			return n, weightClass
		}
		return 0, 0
	}
	if x.kind != tIdent {
		return 0, 0
	}
	switch x.text {
	case "first-child":
		c.nth = append(c.nth, nthTest{b: 1})
	case "last-child":
		c.nth = append(c.nth, nthTest{b: 1, last: true})
	case "only-child":
		c.nth = append(c.nth, nthTest{b: 1}, nthTest{b: 1, last: true})
	case "first-of-type":
		c.nth = append(c.nth, nthTest{b: 1, kind: true})
	case "last-of-type":
		c.nth = append(c.nth, nthTest{b: 1, last: true, kind: true})
	case "link", "any-link":
		c.link = true
	case "root":
		c.root = true
	case "empty":
		c.empty = true
	case "hover", "active", "focus", "visited", "target", "checked", "focus-within", "focus-visible", "disabled":
		c.never = true
	default:
		return 0, 0
	}
	return 1, weightClass
}

// parseNth reads odd, even or an+b.
func parseNth(t []token) (nthTest, bool) {
	var b strings.Builder
	for _, x := range t {
		switch x.kind {
		case tSpace:
		case tDelim:
			b.WriteString(x.text)
		default:
			b.WriteString(x.raw)
		}
	}
	s := strings.ToLower(b.String())
	switch s {
	case "odd":
		return nthTest{a: 2, b: 1}, true
	case "even":
		return nthTest{a: 2}, true
	}
	before, after, n := strings.Cut(s, "n")
	if !n {
		v, err := strconv.Atoi(s)
		return nthTest{b: v}, err == nil
	}
	var test nthTest
	var err error
	switch before {
	case "", "+":
		test.a = 1
	case "-":
		test.a = -1
	default:
		if test.a, err = strconv.Atoi(before); err != nil {
			return test, false
		}
	}
	if after != "" {
		if test.b, err = strconv.Atoi(after); err != nil {
			return test, false
		}
	}
	return test, true
}
