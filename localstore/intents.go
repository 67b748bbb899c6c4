package localstore

import "time"

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
	PendStuck PendingState = "stuck" // three refusals; shown, blocks nothing
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
	Source        FolderID
	Target        FolderID
	After         PendingID
	UIDNextBefore uint32
	State         PendingState
	Attempts      int
	NotBefore     time.Time
	Error         string
	Created       time.Time
}

// SetFlags marks messages, here at once and on their server when it can be
// reached. Local-only messages get no intent.
func (tx *Tx) SetFlags(ids []MessageID, set, clear Flags) error { panic("not built") }

// SetKeywords adds and takes away keywords, like SetFlags.
func (tx *Tx) SetKeywords(ids []MessageID, set, clear []string) error { panic("not built") }

// Move moves messages to a folder of the same account; to a folder of another
// account it makes a copy there with a pending append, and the source goes
// when the target is confirmed. A message that is moved back before the server
// was told leaves no intent.
func (tx *Tx) Move(ids []MessageID, to FolderID) error { panic("not built") }

// Copy puts the messages' contents into a folder as well, and returns the new
// messages in order.
func (tx *Tx) Copy(ids []MessageID, to FolderID) ([]MessageID, error) { panic("not built") }

// Delete moves messages to the Trash, and those that are there already it
// deletes for good, as DeleteNow does.
func (tx *Tx) Delete(ids []MessageID) error { panic("not built") }

// DeleteNow deletes for good: state Deleted and an intent where a server holds
// the message; the row goes when that is confirmed. A POP message's ledger row
// becomes 'deleting' in the same commit where the policy is when-deleted.
func (tx *Tx) DeleteNow(ids []MessageID) error { panic("not built") }

// Append puts a content into a folder and, where a server holds that folder,
// leaves a pending append: Sent copies, drafts, uploads.
func (tx *Tx) Append(m NewMessage) (MessageID, error) { panic("not built") }

// CreateFolder makes a folder, here and as an intent.
func (tx *Tx) CreateFolder(account AccountID, path string) (FolderID, error) { panic("not built") }

// RenameFolder renames a folder and those below it.
func (tx *Tx) RenameFolder(id FolderID, path string) error { panic("not built") }

// DeleteFolder deletes a folder; its messages go to the Trash first.
func (tx *Tx) DeleteFolder(id FolderID) error { panic("not built") }

// Pendings returns an account's intents, in the order they are applied; with
// account 0 those of all.
func (v *View) Pendings(account AccountID) ([]Pending, error) { panic("not built") }

// DuePendings returns the intents that may be applied now, in order.
func (v *View) DuePendings(account AccountID, now time.Time) ([]Pending, error) {
	panic("not built")
}

// AppendSent records, before APPEND is written, where to look for the message
// if the answer is lost.
func (tx *Tx) AppendSent(id PendingID, uidnextBefore uint32) error { panic("not built") }

// PendingDone forgets a confirmed intent, frees what waited for it, and for a
// delete removes the message. done is what the server now has: flags go into
// the base. An intent that changed since it was read (the user went on) keeps
// what is not yet applied.
func (tx *Tx) PendingDone(p Pending) error { panic("not built") }

// PendingRefused counts an answer of the server that refused the intent: tried
// again at notBefore, stuck after three.
func (tx *Tx) PendingRefused(id PendingID, words string, notBefore time.Time) error {
	panic("not built")
}

// PendingDropped forgets an intent whose message the server has no more, with
// a journal line that says so.
func (tx *Tx) PendingDropped(id PendingID, why string) error { panic("not built") }

// CancelPending takes back an intent that the server was not told: flags, place
// and state are again what the server says.
func (tx *Tx) CancelPending(id PendingID) error { panic("not built") }
