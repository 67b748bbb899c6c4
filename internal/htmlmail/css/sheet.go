package css

import (
	"sort"
	"strings"

	"paquebot.app/internal/htmlmail/tree"
)

// Limits of the sheets of a mail.
const (
	MaxRules = 20_000
	maxMedia = 16      // @media inside @media
	maxSteps = 2 << 20 // comparisons of selectors with elements, of the kind that repeat
)

// decl is a declaration that is understood.
type decl struct {
	name      string
	set       setter
	important bool
}

// rule is a selector and its declarations.
type rule struct {
	sel   selector
	decls []decl
	order int
}

// sheet is a list of rules, found by what their last part must have.
type sheet struct {
	byID, byClass, byTag map[string][]*rule
	others               []*rule
	n                    int
	quirks               bool
	media                Media
	dark                 bool // there are rules for dark mode
	full                 bool // a rule was left out
}

func newSheet(quirks bool, m Media) *sheet {
	return &sheet{byID: map[string][]*rule{}, byClass: map[string][]*rule{}, byTag: map[string][]*rule{}, quirks: quirks, media: m}
}

// add reads a style sheet.
func (s *sheet) add(text string) { s.rules(tokens(text), 0) }

// rules reads a list of rules.
func (s *sheet) rules(t []token, depth int) {
	for len(t) > 0 {
		if t[0].kind == tSpace || t[0].is(';') || t[0].is('}') {
			t = t[1:]
			continue
		}
		open, end := block(t)
		if t[0].kind == tAt {
			if open < 0 {
				t = t[end:]
				continue
			}
			s.at(t[0].text, t[1:open], t[open+1:end], depth)
			t = t[min(end+1, len(t)):]
			continue
		}
		if open < 0 {
			return
		}
		s.rule(t[:open], t[open+1:end])
		t = t[min(end+1, len(t)):]
	}
}

// block finds the { that ends a prelude and the } that ends its block. For an
// at-rule that ends with ; open is -1 and end behind it.
func block(t []token) (open, end int) {
	depth := 0
	open = -1
	for i := range t {
		if t[i].kind != tDelim {
			continue
		}
		switch t[i].text[0] {
		case ';':
			if open < 0 && t[0].kind == tAt {
				return -1, i + 1
			}
		case '{':
			if depth == 0 {
				open = i
			}
			depth++
		case '}':
			if depth == 0 {
				continue
			}
			if depth--; depth == 0 {
				return open, i
			}
		}
	}
	return open, len(t)
}

// at reads an at-rule with a block. Of @import, @font-face and the like
// nothing is read.
func (s *sheet) at(name string, prelude, body []token, depth int) {
	if depth >= maxMedia {
		return
	}
	switch name {
	case "media":
		if mentionsDark(prelude) {
			s.dark = true
		}
		if s.media.matches(prelude) {
			s.rules(body, depth+1)
		}
	case "supports":
		if supports(prelude) {
			s.rules(body, depth+1)
		}
	}
}

// supports tells whether all declarations that @supports asks for are
// understood.
func supports(t []token) bool {
	r := reader{t: t}
	some := false
	for !r.done() {
		x, _ := r.next()
		switch {
		case x.is('('):
			if len(declarations(r.arguments(), false)) == 0 {
				return false
			}
			some = true
		case x.kind == tIdent && x.text == "and":
		default:
			return false
		}
	}
	return some
}

func (s *sheet) rule(prelude, body []token) {
	sels, ok := parseSelectors(prelude)
	if !ok {
		return
	}
	decls := declarations(body, s.quirks)
	if len(decls) == 0 {
		return
	}
	for _, sel := range sels {
		if s.n >= MaxRules {
			s.full = true
			return
		}
		s.n++
		r := &rule{sel, decls, s.n}
		switch last := &sel.parts[len(sel.parts)-1]; {
		case last.never:
		case last.id != "":
			s.byID[strings.ToLower(last.id)] = append(s.byID[strings.ToLower(last.id)], r)
		case len(last.classes) > 0:
			k := strings.ToLower(last.classes[0])
			s.byClass[k] = append(s.byClass[k], r)
		case last.tag != "":
			s.byTag[last.tag] = append(s.byTag[last.tag], r)
		default:
			s.others = append(s.others, r)
		}
	}
}

