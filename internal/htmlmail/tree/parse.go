package tree

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Limits of a mail.
const (
	MaxBytes = 5 << 20
	MaxNodes = 100_000
	MaxDepth = 512
	MaxSheet = 1 << 20 // bytes of all sheets
)

// ErrTooLarge is the error of a mail above MaxBytes.
var ErrTooLarge = errors.New("the mail is larger than 5 MB of HTML")

// Parse makes the tree of a mail's HTML, UTF-8 already. Its errors are those
// of a mail that cannot be shown as HTML: too large, nested too deeply, a
// cancelled context.
func Parse(ctx context.Context, src string) (t *Tree, err error) {
	if len(src) > MaxBytes {
		return nil, ErrTooLarge
	}
	defer func() {
		if r := recover(); r != nil {
			t, err = nil, fmt.Errorf("the HTML could not be understood: %v", r)
		}
	}()
	src = strings.ToValidUTF8(strings.ReplaceAll(src, "\x00", ""), "\uFFFD")
	doc, err := html.ParseWithOptions(strings.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	p := parser{ctx: ctx, tree: &Tree{Mode: modeOf(doc)}, remote: map[string]bool{}}
	p.tree.Root = &Node{Tag: "html"}
	for c := doc.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "html" {
			p.attributes(p.tree.Root, c)
			p.children(p.tree.Root, c, 1)
		}
	}
	if p.tree.Body == nil {
		p.tree.Body = &Node{Tag: "body"}
		p.tree.Root.add(p.tree.Body)
	}
	p.tree.Root.number()
	p.tree.Root.Nth, p.tree.Root.NthLast, p.tree.Root.TypeNth, p.tree.Root.TypeNthLast = 1, 1, 1, 1
	return p.tree, ctx.Err()
}

// parser reduces a parsed document.
type parser struct {
	ctx    context.Context
	tree   *Tree
	nodes  int
	sheets int
	remote map[string]bool
}

// children reduces the children of from into n. The parser has bounded their
// depth by MaxDepth.
func (p *parser) children(n *Node, from *html.Node, depth int) {
	for c := from.FirstChild; c != nil; c = c.NextSibling {
		if p.nodes++; p.nodes > MaxNodes || depth > MaxDepth || p.nodes%1000 == 0 && p.ctx.Err() != nil {
			p.tree.Report.Cut = true
			return
		}
		switch c.Type {
		case html.TextNode:
			if from.Data != "html" && from.Data != "head" {
				n.add(&Node{Text: c.Data})
			}
		case html.ElementNode:
			p.element(n, c, depth)
		}
	}
	if n.Tag != "html" {
		n.number()
	}
}

func (p *parser) element(n *Node, c *html.Node, depth int) {
	if c.Namespace != "" { // svg and math
		return
	}
	switch c.Data {
	case "script":
		p.tree.Report.Scripts++
		return
	case "iframe", "frame", "frameset", "object", "embed", "applet":
		p.tree.Report.Frames++
		return
	case "style":
		p.sheet(c)
		return
	case "head":
		for k := c.FirstChild; k != nil; k = k.NextSibling {
			if k.Type == html.ElementNode && k.Data == "style" {
				p.sheet(k)
			}
		}
		return
	case "form":
		p.tree.Report.Forms++
	}
	if dropped[c.Data] {
		return
	}
	k := &Node{Tag: c.Data}
	p.attributes(k, c)
	n.add(k)
	switch c.Data {
	case "input":
		inert(k, c)
		return
	case "body":
		p.tree.Body = k
	}
	p.children(k, c, depth+1)
}

func (p *parser) sheet(c *html.Node) {
	if c.FirstChild == nil || p.sheets+len(c.FirstChild.Data) > MaxSheet {
		return
	}
	s := Sheet{Text: c.FirstChild.Data}
	for _, a := range c.Attr {
		switch a.Key {
		case "media":
			s.Media = a.Val
		case "type":
			if t := strings.ToLower(strings.TrimSpace(a.Val)); t != "" && t != "text/css" {
				return
			}
		}
	}
	p.sheets += len(s.Text)
	p.tree.Sheets = append(p.tree.Sheets, s)
}

// inert makes a field of a form the text that stands in it.
func inert(k *Node, c *html.Node) {
	kind, text := "text", ""
	for _, a := range c.Attr {
		switch a.Key {
		case "type":
			kind = strings.ToLower(a.Val)
		case "value":
			text = a.Val
		}
	}
	switch kind {
	case "submit", "button", "reset":
		k.Tag = "button"
	case "hidden", "image", "file", "password", "checkbox", "radio":
		k.Attrs = append(k.Attrs, Attr{"hidden", ""})
		return
	}
	if text != "" {
		k.add(&Node{Text: text})
	}
}

// dropped are elements that go with all that is in them. Of the rest none does
// anything: what is not known is shown as a span.
var dropped = set("audio base canvas command datalist dialog link map area math meta nextid noembed noframes noscript optgroup option param portal rp select slot source svg template textarea title track video xml")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
