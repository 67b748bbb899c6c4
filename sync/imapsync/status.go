package imapsync

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// asks returns what is to be asked of each folder.
func (l *Link) asks(ctx context.Context, halves []localstore.RemoteFolder, found []listed) ([]*ask, error) {
	if err := l.askStatus(ctx, halves, found); err != nil {
		return nil, err
	}
	if err := l.foundEmpty(ctx, halves, found); err != nil {
		return nil, err
	}
	asks := make([]*ask, len(halves))
	err := l.store.Read(ctx, func(v *localstore.View) error {
		states, err := v.FolderStates(l.maildrop.ID)
		if err != nil {
			return err
		}
		for i, rf := range halves {
			is := states[rf.ID]
			asks[i] = &ask{rf: rf, f: found[i], held: is.Located, doubted: is.Doubted, old: is.Old,
				same: !is.Todo && (found[i].fresh || unchanged(rf, found[i].status, is.Located+is.Marked))}
		}
		return nil
	})
	return asks, err
}

// emptiesAtOnce is how many folders are noted to be empty in one commit.
const emptiesAtOnce = 500

// foundEmpty notes the folders that are new here and that STATUS says are empty:
// they need not be opened.
func (l *Link) foundEmpty(ctx context.Context, halves []localstore.RemoteFolder, found []listed) error {
	var empty []int
	for i, rf := range halves {
		s := found[i].status
		if rf.UIDValidity == 0 && found[i].role != localstore.RoleInbox && s != nil && s.NumMessages != nil && *s.NumMessages == 0 && s.UIDValidity != 0 && s.UIDNext != 0 {
			empty = append(empty, i)
		}
	}
	for part := range slices.Chunk(empty, emptiesAtOnce) {
		err := l.write(ctx, "imap empty folders", func(tx *localstore.Tx) (err error) {
			for _, i := range part {
				s, rf := found[i].status, halves[i]
				rf.UIDValidity, rf.UIDNext, rf.ModSeq = s.UIDValidity, uint32(s.UIDNext), s.HighestModSeq
				if halves[i], err = tx.FoundEmpty(rf); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, i := range part {
			found[i].fresh = true
		}
	}
	return nil
}

// askStatus asks how the folders are of which LIST did not say it, where that
// may spare opening them or tells how large a new one is. A server that does
// not answer for one is asked by opening it.
func (l *Link) askStatus(ctx context.Context, halves []localstore.RemoteFolder, found []listed) error {
	var silent []int
	for i, f := range found {
		if f.status == nil && (l.caps.Has(imap.CapCondStore) || halves[i].SyncedAt == 0) {
			silent = append(silent, i)
		}
	}
	for part := range slices.Chunk(silent, flightStatus) {
		errs := make([]error, len(part))
		err := l.fly(ctx, "status", func(f *flight) {
			for n, i := range part {
				f.status(found[i].name, l.statusOptions(), func(data *imap.StatusData, err error) {
					found[i].status, errs[n] = data, err
				})
			}
		})
		for _, e := range errs {
			if err == nil && e != nil && refusal(e) == nil {
				err = l.fault("status", e)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// statusOptions is what is asked of a folder that is not opened.
func (l *Link) statusOptions() *imap.StatusOptions {
	return &imap.StatusOptions{NumMessages: true, UIDNext: true, UIDValidity: true, HighestModSeq: l.caps.Has(imap.CapCondStore)}
}

// statusOf asks for the UIDVALIDITY and the UIDNEXT of one folder: by STATUS, and
// of a server that refuses that by opening it.
func (l *Link) statusOf(ctx context.Context, name string) (*imap.StatusData, error) {
	data, err := l.client.Status(name, &imap.StatusOptions{UIDNext: true, UIDValidity: true}).Wait()
	if refusal(err) == nil || code(err) == imap.ResponseCodeNonExistent {
		return data, err
	}
	opened, failed := l.open(ctx, name, false, true)
	switch {
	case refusal(failed) != nil:
		return nil, err
	case failed != nil:
		return nil, failed
	}
	return &imap.StatusData{Mailbox: name, UIDNext: opened.UIDNext, UIDValidity: opened.UIDValidity}, nil
}
