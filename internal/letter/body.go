package letter

import "strings"

// body returns the indexes of the leaves that are the letter itself, in order;
// html says which kind to take where a multipart/alternative offers both. All
// other leaves are attachments.
func (l *Letter) body(html bool) []int {
	if len(l.Parts) == 0 {
		return nil
	}
	return l.bodyBelow(0, html, true)
}

func (l *Letter) bodyBelow(i int, html, first bool) []int {
	p := &l.Parts[i]
	switch {
	case p.Type == "message/rfc822" || p.Type == "message/global":
		return nil
	case !p.Multipart():
		if p.isText(first) {
			return []int{i}
		}
		return nil
	}
	children := l.children(i)
	switch p.Type {
	case "multipart/alternative":
		return l.alternative(children, html, first)
	case "multipart/related":
		root := 0
		for n, c := range children {
			if p.start != "" && l.Parts[c].ContentID == p.start {
				root = n
			}
		}
		if len(children) > 0 {
			return l.bodyBelow(children[root], html, true)
		}
		return nil
	case "multipart/encrypted":
		return nil
	}
	var all []int
	for n, c := range children {
		if p.Type == "multipart/signed" && n > 0 {
			break
		}
		all = append(all, l.bodyBelow(c, html, first && n == 0)...)
	}
	return all
}

// alternative chooses among the children of a multipart/alternative: the kind
// asked for if it is at hand and not empty, else what is.
func (l *Letter) alternative(children []int, html, first bool) []int {
	var best []int
	score := -1
	for _, c := range children {
		b := l.bodyBelow(c, html, true)
		if len(b) == 0 {
			continue
		}
		s := 0
		for _, j := range b {
			p := &l.Parts[j]
			if p.Size > 0 && !p.Absent {
				s |= 2
			}
			if (p.Type == "text/html") == html {
				s |= 1
			}
		}
		if s > score || s == score && html {
			best, score = b, s
		}
	}
	return best
}

// isText tells a leaf that is read as part of the letter. A text with a name is
// one only at the place where the letter itself stands.
func (p *Part) isText(first bool) bool {
	if p.Disposition == "attachment" || !strings.HasPrefix(p.Type, "text/") {
		return false
	}
	switch p.Type {
	case "text/plain", "text/html":
		return first || p.Name == ""
	case "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers", "text/x-amp-html":
		return false
	}
	return first && p.Name == ""
}

// Body returns the parts the letter is read from, with HTML preferred: what has
// to be at hand to show it.
func (l *Letter) Body() []*Part { return l.pointers(l.body(true)) }

func (l *Letter) pointers(indexes []int) []*Part {
	out := make([]*Part, 0, len(indexes))
	for _, i := range indexes {
		out = append(out, &l.Parts[i])
	}
	return out
}

// Attachments returns the leaves and embedded messages that are not the letter
// itself, in order, without the pictures that belong into its HTML and without
// the other forms of an alternative. Each has a Name.
func (l *Letter) Attachments() []*Part {
	read := map[int]bool{}
	for _, i := range l.body(true) {
		read[i] = true
	}
	for _, i := range l.body(false) {
		read[i] = true
	}
	inside := make([]bool, len(l.Parts)) // below an attached message
	var out []*Part
	for i := range l.Parts {
		p := &l.Parts[i]
		if p.Parent >= 0 {
			up := &l.Parts[p.Parent]
			inside[i] = inside[p.Parent] || up.Type == "message/rfc822" || up.Type == "message/global"
		}
		if inside[i] || p.Multipart() || read[i] || l.belongsToHTML(p) || l.otherForm(p) {
			continue
		}
		out = append(out, p)
	}
	return out
}

// belongsToHTML tells a picture of a multipart/related that is shown in place.
func (l *Letter) belongsToHTML(p *Part) bool {
	return p.ContentID != "" && p.Disposition != "attachment" && strings.HasPrefix(p.Type, "image/") &&
		p.Parent >= 0 && l.Parts[p.Parent].Type == "multipart/related"
}

// otherForm tells a text of an alternative that was not chosen.
func (l *Letter) otherForm(p *Part) bool {
	if p.Disposition == "attachment" || !strings.HasPrefix(p.Type, "text/") || p.Type == "text/calendar" {
		return false
	}
	for up := p.Parent; up >= 0; up = l.Parts[up].Parent {
		if l.Parts[up].Type == "multipart/alternative" {
			return true
		}
		if l.Parts[up].Type != "multipart/related" {
			return false
		}
	}
	return false
}

// Inline returns the part with a Content-ID, for "cid:" pictures; nil when
// there is none.
func (l *Letter) Inline(contentID string) *Part {
	for i := range l.Parts {
		if p := &l.Parts[i]; p.ContentID != "" && p.ContentID == contentID {
			return p
		}
	}
	return nil
}
