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
	asks := make([]*ask, len(halves))
	err := l.store.Read(ctx, func(v *localstore.View) error {
		for i, rf := range halves {
			held, err := v.CountImapLocations(rf.ID)
			if err != nil {
				return err
			}
			todo, err := v.Todo(rf.ID, rf.UIDValidity)
			if err != nil {
				return err
			}
			deleted, err := v.MarkedDeleted(rf.ID, rf.UIDValidity)
			if err != nil {
				return err
			}
			doubts, err := v.Quarantined(rf.ID, 0, localstore.OfHeader)
			if err != nil {
				return err
			}
			asks[i] = &ask{rf: rf, f: found[i], held: held, doubted: len(doubts) > 0, same: unchanged(rf, found[i].status, held+count(deleted), len(todo))}
		}
		return nil
	})
	return asks, err
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
