package msglist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// Measures of a row's button in logical pixels.
const (
	actionTop  float32 = 34
	actionHigh float32 = 28
	actionGap  float32 = 10
)

// rowAction is the button on a row. A nil one takes no room.
type rowAction struct {
	text   string
	ground *canvas.Rectangle
	label  *kit.TextLine
}

func newRowAction() *rowAction {
	a := &rowAction{ground: canvas.NewRectangle(theme.Color(theme.Clear)), label: kit.NewTextLine(actionStyle())}
	a.ground.CornerRadius = theme.RadiusSmall
	return a
}

func actionStyle() kit.TextStyle {
	s := kit.BodyMedium
	s.Size = theme.SizeCaption
	return s
}

// set shows a text, or nothing.
func (a *rowAction) set(on bool, text string) {
	if a == nil {
		return
	}
	if !on {
		text = ""
	}
	a.text = text
	a.label.Set(text, actionStyle(), 140)
	if a.ground.Hidden = text == ""; text == "" {
		a.label.Hide()
	} else {
		a.label.Show()
	}
}

func (a *rowAction) paint(pointed bool) {
	if a == nil {
		return
	}
	a.ground.FillColor, a.ground.StrokeColor, a.ground.StrokeWidth = theme.Color(theme.Raised), theme.Color(theme.Border), 1
	if pointed {
		a.ground.FillColor = theme.Color(theme.SelectionIdle)
	}
}

func (a *rowAction) width() float32 { return a.label.Width() + 22 }

// room is what the button takes from the texts beside it.
func (a *rowAction) room() float32 {
	if a == nil || a.text == "" {
		return 0
	}
	return a.width() + actionGap
}

// place puts the button of the row at y, ending at end.
func (a *rowAction) place(end, y float32) {
	if a == nil || a.text == "" {
		return
	}
	a.ground.Move(fyne.NewPos(end-a.width(), y+actionTop))
	a.ground.Resize(fyne.NewSize(a.width(), actionHigh))
	a.label.Place(end-a.width()+11, y+actionTop+actionStyle().Centred(actionHigh))
}

// actionAt tells whether a position is on the button of the row there.
func (l *List) actionAt(p fyne.Position) bool {
	i := l.rowAt(p)
	if l.OnAction == nil || l.seen == nil || i < 0 || len(l.seen.views) == 0 {
		return false
	}
	v := l.seen.views[i%len(l.seen.views)]
	if v.row != i || v.action.room() == 0 {
		return false
	}
	at, size := v.action.ground.Position(), v.action.ground.Size()
	return p.X >= at.X && p.Y >= at.Y && p.X < at.X+size.Width && p.Y < at.Y+size.Height
}
