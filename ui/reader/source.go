package reader

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/internal/letter"
)

// sourceLines is how many lines of source stand in one paragraph.
const sourceLines = 60

// NewSource gives a scrolling view of text in a fixed face, such as a letter's
// source.
func NewSource(text string, b Background) fyne.CanvasObject {
	d := &letter.Document{}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for len(lines) > 0 {
		n := min(sourceLines, len(lines))
		d.Blocks = append(d.Blocks, letter.Block{Kind: letter.Preformatted, Runs: []letter.Run{{Text: strings.Join(lines[:n], "\n")}}})
		lines = lines[n:]
	}
	t := NewTextView(b)
	c := &column{gap: func(fyne.CanvasObject) float32 { return 0 }, grew: func() {}}
	content := container.New(c, t)
	scroll := container.NewVScroll(content)
	sight := func() {
		top := scroll.Offset.Y - t.Position().Y
		t.SetSight(top, top+max(scroll.Size().Height, 1200))
	}
	c.grew = scroll.Refresh
	scroll.OnScrolled = func(fyne.Position) { sight() }
	t.OnHeight = func() {
		c.Layout(content.Objects, content.Size())
		scroll.Refresh()
		sight()
	}
	t.bottom = 1200
	t.SetDocument(d, nil)
	return scroll
}
