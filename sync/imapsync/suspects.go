package imapsync

import (
	"context"

	"paquebot.app/localstore"
)

// apart cuts the batches of a flight so that what is suspected to break
// connections is asked for in less and less company.
func (all quarantined) apart(batches [][]uint32) [][]uint32 {
	for n, batch := range batches {
		some := all.together(batch, len(batch))
		switch {
		case len(some) == len(batch) && !all.suspect(batch):
		case n > 0:
			return batches[:n]
		default:
			return [][]uint32{some}
		}
	}
	return batches
}

// suspect tells whether connections broke at any of these.
func (all quarantined) suspect(batch []uint32) bool {
	for _, uid := range batch {
		if all[uid].Breaks > 0 {
			return true
		}
	}
	return false
}

// brokeAtHeaders notes at which batch of a flight the connection broke: the
// first of which something has not come. What came is not suspected any more.
func (l *Link) brokeAtHeaders(ctx context.Context, rf localstore.RemoteFolder, silent quarantined, batches [][]uint32, broken error) error {
	if l.conn.Err() == nil {
		return broken
	}
	ctx = context.WithoutCancel(ctx)
	for _, batch := range batches {
		left, err := l.stillTodo(ctx, rf, batch)
		if err != nil {
			return err
		}
		if err := l.keepApart(ctx, rf, silent, arrived(batch, left), nil); err != nil {
			return err
		}
		if len(left) > 0 {
			return l.brokeAt(ctx, rf, localstore.OfHeader, left, broken)
		}
	}
	return broken
}

// doubt notes that the connection broke when the headers of what is new in a
// folder were asked for with the rest: next time they are asked for by
// themselves, where it is found out which of them is the reason.
func (l *Link) doubt(ctx context.Context, asks []*ask, broken error) error {
	var some []*ask
	for _, a := range asks {
		if a.fetches && !a.doubted {
			some = append(some, a)
		}
	}
	if len(some) == 0 || l.conn.Err() == nil || l.notTold(ctx) {
		return broken
	}
	err := l.write(context.WithoutCancel(ctx), "imap doubts", func(tx *localstore.Tx) error {
		for _, a := range some {
			if err := tx.Quarantine(a.rf.ID, 0, localstore.OfHeader, localstore.Quarantined{Breaks: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return broken
}

// trusted ends the doubt about a folder that has been read to its end.
func (l *Link) trusted(ctx context.Context, a *ask) error {
	if !a.doubted {
		return nil
	}
	return l.write(ctx, "imap doubts", func(tx *localstore.Tx) error {
		return tx.EndQuarantine(a.rf.ID, 0, 0, localstore.OfHeader)
	})
}