// find appends the rules that choose n, the weakest first.
func (s *sheet) find(n *tree.Node, to []*rule, steps *int) []*rule {
	try := func(rules []*rule) {
		for _, r := range rules {
			if len(r.sel.parts) == 1 {
				if r.sel.parts[0].match(n, s.quirks) {
					to = append(to, r)
				}
			} else if r.sel.match(n, s.quirks, steps) {
				to = append(to, r)
			}
		}
	}
	try(s.others)
	try(s.byTag[n.Tag])
	if len(s.byClass) > 0 {
		for i, c := range n.Class {
			c = strings.ToLower(c)
			if i > 0 && has(n.Class[:i], c, true) {
				continue
			}
			try(s.byClass[c])
		}
	}
	if len(s.byID) > 0 {
		if id := n.Get("id"); id != "" {
			try(s.byID[strings.ToLower(id)])
		}
	}
	if len(to) > 1 {
		sort.Slice(to, func(i, j int) bool {
			if to[i].sel.weight != to[j].sel.weight {
				return to[i].sel.weight < to[j].sel.weight
			}
			return to[i].order < to[j].order
		})
	}
	return to
}

// declarations reads a list of declarations. What is not understood is left
// out.
func declarations(t []token, quirks bool) []decl {
	var out []decl
	for _, part := range splitDeclarations(t) {
		r := reader{t: part, quirks: quirks}
		name, ok := r.word()
		if !ok {
			continue
		}
		if colon, _ := r.next(); !colon.is(':') {
			continue
		}
		important := false
		v := r.t
		for len(v) > 0 && v[len(v)-1].kind == tSpace {
			v = v[:len(v)-1]
		}
		if n := len(v); n > 1 && v[n-1].kind == tIdent && v[n-1].text == "important" {
			k := n - 2
			for k > 0 && v[k].kind == tSpace {
				k--
			}
			if v[k].is('!') {
				important, v = true, v[:k]
				for len(v) > 0 && v[len(v)-1].kind == tSpace {
					v = v[:len(v)-1]
				}
			}
		}
		out = appendDeclaration(out, name, v, important, quirks)
	}
	return out
}

func appendDeclaration(out []decl, name string, v []token, important, quirks bool) []decl {
	r := reader{t: v, quirks: quirks && unitless[name]}
	if r.done() {
		return out
	}
	if p := properties[name]; p != nil {
		if set, ok := setterFor(p, &r); ok && r.done() {
			out = append(out, decl{name, set, important})
		}
		return out
	}
	expand := shorthands[name]
	if expand == nil {
		return out
	}
	was := len(out)
	if !expand(&r, func(name string, set setter) { out = append(out, decl{name, set, important}) }) {
		out = out[:was]
	}
	return out
}

// unitless are the properties whose numbers are pixels, and whose colours need
// no #, in old mail (Quirks Mode Standard §3.1, §3.2).
var unitless = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields("background-color border-color color border-bottom-color border-left-color border-right-color border-top-color " +
		"border-bottom-width border-left-width border-right-width border-top-width border-width border-spacing bottom font-size height left letter-spacing " +
		"margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width padding padding-bottom padding-left padding-right " +
		"padding-top right text-indent top vertical-align width word-spacing") {
		m[n] = true
	}
	return m
}()

// splitDeclarations divides at semicolons outside of brackets.
func splitDeclarations(t []token) [][]token {
	var out [][]token
	depth, from := 0, 0
	for i := range t {
		if t[i].kind == tFunction {
			depth++
		}
		if t[i].kind != tDelim {
			continue
		}
		switch t[i].text[0] {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			depth = max(0, depth-1)
		case ';':
			if depth == 0 {
				out = append(out, t[from:i])
				from = i + 1
			}
		}
	}
	return append(out, t[from:])
}
