package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// Measures of the panel in logical pixels.
const (
	margin     float32 = 24 // left and right of everything
	labelWidth float32 = 64
	rowHeight  float32 = 40
	entryInset float32 = 8 // of the toolkit's fields, left of their text
)

// row is a field of the head: its name, what is typed, what is wrong with it.
type row struct {
	object  *fyne.Container
	problem *kit.Paragraph
	below   fyne.CanvasObject
}

// newRow names a field; end stands at its right edge and may be nil.
func newRow(label string, field, end fyne.CanvasObject) *row {
	r := &row{problem: kit.NewNote("", kit.Caption.In(theme.Danger))}
	r.below = kit.Inset(margin+labelWidth+entryInset+4, 0, margin, 8, r.problem)
	r.below.Hide()
	var right fyne.CanvasObject
	if end != nil {
		right = kit.VStack(0, kit.Sized(0, rowHeight, end))
	}
	line := container.NewBorder(nil, nil, kit.VStack(0, kit.Sized(labelWidth, rowHeight, kit.NewText(label, kit.Small))), right, kit.Inset(0, 2, 0, 2, field))
	r.object = kit.VStack(0, kit.Inset(margin, 0, margin-8, 0, line), r.below, kit.Inset(margin, 0, margin, 0, kit.Hairline()))
	return r
}

// setProblem says what is wrong; "" takes it back.
func (r *row) setProblem(text string) {
	r.problem.SetText(text)
	if r.below.Visible() == (text != "") {
		return
	}
	if text == "" {
		r.below.Hide()
	} else {
		r.below.Show()
	}
}

func (r *row) show(on bool) {
	if on {
		r.object.Show()
	} else {
		r.object.Hide()
	}
}
