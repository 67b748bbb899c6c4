package tree

import (
	"strings"

	"golang.org/x/net/html"
)

// kept are the attributes that say how an element looks.
var kept = set("align alt background bgcolor border bordercolor cellpadding cellspacing cite class clear color colspan compact dir face frame height hidden hspace id lang noshade nowrap open reversed rowspan rules size span src start style summary text title type valign value vspace width wrap link alink vlink")

// marks are attributes that senders' sheets choose by, without a meaning.
func mark(key string) bool {
	return strings.HasPrefix(key, "data-") || key == "x-apple-data-detectors" || key == "owa" || key == "name" || key == "role"
}

// attributes takes over what an element may keep.
func (p *parser) attributes(n *Node, c *html.Node) {
	for _, a := range c.Attr {
		if a.Namespace != "" || !kept[a.Key] && !mark(a.Key) {
			if a.Key == "href" && c.Data == "a" {
				n.Link = linkOf(a.Val)
				n.Attrs = append(n.Attrs, Attr{"href", ""})
			}
			continue
		}
		switch a.Key {
		case "src", "background":
			if a.Key == "src" && c.Data != "img" {
				continue
			}
			a.Val = Picture(a.Val)
			if remote(a.Val) {
				p.noteRemote(a.Val)
			}
			if a.Val == "" && a.Key == "background" {
				continue
			}
		case "class":
			n.Class = strings.Fields(a.Val)
		}
		n.Attrs = append(n.Attrs, Attr{a.Key, a.Val})
	}
}

// noteRemote notes the address of a picture elsewhere.
func (p *parser) noteRemote(address string) { p.tree.Report.note(address, p.remote) }

func (r *Report) note(address string, seen map[string]bool) {
	const most = 2000
	if !seen[address] && len(r.Remote) < most {
		seen[address] = true
		r.Remote = append(r.Remote, address)
	}
}

// Picture is the address of a picture as it may be asked for: cid:, data: of a
// picture, http: or https:. Everything else is "".
func Picture(address string) string {
	address = strings.TrimSpace(address)
	address = strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(address)
	switch scheme, rest, _ := strings.Cut(address, ":"); strings.ToLower(scheme) {
	case "cid":
		return "cid:" + rest
	case "data":
		if len(rest) > 6 && strings.EqualFold(rest[:6], "image/") && !strings.HasPrefix(strings.ToLower(rest), "image/svg") {
			return "data:" + rest
		}
		return ""
	case "http", "https":
		if !strings.HasPrefix(rest, "//") {
			return ""
		}
		return strings.ToLower(scheme) + ":" + rest
	}
	if strings.HasPrefix(address, "//") {
		return "https:" + address
	}
	return ""
}

func remote(address string) bool { return strings.HasPrefix(address, "http") }
