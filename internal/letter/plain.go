package letter

// plainDocument returns plain text as a document: quotes by their marks, links
// found, what follows "-- " as the signature. flowed and delSp say whether it
// is format=flowed (RFC 3676) and with DelSp.
func plainDocument(text string, flowed, delSp bool) *Document {
	lines := fixedLines(text)
	if flowed {
		lines = unflow(text, delSp)
	}
	d := &Document{}
	var block *Block
	signature := false
	for _, p := range lines {
		p.depth = min(p.depth, maxQuote)
		if p.signature {
			signature = p.depth == 0
			block = nil
			continue
		}
		if p.depth > 0 {
			signature = false
		}
		if isEmptyLine(p.text) {
			block = nil
			continue
		}
		kind := Paragraph
		if signature {
			kind = Signature
		}
		if block == nil || block.Quote != p.depth || block.Kind != kind || len(block.Runs) > 2000 {
			if d.add(Block{Kind: kind, Quote: p.depth}); d.Cut {
				break
			}
			block = &d.Blocks[len(d.Blocks)-1]
		} else {
			block.text("\n", Run{})
		}
		block.linked(p.text)
	}
	return d
}

func isEmptyLine(s string) bool {
	for _, r := range s {
		if !isBlank(r) {
			return false
		}
	}
	return true
}

// text appends text in the style of a run, to the last run if it has that
// style.
func (b *Block) text(s string, style Run) {
	if s == "" {
		return
	}
	if n := len(b.Runs); n > 0 && !style.Image {
		last := b.Runs[n-1]
		last.Text = ""
		if last == style {
			b.Runs[n-1].Text += s
			return
		}
	}
	style.Text = s
	b.Runs = append(b.Runs, style)
}

// linked appends plain text with its links.
func (b *Block) linked(s string) {
	for s != "" {
		start, end, link := findLink(s)
		if link == "" {
			b.text(s, Run{})
			return
		}
		b.text(s[:start], Run{})
		b.text(s[start:end], Run{Link: link})
		s = s[end:]
	}
}
