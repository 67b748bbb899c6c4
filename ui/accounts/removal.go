package accounts

import (
	"context"

	"paquebot.app/ui/vm"
)

// AskRemoval asks, as a banner of the window, whether mail that is safe here
// may leave a POP server for the first time. Who dismisses the banner is asked
// again when the program runs next.
func AskRemoval(h Host) {
	q := vm.NewFirstRemoval(h.Env(), h.Engine())
	q.Changed = func() {
		h.Guard("first removal", func() {
			if text := q.Question(); text != "" {
				h.Notice(text, "Remove from the server", q.Allow)
			}
		})
	}
	h.Follow(q.Follow)
	h.Env().Go("first removal", func(ctx context.Context) func() {
		q.Run(ctx)
		return nil
	})
}
