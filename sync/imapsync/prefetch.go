package imapsync

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Limits of one command that fetches several mails whole.
const (
	prefetchMails = 50
	prefetchBytes = 2 << 20
)

// prefetch brings what the account's policy asks for, so that it can be read
// without a network: the newest first, small mails many to a command. It does
// one step and tells whether there may be another, so that a wish made
// meanwhile comes before it.
func (l *Link) prefetch(ctx context.Context, tried map[localstore.ContentID]bool) (more bool, err error) {
	lot, err := l.nextLot(ctx, tried)
	if err != nil || len(lot) == 0 {
		return false, err
	}
	for _, b := range lot {
		tried[b.Content] = true
	}
	if l.textOnly {
		return true, l.prefetchTexts(ctx, lot)
	}
	if b := lot[0]; b.Size > wholeLimit {
		wish := localstore.Wish{Account: l.account.ID, Content: b.Content, Section: localstore.WishText}
		if l.account.Policy == localstore.FetchAll {
			wish.Section = localstore.WishWhole
		}
		return true, l.fulfil(ctx, wish)
	}
	return true, l.fetchLot(ctx, lot)
}

// nextLot returns mails of one folder for one command: one large mail, or
// several small ones.
func (l *Link) nextLot(ctx context.Context, tried map[localstore.ContentID]bool) (lot []localstore.Bodiless, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		return unasked(v, l.account, l.now(), prefetchMails+len(tried), func(all []localstore.Bodiless) bool {
			lot = choose(all, tried)
			return len(lot) == 0
		})
	})
	return lot, err
}

// Unasked tells whether there is mail whose text the policy of an account asks
// for, in any of the folders that it is about.
func Unasked(v *localstore.View, a localstore.Account, now time.Time) (found bool, err error) {
	err = unasked(v, a, now, 1, func(all []localstore.Bodiless) bool {
		found = len(all) > 0
		return !found
	})
	return found, err
}

// unasked calls f with up to limit mails whose text the policy of an account
// asks for, folder by folder, until f returns false. Spam, what was thrown away
// and what other folders show too is read on demand only.
func unasked(v *localstore.View, a localstore.Account, now time.Time, limit int, f func([]localstore.Bodiless) bool) error {
	var since time.Time
	switch a.Policy {
	case localstore.FetchAll:
	case localstore.FetchText:
		since = now.AddDate(0, 0, -a.PolicyDays)
	default:
		return nil
	}
	folders, err := v.Folders(a.ID)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		switch folder.Role {
		case localstore.RoleJunk, localstore.RoleTrash, localstore.RoleAll, localstore.RoleOutbox:
			continue
		}
		if !folder.Remote {
			continue
		}
		all, err := v.Bodiless(folder.ID, since, limit)
		if err != nil || !f(all) {
			return err
		}
	}
	return nil
}

// choose takes the first mails that were not tried, as many as fit into one
// command.
func choose(all []localstore.Bodiless, tried map[localstore.ContentID]bool) (lot []localstore.Bodiless) {
	var bytes int64
	for _, b := range all {
		if tried[b.Content] {
			continue
		}
		if bytes += b.Size; len(lot) > 0 && (bytes > prefetchBytes || b.Size > wholeLimit || len(lot) == prefetchMails) {
			break
		}
		lot = append(lot, b)
		if b.Size > wholeLimit {
			break
		}
	}
	return lot
}

// fetched is a mail that arrived whole.
type fetched struct {
	content localstore.ContentID
	blob    *localstore.BlobWriter
}

// fetchLot fetches several small mails of one folder by one command and stores
// them in two commits: bodies, then rows.
func (l *Link) fetchLot(ctx context.Context, lot []localstore.Bodiless) error {
	var rf localstore.RemoteFolder
	byUID := map[uint32]localstore.ContentID{}
	for _, b := range lot {
		at, ok, err := l.locate(ctx, b.Content)
		if err != nil {
			return err
		}
		if !ok || rf.ID != 0 && rf.ID != at.rf.ID {
			continue
		}
		rf = at.rf
		byUID[at.UID] = b.Content
	}
	if len(byUID) == 0 {
		return nil
	}
	if valid, err := l.openAs(ctx, rf, false); err != nil || !valid {
		return err
	}
	got, err := l.fetchBodies(ctx, byUID)
	if err != nil || len(got) == 0 {
		return err
	}
	return l.storeBodies(ctx, got)
}

// fetchBodies fetches whole mails by UID, straight into blobs: what a server
// says of their sizes is not relied on.
func (l *Link) fetchBodies(ctx context.Context, byUID map[uint32]localstore.ContentID) ([]fetched, error) {
	var uids []uint32
	for uid := range byUID {
		uids = append(uids, uid)
	}
	section := &imap.FetchItemBodySection{Peek: true}
	cmd := l.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	var (
		got    []fetched
		failed error
	)
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var uid uint32
		var w *localstore.BlobWriter
		for item := msg.Next(); item != nil; item = msg.Next() {
			if u, ok := item.(imapclient.FetchItemDataUID); ok {
				uid = uint32(u.UID)
			}
			if body, ok := asSection(item, section); ok && body != nil && w == nil {
				w = l.store.NewBlob(ctx)
				if _, err := copyLiteral(w, body); err != nil && failed == nil {
					failed = err
				}
			}
		}
		if id, asked := byUID[uid]; asked && w != nil {
			delete(byUID, uid) // a second answer for one UID is not listened to
			got = append(got, fetched{id, w})
		}
	}
	// A literal cut short by the end of the connection looks complete: only
	// the command's own end says that all of them were.
	if err := cmd.Close(); err != nil && !damaged(err) {
		return nil, l.fault("fetch bodies", err)
	}
	return got, l.fault("fetch bodies", failed)
}

// storeBodies makes fetched mails durable and readable.
func (l *Link) storeBodies(ctx context.Context, got []fetched) error {
	writers := make([]*localstore.BlobWriter, len(got))
	for i := range got {
		writers[i] = got[i].blob
	}
	blobs, err := l.store.CompleteBlobs(ctx, writers...)
	if err != nil {
		return err
	}
	rows := make([]localstore.NewContent, len(got))
	for i, b := range blobs {
		r, err := l.store.OpenBlob(ctx, b.ID)
		if err != nil {
			return err
		}
		rows[i], err = intake.FromBlob(l.account.ID, r, r.Size())
		r.Close()
		if err != nil {
			return err
		}
		rows[i].Blob = b.ID
	}
	err = l.write(ctx, "imap bodies", func(tx *localstore.Tx) error {
		for i, c := range rows {
			id, err := tx.Identity(got[i].content)
			if err != nil {
				return err
			}
			if c.FieldsHash != id.FieldsHash && c.HeaderID != id.HeaderID {
				continue // the server sent another mail than the one it announced
			}
			if err := tx.SetWhole(got[i].content, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		l.count(func(r *link.Report) { r.Bodies += len(got) })
	}
	return err
}
