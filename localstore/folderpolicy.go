package localstore

import (
	"fmt"
	"time"
)

// SameLimit is the Limit of a folder that has the account's.
const SameLimit = -1

// FolderPolicy says what of a folder's mail is fetched unasked, where that is
// not as in the rest of the account. The zero value with SameLimit is as the
// account.
type FolderPolicy struct {
	Policy BodyPolicy // "" as the account
	Days   int        // with FetchText
	Limit  int64      // bytes: of larger mail the text comes; SameLimit as the account; 0 none is too large
}

// Fetching says what of a server folder's mail is fetched unasked.
type Fetching struct {
	Folder FolderID
	Role   Role
	Policy BodyPolicy
	Days   int
	Limit  int64     // bytes: of larger mail the text comes; 0: none is too large
	Opened time.Time // by a person, while the policy is FetchNone; zero: never
}

var (
	folderPolicy    = onMail(`SELECT policy, policy_days, fetch_limit FROM folders WHERE id = ?`)
	setFolderPolicy = onMail(`UPDATE folders SET policy = ?, policy_days = ?, fetch_limit = ? WHERE id = ?`)
	fetchingOf      = onMail(`SELECT f.id, f.role, f.policy, f.policy_days, f.fetch_limit, r.opened_at
		FROM maildrops d CROSS JOIN remote_folders r ON r.maildrop_id = d.id CROSS JOIN folders f ON f.id = r.folder_id
		WHERE d.account_id = ? AND d.closed_at = 0 AND d.protocol = 'imap'
		ORDER BY CASE f.role WHEN 'inbox' THEN 0 WHEN 'drafts' THEN 1 WHEN 'sent' THEN 2 ELSE 3 END, f.id`)
	openRemote = onMail(`UPDATE remote_folders SET opened_at = ? WHERE folder_id = ? AND maildrop_id IN
		(SELECT id FROM maildrops WHERE closed_at = 0 AND protocol = 'imap')`)
	fullAfter = onMail(`SELECT full_after FROM accounts WHERE id = ?`)
)

// FolderPolicy returns what was set for a folder.
func (v *View) FolderPolicy(id FolderID) (p FolderPolicy, err error) {
	found, err := v.one(folderPolicy, []any{&p.Policy, &p.Days, &p.Limit}, id)
	if err == nil && !found {
		err = unknown("folder", fmt.Sprintf("There is no folder %d.", id))
	}
	return p, err
}

// Fetching returns what holds for each server folder of an account, with the
// settings of a, the inbox first. Of spam, of what was thrown away and of what
// other folders show too only the headers come, unless the folder's own policy
// says more.
func (v *View) Fetching(a Account) ([]Fetching, error) {
	return collect(v.session, fetchingOf, func(r scanner) (f Fetching, err error) {
		var own FolderPolicy
		var opened int64
		if err = r.Scan(&f.Folder, &f.Role, &own.Policy, &own.Days, &own.Limit, &opened); err != nil {
			return f, err
		}
		f.Policy, f.Days, f.Limit, f.Opened = a.Policy, a.PolicyDays, a.FetchLimit, fromUnix(opened)
		switch f.Role {
		case RoleJunk, RoleTrash, RoleAll, RoleOutbox:
			if f.Policy != FetchNone {
				f.Policy = FetchHeaders
			}
		}
		if own.Policy != "" {
			f.Policy, f.Days = own.Policy, own.Days
		}
		if own.Limit != SameLimit {
			f.Limit = own.Limit
		}
		return f, nil
	}, a.ID)
}

// FetchingOf returns what holds for one folder; ok is false for one that no
// server holds a half of.
func (v *View) FetchingOf(f Folder) (one Fetching, ok bool, err error) {
	a, err := v.Account(f.Account)
	if err != nil || a.Mode != IMAP {
		return one, false, err
	}
	all, err := v.Fetching(a)
	for _, one := range all {
		if one.Folder == f.ID {
			return one, true, err
		}
	}
	return one, false, err
}

// SetFolderPolicy changes what of a folder's mail is fetched unasked. It holds
// at once, also for a pass that is under way.
func (tx *Tx) SetFolderPolicy(id FolderID, p FolderPolicy) error {
	f, err := tx.Folder(id)
	if err != nil {
		return err
	}
	before, _, err := tx.FetchingOf(f)
	if err != nil {
		return err
	}
	if err := tx.do(setFolderPolicy, p.Policy, p.Days, p.Limit, id); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicFolders, Kind: Changed, Account: f.Account, Folder: id})
	tx.note(Change{Topic: TopicBodies, Kind: Changed, Account: f.Account, Folder: id})
	after, remote, err := tx.FetchingOf(f)
	if err != nil || !remote || before.Policy != FetchNone || after.Policy == FetchNone {
		return err
	}
	_, err = tx.Wake(f.Account)
	return err
}

// openFor is how long a folder whose policy is FetchNone is read after a person
// opened it.
const openFor = time.Hour

// Reads tells whether the headers of a folder are fetched.
func (f Fetching) Reads(now time.Time) bool {
	return f.Policy != FetchNone || now.Before(f.Opened.Add(openFor)) && !f.Opened.After(now)
}

// OpenFolder notes that a person looks at a folder. One whose policy is
// FetchNone is read then, and for an hour; nothing is done about any other.
func (tx *Tx) OpenFolder(id FolderID) error {
	f, err := tx.Folder(id)
	if err != nil {
		return err
	}
	one, remote, err := tx.FetchingOf(f)
	if err != nil || !remote || one.Policy != FetchNone {
		return err
	}
	if err := tx.do(openRemote, tx.s.clock.Now().Unix(), id); err != nil {
		return err
	}
	_, err = tx.Wake(f.Account)
	return err
}

// FullAfter returns the last message that was here when an account had no room
// left for more: only what came after it is fetched unasked. It is 0 while there
// is room.
func (v *View) FullAfter(account AccountID) (MessageID, error) {
	n, err := v.number(fullAfter, account)
	return MessageID(n), err
}
