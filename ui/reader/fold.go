package reader

import (
	"strconv"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Quotes longer than this are folded.
const (
	foldBytes  = 700
	foldBlocks = 8
)

// fold is a run of blocks that are shown as one line until it is opened.
type fold struct{ from, to int } // blocks, to exclusive

// foldsOf finds the long quotes of a letter. A letter that is nothing but a
// quote is shown whole.
func foldsOf(d *letter.Document) []fold {
	var folds []fold
	own := false
	for i := 0; i < len(d.Blocks); {
		if d.Blocks[i].Quote == 0 {
			own = own || d.Blocks[i].Kind != letter.Rule
			i++
			continue
		}
		j, size := i, 0
		for ; j < len(d.Blocks) && d.Blocks[j].Quote > 0; j++ {
			for _, r := range d.Blocks[j].Runs {
				size += len(r.Text)
			}
		}
		if size > foldBytes || j-i > foldBlocks {
			folds = append(folds, fold{i, j})
		}
		i = j
	}
	if !own {
		return nil
	}
	return folds
}

// foldLine is the paragraph that stands for a closed fold, or closes an open one.
func foldLine(n int, f fold, open bool) *paragraph {
	text := "Show quoted text · " + strconv.Itoa(f.to-f.from) + " paragraphs"
	if f.to-f.from == 1 {
		text = "Show quoted text"
	}
	if open {
		text = "Hide quoted text"
	}
	l := look{face: glyph.Medium, size: theme.SizeSmall, color: theme.Accent, fold: true}
	return &paragraph{kind: letter.Paragraph, text: text, spans: []span{{0, len(text), l}}, fold: n}
}
