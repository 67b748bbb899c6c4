// Package tree makes the tree that a mail is drawn from: what an HTML parser
// found, reduced once, by allowlists of elements, attributes and addresses, to
// what can be shown. It is never written out and parsed again. Nothing in it
// can run, and no address in it but that of a link or a picture is left.
//
// The sheets of the mail are collected as text for package css, which knows no
// addresses but those of pictures either. A Tree is never changed once it is
// made and may be read from several goroutines.
package tree

import "strings"

// Mode is how closely old browsers are followed (HTML Standard §13.2.6.4.1).
type Mode uint8

// The modes of a document.
const (
	Quirks Mode = iota
	Limited
	Standards
)

// Attr is an attribute of an element.
type Attr struct{ Key, Val string }

// Node is an element, or a text: one with no Tag.
type Node struct {
	Tag    string
	Text   string
	Attrs  []Attr
	Parent *Node
	Kids   []*Node

	// Among the elements of Parent, for the selectors of CSS.
	Prev         *Node // the element before
	Nth, NthLast int   // counted from 1
	TypeNth      int   // counted from 1, among elements of its Tag
	TypeNthLast  int
	Class        []string
	Link         *Link // of an a element whose address may be opened
}

// Link is where an a element leads.
type Link struct {
	Href string // http, https, mailto, tel or ftp, with a host where one is due
	Host string // of http, https and ftp, as it is looked up (punycode); else ""
}

// Sheet is the text of a style element.
type Sheet struct {
	Text, Media string
}

// Tree is a mail's document.
type Tree struct {
	Root   *Node // html
	Body   *Node
	Mode   Mode
	Sheets []Sheet
	Report Report
}

// Report says what was left out.
type Report struct {
	Scripts, Frames, Forms int
	// Remote are the addresses of pictures elsewhere, each once, in order.
	Remote []string
	// Cut tells that the mail was longer or deeper than what is shown.
	Cut bool
}

// Get returns an attribute, "" where there is none.
func (n *Node) Get(key string) string {
	v, _ := n.Lookup(key)
	return v
}

// Lookup returns an attribute and whether it is there.
func (n *Node) Lookup(key string) (string, bool) {
	for i := range n.Attrs {
		if n.Attrs[i].Key == key {
			return n.Attrs[i].Val, true
		}
	}
	return "", false
}

// add appends a child and counts it for the selectors.
func (n *Node) add(k *Node) {
	k.Parent = n
	n.Kids = append(n.Kids, k)
}

// number gives the children of a node their places, once it has all.
func (n *Node) number() {
	kinds := map[string]int{}
	var last *Node
	count := 0
	for _, k := range n.Kids {
		if k.Tag == "" {
			continue
		}
		count++
		kinds[k.Tag]++
		k.Nth, k.TypeNth, k.Prev = count, kinds[k.Tag], last
		last = k
	}
	for _, k := range n.Kids {
		if k.Tag != "" {
			k.NthLast, k.TypeNthLast = count-k.Nth+1, kinds[k.Tag]-k.TypeNth+1
		}
	}
}

// Words appends the text below n, as it would be read aloud.
func (n *Node) Words(b *strings.Builder) {
	if n.Tag == "" {
		b.WriteString(n.Text)
		return
	}
	for _, k := range n.Kids {
		k.Words(b)
	}
}
