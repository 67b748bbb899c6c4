package ui

import (
	"context"
	"fmt"

	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// closing is how far the window is on its way out.
type closing struct {
	asked bool // the user closed it once: the second time nothing holds it
}

// close brings open letters to the disk and closes the window. While letters
// wait in the Outbox it says so first.
func (w *Window) close() {
	w.saveGeometry()
	if w.closing.asked {
		w.leave(w.window.Close)
		return
	}
	w.closing.asked = true
	w.saveLetters(func(err error) {
		if err != nil {
			w.Notice("A letter could not be saved. "+vm.Sentence(err), "Close anyway", func() { w.leave(w.window.Close) })
			return
		}
		w.waiting(func(n int) {
			if n == 0 {
				w.leave(w.window.Close)
				return
			}
			text := fmt.Sprintf("%d letters are waiting. They leave when Paquebot next runs and there is a connection.", n)
			if n == 1 {
				text = "One letter is waiting. It leaves when Paquebot next runs and there is a connection."
			}
			w.Notice(text, "Close now", func() { w.leave(w.window.Close) })
		})
	})
}

// leave ends the application.
func (w *Window) leave(end func()) {
	if w.cfg.Leaving != nil {
		w.cfg.Leaving()
	}
	end()
}

func (w *Window) saveLetters(then func(error)) {
	if w.composer == nil {
		then(nil)
		return
	}
	w.composer.SaveAll(then)
}

// waiting counts the letters that have not left.
func (w *Window) waiting(then func(n int)) {
	w.env.Go("letters waiting", func(ctx context.Context) func() {
		n := 0
		err := w.cfg.Store.Read(ctx, func(v *localstore.View) error {
			n = 0
			letters, err := v.Outbox(0, false)
			for _, l := range letters {
				switch l.State {
				case localstore.OutQueued, localstore.OutSending:
					n++
				}
			}
			return err
		})
		if err != nil { // a store that cannot be read holds nobody back
			w.cfg.Log.Error("letters waiting", "err", err)
		}
		return func() { then(n) }
	})
}

// Quit brings open letters to the disk and ends the application. It may be
// called from any goroutine.
func (w *Window) Quit() {
	w.dispatch.Do(func() {
		w.saveGeometry()
		w.saveLetters(func(error) { w.leave(w.cfg.App.Quit) })
	})
}
