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
	w := test.NewTempWindow(t, b)
	w.SetPadded(false)
	tops := func(width float32) (tops []float32, height float32) {
		w.Resize(fyne.NewSize(width, 200))
		b.Resize(fyne.NewSize(width, b.MinSize().Height))
		b.Resize(fyne.NewSize(width, b.MinSize().Height))
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
		return tops, b.MinSize().Height
	}
	wide, one := tops(1200)
	narrow, two := tops(460)
	if len(wide) != 3 || len(narrow) != 3 || wide[0] > 20 || narrow[0] < 40 || two < one+30 {
		t.Errorf("wide %v, %v; narrow %v, %v", wide, one, narrow, two)
	}
}
