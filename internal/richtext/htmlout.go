package richtext

import (
	"html"
	"slices"
	"strconv"
	"strings"
)

// HTML writes paragraphs as the body of an HTML letter: div, h2, ul, ol, li,
// blockquote, br, a, b, i, u, s, code and img with a cid: address, and nothing
// else. FromHTML reads it back as it was, but for Folds, which are written out, and tabs,
// which become blanks.
func HTML(paras []*Para) string {
	w := htmlWriter{}
	for _, p := range Unfolded(paras) {
		w.para(p)
	}
	w.closeLists(0)
	w.quoteTo(0)
	return w.String()
}

// Images returns the Content-IDs of the pictures in paragraphs, each once, in
// order: the parts that a letter with this text has to hold.
func Images(paras []*Para) []string {
	seen := map[string]bool{}
	var out []string
	for _, p := range Unfolded(paras) {
		for _, r := range p.Runs {
			if m := r.Style.Image; m != nil && !seen[m.ContentID] {
				seen[m.ContentID] = true
				out = append(out, m.ContentID)
			}
		}
	}
	return out
}

type htmlWriter struct {
	strings.Builder
	quote int
	lists []openList
}

// openList is a list that is not ended; its last item is not ended either.
type openList struct {
	kind Kind
	item bool
}

func (l openList) tag() string {
	if l.kind == Number {
		return "ol"
	}
	return "ul"
}

func (w *htmlWriter) quoteTo(depth int) {
	for ; w.quote < depth; w.quote++ {
		w.WriteString("<blockquote type=\"cite\">\n")
	}
	for ; w.quote > depth; w.quote-- {
		w.WriteString("</blockquote>\n")
	}
}

// closeLists ends lists until n are open.
func (w *htmlWriter) closeLists(n int) {
	for len(w.lists) > n {
		l := w.lists[len(w.lists)-1]
		w.lists = w.lists[:len(w.lists)-1]
		if l.item {
			w.WriteString("</li>\n")
		}
		w.WriteString("</" + l.tag() + ">\n")
	}
}

func (w *htmlWriter) para(p *Para) {
	if p.Quote != w.quote {
		w.closeLists(0)
		w.quoteTo(p.Quote)
	}
	if p.Kind == Bullet || p.Kind == Number {
		w.item(p)
		return
	}
	w.closeLists(0)
	tag := "div"
	if p.Kind == Heading {
		tag = "h2"
	}
	w.WriteString("<" + tag + ">")
	w.inline(p)
	w.WriteString("</" + tag + ">\n")
}

// item writes an item; it stays open for a list inside it.
func (w *htmlWriter) item(p *Para) {
	depth := p.Indent + 1
	w.closeLists(depth)
	if n := len(w.lists); n == depth && w.lists[n-1].kind != p.Kind {
		w.closeLists(depth - 1)
	}
	for len(w.lists) < depth {
		w.lists = append(w.lists, openList{kind: p.Kind})
		w.WriteString("<" + w.lists[len(w.lists)-1].tag() + ">\n")
	}
	l := &w.lists[depth-1]
	if l.item {
		w.WriteString("</li>\n")
	}
	l.item = true
	w.WriteString("<li>")
	w.inline(p)
}

func (w *htmlWriter) inline(p *Para) {
	p = withoutTabs(p)
	at := 0
	for _, r := range p.Runs {
		w.run(p.Text, at, at+r.N, r.Style)
		at += r.N
	}
	if n := len(p.Text); n == 0 || p.Text[n-1] == LineBreak {
		w.WriteString("<br>") // a last one is not shown
	}
}

// withoutTabs returns p with four blanks for every tab, which HTML has not.
func withoutTabs(p *Para) *Para {
	if !slices.Contains(p.Text, '\t') {
		return p
	}
	q := *p
	q.Text, q.Runs = nil, nil
	at := 0
	for _, r := range p.Runs {
		from := len(q.Text)
		for _, c := range p.Text[at : at+r.N] {
			if c == '\t' {
				q.Text = append(q.Text, []rune("    ")...)
			} else {
				q.Text = append(q.Text, c)
			}
		}
		q.Runs = append(q.Runs, Run{len(q.Text) - from, r.Style})
		at += r.N
	}
	return &q
}

// tags are the elements of the styles that are on or off, outermost first.
var tags = []struct {
	bit Bits
	tag string
}{{Bold, "b"}, {Italic, "i"}, {Underline, "u"}, {Strike, "s"}, {Code, "code"}}

func (w *htmlWriter) run(t []rune, from, to int, s Style) {
	if s.Link != "" {
		w.WriteString(`<a href="` + html.EscapeString(s.Link) + `">`)
	}
	for _, x := range tags {
		if s.Bits&x.bit != 0 {
			w.WriteString("<" + x.tag + ">")
		}
	}
	for i := from; i < to; i++ {
		if s.Image != nil {
			w.image(s.Image)
			continue
		}
		w.rune(t, i)
	}
	for k := len(tags) - 1; k >= 0; k-- {
		if s.Bits&tags[k].bit != 0 {
			w.WriteString("</" + tags[k].tag + ">")
		}
	}
	if s.Link != "" {
		w.WriteString("</a>")
	}
}

// rune writes rune i of a text. Blanks that HTML would swallow are written as
// such that it keeps.
func (w *htmlWriter) rune(t []rune, i int) {
	switch r := t[i]; r {
	case LineBreak:
		w.WriteString("<br>\n")
	case ' ':
		edge := i == 0 || t[i-1] == LineBreak || i+1 == len(t) || t[i+1] == LineBreak
		if edge || t[i-1] == ' ' {
			w.WriteString("&nbsp;")
		} else {
			w.WriteByte(' ')
		}
	case '<':
		w.WriteString("&lt;")
	case '>':
		w.WriteString("&gt;")
	case '&':
		w.WriteString("&amp;")
	default:
		w.WriteRune(r)
	}
}

func (w *htmlWriter) image(m *Image) {
	w.WriteString(`<img src="cid:` + html.EscapeString(m.ContentID) + `" alt="` + html.EscapeString(m.Alt) + `"`)
	if m.Width > 0 && m.Height > 0 {
		w.WriteString(` width="` + strconv.Itoa(m.Width) + `" height="` + strconv.Itoa(m.Height) + `"`)
	}
	w.WriteString(">")
}
