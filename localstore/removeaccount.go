package localstore

import "fmt"

// lettersWaiting counts letters that have not left, or not been filed yet.
var (
	lettersWaiting = onMail(`SELECT count(*) FROM outbox WHERE account_id = ? AND state IN ('queued', 'held', 'sending', 'unsure', 'sent')`)
	accountMail    = onMail(`SELECT id FROM messages WHERE folder_id = ?`)
	accountStubs   = onMail(`SELECT m.id FROM messages m CROSS JOIN contents c ON c.id = m.content_id
		WHERE m.folder_id = ? AND c.body_state = 0 AND NOT EXISTS (SELECT 1 FROM drafts WHERE message_id = m.id)`)
	accountDeleted = onMail(`SELECT id FROM messages WHERE folder_id = ? AND state = 'deleted'`)
	letGoLetters   = onMail(`DELETE FROM outbox WHERE account_id = ?`)
	letGoDrafts    = onMail(`DELETE FROM drafts WHERE account_id = ?`)
	keepDrafts     = onMail(`UPDATE drafts SET account_id = ? WHERE account_id = ?`)
	keepContents   = onMail(`UPDATE contents SET account_id = ?, thread_id = 0 WHERE account_id = ?`)
	keepMessages   = onMail(`UPDATE messages SET folder_id = ?, state = 'shown', held_until = 0, indexed = 0 WHERE folder_id = ?`)
	deleteIntents  = onMail(`DELETE FROM pending WHERE account_id = ?`)
	deleteAccount  = onMail(`DELETE FROM accounts WHERE id = ?`)
)

// RemoveAccount takes an account away. With keep its messages move to "On this
// computer" (stubs without a body go); else they go with it. It is refused
// with cause Data while letters wait in its outbox.
func (tx *Tx) RemoveAccount(id AccountID, keep bool) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	if a.Mode == Local {
		return refuse("remove the account", "The folders of this computer cannot be removed.")
	}
	waiting, err := tx.number(lettersWaiting, id)
	if err != nil {
		return err
	}
	if waiting > 0 {
		return refuse("remove the account", fmt.Sprintf("%d letters of %s still wait in the Outbox. Send or cancel them first.", waiting, a.Name))
	}
	folders, err := tx.Folders(id)
	if err != nil {
		return err
	}
	if err := tx.do(letGoLetters, id); err != nil {
		return err
	}
	if keep {
		err = tx.keepMail(a, folders)
	} else {
		err = tx.dropMail(a, folders)
	}
	if err != nil {
		return err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Removed, Account: id})
	// Folders, contents that nothing shows, maildrops, locations and the
	// ledger go with it.
	return tx.do(deleteAccount, id)
}

// dropMail removes all messages and drafts of an account.
func (tx *Tx) dropMail(a Account, folders []Folder) error {
	if err := tx.do(letGoDrafts, a.ID); err != nil {
		return err
	}
	for _, f := range folders {
		if err := tx.removeAll(accountMail, f.ID); err != nil {
			return err
		}
	}
	return nil
}

// keepMail moves an account's mail to "On this computer", each folder to one
// below the account's name.
func (tx *Tx) keepMail(a Account, folders []Folder) error {
	local, err := tx.LocalAccount()
	if err != nil {
		return err
	}
	if err := tx.do(deleteIntents, a.ID); err != nil {
		return err
	}
	for _, f := range folders {
		for _, going := range []*query{accountDeleted, accountStubs} {
			if err := tx.removeAll(going, f.ID); err != nil {
				return err
			}
		}
		left, err := tx.number(folderUsed, f.ID)
		if err != nil {
			return err
		}
		if left == 0 {
			continue
		}
		to, err := tx.EnsureFolder(local, a.Name+"/"+f.Path, RoleNone)
		if err != nil {
			return err
		}
		if err := tx.do(keepMessages, to, f.ID); err != nil {
			return err
		}
		tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: local, Folder: to})
	}
	if err := tx.do(keepDrafts, local, a.ID); err != nil {
		return err
	}
	return tx.do(keepContents, local, a.ID)
}

// removeAll removes the messages that a query finds in a folder.
func (tx *Tx) removeAll(q *query, folder FolderID) error {
	ids, err := collect(tx.session, q, scanID[MessageID], folder)
	for _, id := range ids {
		if err := tx.RemoveMessage(id); err != nil {
			return err
		}
	}
	return err
}
