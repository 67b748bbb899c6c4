package tree

import (
	"strings"

	"golang.org/x/net/html"
)

// modeOf is the mode that the doctype of a document asks for (HTML Standard
// §13.2.6.4.1); without one it is Quirks.
func modeOf(doc *html.Node) Mode {
	for c := doc.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.DoctypeNode {
			return doctype(c)
		}
	}
	return Quirks
}

func doctype(n *html.Node) Mode {
	public, system, hasSystem := "", "", false
	for _, a := range n.Attr {
		switch a.Key {
		case "public":
			public = strings.ToLower(a.Val)
		case "system":
			system, hasSystem = strings.ToLower(a.Val), true
		}
	}
	if n.Data != "html" || system == "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd" {
		return Quirks
	}
	switch public {
	case "-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html":
		return Quirks
	}
	for _, p := range quirky {
		if strings.HasPrefix(public, p) {
			return Quirks
		}
	}
	for _, p := range []string{"-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//"} {
		if strings.HasPrefix(public, p) {
			if hasSystem && system != "" {
				return Limited
			}
			return Quirks
		}
	}
	for _, p := range []string{"-//w3c//dtd xhtml 1.0 frameset//", "-//w3c//dtd xhtml 1.0 transitional//"} {
		if strings.HasPrefix(public, p) {
			return Limited
		}
	}
	return Standards
}

// quirky are the beginnings of public identifiers of documents written for
// browsers before standards.
var quirky = []string{
	"+//silmaril//", "-//as//", "-//advasoft ltd//", "-//ietf//", "-//metrius//", "-//microsoft//dtd internet explorer", "-//netscape comm. corp.//",
	"-//o'reilly and associates//", "-//sq//", "-//softquad", "-//spyglass//", "-//sun microsystems corp.//", "-//webtechs//",
	"-//w3c//dtd html 3", "-//w3c//dtd html 4.0 frameset//", "-//w3c//dtd html 4.0 transitional//", "-//w3c//dtd html experimental", "-//w3c//dtd w3 html", "-//w3o//dtd w3 html",
}
