package imapsync

import (
	"context"
	"slices"

	"paquebot.app/localstore"
)

// apart cuts what goes in one flight where connections broke. What a server
// that breaks off has answered before may be lost with what it has not read, so
// that only the one command of a flight can be blamed. A batch of suspects is
// asked for in less and less company.
func (all quarantined) apart(batches [][]uint32, doubted bool) [][]uint32 {
	for n, batch := range batches {
		breaks := 0
		for _, uid := range batch {
			breaks = max(breaks, all[uid].Breaks)
		}
		if breaks == 0 && !doubted {
			continue
		}
		if n > 0 {
			return batches[:n]
		}
		return [][]uint32{batch[:min(len(batch), company(breaks, laterBatch))]}
	}
	return batches
}

// brokeAtHeaders notes at what the connection broke. What came is not suspected
// any more.
func (l *Link) brokeAtHeaders(ctx context.Context, rf localstore.RemoteFolder, silent quarantined, batches [][]uint32, broken error) error {
	if l.conn.Err() == nil || l.notTold(ctx) {
		return broken
	}
	kept := context.WithoutCancel(ctx)
	asked := slices.Concat(batches...)
	left, err := l.stillTodo(kept, rf, asked)
	if err != nil {
		return err
	}
	if err := l.keepApart(kept, rf, silent, arrived(asked, left), nil); err != nil {
		return err
	}
	if len(batches) > 1 {
		return l.doubt(ctx, []localstore.RemoteFolder{rf}, broken)
	}
	return l.brokeAt(ctx, rf, localstore.OfHeader, left, broken)
}

// doubt notes that the connection broke when headers were asked for with other
// things: from the next time on they are asked for by themselves, until the
// folder has been read to its end.
func (l *Link) doubt(ctx context.Context, folders []localstore.RemoteFolder, broken error) error {
	if len(folders) == 0 || l.conn.Err() == nil || l.notTold(ctx) {
		return broken
	}
	err := l.write(ctx, "imap doubts", func(tx *localstore.Tx) error {
		for _, rf := range folders {
			if err := tx.Quarantine(rf.ID, 0, localstore.OfHeader, localstore.Quarantined{Breaks: 1}); err != nil {
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

// fetching are the folders of which new headers were asked for.
func fetching(asks []*ask) (some []localstore.RemoteFolder) {
	for _, a := range asks {
		if a.fetches {
			some = append(some, a.rf)
		}
	}
	return some
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
