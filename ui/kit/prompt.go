package kit

import (
	"strings"

	"fyne.io/fyne/v2"
)

// Prompt is an open question for one line of text: Enter or its button
// answers, Escape or a press beside it closes.
type Prompt struct {
	overlay
	entry *Entry
	done  func(string)
}

const promptWidth float32 = 300

// ShowPrompt asks at a position of the canvas, moved inward where it would
// leave it. value stands in the field to begin with, yes on the button. done is
// called with what was typed, without blanks around it, and never with nothing.
func ShowPrompt(c fyne.Canvas, title, hint, value, yes string, at fyne.Position, done func(string)) *Prompt {
	p := &Prompt{done: done}
	p.begin(p, c)
	p.entry = NewEntry(hint)
	p.entry.SetText(value)
	p.entry.OnKey = p.key
	p.inside = Inset(16, 14, 16, 14, VStack(10, NewShrinkText(title, BodyStrong), p.entry,
		HStack(8, Spring(), NewButton(Quiet, "", "Cancel", p.Close), NewButton(Primary, "", yes, p.answer))))
	p.size = fyne.NewSize(min(promptWidth, c.Size().Width-12), p.inside.MinSize().Height)
	p.open(at, p.entry)
	p.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	return p
}

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
