package imapsync

import (
	"context"
	"errors"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Receive implements link.Link: one pass over all folders, the inbox first.
// Losses are settled at its end, so that a message that another client moved
// is recognised in its new folder before it counts as lost in the old one. A
// folder that fails does not stop the others; the first such error is
// returned at the end.
func (l *Link) Receive(ctx context.Context) error {
	defer l.during(ctx)()
	found, complete, err := l.list(ctx)
	if err != nil {
		return err
	}
	halves, err := l.syncFolders(ctx, found, complete)
	if err != nil {
		return err
	}
	var (
		lost  []localstore.Vanished
		first error
	)
	for i, rf := range halves {
		gone, err := l.receiveFolder(ctx, rf, found[i])
		lost = append(lost, gone...)
		if err == nil {
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) || f.Scope < fault.Folder {
			return err
		}
		l.options.Log.Warn("folder not synced", "folder", rf.Name, "err", err)
		if first == nil {
			first = err
		}
	}
	if err := l.settle(ctx, lost, halves, first == nil); err != nil {
		return err
	}
	return first
}

// settle applies the keep rule to what is lost. Stubs that no server folder
// accounts for are dropped only after a pass in which every folder was read.
func (l *Link) settle(ctx context.Context, lost []localstore.Vanished, halves []localstore.RemoteFolder, complete bool) error {
	return l.write(ctx, "imap losses", func(tx *localstore.Tx) error {
		report, err := tx.VanishLocations(l.account.ID, lost)
		if err != nil {
			return err
		}
		l.count(func(r *link.Report) { r.Held += report.Held })
		for _, id := range report.Paused {
			f, err := tx.Folder(id)
			if err != nil {
				return err
			}
			l.count(func(r *link.Report) {
				r.Conflicts = append(r.Conflicts, "Much of the folder "+f.Path+" is no longer on the server. Nothing was removed here.")
			})
		}
		if !complete {
			return nil
		}
		for _, rf := range halves {
			if err := tx.DropLostStubs(rf.Folder); err != nil {
				return err
			}
		}
		return nil
	})
}
