package kit_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

// folders are more than a screen holds, in two accounts.
func folders(chosen *string) (all []kit.PickerItem) {
	for i := range 60 {
		section, name := "work@example.org", fmt.Sprintf("Project %d", i)
		if i >= 50 {
			section = "home@example.net"
		}
		if i == 0 {
			name = "Archive"
		}
		all = append(all, kit.PickerItem{Section: section, Icon: "folder", Text: name, Action: func() { *chosen = section + "/" + name }})
	}
	return all
}

func TestAPickerFindsByTyping(t *testing.T) {
	kittest.App(t, theme.Light)
	w := kittest.Window(t, theme.List, 400, 300, kit.Gap(1, 1))
	c := w.Canvas()
	chosen := ""
	kit.ShowPicker(c, folders(&chosen), "Move to", fyne.NewPos(390, 290))
	entry, ok := c.Focused().(*kit.Entry)
	if !ok {
		t.Fatal("the field does not have the keyboard")
	}
	test.Type(entry, "HOME 5")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if chosen != "home@example.net/Project 51" || c.Overlays().Top() != nil {
		t.Errorf("chose %q", chosen)
	}
	p := kit.ShowPicker(c, folders(&chosen), "Move to", fyne.NewPos(0, 0))
	entry = c.Focused().(*kit.Entry)
	chosen = ""
	test.Type(entry, "nowhere")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if chosen != "" || c.Overlays().Top() != fyne.CanvasObject(p) {
		t.Errorf("chose %q of nothing", chosen)
	}
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if c.Overlays().Top() != nil {
		t.Error("Escape does not close it")
	}
	p = kit.ShowPicker(c, folders(&chosen), "Move to", fyne.NewPos(0, 0))
	p.Tapped(&fyne.PointEvent{Position: fyne.NewPos(395, 150)})
	if c.Overlays().Top() != nil {
		t.Error("a press beside it does not close it")
	}
}

// TestAPickerOfThousandsShowsSome and finds the others by typing.
func TestAPickerOfThousandsShowsSome(t *testing.T) {
	kittest.App(t, theme.Light)
	w := kittest.Window(t, theme.List, 400, 300, kit.Gap(1, 1))
	var all []kit.PickerItem
	chosen := ""
	for i := range 5000 {
		name := fmt.Sprintf("Project %04d", i)
		all = append(all, kit.PickerItem{Icon: "folder", Text: name, Action: func() { chosen = name }})
	}
	kit.ShowPicker(w.Canvas(), all, "Move to", fyne.NewPos(0, 0))
	entry := w.Canvas().Focused().(*kit.Entry)
	for range 200 { // past the last that is shown, round to the first
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if chosen != "Project 0000" {
		t.Errorf("chose %q", chosen)
	}
	kit.ShowPicker(w.Canvas(), all, "Move to", fyne.NewPos(0, 0))
	entry = w.Canvas().Focused().(*kit.Entry)
	test.Type(entry, "4999")
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if chosen != "Project 4999" {
		t.Errorf("chose %q", chosen)
	}
}

func TestGoldenPicker(t *testing.T) {
	for name, a := range appearances {
		kittest.App(t, a)
		w := kittest.Window(t, theme.List, 340, 340, kit.Gap(1, 1))
		chosen := ""
		kit.ShowPicker(w.Canvas(), folders(&chosen), "Move to", fyne.NewPos(20, 10))
		kittest.Golden(t, "picker-"+name, w.Canvas().Capture())
	}
}
