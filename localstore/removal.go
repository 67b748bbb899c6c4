package localstore

import (
	"context"
	"fmt"
	"strings"
)

// removeBatch is how many contents or messages, with the few rows that hang on
// each, or rows of another kind one commit of a removal takes.
const removeBatch = 100

var (
	firstRemoving = onMail(`SELECT id, name, removing FROM accounts WHERE removing > 0 ORDER BY id LIMIT 1`)

	someIntents   = onMail(`DELETE FROM pending WHERE id IN (SELECT id FROM pending WHERE account_id = ? LIMIT ?)`)
	someLetters   = onMail(`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE account_id = ? LIMIT ?)`)
	someHeaderIDs = onMail(`DELETE FROM thread_ids WHERE account_id = ?1
		AND header_id IN (SELECT header_id FROM thread_ids WHERE account_id = ?1 LIMIT ?2)`)
	someLocations = onMail(`DELETE FROM imap_locations WHERE id IN (SELECT l.id FROM maildrops d
		CROSS JOIN remote_folders r ON r.maildrop_id = d.id CROSS JOIN imap_locations l ON l.remote_folder_id = r.id
		WHERE d.account_id = ? LIMIT ?)`)
	someLedger = onMail(`DELETE FROM pop_locations WHERE id IN (SELECT l.id FROM maildrops d
		CROSS JOIN pop_locations l ON l.maildrop_id = d.id WHERE d.account_id = ? LIMIT ?)`)
	someMessages = onMail(`SELECT m.id FROM folders f CROSS JOIN messages m ON m.folder_id = f.id WHERE f.account_id = ? LIMIT ?`)
	someContents = onMail(`SELECT id FROM contents WHERE account_id = ? LIMIT ?`)

	notKept = onMail(`SELECT m.id FROM messages m JOIN contents c ON c.id = m.content_id WHERE m.content_id = ?
		AND (m.state = 'deleted' OR c.body_state = 0 AND NOT EXISTS (SELECT 1 FROM drafts WHERE message_id = m.id))`)
	freeMessages = onMail(`DELETE FROM imap_locations WHERE message_id IN (SELECT id FROM messages WHERE content_id = ?)`)
	keepMessages = onMail(`UPDATE messages SET state = 'shown', held_until = 0, indexed = 0 WHERE content_id = ?`)
	keepContent  = onMail(`UPDATE contents SET account_id = ?, thread_id = 0 WHERE id = ?`)

	usedFolders   = onMail(`SELECT id, path FROM folders WHERE account_id = ? AND EXISTS (SELECT 1 FROM messages WHERE folder_id = folders.id) ORDER BY path`)
	keepFolder    = onMail(`UPDATE folders SET account_id = ?, path = ?, role = '', policy = '', policy_days = 0, paused = '' WHERE id = ?`)
	deleteAccount = onMail(`DELETE FROM accounts WHERE id = ?`)
)

// removal is an account that is being removed.
type removal struct {
	id   AccountID
	name string // as it was
	how  int
}

// FinishRemovals goes on with the removal of accounts until none is left. It
// does nothing when there is none, and can be called at any time.
func (s *Store) FinishRemovals(ctx context.Context) error {
	var left int64
	err := s.Read(ctx, func(v *View) (err error) {
		left, err = v.number(anyRemoving)
		return err
	})
	for done := left == 0; err == nil && !done; {
		done, err = s.removeSome(ctx)
	}
	return err
}

// removeSome makes one commit of a removal; done says that none is left. Every
// commit finds out anew what is to be done, so that it does not matter who made
// the last one.
func (s *Store) removeSome(ctx context.Context) (done bool, err error) {
	err = s.Write(ctx, "remove account", func(tx *Tx) error {
		var r removal
		found, err := tx.one(firstRemoving, []any{&r.id, &r.name, &r.how})
		if err != nil || !found {
			done = true
			return err
		}
		_, r.name, _ = strings.Cut(r.name, "/")
		return tx.remove(r)
	})
	return done, err
}

