package editor

import (
	"slices"

	"paquebot.app/internal/richtext"
	"paquebot.app/internal/text/line"
)

// block is a paragraph laid out.
type block struct {
	para     *richtext.Para
	text     *line.Paragraph
	left     float32 // of the text, in the column
	pill     *pill   // of a Fold
	pictured bool    // pictures stand in it
}

// most is how many lines far from those in sight keep what they show.
const most = 400

// params are the measures of a paragraph's text, and how far it is moved in.
func (e *Editor) params(p *richtext.Para) (line.Params, float32) {
	left := float32(p.Quote) * quoteStep
	if item(p) {
		left += float32(p.Indent+1) * listStep
	}
	height := lineHeight
	if p.Kind == richtext.Heading {
		height = lineHeight + 5
	}
	left = min(left, e.width-60)
	return line.Params{Width: e.width - left, Height: height, Style: textStyle(richtext.Style{}, p)}, left
}

func item(p *richtext.Para) bool { return p.Kind == richtext.Bullet || p.Kind == richtext.Number }

// block returns paragraph i laid out, as far as it was asked for.
func (e *Editor) block(i int) *block {
	if b := e.blocks[i]; b != nil {
		return b
	}
	p := e.doc.Para(i)
	params, left := e.params(p)
	b := &block{para: p, left: left}
	if p.Kind == richtext.Fold {
		b.pill = e.newPill(p)
		b.text = line.New(e.set.shaper, p.Text, []line.Run{{N: 1, Style: params.Style, Object: b.pill.object()}}, params)
	} else {
		runs, pictured := e.runs(p, params.Width)
		b.text, b.pictured = line.New(e.set.shaper, p.Text, runs, params), pictured
	}
	e.blocks[i] = b
	return b
}

// changed takes over an edit of the document.
func (e *Editor) changed(c richtext.Change) {
	e.altered = true
	first := e.blocks[c.At]
	fresh := make([]*block, c.New)
	if p := e.doc.Para(c.At); first != nil && p.Kind != richtext.Fold && alike(first.para, p) && e.width > 0 {
		runs, pictured := e.runs(p, first.text.Params().Width)
		first.text.Edit(p.Text, runs, line.Edit(c.Edit))
		first.para, first.pictured = p, pictured
		fresh[0] = first
	}
	e.blocks = slices.Replace(e.blocks, c.At, c.At+c.Old, fresh...)
	e.rough = slices.Replace(e.rough, c.At, c.At+c.Old, make([]float32, c.New)...)
	switch {
	case e.top.para >= c.At+c.Old:
		e.top.para += c.New - c.Old
	case e.top.para >= c.At+c.New:
		e.top = anchor{para: c.At + c.New - 1}
	}
}

// alike tells paragraphs that are set in the same measures.
func alike(a, b *richtext.Para) bool {
	return a.Kind == b.Kind && a.Quote == b.Quote && a.Indent == b.Indent
}

// above is the room between paragraph i and the one before it.
func (e *Editor) above(i int) float32 {
	if i == 0 {
		return padTop
	}
	p, q := e.doc.Para(i), e.doc.Para(i-1)
	switch {
	case p.Kind == richtext.Fold || q.Kind == richtext.Fold:
		return 14
	case p.Quote > 0 && q.Quote > 0:
		return 0
	case item(p) && item(q):
		return 2
	case len(p.Text) == 0 || len(q.Text) == 0:
		return 0
	}
	return 6
}

// height is that of paragraph i with the room above it; of what is not laid
// out an estimate.
func (e *Editor) height(i int) float32 {
	if b := e.blocks[i]; b != nil {
		return e.above(i) + b.text.Height()
	}
	if e.rough[i] == 0 {
		p := e.doc.Para(i)
		params, _ := e.params(p)
		e.rough[i] = line.Estimate(len(p.Text), params)
	}
	return e.above(i) + e.rough[i]
}

// exact is height once the paragraph is laid out, as far down as y. It is an
// estimate for what is below.
func (e *Editor) exact(i int, y float32) float32 {
	e.block(i).text.FindHeight(y)
	return e.height(i)
}

// caretLine returns the line that a place stands in.
func (e *Editor) caretLine(p richtext.Pos, endOf bool) (*block, int) {
	b := e.block(p.Para)
	b.text.Find(p.Off)
	return b, b.text.LineOf(p.Off, endOf)
}
