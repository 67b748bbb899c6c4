package page

import (
	"strings"

	"paquebot.app/internal/htmlmail/tree"
)

// Target is a link under the mouse.
type Target struct {
	*tree.Link
	Text string // as it is shown in the mail
	// Warning is the host that the text names where the link leads to
	// another; else "".
	Warning string
}

// LinkAt is the link at a point, nil where there is none.
func (g *Page) LinkAt(x, y float32) *Target {
	for i := range g.Lines {
		l := &g.Lines[i]
		if y < l.Y || y >= l.Y+l.Line.Height {
			continue
		}
		for k := range l.Line.Spans {
			s := &l.Line.Spans[k]
			if x < l.X+s.X0 || x >= l.X+s.X1 {
				continue
			}
			if link := l.Runs.List[s.Style.Tag].Link; link != nil {
				return g.target(i, link)
			}
		}
	}
	return nil
}

// Links are the links of the page in reading order, each once.
func (g *Page) Links() []*Target {
	var out []*Target
	seen := map[*tree.Link]bool{}
	for i := range g.Lines {
		for k := range g.Lines[i].Line.Spans {
			s := &g.Lines[i].Line.Spans[k]
			if link := g.Lines[i].Runs.List[s.Style.Tag].Link; link != nil && !seen[link] {
				seen[link] = true
				out = append(out, g.target(i, link))
			}
		}
	}
	return out
}

// target gathers the text of a link that is met in line i.
func (g *Page) target(i int, link *tree.Link) *Target {
	for i > 0 && g.Lines[i-1].has(link) {
		i--
	}
	var b strings.Builder
	for ; i < len(g.Lines); i++ {
		l := &g.Lines[i]
		some := false
		for k := range l.Line.Spans {
			s := &l.Line.Spans[k]
			if l.Runs.List[s.Style.Tag].Link == link && s.From < s.To {
				some = true
				b.WriteString(string(l.Text[s.From:s.To]))
			}
		}
		if !some && b.Len() > 0 {
			break
		}
		b.WriteByte(' ')
	}
	t := &Target{Link: link, Text: strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\ufffc", " ")), " ")}
	if host, yes := link.Misleads(t.Text); yes {
		t.Warning = host
	}
	return t
}

func (l *Line) has(link *tree.Link) bool {
	for k := range l.Line.Spans {
		if l.Runs.List[l.Line.Spans[k].Style.Tag].Link == link {
			return true
		}
	}
	return false
}
