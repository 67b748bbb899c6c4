package msglist

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

// acting is a source whose rows have a button, but for every third.
type acting struct{ *box }

func (a acting) Row(i int) (Row, bool) {
	r, ok := a.box.Row(i)
	if i%3 != 2 {
		r.Action = "Keep"
	}
	return r, ok
}

// TestTheButtonOfARowActsAndSelectsNothing presses buttons, beside them, and
// lets go elsewhere.
func TestTheButtonOfARowActsAndSelectsNothing(t *testing.T) {
	kittest.App(t, theme.Light)
	l := New(acting{newBox(1000)})
	var acted []int
	l.OnAction = func(row int) { acted = append(acted, row) }
	kittest.Window(t, theme.List, 400, 780, l)
	l.ScrollBy(78 * 500)
	first, _ := l.InSight()
	at := func(row int, x, y float32) *desktop.MouseEvent {
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
		e.Position = fyne.NewPos(x, float32(l.view.top(row)-l.view.offset)+y)
		return e
	}
	row := first + 3 - first%3
	button := func(row int) *desktop.MouseEvent { return at(row, 400-right-20, actionTop+10) }
	l.MouseDown(button(row))
	l.MouseUp(button(row))
	l.MouseDown(button(row + 1))
	l.MouseUp(button(row)) // let go on another row
	l.MouseDown(button(row))
	l.MouseUp(at(row, 100, 20))
	if len(acted) != 1 || acted[0] != row || l.Selection().Count() != 0 {
		t.Errorf("acted on %v, %d selected", acted, l.Selection().Count())
	}
	for _, e := range []*desktop.MouseEvent{at(row, 100, 40), button(row + 2)} { // on the row, and where there is no button
		l.MouseDown(e)
		l.MouseUp(e)
	}
	if len(acted) != 1 || !l.Selection().Has(row+2) {
		t.Errorf("acted on %v, the row without a button is not selected", acted)
	}
}
