package msglist

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

// box is a source over ids; rows from hole on are not loaded.
type box struct {
	ids  []int64
	hole int
}

func newBox(n int) *box {
	b := &box{hole: n}
	for i := range n {
		b.ids = append(b.ids, int64(1000+i))
	}
	return b
}

func (b *box) Len() int { return len(b.ids) }

func (b *box) Row(i int) (Row, bool) {
	if i >= b.hole {
		return Row{}, false
	}
	return Row{ID: b.ids[i], Sender: fmt.Sprint("Sender ", b.ids[i]), Subject: "Subject", Preview: "Preview", Date: "10:42"}, true
}

// finder knows the place of every id.
type finder struct{ *box }

func (f finder) ID(i int) int64 { return f.ids[i] }

func (f finder) Index(id int64) (int, bool) {
	i := slices.Index(f.ids, id)
	return i, i >= 0
}

// open shows a list 400 wide and ten comfortable rows high.
func open(t testing.TB, s Source) *List {
	t.Helper()
	kittest.App(t, theme.Light)
	l := New(s)
	kittest.Window(t, theme.List, 400, 780, l)
	return l
}

func press(l *List, row int, mod fyne.KeyModifier, button desktop.MouseButton) {
	y := float32(l.view.top(row)-l.view.offset) + 5
	e := &desktop.MouseEvent{Button: button, Modifier: mod}
	e.Position = fyne.NewPos(100, y)
	e.AbsolutePosition = e.Position
	l.MouseDown(e)
}

func click(l *List, row int, mod fyne.KeyModifier) {
	press(l, row, mod, desktop.MouseButtonPrimary)
	l.MouseUp(&desktop.MouseEvent{})
}

func TestMouseSelection(t *testing.T) {
	l := open(t, newBox(50))
	told := 0
	l.OnSelection = func() { told++ }
	click(l, 2, 0)
	click(l, 5, fyne.KeyModifierShift)
	expect(t, l.selection, 5, 2, 3, 4, 5)
	click(l, 3, fyne.KeyModifierShortcutDefault)
	expect(t, l.selection, 3, 2, 4, 5)
	if got := l.SelectedIDs(2); !slices.Equal(got, []int64{1002, 1004}) {
		t.Errorf("ids %v", got)
	}
	click(l, 4, 0) // a click on one of several selects it alone, on release
	expect(t, l.selection, 4, 4)
	if told != 4 {
		t.Errorf("told %d times of 4 changes", told)
	}
}

func TestDraggingTakesTheWholeSelection(t *testing.T) {
	l := open(t, newBox(50))
	click(l, 1, 0)
	click(l, 3, fyne.KeyModifierShift)
	var at fyne.Position
	drops := 0
	l.OnDrop = func(p fyne.Position) { at = p; drops++ }
	press(l, 2, 0, desktop.MouseButtonPrimary)
	e := &fyne.DragEvent{}
	e.AbsolutePosition = fyne.NewPos(7, 9)
	l.Dragged(e)
	l.MouseUp(&desktop.MouseEvent{})
	l.DragEnd()
	expect(t, l.selection, 3, 1, 2, 3)
	if drops != 1 || at != fyne.NewPos(7, 9) {
		t.Errorf("%d drops, the last at %v", drops, at)
	}
}

func TestSecondaryClickKeepsASelectionItIsIn(t *testing.T) {
	l := open(t, newBox(50))
	menus := 0
	l.OnMenu = func(fyne.Position) { menus++ }
	click(l, 1, 0)
	click(l, 3, fyne.KeyModifierShift)
	press(l, 2, 0, desktop.MouseButtonSecondary)
	expect(t, l.selection, 3, 1, 2, 3)
	press(l, 6, 0, desktop.MouseButtonSecondary)
	expect(t, l.selection, 6, 6)
	if menus != 2 {
		t.Errorf("%d menus", menus)
	}
}

func TestKeysMoveExtendAndReveal(t *testing.T) {
	l := open(t, newBox(100))
	var mod fyne.KeyModifier
	l.modifiers = func() fyne.KeyModifier { return mod }
	key := func(k fyne.KeyName) { l.TypedKey(&fyne.KeyEvent{Name: k}) }
	key(fyne.KeyDown)
	expect(t, l.selection, 0, 0)
	l.TypedRune('j')
	l.TypedRune('j')
	l.TypedRune('k')
	expect(t, l.selection, 1, 1)
	mod = fyne.KeyModifierShift
	key(fyne.KeyDown)
	key(fyne.KeyDown)
	expect(t, l.selection, 3, 1, 2, 3)
	mod = 0
	key(fyne.KeyEnd)
	expect(t, l.selection, 99, 99)
	if first, last := l.InSight(); last != 99 || first != 90 {
		t.Errorf("rows %d to %d in sight", first, last)
	}
	key(fyne.KeyPageUp)
	expect(t, l.selection, 90, 90)
	key(fyne.KeyHome)
	expect(t, l.selection, 0, 0)
	l.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierShortcutDefault})
	expect(t, l.selection, 1, 0)
	l.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeySpace, Modifier: fyne.KeyModifierShortcutDefault})
	expect(t, l.selection, 1, 0, 1)
	l.TypedShortcut(&fyne.ShortcutSelectAll{})
	if l.selection.Count() != 100 {
		t.Errorf("select all took %d", l.selection.Count())
	}
}

