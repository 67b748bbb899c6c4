package kit_test

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

func TestPressByPointerAndByKeyboard(t *testing.T) {
	kittest.App(t, theme.Light)
	n := 0
	b := kit.NewButton(kit.Primary, "", "Send", func() { n++ })
	w := kittest.Window(t, theme.List, 200, 60, b)
	test.Tap(b)
	w.Canvas().Focus(b)
	b.TypedRune(' ')
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.TypedRune('x')
	if n != 3 {
		t.Errorf("pressed %d times, want 3", n)
	}
	b.Disable()
	test.Tap(b)
	b.TypedRune(' ')
	if n != 3 {
		t.Error("a disabled button was pressed")
	}
}

// ringed reports whether a widget draws its focus ring.
func ringed(w fyne.Widget) bool {
	for _, o := range test.WidgetRenderer(w).Objects() {
		if r, ok := o.(*canvas.Rectangle); ok && r.StrokeWidth == 2 && r.StrokeColor != color.Transparent {
			return true
		}
	}
	return false
}

func TestTheFocusRingIsForTheKeyboard(t *testing.T) {
	kittest.App(t, theme.Light)
	b, other := kit.NewIconButton("reply", "Reply", nil), kit.NewIconButton("trash", "Delete", nil)
	w := kittest.Window(t, theme.List, 200, 60, kit.HStack(4, b, other))
	b.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	b.MouseUp(&desktop.MouseEvent{})
	test.Tap(b)
	if ringed(b) || w.Canvas().Focused() != nil {
		t.Error("a click took the focus")
	}
	w.Canvas().FocusNext()
	if !ringed(b) || ringed(other) {
		t.Error("Tab shows no ring")
	}
	w.Canvas().FocusNext()
	if ringed(b) || !ringed(other) {
		t.Error("the ring does not follow the focus")
	}
}

func TestFolderRowMenu(t *testing.T) {
	kittest.App(t, theme.Light)
	var at fyne.Position
	r := kit.NewFolderRow(kit.FolderState{Icon: "inbox", Name: "Inbox"}, nil, func(p fyne.Position) { at = p })
	kittest.Window(t, theme.Sidebar, 236, 40, r)
	r.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(30, 12)})
	if at != fyne.NewPos(30, 12) {
		t.Errorf("menu at %v", at)
	}
}

func TestChoices(t *testing.T) {
	kittest.App(t, theme.Light)
	got := -1
	s := kit.NewSegments([]string{"Light", "Dark", "System"}, 2, func(i int) { got = i })
	sel := kit.NewSelect([]string{"IMAP", "POP"}, 0, func(i int) { got = i })
	w := kittest.Window(t, theme.List, 400, 120, kit.VStack(4, s, sel))
	test.TapCanvas(w.Canvas(), fyne.NewPos(30, 18))
	if got != 0 || s.Selected() != 0 {
		t.Errorf("chose %d, shows %d", got, s.Selected())
	}
	test.Tap(sel)
	m, ok := w.Canvas().Overlays().Top().(*kit.Menu)
	if !ok {
		t.Fatal("no menu opened")
	}
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	m.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got != 1 || sel.Selected() != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %d, shows %d", got, sel.Selected())
	}
}

func TestAFieldKeepsTheShortcutsOfEditing(t *testing.T) {
	kittest.App(t, theme.Light)
	e := kit.NewEntry("To")
	w := kittest.Window(t, theme.List, 200, 40, e)
	w.Canvas().Focus(e)
	e.SetText("abc")
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	if e.SelectedText() != "abc" {
		t.Errorf("select all took %q", e.SelectedText())
	}
}
