package richtext

import "strings"

// Styled tells whether paragraphs would lose something as plain text: styles,
// headings, pictures, and links whose text does not say where they lead. Lists
// and quotes lose nothing.
func Styled(paras []*Para) bool {
	for _, p := range paras {
		if p.Kind == Heading || p.Kind == Fold && Styled(p.Hidden) {
			return true
		}
		at := 0
		for _, r := range p.Runs {
			s := r.Style
			if s.Bits != 0 || s.Image != nil || s.Link != "" && !spelt(string(p.Text[at:at+r.N]), s.Link) {
				return true
			}
			at += r.N
		}
	}
	return false
}

// spelt tells whether a text says where a link leads.
func spelt(text, link string) bool {
	bare := func(s string) string {
		for _, prefix := range []string{"https://", "http://", "mailto:"} {
			s = strings.TrimPrefix(s, prefix)
		}
		return strings.TrimSuffix(s, "/")
	}
	return bare(strings.TrimSpace(text)) == bare(link)
}
