package switching

import (
	"context"

	"paquebot.app/localstore"
)

// Mailbox looks at an IMAP account and changes nothing.
type Mailbox interface {
	// Folders returns the folders that can be opened.
	Folders(ctx context.Context) ([]RemoteFolder, error)
	// Mails opens a folder to read and lists it.
	Mails(ctx context.Context, name string) (Listing, error)
	// Headers fetches, of messages of the folder that was opened last, the
	// header fields that identify a mail, or complete headers. take is called
	// with each that came.
	Headers(ctx context.Context, uids []uint32, complete bool, take func(uid uint32, header []byte)) error
}

// RemoteFolder is a folder of an IMAP server.
type RemoteFolder struct {
	Name        string // as the server spells it
	Path        string // ours
	UIDValidity uint32 // 0: the server does not say
	Messages    int    // -1: the server does not say
}

// Listing is what an IMAP folder lists.
type Listing struct {
	UIDValidity uint32
	Mails       []Listed
}

// Listed is a message of an IMAP folder.
type Listed struct {
	UID      uint32
	Size     int64
	Flags    localstore.Flags
	Keywords []string
	Arrived  int64 // Unix seconds
}

// Maildrop looks at a POP maildrop, in one session, and changes nothing.
type Maildrop interface {
	// Mails returns what the maildrop lists.
	Mails() []Dropped
	HasUIDL() bool // the server names its mails
	HasTop() bool  // and shows headers alone
	// Headers fetches complete headers; take is called with each that came.
	Headers(ctx context.Context, numbers []int, take func(number int, header []byte)) error
}

// Dropped is a mail of a POP maildrop.
type Dropped struct {
	Number int
	UIDL   string // "": none that can be used
	Size   int64  // -1: not known
}
