package localstore

import "time"

// NewMessage puts a content into a folder.
type NewMessage struct {
	Folder   FolderID
	Content  ContentID
	Arrived  time.Time
	Flags    Flags
	Keywords []string
	State    State // "" is Shown
}

// AddMessage puts a content into a folder and gives it its place (Ord) for ever.
func (tx *Tx) AddMessage(m NewMessage) (MessageID, error) { panic("not built") }

// Message returns one message; the error of an unknown one has cause Missing.
func (v *View) Message(id MessageID) (Message, error) { panic("not built") }

// Messages returns the messages with these ids, in that order, leaving out
// those that are gone.
func (v *View) Messages(ids []MessageID) ([]Message, error) { panic("not built") }

// MessagesOf returns the messages that show a content, in any state.
func (v *View) MessagesOf(content ContentID) ([]Message, error) { panic("not built") }

// List says which messages a list shows: those of a folder in state Shown,
// and of these only what the filters leave.
type List struct {
	Folder      FolderID
	Unread      bool
	Flagged     bool
	Attachments bool
}

// MessageIDs returns up to limit ids of a list, newest first, below before
// (0: from the top). It costs the same wherever in the list it reads.
func (v *View) MessageIDs(l List, before Ord, limit int) (ids []MessageID, last Ord, err error) {
	panic("not built")
}

// Count returns how many messages a list has.
func (v *View) Count(l List) (int, error) { panic("not built") }

// ThreadRow is a conversation as a list shows it.
type ThreadRow struct {
	Thread ThreadID
	Last   MessageID // its newest message in the folder
	Count  int
	Unread int
	Ord    Ord
}

// Threads returns up to limit conversations of a folder, newest first, below
// before (0: from the top).
func (v *View) Threads(folder FolderID, before Ord, limit int) ([]ThreadRow, error) {
	panic("not built")
}

// ThreadMessages returns the messages of a conversation in an account, oldest
// first, each content once.
func (v *View) ThreadMessages(account AccountID, thread ThreadID) ([]MessageID, error) {
	panic("not built")
}

// RemoveMessage takes a message away for good, with its content when nothing
// else shows it. Only for what the server has confirmed, or what never had a
// server: sync calls it, never the window.
func (tx *Tx) RemoveMessage(id MessageID) error { panic("not built") }
