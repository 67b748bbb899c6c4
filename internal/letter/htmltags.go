package letter

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// start takes a start tag.
func (h *htmlReader) start(t *html.Token) {
	tag := t.DataAtom
	h.implied(tag)
	if isVoid(tag) {
		if !h.top().hidden && !hides(t) {
			h.void(t)
		}
		return
	}
	e := h.top()
	e.tag, e.name = tag, t.Data
	e.hidden = e.hidden || isDropped(tag) || hides(t)
	styled(&e, t)
	if e.hidden {
		h.push(e)
		return
	}
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Aside,
		atom.Address, atom.Center, atom.Table, atom.Tr, atom.Caption, atom.Figure, atom.Figcaption, atom.Dl, atom.Dt,
		atom.Dd, atom.Fieldset, atom.Details, atom.Summary:
		h.breakBlock()
	case atom.Td, atom.Th:
		if !h.empty() && !h.afterBreak() {
			h.blank = false
			h.put("\u2003", e)
		}
		e.style.Bold = e.style.Bold || tag == atom.Th
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		h.begin(Heading, int(t.Data[1]-'0'))
		e.style.Bold = true
	case atom.Ul, atom.Menu:
		h.endBlock()
		e.list, e.number = e.list+1, -1
	case atom.Ol:
		h.endBlock()
		e.list, e.number = e.list+1, firstNumber(t)
	case atom.Li:
		h.item(&e)
	case atom.Blockquote:
		h.endBlock()
		e.quote = min(e.quote+1, maxQuote)
	case atom.Pre, atom.Listing, atom.Xmp:
		h.begin(Preformatted, 0)
		e.pre = true
	case atom.A:
		e.style.Link = SafeLink(attr(t, "href"))
	}
	h.push(e)
}

func (h *htmlReader) push(e element) {
	if len(h.open) < maxOpen {
		h.open = append(h.open, e)
	}
}

// breakBlock begins a paragraph, inside a list item as part of that item.
func (h *htmlReader) breakBlock() {
	if h.begun && h.empty() {
		return // <li><p>: still the item
	}
	h.endBlock()
}

func (h *htmlReader) item(e *element) {
	h.begin(Item, max(1, e.list))
	for i := len(h.open) - 1; i >= 0; i-- {
		switch list := &h.open[i]; list.tag {
		case atom.Ol:
			h.block.Number = list.number
			list.number++
			return
		case atom.Ul, atom.Menu:
			return
		}
	}
}

// end takes an end tag: it closes the innermost open element of that name and
// what is open inside it.
func (h *htmlReader) end(tag atom.Atom, name string) {
	if tag == atom.P && !h.top().hidden {
		h.endBlock()
	}
	if tag == atom.Br {
		h.lineBreak()
		return
	}
	for i := len(h.open) - 1; i >= 0; i-- {
		if h.open[i].name != name {
			if isScope(h.open[i].tag) && !isScope(tag) && tag != atom.Tr {
				return // </b> does not reach out of a cell
			}
			continue
		}
		hidden := h.open[i].hidden
		h.open = h.open[:i]
		if !hidden && endsBlock(tag) {
			h.endBlock()
		}
		return
	}
}

// implied closes the elements that end where another begins.
func (h *htmlReader) implied(tag atom.Atom) {
	if len(h.open) == 0 {
		return
	}
	top := h.top().tag
	switch {
	case top == atom.P && endsBlock(tag), tag == atom.A && top == atom.A, top == atom.Option:
		h.open = h.open[:len(h.open)-1]
	case tag == atom.Li:
		h.closeUntil(atom.Li, atom.Ul, atom.Ol, atom.Menu, atom.Table)
	case tag == atom.Td || tag == atom.Th:
		h.closeUntil(atom.Td, atom.Table)
		h.closeUntil(atom.Th, atom.Table)
	case tag == atom.Tr:
		h.closeUntil(atom.Tr, atom.Table)
	case tag == atom.Body:
		h.closeUntil(atom.Head)
	}
}

// closeUntil closes the innermost open tag unless one of stop is further in.
func (h *htmlReader) closeUntil(tag atom.Atom, stop ...atom.Atom) {
	for i := len(h.open) - 1; i >= 0; i-- {
		if h.open[i].tag == tag {
			h.open = h.open[:i]
			return
		}
		for _, s := range stop {
			if h.open[i].tag == s {
				return
			}
		}
	}
}

// void takes an element without content.
func (h *htmlReader) void(t *html.Token) {
	switch t.DataAtom {
	case atom.Br:
		h.lineBreak()
	case atom.Hr:
		h.endBlock()
		h.doc.add(Block{Kind: Rule, Quote: h.top().quote})
	case atom.Img, atom.Image:
		h.picture(t)
	}
}

// picture puts a picture's place into the text. One of a point or two, which is
// there to report that the mail was read, has none.
func (h *htmlReader) picture(t *html.Token) {
	src := strings.TrimSpace(attr(t, "src"))
	run := h.top().style
	run.Image = true
	if len(src) > 4 && strings.EqualFold(src[:4], "cid:") {
		run.ContentID = cut(cleanName(string(percentDecode([]byte(src[4:])))), maxID)
	} else if isData := len(src) > 5 && strings.EqualFold(src[:5], "data:"); src != "" && !isData {
		h.doc.Remote++
	} else if isData && !h.doc.wide {
		h.read -= len(src)
		run.Data = dataPicture(src, maxData-h.doc.data)
	}
	if isDot(attr(t, "width")) || isDot(attr(t, "height")) {
		return
	}
	if run.Data != "" {
		run.ContentID, run.Data = h.doc.keep(run.Data)
	}
	alt := cut(cleanLine(attr(t, "alt")), maxName)
	if alt == "" && run.ContentID == "" {
		return
	}
	if h.blank && !h.empty() {
		h.text(" ", h.space)
	}
	h.blank = false
	h.block.Quote = h.top().quote
	h.image(alt, run)
}

func isDot(length string) bool {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(length), "px"))
	return err == nil && n <= 2
}

func firstNumber(t *html.Token) int {
	if n, err := strconv.Atoi(attr(t, "start")); err == nil && n > 0 && n < 1e6 {
		return n
	}
	return 1
}

func attr(t *html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
