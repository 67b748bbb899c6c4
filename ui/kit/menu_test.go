package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

func menu(t *testing.T, at fyne.Position) (w fyne.Window, m *kit.Menu, chosen *string, closed *int) {
	t.Helper()
	kittest.App(t, theme.Light)
	w = kittest.Window(t, theme.List, 300, 260, kit.Gap(1, 1))
	chosen, closed = new(string), new(int)
	pick := func(s string) func() { return func() { *chosen = s } }
	m = kit.ShowMenu(w.Canvas(), []kit.MenuItem{
		{Text: "Reply", Action: pick("reply")},
		{},
		{Text: "Move to…", Disabled: true, Action: pick("move")},
		{Text: "Delete", Action: pick("delete")},
	}, at, func() { *closed++ })
	return w, m, chosen, closed
}

func keys(m *kit.Menu, names ...fyne.KeyName) {
	for _, n := range names {
		m.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func TestMenuKeysSkipWhatCannotBeChosen(t *testing.T) {
	w, m, chosen, closed := menu(t, fyne.NewPos(10, 10))
	if w.Canvas().Focused() != m {
		t.Error("the menu does not hold the keyboard")
	}
	keys(m, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if *chosen != "delete" || *closed != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %q, closed %d times", *chosen, *closed)
	}
}

func TestMenuWrapsAndJumpsToLetters(t *testing.T) {
	_, m, chosen, _ := menu(t, fyne.NewPos(10, 10))
	keys(m, fyne.KeyUp)
	m.TypedRune('R')
	keys(m, fyne.KeyReturn)
	if *chosen != "reply" {
		t.Errorf("chose %q", *chosen)
	}
}

func TestMenuClosesByEscapeAndByAClickBeside(t *testing.T) {
	w, m, chosen, closed := menu(t, fyne.NewPos(10, 10))
	keys(m, fyne.KeyDown, fyne.KeyEscape)
	if *chosen != "" || *closed != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chose %q, closed %d times", *chosen, *closed)
	}
	w, _, chosen, closed = menu(t, fyne.NewPos(10, 10))
	test.TapCanvas(w.Canvas(), fyne.NewPos(290, 250))
	if *chosen != "" || *closed != 1 {
		t.Errorf("chose %q, closed %d times", *chosen, *closed)
	}
}

func TestMenuByPointer(t *testing.T) {
	w, _, chosen, _ := menu(t, fyne.NewPos(10, 10))
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 68)) // the disabled one
	if *chosen != "" || w.Canvas().Overlays().Top() == nil {
		t.Errorf("chose %q", *chosen)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 26))
	if *chosen != "reply" {
		t.Errorf("chose %q", *chosen)
	}
}

func TestMenuStaysInsideTheWindow(t *testing.T) {
	w, _, chosen, _ := menu(t, fyne.NewPos(295, 255))
	test.TapCanvas(w.Canvas(), fyne.NewPos(250, 240)) // the last item, above the corner
	if *chosen != "delete" {
		t.Errorf("chose %q", *chosen)
	}
}
