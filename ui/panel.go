package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/reader"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// panel is what stands in the reading pane's place.
type panel struct {
	object fyne.CanvasObject
	close  func()
	small  bool           // Escape closes it
	focus  fyne.Focusable // what had the keyboard in it; nil: not known
}

// OpenPanel implements Host.
func (w *Window) OpenPanel(o fyne.CanvasObject, closed func()) (close func()) {
	if w.panel.close != nil {
		w.panel.close()
	}
	ground := w.right.Objects[0]
	w.right.Objects = []fyne.CanvasObject{ground, o}
	w.panel.object = o
	w.panel.close = func() {
		if w.panel.object != o {
			return
		}
		w.panel = panel{}
		w.right.Objects = []fyne.CanvasObject{ground, w.pane}
		w.right.Refresh()
		w.focusList()
		if closed != nil {
			closed()
		}
	}
	w.right.Refresh()
	w.panes.SetReading(true)
	return w.panel.close
}

// openSmall opens a panel with a title that Escape closes.
func (w *Window) openSmall(title string, o fyne.CanvasObject) {
	var end func()
	bar := kit.Sized(0, theme.ToolHeight, kit.Inset(24, 8, 14, 8, kit.HStack(8, kit.NewShrinkText(title, kit.BodyStrong), kit.Spring(),
		kit.NewIconButton("close", "Close (Esc)", w.guarded("close", func() { end() })))))
	end = w.OpenPanel(kit.VStack(0, bar, kit.Hairline(), kit.Grow(o)), nil)
	w.panel.small = true
}

// panelKey closes a small panel with Escape while one of its fields has the
// keyboard.
func (w *Window) panelKey(k *fyne.KeyEvent) bool {
	if k.Name == fyne.KeyEscape && w.panel.small {
		w.panel.close()
		return true
	}
	if k.Name == fyne.KeyF6 {
		w.NextPane()
		return true
	}
	return false
}

// mostSource is how much of a letter's source is shown.
const mostSource = 1 << 20

// showSource shows the letter as it came.
func (w *Window) showSource() {
	w.reader.Source(mostSource, func(text string, cut bool, err error) {
		if err != nil {
			w.layer.Toast(vm.Sentence(err), "", nil)
			return
		}
		if cut {
			text += "\n… and more; save the message to see all of it."
		}
		v := reader.NewSource(text, func(f func() func()) {
			w.env.Go("lay out source", func(context.Context) func() { return f() })
		})
		w.openSmall("Source", v)
	})
}

// Env implements Host.
func (w *Window) Env() *vm.Env { return w.env }

// Engine implements Host.
func (w *Window) Engine() vm.Engine { return w.cfg.Engine }

// Window implements Host.
func (w *Window) Window() fyne.Window { return w.window }

// Toast implements Host.
func (w *Window) Toast(text, action string, acted func()) { w.layer.Toast(text, action, acted) }

// Online implements Host.
func (w *Window) Online() bool { return w.status.Online() }

// Composer implements Host.
func (w *Window) Composer() Composer { return w.composer }

// Context implements Host.
func (w *Window) Context() context.Context { return w.env.Ctx }

// Follow implements Host.
func (w *Window) Follow(f func(vm.Changes)) { w.follower.Tell(f) }

var _ Host = (*Window)(nil)
