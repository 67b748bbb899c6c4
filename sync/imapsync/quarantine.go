package imapsync

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
	"paquebot.app/sync/link"
	"paquebot.app/sync/netconn"
)

// Pauses before a message that its server lists and does not hand out is asked
// for again: the first, doubled each time, and the longest.
const (
	firstQuarantine = 5 * time.Minute
	lastQuarantine  = 24 * time.Hour
)

// enoughBreaks is how many connections break before a message is held to be
// the reason, which was asked for alone at the last of them.
const enoughBreaks = 6

// company is how many messages may be asked for together with one at which
// connections broke: a quarter at each time, so that the one that is the reason
// is soon alone.
func company(breaks, most int) int { return max(1, most>>(2*min(breaks, 8))) }

// quarantined are the messages of a folder that were not handed out, or are
// suspected to break connections, by UID.
type quarantined map[uint32]localstore.Quarantined

func readQuarantine(v *localstore.View, rf localstore.RemoteFolder, of localstore.QuarantineOf) (quarantined, error) {
	all := quarantined{}
	rows, err := v.Quarantined(rf.ID, rf.UIDValidity, of)
	for _, q := range rows {
		all[q.UID] = q
	}
	return all, err
}

func (l *Link) quarantined(ctx context.Context, rf localstore.RemoteFolder, of localstore.QuarantineOf) (all quarantined, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) (err error) {
		all, err = readQuarantine(v, rf, of)
		return err
	})
	return all, err
}

// notDue returns those that are left alone for now.
func (all quarantined) notDue(now time.Time) (uids []uint32) {
	for uid, q := range all {
		if q.NextTry.After(now) {
			uids = append(uids, uid)
		}
	}
	return uids
}

// again is q after the server did not hand it out once more.
func (l *Link) again(q localstore.Quarantined) localstore.Quarantined {
	q.NextTry = l.now().Add(min(firstQuarantine<<min(q.Tries, 10), lastQuarantine))
	q.Tries++
	return q
}

// keepApart notes which of a batch the server lists and did not hand out, and
// that the others have come or gone. The user hears of each once.
func (l *Link) keepApart(ctx context.Context, rf localstore.RemoteFolder, silent quarantined, batch, missing []uint32) error {
	var ended, fresh []uint32
	for _, uid := range arrived(batch, missing) {
		if _, was := silent[uid]; was {
			ended = append(ended, uid)
		}
	}
	if len(ended)+len(missing) == 0 {
		return nil
	}
	err := l.write(ctx, "imap quarantine", func(tx *localstore.Tx) error {
		fresh = nil
		for _, uid := range ended {
			if err := tx.EndQuarantine(rf.ID, rf.UIDValidity, uid, localstore.OfHeader); err != nil {
				return err
			}
		}
		for _, uid := range missing {
			q := silent[uid]
			if q.UID = uid; q.Tries == 0 {
				fresh = append(fresh, uid)
			}
			if err := tx.Quarantine(rf.ID, rf.UIDValidity, localstore.OfHeader, l.again(q)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		l.tellApart(rf, fresh)
	}
	return err
}

// tellApart tells the user which messages cannot be had.
func (l *Link) tellApart(rf localstore.RemoteFolder, fresh []uint32) {
	if len(fresh) == 0 {
		return
	}
	l.options.Log.Warn("messages cannot be had", "folder", rf.Name, "uids", fresh)
	words := fmt.Sprintf("One message in %s cannot be had from the server (UID %d). It will be tried again.", rf.Name, fresh[0])
	if n := len(fresh); n > 1 {
		words = fmt.Sprintf("%d messages in %s cannot be had from the server. They will be tried again.", n, rf.Name)
	}
	l.count(func(r *link.Report) { r.Conflicts = append(r.Conflicts, words) })
}

// brokeAt notes which messages were waited for when the connection broke. Next
// time fewer are asked for together, until the reason is alone. It returns why
// the connection broke; the end of ctx and of a budget says nothing of any.
func (l *Link) brokeAt(ctx context.Context, rf localstore.RemoteFolder, of localstore.QuarantineOf, uids []uint32, broken error) error {
	if len(uids) == 0 || l.conn.Err() == nil || l.notTold(ctx) {
		return broken
	}
	var fresh []uint32
	err := l.write(ctx, "imap suspects", func(tx *localstore.Tx) error {
		fresh = nil
		before, err := readQuarantine(tx.View, rf, of)
		if err != nil {
			return err
		}
		for _, uid := range uids {
			q := before[uid]
			q.UID = uid
			if q.Breaks++; len(uids) == 1 && q.Breaks >= enoughBreaks {
				if q.Tries == 0 {
					fresh = append(fresh, uid)
				}
				q = l.again(q)
			}
			if err := tx.Quarantine(rf.ID, rf.UIDValidity, of, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	l.tellApart(rf, fresh)
	return broken
}

// notTold tells whether the end of a connection says nothing of the server: we
// ended it.
func (l *Link) notTold(ctx context.Context) bool {
	cause := l.conn.Err()
	return ctx.Err() != nil || errors.Is(cause, netconn.ErrSpent) || errors.Is(cause, wire.ErrCancelled) || errors.Is(cause, net.ErrClosed)
}

// brokeAtBodies is brokeAt for items of one folder. One that came nearer to its
// end is not suspected.
func (l *Link) brokeAtBodies(ctx context.Context, lot []*item, broken error) error {
	lot = slices.DeleteFunc(slices.Clone(lot), func(i *item) bool { return i.moved })
	if len(lot) == 0 {
		return broken
	}
	return l.brokeAt(ctx, lot[0].at.rf, localstore.OfBody, uidsIn(lot), broken)
}

func uidsIn(lot []*item) (uids []uint32) {
	for _, i := range lot {
		uids = append(uids, i.at.UID)
	}
	return uids
}

// notHandedOut notes which items of one folder the server refused. What it has
// no more is left to Receive.
func (l *Link) notHandedOut(ctx context.Context, lot []*item) error {
	lot = slices.DeleteFunc(slices.Clone(lot), func(i *item) bool { return i.err == errGone })
	if len(lot) == 0 {
		return nil
	}
	var fresh []uint32
	err := l.write(ctx, "imap bodies refused", func(tx *localstore.Tx) error {
		fresh = nil
		for _, i := range lot {
			told, err := l.refuseBody(tx, i)
			if err != nil {
				return err
			}
			if !told {
				fresh = append(fresh, i.at.UID)
			}
		}
		return nil
	})
	if err == nil {
		l.tellApart(lot[0].at.rf, fresh)
	}
	return err
}

// refuseBody notes that a body is not to be had, and tells whether the user
// knows that already.
func (l *Link) refuseBody(tx *localstore.Tx, i *item) (told bool, err error) {
	before, err := readQuarantine(tx.View, i.at.rf, localstore.OfBody)
	if err != nil {
		return false, err
	}
	q := before[i.at.UID]
	q.UID, told = i.at.UID, q.Tries > 0
	return told, tx.Quarantine(i.at.rf.ID, i.at.rf.UIDValidity, localstore.OfBody, l.again(q))
}

// endSuspicion forgets what was suspected of items that came.
func endSuspicion(tx *localstore.Tx, lot []*item) error {
	for _, i := range lot {
		if err := tx.EndQuarantine(i.at.rf.ID, i.at.rf.UIDValidity, i.at.UID, localstore.OfBody); err != nil {
			return err
		}
	}
	return nil
}
