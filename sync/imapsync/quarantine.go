package imapsync

import (
	"context"
	"fmt"
	"time"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Pauses before a message that its server lists and does not hand out is asked
// for again: the first, doubled each time, and the longest.
const (
	firstQuarantine = 5 * time.Minute
	lastQuarantine  = 24 * time.Hour
)

// quarantined are the messages of a folder that were not handed out, by UID.
type quarantined map[uint32]localstore.Quarantined

func (l *Link) quarantined(ctx context.Context, rf localstore.RemoteFolder) (quarantined, error) {
	all := quarantined{}
	err := l.store.Read(ctx, func(v *localstore.View) error {
		rows, err := v.Quarantined(rf.ID, rf.UIDValidity)
		for _, q := range rows {
			all[q.UID] = q
		}
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
			if err := tx.EndQuarantine(rf.ID, rf.UIDValidity, uid); err != nil {
				return err
			}
		}
		for _, uid := range missing {
			q, again := silent[uid]
			if !again {
				fresh = append(fresh, uid)
			}
			pause := min(firstQuarantine<<min(q.Tries, 10), lastQuarantine)
			q.UID, q.Tries, q.NextTry = uid, q.Tries+1, l.now().Add(pause)
			if err := tx.Quarantine(rf.ID, rf.UIDValidity, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(fresh) == 0 {
		return err
	}
	l.options.Log.Warn("messages cannot be had", "folder", rf.Name, "uids", fresh)
	words := fmt.Sprintf("One message in %s cannot be had from the server (UID %d). It will be tried again.", rf.Name, fresh[0])
	if n := len(fresh); n > 1 {
		words = fmt.Sprintf("%d messages in %s cannot be had from the server. They will be tried again.", n, rf.Name)
	}
	l.count(func(r *link.Report) { r.Conflicts = append(r.Conflicts, words) })
	return nil
}
