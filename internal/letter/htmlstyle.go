package letter

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// styled gives an element the style of its tag and of the few properties that
// a text without layout can show.
func styled(e *element, t *html.Token) {
	switch t.DataAtom {
	case atom.B, atom.Strong, atom.Dt:
		e.style.Bold = true
	case atom.I, atom.Em, atom.Cite, atom.Dfn, atom.Var:
		e.style.Italic = true
	case atom.S, atom.Strike, atom.Del:
		e.style.Strike = true
	case atom.Code, atom.Tt, atom.Kbd, atom.Samp:
		e.style.Code = true
	case atom.Font:
		e.tiny = e.tiny && attr(t, "size") == ""
	}
	eachProperty(attr(t, "style"), func(name, value string) {
		switch name {
		case "font-weight":
			switch value {
			case "bold", "bolder", "600", "700", "800", "900":
				e.style.Bold = true
			case "normal", "lighter", "100", "200", "300", "400", "500":
				e.style.Bold = false
			}
		case "font-style":
			e.style.Italic = value == "italic" || value == "oblique"
		case "font-size": // inherited until somebody inside sets a size of their own
			if isZero(value) || !strings.HasSuffix(value, "%") && !(strings.HasSuffix(value, "em") && !strings.HasSuffix(value, "rem")) {
				e.tiny = isZero(value)
			}
		case "text-decoration", "text-decoration-line":
			e.style.Strike = strings.Contains(value, "line-through")
		}
	})
}

// hides tells an element whose style keeps its text from being seen.
func hides(t *html.Token) bool {
	hidden := false
	for _, a := range t.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	small := false // no height and the rest cut off
	cutOff := false
	eachProperty(attr(t, "style"), func(name, value string) {
		switch name {
		case "display":
			hidden = hidden || value == "none"
		case "visibility":
			hidden = hidden || value == "hidden"
		case "mso-hide":
			hidden = hidden || value == "all"
		case "opacity":
			hidden = hidden || isZero(value)
		case "max-height", "height", "max-width", "width":
			small = small || isZero(value)
		case "overflow":
			cutOff = value == "hidden"
		}
	})
	return hidden || small && cutOff
}

func isZero(value string) bool {
	value = strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz% ")
	return value != "" && strings.Trim(value, "0.") == ""
}

// eachProperty reads a style attribute. What is escaped or odd is not read:
// nothing depends on it but looks.
func eachProperty(style string, f func(name, value string)) {
	if len(style) > 4096 {
		style = style[:4096]
	}
	for style != "" {
		var p string
		p, style, _ = strings.Cut(style, ";")
		name, value, ok := strings.Cut(p, ":")
		if !ok {
			continue
		}
		value, _, _ = strings.Cut(strings.ToLower(value), "!")
		f(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value))
	}
}

// isDropped tells elements whose content is no text of the letter.
func isDropped(tag atom.Atom) bool {
	switch tag {
	case atom.Head, atom.Title, atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Object, atom.Applet,
		atom.Svg, atom.Math, atom.Video, atom.Audio, atom.Canvas, atom.Select, atom.Textarea, atom.Noscript, atom.Noembed,
		atom.Noframes, atom.Frameset, atom.Datalist, atom.Map:
		return true
	}
	return false
}

func isVoid(tag atom.Atom) bool {
	switch tag {
	case atom.Br, atom.Hr, atom.Img, atom.Image, atom.Input, atom.Meta, atom.Link, atom.Base, atom.Area, atom.Col,
		atom.Embed, atom.Param, atom.Source, atom.Track, atom.Wbr, atom.Frame, atom.Keygen:
		return true
	}
	return false
}

// isScope tells elements that an end tag of something inline does not leave.
func isScope(tag atom.Atom) bool {
	switch tag {
	case atom.Table, atom.Td, atom.Th, atom.Body, atom.Html, atom.Blockquote, atom.Ul, atom.Ol, atom.Tr,
		atom.Tbody, atom.Thead, atom.Tfoot, atom.Div, atom.Head, atom.Svg, atom.Object, atom.Iframe, atom.Template:
		return true
	}
	return false
}

// endsBlock tells elements that begin and end a paragraph.
func endsBlock(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Aside,
		atom.Address, atom.Center, atom.Table, atom.Tr, atom.Caption, atom.Figure, atom.Figcaption, atom.Dl, atom.Dt,
		atom.Dd, atom.Fieldset, atom.Details, atom.Summary, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Ul, atom.Ol, atom.Menu, atom.Li, atom.Blockquote, atom.Pre, atom.Listing, atom.Xmp, atom.Hr, atom.Form:
		return true
	}
	return false
}
