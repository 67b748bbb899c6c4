package localstore

import (
	"strings"
	"time"
)

// PendingKind is what the user did.
type PendingKind string

const (
	PendFlags        PendingKind = "flags"
	PendMove         PendingKind = "move"
	PendCopy         PendingKind = "copy"
	PendDelete       PendingKind = "delete"
	PendAppend       PendingKind = "append"
	PendFolderCreate PendingKind = "folder-create"
	PendFolderRename PendingKind = "folder-rename"
	PendFolderDelete PendingKind = "folder-delete"
)

// PendingState says how far an intent is.
type PendingState string

const (
	PendReady PendingState = "ready"
	PendSent  PendingState = "sent"  // an append whose answer is awaited or was lost
	PendStuck PendingState = "stuck" // three refusals, or what it waited for is gone; shown, blocks nothing
)

// Pending is an intent that the server has not confirmed. It holds no UID: UIDs
// are looked up when it is applied.
type Pending struct {
	ID            PendingID
	Account       AccountID
	Message       MessageID
	Kind          PendingKind
	Name          string // folder-*: the path
	Set, Clear    Flags
	SetWords      []string
	ClearWords    []string
	Source        FolderID // move, copy, delete: where the server has the message
	Target        FolderID
	After         PendingID
	UIDNextBefore uint32
	State         PendingState
	Attempts      int
	NotBefore     time.Time
	Error         string
	Created       time.Time

	was string // folder-rename: the path that the server knows
}

const pendingColumns = `SELECT p.id, p.account_id, coalesce(p.message_id, 0), p.kind, p.name, p.flags_set, p.flags_clear,
	p.words_set, p.words_clear, p.source_id, p.target_id, p.after_id, p.uidnext_before,
	CASE WHEN p.after_id <> 0 AND NOT EXISTS (SELECT 1 FROM pending a WHERE a.id = p.after_id) THEN 'stuck' ELSE p.state END,
	p.attempts, p.not_before, p.error, p.created_at FROM pending p `

// applied is the order in which intents are applied: folders are made before
// anything goes there, flags are set where a message still lies, nothing goes
// before its copies are made, and a folder goes last.
const applied = ` ORDER BY CASE p.kind WHEN 'folder-create' THEN 0 WHEN 'folder-rename' THEN 0 WHEN 'flags' THEN 1
	WHEN 'append' THEN 2 WHEN 'copy' THEN 2 WHEN 'move' THEN 3 WHEN 'delete' THEN 4 ELSE 5 END, p.id`

