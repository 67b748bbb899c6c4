package ui

import (
	"context"

	"paquebot.app/localstore"
	"paquebot.app/ui/vm"
)

// settingRunning is set while a window is open. A window that finds it set
// follows one that did not end in order, perhaps because of a letter it showed:
// then it shows no letter by itself.
const settingRunning = "window.running"

// ending is how the window before this one ended.
type ending int

const (
	endUnknown ending = iota
	endCalm
	endBroken
)

// running notes that the window is open, and whether the last one ended in
// order.
func (w *Window) running() {
	w.env.Go("window open", func(ctx context.Context) func() {
		was := ""
		err := w.cfg.Store.Write(ctx, "window open", func(tx *localstore.Tx) (err error) {
			if was, err = tx.Setting(settingRunning); err != nil {
				return err
			}
			return tx.SetSetting(settingRunning, "yes")
		})
		w.env.Failed("window open", err)
		return func() {
			if w.lastEnd = endBroken; err == nil && was == "" {
				w.lastEnd = endCalm
			}
			w.glance()
		}
	})
}

// ended notes that the window was closed in order.
func (w *Window) ended() {
	err := w.cfg.Store.Write(context.Background(), "window closed", func(tx *localstore.Tx) error { return tx.SetSetting(settingRunning, "") })
	if err != nil {
		w.cfg.Log.Error("window closed", "err", err)
	}
}

// glance shows the newest message of a list that was opened, unread as it is,
// so that nobody looks at an empty page. Where mail is still coming it waits;
// junk is never shown unasked.
func (w *Window) glance() {
	l := w.list
	switch {
	case w.lastEnd != endCalm || !w.glanceDue || l.Loading() || w.status.Condition().Busy || l.ID(0) == 0 || w.panes.Single():
		return
	case l.Query() != "" || w.role() == localstore.RoleJunk || w.role() == localstore.RoleDrafts || w.role() == localstore.RoleOutbox:
		return
	case w.panel.close != nil || w.onLedger:
		return
	}
	w.glanceDue = false
	if sel := w.mid.rows.Selection(); sel.Count() == 0 && w.reader.State() == vm.Nothing {
		sel.Select(0)
		w.mid.rows.Refresh()
		w.reader.Glance(l.ID(0))
	}
}
