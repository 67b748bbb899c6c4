package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// TestAQuestionsAnswersStandBelowItWhereItIsNarrow.
func TestAQuestionsAnswersStandBelowItWhereItIsNarrow(t *testing.T) {
	theme.Install(test.NewTempApp(t), theme.Light)
	b := kit.NewQuestion(kit.Warn, "40 of 58 messages are no longer on the server. They stay here until you decide.",
		kit.Answer{Text: "Keep here"}, kit.Answer{Text: "Put back on the server"}, kit.Answer{Text: "Remove"})
	below := kit.NewFill(theme.Reader, 0)
	w := test.NewTempWindow(t, kit.VStack(0, kit.VStack(6, kit.Inset(8, 0, 8, 0, b)), kit.Grow(below)))
	w.SetPadded(false)
	tops := func(width float32) (tops []float32, height float32) {
		w.Resize(fyne.NewSize(width, 200))
		right := float32(0)
		for _, o := range test.WidgetRenderer(b).Objects() {
			if button, ok := o.(*kit.Button); ok {
				if button.Position().X < right || button.Position().X+button.Size().Width > width {
					t.Errorf("at %v an answer stands at %v", width, button.Position())
				}
				right = button.Position().X + button.Size().Width
				tops = append(tops, button.Position().Y)
			}
		}
		if top := fyne.CurrentApp().Driver().AbsolutePositionForObject(below).Y; top != b.Size().Height {
			t.Errorf("at %v what is below begins at %v, and the banner is %v high", width, top, b.Size().Height)
		}
		return tops, b.Size().Height
	}
	wide, one := tops(1200)
	narrow, two := tops(460)
	if len(wide) != 3 || len(narrow) != 3 || wide[0] > 20 || narrow[0] < 40 || two < one+30 {
		t.Errorf("wide %v, %v; narrow %v, %v", wide, one, narrow, two)
	}
}
