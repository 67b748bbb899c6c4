package localstore

import "fmt"

// How an account that is being removed ends: accounts.removing.
const (
	removeMail = 1 // its mail goes with it
	keepMail   = 2 // its mail goes to "On this computer"
)

var (
	// lettersWaiting counts letters that have not left, or not been filed yet.
	lettersWaiting = onMail(`SELECT count(*) FROM outbox WHERE account_id = ? AND state IN ('queued', 'held', 'sending', 'unsure', 'sent')`)
	letGoDrafts    = onMail(`DELETE FROM drafts WHERE account_id = ?`)
	keepDrafts     = onMail(`UPDATE drafts SET account_id = ? WHERE account_id = ?`)
	// The name is free for another at once.
	markRemoving = onMail(`UPDATE accounts SET removing = ?, name = id || '/' || name WHERE id = ?`)
	anyRemoving  = onMail(`SELECT EXISTS (SELECT 1 FROM accounts WHERE removing > 0)`)
)

// notRemoving is true of an account a that is not being removed: it, its
// folders and its mail are in no list and found by no search.
const notRemoving = ` a.removing = 0 `

// shownFolder is the folder asked for, or none when its account is being
// removed.
const shownFolder = `(SELECT f.id FROM folders f JOIN accounts a ON a.id = f.account_id WHERE f.id = ? AND` + notRemoving + `)`

// RemoveAccount takes an account away: with this commit it is gone from every
// list and every search. With keep its messages move to "On this computer",
// each folder to one below the account's name (stubs without a body go); else
// they go with it. That is done in small commits once this Write has returned
// from its own, and Write waits for it; after a crash the next Open goes on.
// Kept mail is shown in its new place all at once, when all of it is there. It
// is refused with cause Data while letters wait in the account's outbox.
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
	how := removeMail
	if keep {
		how = keepMail
		local, err := tx.LocalAccount()
		if err != nil {
			return err
		}
		if err := tx.do(keepDrafts, local, id); err != nil {
			return err
		}
	} else if err := tx.do(letGoDrafts, id); err != nil {
		return err
	}
	tx.removing = true
	tx.note(Change{Topic: TopicAccounts, Kind: Removed, Account: id})
	return tx.do(markRemoving, how, id)
}