// remove takes the next rows of an account away or, when none are left, the
// account.
func (tx *Tx) remove(r removal) error {
	for _, some := range []*query{someIntents, someLetters, someHeaderIDs} {
		if n, err := tx.touch(some, r.id, removeBatch); err != nil || n > 0 {
			return err
		}
	}
	mail := tx.dropMail
	if r.how == keepMail {
		mail = tx.keepMail
	}
	if more, err := mail(r); err != nil || more {
		return err
	}
	for _, some := range []*query{someLocations, someLedger} {
		if n, err := tx.touch(some, r.id, removeBatch); err != nil || n > 0 {
			return err
		}
	}
	if r.how == keepMail {
		if err := tx.keepFolders(r); err != nil {
			return err
		}
	}
	// What is left is the folders, the maildrops and their halves of folders.
	tx.note(Change{Topic: TopicAccounts, Kind: Removed, Account: r.id})
	return tx.do(deleteAccount, r.id)
}

// dropMail removes some messages, then contents that no message shows.
func (tx *Tx) dropMail(r removal) (more bool, err error) {
	ids, err := collect(tx.session, someMessages, scanID[MessageID], r.id, removeBatch)
	for _, id := range ids {
		if err := tx.RemoveMessage(id); err != nil {
			return false, err
		}
	}
	if err != nil || len(ids) > 0 {
		return true, err
	}
	local, err := tx.LocalAccount()
	if err != nil {
		return false, err
	}
	contents, err := collect(tx.session, someContents, scanID[ContentID], r.id, removeBatch)
	for _, id := range contents {
		if err := tx.do(dropOrphan, id); err != nil {
			return false, err
		}
		// One that anything else shows is not this account's alone.
		if err := tx.do(keepContent, local, id); err != nil {
			return false, err
		}
	}
	return len(contents) > 0, err
}

// keepMail makes some contents those of "On this computer". Their messages
// stay in their folders, and in no list, until all are done.
func (tx *Tx) keepMail(r removal) (more bool, err error) {
	local, err := tx.LocalAccount()
	if err != nil {
		return false, err
	}
	contents, err := collect(tx.session, someContents, scanID[ContentID], r.id, removeBatch)
	for _, id := range contents {
		going, err := collect(tx.session, notKept, scanID[MessageID], id)
		if err != nil {
			return false, err
		}
		for _, m := range going {
			if err := tx.RemoveMessage(m); err != nil {
				return false, err
			}
		}
		for _, q := range []*query{freeMessages, keepMessages, dropOrphan} {
			if err := tx.do(q, id); err != nil {
				return false, err
			}
		}
		if err := tx.do(keepContent, local, id); err != nil {
			return false, err
		}
	}
	return len(contents) > 0, err
}

// keepFolders makes the folders that hold mail those of "On this computer",
// each below the account's name.
func (tx *Tx) keepFolders(r removal) error {
	local, err := tx.LocalAccount()
	if err != nil {
		return err
	}
	folders, err := collect(tx.session, usedFolders, func(row scanner) (f Folder, err error) {
		err = row.Scan(&f.ID, &f.Path)
		return f, err
	}, r.id)
	if err != nil {
		return err
	}
	for _, f := range folders {
		path, err := tx.unusedPath(local, r.name+"/"+f.Path)
		if err != nil {
			return err
		}
		if err := tx.do(keepFolder, local, path, f.ID); err != nil {
			return err
		}
		tx.note(Change{Topic: TopicFolders, Kind: Added, Account: local, Folder: f.ID})
	}
	return nil
}

// unusedPath returns a path that no folder has: the one that is wanted, or that
// with a number.
func (tx *Tx) unusedPath(account AccountID, want string) (string, error) {
	path := want
	for n := 2; ; n++ {
		found, err := collect(tx.session, folderByPath, scanFolder, account, path)
		if err != nil || len(found) == 0 {
			return path, err
		}
		path = fmt.Sprintf("%s (%d)", want, n)
	}
}
