package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of HTML that is read; what is beyond is left out.
const (
	maxSource = 8 << 20 // bytes
	maxParas  = 50000
	maxDepth  = 200 // elements inside each other; deeper ones have no effect
)

// FromHTML reads what HTML shows as paragraphs: its text, the styles a Doc
// knows, lists, quotes, links and pictures of the same letter. Everything else
// is left out, the text of what is hidden too. It is linear in the source and
// never fails.
func FromHTML(source string) []*Para {
	if len(source) > maxSource {
		source = source[:maxSource]
	}
	r := htmlReader{stack: []element{{}}}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(maxSource)
	for len(r.out) < maxParas {
		switch z.Next() {
		case html.ErrorToken:
			r.flush()
			return r.out
		case html.TextToken:
			r.text(string(z.Text()))
		case html.StartTagToken:
			t := z.Token()
			r.start(&t)
		case html.SelfClosingTagToken:
			t := z.Token()
			r.start(&t)
			if !void[t.DataAtom] {
				r.end(t.DataAtom)
			}
		case html.EndTagToken:
			t := z.Token()
			r.end(t.DataAtom)
		}
	}
	return r.out
}

// element is an open element, with what holds inside it.
type element struct {
	tag    atom.Atom
	style  Style
	kind   Kind // Body, Heading, or that of the innermost list
	lists  int  // open
	quote  int
	pre    bool
	hidden bool
}

type htmlReader struct {
	stack []element
	deep  int // elements beyond maxDepth
	out   []*Para
	para  Para
	begun bool // para is to be kept even without text
	item  bool // para is the first of an item
}

func (r *htmlReader) top() *element { return &r.stack[len(r.stack)-1] }

var void = map[atom.Atom]bool{atom.Br: true, atom.Img: true, atom.Hr: true, atom.Input: true, atom.Meta: true,
	atom.Link: true, atom.Wbr: true, atom.Col: true, atom.Area: true, atom.Base: true, atom.Source: true, atom.Embed: true}

// unseen are elements whose text is not shown.
var unseen = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true,
	atom.Template: true, atom.Noscript: true, atom.Svg: true, atom.Math: true, atom.Iframe: true, atom.Object: true,
	atom.Select: true, atom.Textarea: true, atom.Audio: true, atom.Video: true, atom.Noembed: true, atom.Noframes: true}

// blocks are elements that begin and end a paragraph.
var blocks = map[atom.Atom]bool{atom.Div: true, atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true,
	atom.H4: true, atom.H5: true, atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Blockquote: true,
	atom.Pre: true, atom.Table: true, atom.Tr: true, atom.Tbody: true, atom.Thead: true, atom.Caption: true,
	atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Main: true, atom.Nav: true,
	atom.Aside: true, atom.Address: true, atom.Center: true, atom.Figure: true, atom.Figcaption: true, atom.Dl: true,
	atom.Dt: true, atom.Dd: true, atom.Fieldset: true, atom.Details: true, atom.Summary: true, atom.Body: true,
	atom.Html: true, atom.Form: true}

// inlines are the styles that elements set.
var inlines = map[atom.Atom]Bits{atom.B: Bold, atom.Strong: Bold, atom.Th: Bold, atom.I: Italic, atom.Em: Italic,
	atom.Cite: Italic, atom.Var: Italic, atom.Dfn: Italic, atom.U: Underline, atom.Ins: Underline, atom.S: Strike,
	atom.Strike: Strike, atom.Del: Strike, atom.Code: Code, atom.Tt: Code, atom.Kbd: Code, atom.Samp: Code, atom.Pre: Code}

func (r *htmlReader) start(t *html.Token) {
	tag := t.DataAtom
	if blocks[tag] && !r.top().hidden {
		r.flush()
	}
	if void[tag] {
		if !r.top().hidden {
			r.void(t)
		}
		return
	}
	if tag == atom.Li || tag == atom.P {
		r.implied(tag)
	}
	if len(r.stack) > maxDepth {
		r.deep++
		return
	}
	e := *r.top()
	e.tag = tag
	e.hidden = e.hidden || unseen[tag]
	e.style.Bits |= inlines[tag]
	styled(&e, attribute(t, "style"))
	switch tag {
	case atom.A:
		if u := SafeLink(attribute(t, "href")); u != "" {
			e.style.Link = u
		}
	case atom.Blockquote:
		e.quote = min(e.quote+1, MaxQuote)
		e.kind, e.lists = Body, 0
	case atom.Ul, atom.Ol:
		e.kind = Bullet
		if tag == atom.Ol {
			e.kind = Number
		}
		e.lists++
	case atom.Li:
		r.item = true
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if e.lists == 0 {
			e.kind = Heading
		}
	case atom.Pre:
		e.pre = true
	case atom.Td, atom.Th:
		if n := len(r.para.Text); n > 0 && !e.hidden {
			r.raw("\t", e.style)
		}
	}
	r.stack = append(r.stack, e)
}

// implied ends an item or a paragraph whose end tag was left out.
func (r *htmlReader) implied(tag atom.Atom) {
	for i := len(r.stack) - 1; i > 0; i-- {
		switch x := r.stack[i].tag; {
		case x == tag:
			r.stack = r.stack[:i]
			return
		case blocks[x]:
			return
		}
	}
}

