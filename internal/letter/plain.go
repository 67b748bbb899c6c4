package letter

// plainDocument returns plain text as a document: quotes by their marks, links
// found, what follows "-- " as the signature. flowed and delSp say whether it
// is format=flowed (RFC 3676) and with DelSp.
func plainDocument(text string, flowed, delSp bool) *Document {
	lines := fixedLines(text)
	if flowed {
		lines = unflow(text, delSp)
	}
	b := blockBuilder{doc: &Document{}}
	signature := false
	for _, p := range lines {
		p.depth = min(p.depth, maxQuote)
		if p.signature {
			signature = p.depth == 0
			b.flush()
			continue
		}
		if p.depth > 0 {
			signature = false
		}
		if isEmptyLine(p.text) {
			b.flush()
			continue
		}
		kind := Paragraph
		if signature {
			kind = Signature
		}
		if !b.empty() && (b.block.Quote != p.depth || b.block.Kind != kind) {
			b.flush()
		}
		if !b.empty() {
			b.text("\n", Run{})
		}
		b.block.Quote, b.block.Kind = p.depth, kind
		b.linked(p.text)
	}
	b.flush()
	return b.doc
}
