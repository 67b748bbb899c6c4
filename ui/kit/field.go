package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Field is a control with its label above and, below, a hint or what is wrong
// with the input.
type Field struct {
	widget.BaseWidget
	label   *Text
	control fyne.CanvasObject
	note    *Paragraph
	hint    string
	wrong   bool
}

// NewField labels a control, such as an Entry, Select or Segments.
func NewField(label string, control fyne.CanvasObject) *Field {
	f := &Field{
		label:   NewShrinkText(label, TextStyle{glyph.Medium, theme.SizeSmall, theme.Text}),
		control: control,
		note:    NewNote("", TextStyle{glyph.Regular, theme.SizeCaption, theme.Faint}),
	}
	f.ExtendBaseWidget(f)
	return f
}

// SetLabel changes the label.
func (f *Field) SetLabel(label string) { f.label.SetText(label) }

// SetHint sets the words below while nothing is wrong.
func (f *Field) SetHint(hint string) {
	f.hint = hint
	if !f.wrong {
		f.say(hint, theme.Faint)
	}
}

// SetProblem says what is wrong with the input; empty takes it back.
func (f *Field) SetProblem(problem string) {
	f.wrong = problem != ""
	if f.wrong {
		f.say(problem, theme.Danger)
		return
	}
	f.say(f.hint, theme.Faint)
}

func (f *Field) say(s string, c fyne.ThemeColorName) {
	f.note.SetText(s)
	f.note.SetStyle(f.note.style.In(c))
	f.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	const gap = 5
	top := f.label.style.Height() + gap
	return &renderer{
		widget: f, objects: []fyne.CanvasObject{f.label, f.control, f.note},
		min: func() fyne.Size {
			m := f.control.MinSize()
			h := top + m.Height
			if f.note.text != "" {
				h += f.note.MinSize().Height + gap
			}
			return fyne.NewSize(max(160, m.Width), h)
		},
		layout: func(s fyne.Size) {
			place(f.label, 0, 0, s.Width, f.label.style.Height())
			h := f.control.MinSize().Height
			note := float32(0)
			if f.note.text != "" {
				note = f.note.HeightFor(s.Width) + gap
			}
			h = max(h, s.Height-top-note)
			place(f.control, 0, top, s.Width, h)
			show(f.note, note > 0)
			place(f.note, 0, top+h+gap, s.Width, max(0, note-gap))
		},
	}
}
