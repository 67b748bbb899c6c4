package editor

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/richtext"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

// rig is an Editor in a window, with a clock that stands still.
type rig struct {
	*Editor
	testing.TB
	clock   *clock.Fake
	window  fyne.Window
	held    fyne.KeyModifier
	changes int
}

func newRig(t testing.TB, a theme.Appearance, text string) *rig {
	t.Helper()
	kittest.App(t, a)
	r := &rig{TB: t, clock: clock.NewFake(time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC))}
	r.Editor = New(r.clock)
	r.Editor.held = func() fyne.KeyModifier { return r.held }
	r.OnChanged = func() { r.changes++ }
	r.Set(richtext.FromText(text))
	r.window = kittest.Window(t, theme.Reader, 620, 400, container.NewStack(r.Editor))
	r.window.Canvas().Focus(r.Editor)
	return r
}

func (r *rig) written() string { return richtext.Text(r.Paras()) }

func (r *rig) typed(s string) {
	for _, c := range s {
		r.TypedRune(c)
	}
}

// press presses keys, "shift+Right" with Shift, "ctrl+Right" as the shortcut
// that the toolkit makes of it.
func (r *rig) press(keys ...string) {
	for _, k := range keys {
		shift, ctrl := strings.Contains(k, "shift+"), strings.Contains(k, "ctrl+")
		name := fyne.KeyName(k[strings.LastIndex(k, "+")+1:])
		r.held = 0
		if shift {
			r.held = fyne.KeyModifierShift
		}
		if ctrl {
			r.TypedShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault | r.held})
		} else {
			r.TypedKey(&fyne.KeyEvent{Name: name})
		}
		r.held = 0
	}
}

func (r *rig) selected() string {
	from, to := r.doc.Sel().Order()
	return r.doc.Text(from, to)
}

// where is the middle of a place in the text, in the widget.
func (r *rig) where(para, off int) fyne.Position {
	r.Helper()
	b := r.block(para)
	b.text.Find(off)
	k := b.text.LineOf(off, false)
	for _, p := range r.placed {
		if p.para == para && p.line == k {
			return fyne.NewPos(r.Left+b.left+b.text.Line(k).X(off-b.text.Start(k)), p.y+b.text.LineHeight(k)/2)
		}
	}
	r.Fatalf("%d, %d is not in sight", para, off)
	return fyne.Position{}
}

func (r *rig) click(at fyne.Position, held fyne.KeyModifier) {
	e := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary, Modifier: held}
	r.MouseDown(e)
	r.MouseUp(e)
}

func (r *rig) drag(from, to fyne.Position) {
	e := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: from}, Button: desktop.MouseButtonPrimary}
	r.MouseDown(e)
	r.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}})
	r.DragEnd()
	r.MouseUp(e)
}
