package accounts

import (
	"paquebot.app/ui/vm"
)

// AskRemoval asks, as a banner of the window, whether mail that is safe here
// may leave a POP server for the first time.
func AskRemoval(h Host) {
	q := vm.NewFirstRemoval(h.Env())
	asked := ""
	q.Changed = func() {
		h.Guard("first removal", func() {
			if text := q.Question(); text != "" && text != asked {
				asked = text
				h.Notice(text, "Remove from the server", q.Allow)
			}
		})
	}
	h.Follow(q.Follow)
	q.Load()
}
