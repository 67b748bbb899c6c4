package letter

import (
	"html"
	"strconv"
	"strings"
)

// HTML returns the document as HTML that refers to nothing but links: made of
// the paragraphs, not of what the sender wrote, so that nothing of the sender's
// markup is left in it.
func (d *Document) HTML() string {
	var w strings.Builder
	quote := 0
	for i := range d.Blocks {
		b := &d.Blocks[i]
		for ; quote < b.Quote; quote++ {
			w.WriteString("<blockquote>\n")
		}
		for ; quote > b.Quote; quote-- {
			w.WriteString("</blockquote>\n")
		}
		b.writeHTML(&w)
	}
	for ; quote > 0; quote-- {
		w.WriteString("</blockquote>\n")
	}
	return w.String()
}

func (b *Block) writeHTML(w *strings.Builder) {
	if b.Kind == Rule {
		w.WriteString("<hr>\n")
		return
	}
	tag := "p"
	switch b.Kind {
	case Heading:
		tag = "h" + strconv.Itoa(min(max(b.Level, 1), 6))
	case Preformatted:
		tag = "pre"
	}
	w.WriteString("<" + tag + ">")
	if b.Kind == Item {
		mark := "• "
		if b.Number > 0 {
			mark = strconv.Itoa(b.Number) + ". "
		}
		w.WriteString(mark)
	}
	for i := range b.Runs {
		b.Runs[i].writeHTML(w, b.Kind == Preformatted)
	}
	w.WriteString("</" + tag + ">\n")
}

// tags returns the elements of a run's styles.
func (r *Run) tags() []string {
	var tags []string
	for _, s := range []struct {
		on  bool
		tag string
	}{{r.Bold, "b"}, {r.Italic, "i"}, {r.Strike, "s"}, {r.Code, "code"}} {
		if s.on {
			tags = append(tags, s.tag)
		}
	}
	return tags
}

func (r *Run) writeHTML(w *strings.Builder, pre bool) {
	text := html.EscapeString(r.Text)
	if !pre {
		text = strings.ReplaceAll(text, "\n", "<br>\n")
	}
	if r.Image {
		text = "[" + text + "]"
	}
	for _, tag := range r.tags() {
		text = "<" + tag + ">" + text + "</" + tag + ">"
	}
	if r.Link != "" {
		text = `<a href="` + html.EscapeString(r.Link) + `" rel="noreferrer noopener">` + text + "</a>"
	}
	w.WriteString(text)
}
