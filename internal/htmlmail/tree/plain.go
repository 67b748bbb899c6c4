package tree

import (
	"strings"

	"golang.org/x/net/html"
)

// Plain makes the tree of a text without markup. Lines that begin with > are
// quotes, addresses are links.
func Plain(text string) *Tree {
	t := &Tree{Mode: Standards, Root: &Node{Tag: "html"}, Body: &Node{Tag: "body"}}
	if len(text) > MaxBytes {
		text, t.Report.Cut = strings.ToValidUTF8(text[:MaxBytes], ""), true
	}
	text = strings.ToValidUTF8(strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n").Replace(text), "\uFFFD")
	t.Root.add(t.Body)
	p := plain{tree: t, at: []*Node{t.Body}}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		p.line(line)
	}
	p.end()
	t.Root.number()
	t.Root.Nth, t.Root.NthLast, t.Root.TypeNth, t.Root.TypeNthLast = 1, 1, 1, 1
	return t
}

// plain builds the tree of a text.
type plain struct {
	tree  *Tree
	at    []*Node // the body and the quotes that are open
	block *Node   // the block that takes the next line
	lines int     // in it
}

// blockLines is how many lines a block has at most: a long text is laid out
// block by block.
const blockLines = 60

const maxQuotes = 20

func (p *plain) line(s string) {
	level := 0
	for level < maxQuotes && strings.HasPrefix(s, ">") {
		s = s[1:]
		s = strings.TrimPrefix(s, " ")
		level++
	}
	for len(p.at)-1 > level {
		p.end()
		p.at[len(p.at)-1].number()
		p.at = p.at[:len(p.at)-1]
	}
	for len(p.at)-1 < level {
		p.end()
		q := &Node{Tag: "blockquote", Attrs: []Attr{{"type", "cite"}, {"class", "plain"}}, Class: []string{"plain"}}
		p.at[len(p.at)-1].add(q)
		p.at = append(p.at, q)
	}
	if p.lines >= blockLines {
		p.end()
	}
	if p.block == nil {
		p.block = &Node{Tag: "pre", Attrs: []Attr{{"class", "plain"}}, Class: []string{"plain"}}
		p.at[len(p.at)-1].add(p.block)
	} else {
		p.text("\n")
	}
	p.lines++
	p.words(s)
}

func (p *plain) end() {
	if p.block != nil {
		p.block.number()
	}
	p.block, p.lines = nil, 0
}

func (p *plain) text(s string) {
	if n := len(p.block.Kids); n > 0 && p.block.Kids[n-1].Tag == "" {
		p.block.Kids[n-1].Text += s
		return
	}
	p.block.add(&Node{Text: s})
}

// words adds a line, its addresses as links.
func (p *plain) words(s string) {
	if s == "" {
		s = "\u200b"
	}
	for s != "" {
		from, to := address(s)
		if from < 0 {
			p.text(s)
			return
		}
		if from > 0 {
			p.text(s[:from])
		}
		shown := s[from:to]
		target := shown
		if !strings.Contains(target, "://") && !strings.HasPrefix(target, "mailto:") {
			target = "https://" + target
		}
		a := &Node{Tag: "a", Link: linkOf(target), Attrs: []Attr{{"href", ""}}}
		a.add(&Node{Text: shown})
		p.block.add(a)
		s = s[to:]
	}
}

// address finds the first address in a line, from -1 where there is none.
func address(s string) (from, to int) {
	from = -1
	for _, start := range []string{"https://", "http://", "ftp://", "mailto:", "www."} {
		if i := strings.Index(s, start); i >= 0 && (from < 0 || i < from) && len(s) > i+len(start) {
			from = i
		}
	}
	if from < 0 {
		return -1, -1
	}
	to = from
	depth := 0
	for i, r := range s[from:] {
		if r <= ' ' || r == '<' || r == '>' || r == '"' || r == 0xa0 || r == '“' || r == '”' {
			break
		}
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return from, trim(s, from, from+i)
			}
		}
		to = from + i + len(string(r))
	}
	return from, trim(s, from, to)
}

// trim takes marks off the end of an address that belong to the sentence.
func trim(s string, from, to int) int {
	for to > from+1 && strings.IndexByte(".,;:!?'*_", s[to-1]) >= 0 {
		to--
	}
	return to
}

// blocks are elements that begin a line.
var blocks = set("address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul")

// Text is the text of HTML that cannot be shown as such.
func Text(src string) string {
	if len(src) > MaxBytes {
		src = src[:MaxBytes]
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(strings.ToValidUTF8(src, "\uFFFD")))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if skip == "" {
				b.WriteString(strings.Join(strings.Fields(string(z.Text())), " "))
				b.WriteByte(' ')
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if tag := string(name); skip == "" && (tag == "script" || tag == "style" || tag == "title") {
				skip = tag
			} else if blocks[tag] {
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == skip {
				skip = ""
			}
		}
	}
}
