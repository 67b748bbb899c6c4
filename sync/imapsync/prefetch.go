package imapsync

import (
	"context"
	"math"
	"time"

	"paquebot.app/localstore"
)

// How many mails are asked for at once: at first, and on a fast line.
const (
	prefetchMails = 50
	mostMails     = 5000
	smallMail     = 4 << 10
)

// lotMails is how many mails are asked for at once now.
func (l *Link) lotMails() int {
	if l.options.Share > 0 { // the connection has other work to do
		return prefetchMails
	}
	return int(min(max(l.flight/smallMail, prefetchMails), mostMails))
}

// prefetch brings what the folders' policies ask for, so that it can be read
// without a network: the newest first, small mails many at once. It does one
// step and tells whether there may be another, so that a wish made meanwhile
// comes before it.
func (l *Link) prefetch(ctx context.Context) (more bool, err error) {
	if l.options.AskedOnly {
		return false, nil
	}
	if err := l.noteRoom(ctx); err != nil {
		return false, err
	}
	if l.flight == 0 {
		l.flight = l.firstFlight()
	}
	lot, whole, err := l.nextLot(ctx)
	if err != nil || len(lot) == 0 {
		return false, err
	}
	valid, err := l.openAs(ctx, lot[0].at.rf, false)
	if err != nil || !valid {
		l.tried(lot)
		return err == nil, err
	}
	if err := l.describeTexts(ctx, lot, whole); err != nil {
		return false, l.brokeAtBodies(ctx, lot, err)
	}
	lot = l.oneTurn(lot)
	if i := lot[0]; i.begun || i.bytes() > l.moment() {
		done, err := l.advance(ctx, i, l.piece)
		if err == nil && !done {
			return true, nil
		}
		l.tried(lot[:1])
		if i.err = err; refusal(err) != nil || err == errGone {
			err = nil
		}
		return true, l.settleLot(ctx, lot[:1], err)
	}
	l.tried(lot)
	yielded := l.yielding(ctx)
	broken, err := l.streamItems(ctx, lot, func(some []*item) error { return l.storeLot(ctx, some) })
	if gaveUp := yielded(); gaveUp && broken != nil && err == nil {
		if err = l.keepCut(ctx, missed(lot)); err == nil {
			err = ErrYielded
		}
	}
	if err != nil {
		return false, err
	}
	return true, l.settleMissed(ctx, missed(lot), broken)
}

// roomStep is how many bytes come before the room that is left is looked at.
const roomStep = 8 << 20

// noteRoom looks, now and then, how much room the account has left.
func (l *Link) noteRoom(ctx context.Context) error {
	moved := l.conn.Stats().Down
	if l.account.Quota == 0 || l.roomAt != 0 && moved < l.roomAt+min(roomStep, l.account.Quota/50) {
		return nil
	}
	l.roomAt = max(moved, 1)
	return l.store.NoteRoom(ctx, l.account.ID)
}

// settleLot stores what came of a lot and notes what did not.
func (l *Link) settleLot(ctx context.Context, lot []*item, broken error) error {
	if err := l.storeLot(ctx, came(lot)); err != nil {
		return err
	}
	return l.settleMissed(ctx, missed(lot), broken)
}

// storeLot stores items that came.
func (l *Link) storeLot(ctx context.Context, lot []*item) error {
	err := l.storeItems(context.WithoutCancel(ctx), lot, func(tx *localstore.Tx) error { return endSuspicion(tx, lot) })
	for _, i := range lot {
		if err == nil && i.err == nil {
			delete(l.prefetched, i.wish.Content) // it is asked for no more
		}
	}
	return err
}

// settleMissed notes what of a lot did not come.
func (l *Link) settleMissed(ctx context.Context, lot []*item, broken error) error {
	if broken == nil {
		return l.notHandedOut(ctx, lot)
	}
	if err := l.keepCut(ctx, lot); err != nil {
		return err
	}
	// The server was at one of the first that are missing: of the others, which
	// may be thousands, nobody knows anything.
	return l.brokeAtBodies(ctx, lot[:min(len(lot), prefetchMails)], broken)
}

// tried leaves items alone for the rest of this link's life.
func (l *Link) tried(lot []*item) {
	for _, i := range lot {
		l.prefetched[i.wish.Content] = true
	}
}