func (r *htmlReader) end(tag atom.Atom) {
	if r.deep > 0 && !void[tag] {
		r.deep--
		return
	}
	if blocks[tag] && !r.top().hidden {
		r.flush()
	}
	for i := len(r.stack) - 1; i > 0; i-- {
		if r.stack[i].tag == tag {
			r.stack = r.stack[:i]
			return
		}
	}
}

func (r *htmlReader) void(t *html.Token) {
	switch t.DataAtom {
	case atom.Br:
		r.begun = true
		r.raw("\n", r.top().style)
	case atom.Hr:
		r.flush()
		r.raw("———", Style{})
		r.flush()
	case atom.Img:
		r.image(t)
	}
}

func (r *htmlReader) image(t *html.Token) {
	src, alt := strings.TrimSpace(attribute(t, "src")), strings.Join(strings.Fields(clean(attribute(t, "alt"))), " ")
	id, ok := cutFold(src, "cid:")
	if !ok || id == "" || strings.ContainsAny(id, " \t\r\n<>\"") {
		if alt != "" {
			r.put("["+alt+"]", r.top().style)
		}
		return
	}
	s := r.top().style
	s.Image = &Image{ContentID: id, Alt: alt, Width: pixels(attribute(t, "width")), Height: pixels(attribute(t, "height"))}
	r.para.Text = append(r.para.Text, ObjectRune)
	r.para.Runs = append(r.para.Runs, Run{1, s})
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

func pixels(s string) int {
	n := 0
	for _, c := range strings.TrimSuffix(strings.TrimSpace(s), "px") {
		if c < '0' || c > '9' || n > 10000 {
			return 0
		}
		n = 10*n + int(c-'0')
	}
	return n
}

func attribute(t *html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// text takes text between tags.
func (r *htmlReader) text(s string) {
	e := r.top()
	if e.hidden {
		return
	}
	if e.pre {
		for i, line := range strings.Split(lineEnds(s), "\n") {
			if i > 0 {
				r.begun = true
				r.flush()
			}
			r.raw(line, e.style)
		}
		return
	}
	r.put(s, e.style)
}

// put adds text, white space as single blanks.
func (r *htmlReader) put(s string, style Style) {
	var b strings.Builder
	blank := len(r.para.Text) == 0
	if n := len(r.para.Text); n > 0 {
		last := r.para.Text[n-1]
		blank = last == ' ' || last == LineBreak || last == '\t'
	}
	for _, c := range s {
		switch c {
		case ' ', '\n', '\r', '\f', '\t':
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
		default:
			b.WriteRune(c)
			blank = false
		}
	}
	r.raw(b.String(), style)
}

// raw adds text as it is.
func (r *htmlReader) raw(s string, style Style) {
	t := []rune(clean(s))
	r.para.Text = append(r.para.Text, t...)
	if len(t) > 0 {
		r.para.Runs = append(r.para.Runs, Run{len(t), style})
	}
}

// flush ends the paragraph; one without text is kept where a br shows it.
func (r *htmlReader) flush() {
	p := r.para
	begun := r.begun
	r.para, r.begun = Para{}, false
	t := p.Text
	cut := len(t)
	if cut > 0 && t[cut-1] == ' ' {
		cut--
	}
	if begun && cut > 0 && t[cut-1] == LineBreak {
		cut-- // a last br ends the line and begins none
	}
	if cut == 0 && !begun {
		return
	}
	p.Text = append([]rune(nil), t[:cut]...)
	p.Runs = joinRuns(cutRuns(p.Runs, 0, cut))
	for i, c := range p.Text {
		if c == '\u00a0' && keptBlank(p.Text, i) {
			p.Text[i] = ' '
		}
	}
	e := r.top()
	p.Quote = e.quote
	p.Kind = e.kind
	if e.lists > 0 {
		p.Indent = min(e.lists-1, MaxIndent)
		if !r.item { // a further paragraph of an item
			p.Kind, p.Indent = Body, 0
		}
	}
	r.item = false
	r.out = append(r.out, &p)
}

// keptBlank tells a no-break space that stands for a blank HTML would have
// swallowed.
func keptBlank(t []rune, i int) bool {
	return i == 0 || i == len(t)-1 || t[i-1] == ' ' || t[i-1] == LineBreak || t[i+1] == ' ' || t[i+1] == LineBreak
}

// styled applies what a style attribute says of styles a Doc knows.
func styled(e *element, css string) {
	for _, d := range strings.Split(strings.ToLower(css), ";") {
		name, value, _ := strings.Cut(d, ":")
		value = strings.TrimSpace(value)
		set := func(b Bits, on, off bool) {
			if on {
				e.style.Bits |= b
			} else if off {
				e.style.Bits &^= b
			}
		}
		switch strings.TrimSpace(name) {
		case "font-weight":
			set(Bold, strings.HasPrefix(value, "bold") || len(value) == 3 && value[0] >= '6' && value[0] <= '9', value == "normal" || len(value) == 3 && value[0] < '6')
		case "font-style":
			set(Italic, value == "italic" || value == "oblique", value == "normal")
		case "text-decoration", "text-decoration-line":
			set(Underline, strings.Contains(value, "underline"), false)
			set(Strike, strings.Contains(value, "line-through"), false)
		case "display":
			e.hidden = e.hidden || value == "none"
		}
	}
}
