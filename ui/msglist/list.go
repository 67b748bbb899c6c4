package msglist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// List is the widget. Set the callbacks before it is shown; any may be nil.
type List struct {
	widget.BaseWidget

	// Need is asked once for rows in sight, and a page round them, that the
	// source does not have yet.
	Need func(first, last int)
	// OnSelection is called after the user changed the selection or cursor.
	OnSelection func()
	// OnOpen is called for a double click or Enter.
	OnOpen func(row int)
	// OnAction is called when the button of a row was pressed, which selects
	// nothing. Comfortable rows only.
	OnAction func(row int)
	// OnMenu is called for a secondary click or the menu key, with a position
	// on the canvas; the row under it is selected by then.
	OnMenu func(at fyne.Position)
	// OnRune sees typed letters first; true means it was used. Else j and k
	// move the cursor.
	OnRune func(rune) bool
	// OnKey sees other keys first, with the modifiers; true means it was used.
	OnKey func(fyne.KeyName, fyne.KeyModifier) bool
	// OnDrag is called while selected rows are dragged, with the pointer's
	// position on the canvas; OnDrop at the end, with the last one.
	OnDrag, OnDrop func(at fyne.Position)
	// OnScroll is called when the rows in sight have moved.
	OnScroll func()

	source    Source
	density   Density
	view      viewport
	selection *Selection
	seen      *listRenderer
	asked     span // last range given to Need

	hover     int
	focused   bool
	byKeys    bool // the focus or the last move came by keyboard
	modifiers func() fyne.KeyModifier
	mouse     mouse
}

// New gives a list over a source.
func New(s Source) *List {
	l := &List{source: s, selection: NewSelection(s.Len()), hover: -1, modifiers: keyModifiers, mouse: mouse{pressed: -1, onAction: -1}}
	l.view.n, l.view.rowH = s.Len(), float64(Comfortable.Height())
	l.ExtendBaseWidget(l)
	return l
}

// SetSource shows other rows, such as another folder's: nothing is selected
// and the first row is at the top.
func (l *List) SetSource(s Source) {
	l.source, l.selection, l.hover = s, NewSelection(s.Len()), -1
	l.view.n, l.view.offset, l.view.groups = s.Len(), 0, nil
	l.asked = span{}
	l.update()
}

// SetGroups sets the titles, sorted by row; nil for none. The row at the top
// of the window stays there.
func (l *List) SetGroups(g []Group) {
	row, px := l.place()
	l.view.groups = g
	l.goTo(row, px)
	l.update()
}

// SetDensity changes the height of the rows; the top row stays at the top.
func (l *List) SetDensity(d Density) {
	if d == l.density {
		return
	}
	row, _ := l.place()
	l.density, l.view.rowH = d, float64(d.Height())
	l.goTo(row, 0)
	l.Refresh()
}

// Density is the height of the rows.
func (l *List) Density() Density { return l.density }

// Selection is the live selection. After changing it from outside call Refresh.
func (l *List) Selection() *Selection { return l.selection }

// Cursor is the row the keyboard is on, -1 for none.
func (l *List) Cursor() int { return l.selection.Cursor() }

// SelectedIDs lists the ids of the selected rows in order, at most limit of
// them (0: all). Rows that are not loaded are left out unless the source is a
// Finder.
func (l *List) SelectedIDs(limit int) []int64 {
	var ids []int64
	l.selection.Each(func(i int) bool {
		if id, ok := l.id(i); ok {
			ids = append(ids, id)
		}
		return limit == 0 || len(ids) < limit
	})
	return ids
}

func (l *List) id(i int) (int64, bool) {
	if i < 0 || i >= l.source.Len() {
		return 0, false
	}
	if f, ok := l.source.(Finder); ok {
		return f.ID(i), true
	}
	r, ok := l.source.Row(i)
	return r.ID, ok
}

// Select makes a row the only selected one, brings it into sight and calls
// OnSelection.
func (l *List) Select(row int) {
	l.selection.Select(row)
	l.view.reveal(row)
	l.update()
	l.told()
}

// ScrollTo brings a row into sight.
func (l *List) ScrollTo(row int) {
	l.view.reveal(row)
	l.update()
}

// ScrollBy moves the rows up by so many logical pixels.
func (l *List) ScrollBy(px float64) {
	l.view.offset += px
	l.view.clamp()
	l.update()
	if l.OnScroll != nil {
		l.OnScroll()
	}
}

// InSight is the first and last row in sight; last is -1 for an empty list.
func (l *List) InSight() (first, last int) {
	first, _ = l.view.at(l.view.offset)
	last, _ = l.view.at(min(l.view.offset+l.view.height, l.view.total()) - 0.5)
	return max(first, 0), min(last, l.view.n-1)
}

func (l *List) told() {
	if l.OnSelection != nil {
		l.OnSelection()
	}
}

// place is the row at the top of the window and how far it is scrolled over.
func (l *List) place() (row int, px float64) {
	row, _ = l.view.at(l.view.offset)
	return row, l.view.offset - l.view.top(max(row, 0))
}

func (l *List) goTo(row int, px float64) {
	if row >= 0 && l.view.offset > 0 {
		l.view.offset = l.view.top(row) + px
	}
	l.view.clamp()
}
