package imapsync

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	found, halves, gone, err := l.syncFolders(ctx, found, complete)
	if err != nil {
		return err
	}
	if halves, found, err = l.toRead(ctx, halves, found); err != nil {
		return err
	}
	asks, err := l.asks(ctx, halves, found)
	if err != nil {
		return err
	}
	var (
		lost  []localstore.Vanished
		first error
	)
	for i, rf := range halves {
		vanished, err := l.receiveFolder(ctx, asks[i:])
		lost = append(lost, vanished...)
		if err == nil {
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) || f.Scope < fault.Folder {
			return err
		}
		l.options.Log.Warn("folder not synced", "folder", rf.Name, "err", err)
		if rf.SyncedAt == 0 {
			gone = nil // what they held may lie in this one, which nobody has read
		}
		if first == nil {
			first = err
		}
	}
	if err := l.settle(ctx, lost, gone, halves, first == nil); err != nil {
		return err
	}
	return first
}

// settle applies the keep rule to what is lost: single messages, and all of
// the folders that are gone. A folder that waits for the user keeps what is
// known of its place on the server until he has answered. Stubs that no server
// folder accounts for are dropped only after a pass in which every folder was
// read.
func (l *Link) settle(ctx context.Context, lost []localstore.Vanished, gone, halves []localstore.RemoteFolder, complete bool) error {
	var (
		asks                  []string
		held, dropped, unseen int
	)
	err := l.write(ctx, "imap losses", func(tx *localstore.Tx) error {
		asks = nil
		all := slices.Clone(lost)
		for _, rf := range gone {
			located, err := tx.ImapLocations(rf.ID)
			if err != nil {
				return err
			}
			old, err := tx.OldImapLocations(rf.ID, rf.UIDValidity)
			if err != nil {
				return err
			}
			located = append(located, slices.DeleteFunc(old, func(at localstore.ImapLocation) bool { return !at.Expected() })...)
			for _, at := range located {
				all = append(all, localstore.Vanished{Location: at, Folder: rf.Folder})
			}
		}
		report, err := tx.VanishLocations(l.account.ID, all)
		if err != nil {
			return err
		}
		for _, rf := range gone {
			f, err := tx.Folder(rf.Folder)
			if err != nil {
				return err
			}
			if f.Paused != "" {
				continue
			}
			if err := tx.DropRemoteFolder(rf.ID); err != nil {
				return err
			}
			if err := l.deletedElsewhere(tx, rf.Folder); err != nil {
				return err
			}
		}
		for _, id := range slices.Concat(report.Paused, report.Unrecognised) {
			f, err := tx.Folder(id)
			if err != nil {
				return err
			}
			asks = append(asks, fmt.Sprintf("The folder “%s” waits for you. %s", f.Path, f.Paused))
		}
		held, dropped, unseen = report.Held, report.Dropped, report.Unseen
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
	if err == nil {
		l.count(func(r *link.Report) {
			r.Held += held
			r.Asks = append(r.Asks, asks...)
		})
		if dropped > 0 {
			l.tell(droppedWords(dropped))
		}
		if unseen > 0 {
			l.tell(unseenWords(unseen))
		}
	}
	return err
}
