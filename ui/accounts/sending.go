package accounts

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// undos are how long a letter may wait, in the order of the menu.
var undos = []time.Duration{0, 5 * time.Second, 10 * time.Second, 20 * time.Second, localstore.MostUndoSend}

func undoWords() (all []string) {
	for _, wait := range undos {
		words := "not at all"
		if wait > 0 {
			words = fmt.Sprintf("for %d seconds", wait/time.Second)
		}
		all = append(all, words)
	}
	return all
}

// undoAt is the choice for a time, or the next longer one.
func undoAt(wait time.Duration) int {
	return slices.IndexFunc(undos, func(u time.Duration) bool { return u >= wait })
}

// sending is what holds for every letter that leaves this computer.
type sending struct {
	object      fyne.CanvasObject
	undo, brake *kit.Select
}

func newSending(h Host) *sending {
	model := vm.NewSending(h.Env())
	model.Refused = func(err error) { h.Toast(vm.Sentence(err), "", nil) }
	s := &sending{}
	s.undo = kit.NewSelect(undoWords(), -1, func(i int) { h.Guard("undo", func() { model.SetUndo(undos[i]) }) })
	s.brake = kit.NewSelect([]string{"waits for my word", "goes out all the same"}, -1, func(i int) {
		h.Guard("brake", func() { model.SetBrakes(i == 0) })
	})
	model.Changed = func() {
		s.undo.SetSelected(undoAt(model.Undo))
		s.brake.SetSelected(map[bool]int{true: 0, false: 1}[model.Brakes])
	}
	model.Load()
	wait := kit.NewField("After “Send” a letter can be taken back", s.undo)
	late := kit.NewField("A reply that waited, when somebody wrote in its conversation meanwhile", s.brake)
	late.SetHint("It lies in the Outbox, with the new message beside it.")
	s.object = kit.VStack(16, kit.NewText("Sending", kit.BodyStrong), wait, late)
	return s
}
