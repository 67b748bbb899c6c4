package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// Layer floats tooltips, toasts and the ghost of a drag above a window's
// content without taking the pointer from it.
type Layer struct {
	canvas fyne.Canvas
	box    *fyne.Container
	tip    *fyne.Container
	tipFor fyne.Widget
	wait   *fyne.Animation
	toast  *fyne.Container
	fade   *fyne.Animation
	ghost  *fyne.Container
	label  *Text
}

// layers finds the layer of the window a widget is in.
var layers = map[fyne.Canvas]*Layer{}

// NewLayer puts content under a new layer and gives both as what the window
// shows. Call Close with the window.
func NewLayer(c fyne.Canvas, content fyne.CanvasObject) (*Layer, fyne.CanvasObject) {
	l := &Layer{canvas: c, box: container.NewWithoutLayout()}
	layers[c] = l
	return l, container.NewStack(content, l.box)
}

// Close forgets the layer.
func (l *Layer) Close() { delete(layers, l.canvas) }

func layerOf(o fyne.CanvasObject) *Layer {
	if app := fyne.CurrentApp(); app != nil {
		return layers[app.Driver().CanvasForObject(o)]
	}
	return nil
}

func (l *Layer) show(o *fyne.Container, at fyne.Position) {
	size, room := o.MinSize(), l.box.Size()
	at.X = max(6, min(at.X, room.Width-size.Width-6))
	at.Y = max(6, min(at.Y, room.Height-size.Height-6))
	o.Resize(size)
	o.Move(at)
	l.box.Add(o)
	l.box.Refresh()
}

func (l *Layer) drop(o **fyne.Container) {
	if *o != nil {
		l.box.Remove(*o)
		*o = nil
		l.box.Refresh()
	}
}

// tipDelay is how long the pointer rests before the words appear. An animation
// that draws nothing serves as the timer here and for the toast: it ticks on
// the main goroutine, and costs no repaint.
const tipDelay = 550 * time.Millisecond

func showTipSoon(w fyne.Widget, text string) {
	l := layerOf(w)
	if l == nil {
		return
	}
	l.endTip()
	l.tipFor = w
	l.wait = fyne.NewAnimation(tipDelay, func(done float32) {
		if done == 1 && l.tipFor == w && l.tip == nil {
			l.showTip(w, text)
		}
	})
	l.wait.Start()
}

func hideTip(w fyne.Widget) {
	if l := layerOf(w); l != nil && l.tipFor == w {
		l.endTip()
	}
}

func (l *Layer) endTip() {
	if l.wait != nil {
		l.wait.Stop()
		l.wait = nil
	}
	l.tipFor = nil
	l.drop(&l.tip)
}

func (l *Layer) showTip(w fyne.Widget, text string) {
	style := TextStyle{glyph.Medium, theme.SizeCaption, theme.Text}
	l.tip = container.NewStack(raised(6), Inset(9, 5, 9, 5, NewText(text, style)))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w).Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(l.box))
	size := l.tip.MinSize()
	at.X += (w.Size().Width - size.Width) / 2
	below := at.Y + w.Size().Height + 5
	if below+size.Height > l.box.Size().Height {
		below = at.Y - size.Height - 5
	}
	l.show(l.tip, fyne.NewPos(at.X, below))
}

// toastFoot is the room below a toast, so that it does not stand on the
// buttons that panes have at their foot.
const toastFoot float32 = 76

// Toast shows a short sentence at the foot of the window for six seconds, or
// for ten with an action such as Undo; an empty action shows none. A new toast
// replaces the last.
func (l *Layer) Toast(text, action string, acted func()) {
	l.EndToast()
	row := []fyne.CanvasObject{NewText(text, BodyMedium)}
	if action != "" {
		b := NewButton(Plain, "", action, func() {
			l.EndToast()
			acted()
		})
		b.high = 28
		row = append(row, b)
	}
	right := float32(16)
	if action != "" {
		right = 8
	}
	l.toast = container.NewStack(raised(theme.RadiusCard), Inset(16, 7, right, 7, Sized(0, 28, HStack(10, row...))))
	size, room := l.toast.MinSize(), l.box.Size()
	l.show(l.toast, fyne.NewPos((room.Width-size.Width)/2, room.Height-size.Height-toastFoot))
	shown := l.toast
	stays := 6 * time.Second
	if action != "" {
		stays = 10 * time.Second
	}
	l.fade = fyne.NewAnimation(stays, func(done float32) {
		if done == 1 && l.toast == shown {
			l.drop(&l.toast)
		}
	})
	l.fade.Start()
}

// EndToast takes the toast away.
func (l *Layer) EndToast() {
	if l.fade != nil {
		l.fade.Stop()
		l.fade = nil
	}
	l.drop(&l.toast)
}

// Ghost shows what is being dragged beside the pointer, at a position of the
// canvas.
func (l *Layer) Ghost(text string, at fyne.Position) {
	if l.ghost == nil {
		l.label = NewText(text, TextStyle{glyph.SemiBold, theme.SizeSmall, theme.OnAccent})
		l.ghost = container.NewStack(NewFill(theme.AccentFill, 8), Inset(12, 6, 12, 6, l.label))
		l.show(l.ghost, at)
	}
	l.label.SetText(text)
	l.ghost.Resize(l.ghost.MinSize())
	l.ghost.Move(at.Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(l.box)).AddXY(12, 10))
	l.box.Refresh()
}

// EndGhost takes the ghost away.
func (l *Layer) EndGhost() { l.drop(&l.ghost) }