func TestHooksComeFirst(t *testing.T) {
	l := open(t, newBox(10))
	opened := -1
	l.OnOpen = func(i int) { opened = i }
	l.OnRune = func(r rune) bool { return r == 'j' }
	l.TypedRune('j')
	if l.Cursor() != -1 {
		t.Error("a letter that was used moved the cursor")
	}
	l.Select(4)
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if opened != 4 {
		t.Errorf("Enter opened %d", opened)
	}
	l.OnKey = func(k fyne.KeyName, _ fyne.KeyModifier) bool { return k == fyne.KeyDown }
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	expect(t, l.selection, 4, 4)
}

func TestNewMailAboveMovesNothingInSight(t *testing.T) {
	b := newBox(100)
	l := open(t, b)
	l.Select(30)
	l.ScrollBy(13.5)
	first, px := l.place()
	id := b.ids[first]
	b.ids = append([]int64{1, 2, 3}, b.ids...)
	b.hole = len(b.ids)
	l.Inserted(0, 3)
	again, px2 := l.place()
	if b.ids[again] != id || px != px2 {
		t.Errorf("at the top: %d + %v, was %d + %v", b.ids[again], px2, id, px)
	}
	expect(t, l.selection, 33, 33)
	b.ids = b.ids[2:]
	b.hole = len(b.ids)
	l.Removed(0, 2)
	if again, _ := l.place(); b.ids[again] != id {
		t.Errorf("at the top: %d, was %d", b.ids[again], id)
	}
	expect(t, l.selection, 31, 31)
}

func TestNewMailIsShownAtTheVeryTop(t *testing.T) {
	b := newBox(100)
	l := open(t, b)
	b.ids = append([]int64{1}, b.ids...)
	l.Inserted(0, 1)
	if first, _ := l.InSight(); first != 0 {
		t.Errorf("row %d is at the top", first)
	}
}

func TestAnyChangeKeepsSelectionAndPlaceByID(t *testing.T) {
	for name, wrap := range map[string]func(*box) Source{
		"finder": func(b *box) Source { return finder{b} },
		"rows":   func(b *box) Source { return b },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(100)
			l := open(t, wrap(b))
			l.Select(20)
			l.selection.Toggle(23)
			l.view.offset = l.view.top(19) + 7
			first := b.ids[19]
			l.Change(func() {
				b.ids = slices.Delete(slices.Clone(b.ids), 21, 22)
				b.ids = slices.Insert(b.ids, 5, 7, 8, 9)
				b.hole = len(b.ids)
			})
			if got := l.SelectedIDs(0); !slices.Equal(got, []int64{1020, 1023}) {
				t.Errorf("selected %v", got)
			}
			if row, px := l.place(); b.ids[row] != first || px != 7 {
				t.Errorf("at the top: %d + %v", b.ids[row], px)
			}
			l.Change(func() { b.ids, b.hole = b.ids[:3], 3 })
			if l.selection.Count() != 1 || l.Cursor() != 2 {
				t.Errorf("%d selected, cursor %d", l.selection.Count(), l.Cursor())
			}
			l.Change(func() { b.ids = nil })
			if l.selection.Count() != 0 || l.Cursor() != -1 {
				t.Errorf("%d selected, cursor %d of none", l.selection.Count(), l.Cursor())
			}
		})
	}
}

func TestMissingRowsAreAskedForOnce(t *testing.T) {
	b := newBox(1000)
	b.hole = 40
	l := open(t, b)
	var asked [][2]int
	l.Need = func(first, last int) { asked = append(asked, [2]int{first, last}) }
	l.ScrollTo(60)
	l.ScrollBy(3)
	l.ScrollBy(3)
	if len(asked) != 1 || asked[0][0] > 52 || asked[0][1] < 61 {
		t.Fatalf("asked for %v", asked)
	}
	b.hole = 80
	l.Changed()
	if len(asked) != 1 {
		t.Errorf("asked again for rows that are there: %v", asked)
	}
	l.ScrollTo(300)
	if len(asked) != 2 {
		t.Errorf("asked for %v", asked)
	}
}

func TestScrollBarReachesTheEnd(t *testing.T) {
	l := open(t, newBox(5000))
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(396, 10)
	l.MouseDown(e)
	d := &fyne.DragEvent{}
	d.Position = fyne.NewPos(396, 900)
	l.Dragged(d)
	l.DragEnd()
	if _, last := l.InSight(); last != 4999 {
		t.Errorf("the last row in sight is %d", last)
	}
	if l.Selection().Count() != 0 {
		t.Error("dragging the bar selected a row")
	}
}

func TestScrollingRedrawsOnlyWhatComesIn(t *testing.T) {
	b := newBox(1000)
	l := open(t, b)
	l.ScrollBy(10)
	before := map[int]*rowView{}
	for _, v := range l.seen.views {
		before[v.row] = v
	}
	l.ScrollBy(78)
	kept := 0
	for _, v := range l.seen.views {
		if before[v.row] == v {
			kept++
		}
	}
	if kept < len(l.seen.views)-1 {
		t.Errorf("%d of %d rows kept their drawing", kept, len(l.seen.views))
	}
}

func TestADragThatBeganElsewhereTakesNothing(t *testing.T) {
	l := open(t, newBox(50))
	drags := 0
	l.OnDrag = func(fyne.Position) { drags++ }
	l.OnDrop = l.OnDrag
	l.Dragged(&fyne.DragEvent{})
	l.DragEnd()
	click(l, 3, 0)
	l.Dragged(&fyne.DragEvent{})
	l.DragEnd()
	if drags != 0 {
		t.Errorf("%d rows were dragged", drags)
	}
}
