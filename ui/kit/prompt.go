package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/theme"
)

// Prompt is an open question for one line of text: Enter or its button
// answers, Escape or a press beside it closes.
type Prompt struct {
	widget.BaseWidget
	canvas fyne.Canvas
	entry  *Entry
	ground *Fill
	inside fyne.CanvasObject
	panel  fyne.Position
	size   fyne.Size
	done   func(string)
}

const promptWidth float32 = 300

// ShowPrompt asks at a position of the canvas, moved inward where it would
// leave it. value stands in the field to begin with, yes on the button. done is
// called with what was typed, without blanks around it, and never with nothing.
func ShowPrompt(c fyne.Canvas, title, hint, value, yes string, at fyne.Position, done func(string)) *Prompt {
	p := &Prompt{canvas: c, ground: raised(theme.RadiusCard), done: done}
	p.ExtendBaseWidget(p)
	p.entry = NewEntry(hint)
	p.entry.SetText(value)
	p.entry.OnKey = p.key
	p.inside = Inset(16, 14, 16, 14, VStack(10, NewShrinkText(title, BodyStrong), p.entry,
		HStack(8, Spring(), NewButton(Quiet, "", "Cancel", p.Close), NewButton(Primary, "", yes, p.answer))))
	room := c.Size()
	p.size = fyne.NewSize(min(promptWidth, room.Width-12), p.inside.MinSize().Height)
	p.panel = fyne.NewPos(max(6, min(at.X, room.Width-p.size.Width-6)), max(6, min(at.Y, room.Height-p.size.Height-6)))
	p.Resize(room)
	c.Overlays().Add(p)
	c.Focus(p.entry)
	p.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	return p
}

// Close takes the question away without an answer.
func (p *Prompt) Close() { p.canvas.Overlays().Remove(p) }

// Entry is the field.
func (p *Prompt) Entry() *Entry { return p.entry }

func (p *Prompt) answer() {
	if text := strings.TrimSpace(p.entry.Text); text != "" {
		p.Close()
		p.done(text)
	}
}

func (p *Prompt) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		p.answer()
	case fyne.KeyEscape:
		p.Close()
	default:
		return false
	}
	return true
}

// Tapped implements fyne.Tappable: a press beside the panel closes.
func (p *Prompt) Tapped(e *fyne.PointEvent) {
	if q := e.Position.Subtract(p.panel); q.X < 0 || q.Y < 0 || q.X >= p.size.Width || q.Y >= p.size.Height {
		p.Close()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (p *Prompt) TappedSecondary(e *fyne.PointEvent) { p.Tapped(e) }

// CreateRenderer implements fyne.Widget.
func (p *Prompt) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		widget: p, objects: []fyne.CanvasObject{p.ground, p.inside},
		min: func() fyne.Size { return p.size },
		layout: func(fyne.Size) {
			place(p.ground, p.panel.X, p.panel.Y, p.size.Width, p.size.Height)
			place(p.inside, p.panel.X, p.panel.Y, p.size.Width, p.size.Height)
		},
	}
}
