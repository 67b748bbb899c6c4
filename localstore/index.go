package localstore

import (
	"context"
	"time"
)

// Document is what the index holds of a message. The store folds the text
// (case, diacritics, CJK) in the one way that queries are folded too.
type Document struct {
	Message    MessageID
	Ord        Ord
	Level      int // 1 headers, 2 with the text
	Subject    string
	Sender     string
	Recipients string
	Body       string
	Names      string // of attachments
}

// Unindexed is a message whose text the index lacks.
type Unindexed struct {
	Message MessageID
	Content ContentID
	Ord     Ord
	Indexed int // what it holds now
	Body    BodyState
	Blob    BlobID
}

// Unindexed returns up to limit messages of which the index could hold more
// than it does: newest first.
func (v *View) Unindexed(limit int) ([]Unindexed, error) { panic("not built") }

// Index puts documents into the index and then marks their messages.
func (s *Store) Index(ctx context.Context, docs []Document) error { panic("not built") }

// AssignThread gives a content its conversation by its Message-ID and
// References. Where it joins two, the smaller is relabelled 200 rows a turn;
// done is false while more turns are needed.
func (tx *Tx) AssignThread(id ContentID) (done bool, err error) { panic("not built") }

// SetPreview sets a content's first words.
func (tx *Tx) SetPreview(id ContentID, preview string, attachments int) error { panic("not built") }

// Query is a search. Make one with ParseQuery.
type Query struct {
	Words      []string // every one must occur; a trailing * is a prefix
	Phrases    []string
	From, To   []string
	Subject    []string
	Folder     string // path, "" all
	Account    AccountID
	Unread     bool
	Flagged    bool
	Attachment bool
	Before     time.Time
	After      time.Time
	AsTyped    string
	PrefixLast bool // the last word is still being typed
}

// ParseQuery understands from: to: subject: has:attachment is:unread
// is:flagged before: after: in:, quoted phrases and prefix*; everything else is
// searched as typed. It never fails. Dates are read in loc.
func ParseQuery(typed string, loc *time.Location) Query { panic("not built") }

// Found is the answer to a search.
type Found struct {
	Messages      []MessageID // newest first
	Total         int         // how many there are; at least len(Messages)
	Searched      int         // messages whose text the index holds
	NotSearchable int         // messages of which only headers could be searched
}

// Search returns up to limit messages, newest first (limit 0: all).
func (s *Store) Search(ctx context.Context, q Query, limit int) (Found, error) { panic("not built") }