var (
	allPendings = onMail(pendingColumns + `WHERE (?1 = 0 OR p.account_id = ?1)
		AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = p.account_id AND` + notRemoving + `)` + applied)
	// Not due is what goes to a folder that is still to be made, what would
	// remove the source of a copy, and a folder that messages still leave.
	duePendings = onMail(pendingColumns + `WHERE p.account_id = ?1 AND p.state <> 'stuck' AND p.not_before <= ?2 AND p.after_id = 0
		AND NOT (p.kind IN ('move', 'copy', 'append') AND EXISTS (SELECT 1 FROM pending n
			WHERE n.target_id = p.target_id AND n.message_id IS NULL AND n.kind = 'folder-create'))
		AND NOT (p.kind = 'delete' AND EXISTS (SELECT 1 FROM messages d JOIN messages o ON o.content_id = d.content_id
			JOIN pending n ON n.message_id = o.id AND n.kind = 'copy' WHERE d.id = p.message_id))
		AND NOT (p.kind = 'folder-delete' AND EXISTS (SELECT 1 FROM pending n
			WHERE n.account_id = p.account_id AND n.source_id = p.target_id))` + applied)
	pendingByID   = onMail(pendingColumns + `WHERE p.id = ?`)
	pendingsOf    = onMail(pendingColumns + `WHERE p.message_id = ?`)
	pendingsAfter = onMail(pendingColumns + `WHERE p.after_id = ? AND p.after_id <> 0`)
	pendingsOn    = onMail(pendingColumns + `WHERE p.target_id = ? AND p.message_id IS NULL`)

	insertPending = onMail(`INSERT INTO pending (account_id, message_id, kind, name, flags_set, flags_clear, words_set, words_clear,
		source_id, target_id, after_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	// The user went on: what the server said of the earlier wish is past.
	updatePending = onMail(`UPDATE pending SET kind = ?, name = ?, flags_set = ?, flags_clear = ?, words_set = ?, words_clear = ?,
		source_id = ?, target_id = ?, after_id = ?, state = 'ready', attempts = 0, not_before = 0, error = '', uidnext_before = 0
		WHERE id = ?`)
	deletePending = onMail(`DELETE FROM pending WHERE id = ?`)
	setAfter      = onMail(`UPDATE pending SET after_id = ? WHERE after_id = ? AND after_id <> 0`)
)

func scanPending(r scanner) (p Pending, err error) {
	var set, cleared string
	var notBefore, created int64
	err = r.Scan(&p.ID, &p.Account, &p.Message, &p.Kind, &p.Name, &p.Set, &p.Clear, &set, &cleared, &p.Source, &p.Target,
		&p.After, &p.UIDNextBefore, &p.State, &p.Attempts, &notBefore, &p.Error, &created)
	if p.Kind == PendFolderRename {
		p.was = cleared
	} else {
		p.SetWords, p.ClearWords = strings.Fields(set), strings.Fields(cleared)
	}
	p.NotBefore, p.Created = fromUnix(notBefore), fromUnix(created)
	return p, err
}

// Pendings returns an account's intents, in the order they are applied; with
// account 0 those of all.
func (v *View) Pendings(account AccountID) ([]Pending, error) {
	return collect(v.session, allPendings, scanPending, account)
}

// DuePendings returns the intents that may be applied now, in order. What one
// of them waits for may be another: ask again after applying them.
func (v *View) DuePendings(account AccountID, now time.Time) ([]Pending, error) {
	return collect(v.session, duePendings, scanPending, account, now.Unix())
}

// pendingBy returns one intent; ok is false when it is gone.
func (v *View) pendingBy(id PendingID) (p Pending, ok bool, err error) {
	found, err := collect(v.session, pendingByID, scanPending, id)
	if err != nil || len(found) == 0 {
		return p, false, err
	}
	return found[0], true, nil
}

// intents are the intents of one message, by kind; ID 0 stands for none.
type intents map[PendingKind]Pending

func (v *View) intentsOf(id MessageID) (intents, error) {
	found, err := collect(v.session, pendingsOf, scanPending, id)
	of := make(intents, len(found))
	for _, p := range found {
		of[p.Kind] = p
	}
	return of, err
}

// put adds p, or changes the row that has its ID, and returns the id.
func (tx *Tx) put(p Pending) (PendingID, error) {
	tx.notePending(p)
	set, cleared := strings.Join(p.SetWords, " "), strings.Join(p.ClearWords, " ")
	if p.Kind == PendFolderRename {
		cleared = p.was
	}
	if p.ID != 0 {
		return p.ID, tx.do(updatePending, p.Kind, p.Name, p.Set, p.Clear, set, cleared, p.Source, p.Target, p.After, p.ID)
	}
	n, err := tx.add(insertPending, p.Account, orNull(p.Message), p.Kind, p.Name, p.Set, p.Clear, set, cleared,
		p.Source, p.Target, p.After, tx.s.clock.Now().Unix())
	return PendingID(n), err
}

// drop forgets an intent; ID 0 is none.
func (tx *Tx) drop(p Pending) error {
	if p.ID == 0 {
		return nil
	}
	tx.notePending(p)
	return tx.do(deletePending, p.ID)
}

func (tx *Tx) notePending(p Pending) {
	tx.note(Change{Topic: TopicPending, Kind: Changed, Account: p.Account, Message: p.Message})
}