// moment is how large a mail may be that comes in one piece, among others: what
// takes a quarter of a flight, so that whoever asks for another waits no more.
func (l *Link) moment() int64 {
	if l.options.Share > 0 {
		return l.piece
	}
	return max(l.piece, l.flight/4)
}

// oneTurn cuts a lot to what nobody minds to wait for. A large mail, which
// comes piece by piece, is alone.
func (l *Link) oneTurn(lot []*item) []*item {
	var bytes int64
	for n, i := range lot {
		if bytes += i.bytes(); n > 0 && (bytes > l.flight || l.options.Share > 0 && bytes > l.piece || i.begun || i.bytes() > l.moment()) {
			return lot[:n]
		}
	}
	return lot
}

// nextLot returns mails of one folder for one turn, each at its place in it,
// and the size up to which they come whole.
func (l *Link) nextLot(ctx context.Context) (lot []*item, whole int64, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		return unasked(v, l.account, l.now(), l.lotMails()+len(l.prefetched), func(f localstore.Fetching, all []localstore.Bodiless) (more bool, err error) {
			whole = wholeLimit
			if f.Policy == localstore.FetchAll {
				whole = math.MaxInt64
			}
			if f.Limit > 0 {
				whole = min(whole, f.Limit)
			}
			if l.textOnly {
				whole = thinWhole
			}
			lot, err = l.choose(v, all, whole)
			return len(lot) == 0, err
		})
	})
	return lot, whole, err
}

// Unasked tells whether there is mail whose text the policies of an account's
// folders ask for.
func Unasked(v *localstore.View, a localstore.Account, now time.Time) (found bool, err error) {
	err = unasked(v, a, now, 1, func(_ localstore.Fetching, all []localstore.Bodiless) (bool, error) {
		found = len(all) > 0
		return !found, nil
	})
	return found, err
}

// unasked calls f with up to limit mails whose text its policy asks for, folder
// by folder, until f returns false. An account that has no room left fetches
// only what has come since.
func unasked(v *localstore.View, a localstore.Account, now time.Time, limit int, f func(localstore.Fetching, []localstore.Bodiless) (bool, error)) error {
	folders, err := v.Fetching(a)
	if err != nil {
		return err
	}
	full, err := v.FullAfter(a.ID)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		var since time.Time
		switch folder.Policy {
		case localstore.FetchAll:
		case localstore.FetchText:
			since = now.AddDate(0, 0, -folder.Days)
		default:
			continue
		}
		all, err := v.Bodiless(folder.Folder, since, full, limit)
		if err != nil {
			return err
		}
		if more, err := f(folder, all); err != nil || !more {
			return err
		}
	}
	return nil
}

// choose takes the first mails that were not tried and are not in quarantine,
// as many as may be asked for together. Those up to whole bytes come whole. One
// that comes piece by piece is alone; where others are before it, it is passed
// over: it is among the first of the next time.
func (l *Link) choose(v *localstore.View, all []localstore.Bodiless, whole int64) (lot []*item, err error) {
	most, bytes := l.lotMails(), int64(0)
	halves := map[localstore.RemoteFolderID]localstore.RemoteFolder{}
	begun, err := v.BegunContents()
	if err != nil {
		return nil, err
	}
	var apart quarantined
	for _, b := range all {
		if l.prefetched[b.Content] {
			continue
		}
		i := &item{wish: localstore.Wish{Account: l.account.ID, Content: b.Content, Section: localstore.WishText}}
		found := false
		if i.at, found, err = l.locateIn(v, halves, b.Message, b.Size); err != nil {
			return nil, err
		}
		if !found {
			l.tried([]*item{i})
			continue
		}
		if len(lot) > 0 && i.at.rf.ID != lot[0].at.rf.ID {
			break
		}
		if apart == nil {
			if apart, err = readQuarantine(v, i.at.rf, localstore.OfBody); err != nil {
				return nil, err
			}
		}
		q := apart[i.at.UID]
		if q.NextTry.After(l.now()) {
			continue
		}
		if q.Breaks > 0 {
			most = min(most, company(q.Breaks, prefetchMails))
		}
		if len(lot) >= most {
			break
		}
		alone := begun[b.Content] || min(b.Size, whole) > l.moment()
		if alone && len(lot) > 0 {
			continue
		}
		lot = append(lot, i)
		if bytes += min(b.Size, whole); alone || bytes > l.flight {
			break // oneTurn would leave the rest
		}
	}
	return lot, nil
}
