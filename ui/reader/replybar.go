package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// replyBar is the field below a letter that looks like the beginning of an
// answer and opens one.
type replyBar struct {
	widget.BaseWidget
	ground *kit.Fill
	words  *kit.Text
	note   *kit.Text
	tapped func()
}

func newReplyBar(tapped func()) *replyBar {
	b := &replyBar{
		ground: kit.NewFill(theme.Card, theme.RadiusCard),
		words:  kit.NewShrinkText("", kit.Name.In(theme.Muted)),
		note:   kit.NewText("", kit.Caption),
		tapped: tapped,
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *replyBar) set(words, note string) {
	b.words.SetText(words)
	b.note.SetText(note)
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *replyBar) CreateRenderer() fyne.WidgetRenderer {
	row := kit.HStack(12, b.words, kit.Spring(), b.note)
	return widget.NewSimpleRenderer(container.NewStack(b.ground, kit.Inset(16, 12, 16, 12, kit.Sized(0, 20, row))))
}

// Tapped implements fyne.Tappable.
func (b *replyBar) Tapped(*fyne.PointEvent) { b.tapped() }

// MouseIn implements desktop.Hoverable.
func (b *replyBar) MouseIn(*desktop.MouseEvent) { b.ground.SetColor(theme.SelectionIdle) }

// MouseMoved implements desktop.Hoverable.
func (b *replyBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *replyBar) MouseOut() { b.ground.SetColor(theme.Card) }

// Cursor implements desktop.Cursorable.
func (b *replyBar) Cursor() desktop.Cursor { return desktop.PointerCursor }
