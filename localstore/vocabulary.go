package localstore

import (
	"strings"
	"time"
)

// Ids of rows. They are opaque, never reused and 0 when there is none.
type (
	AccountID      int64
	SenderID       int64
	FolderID       int64
	ContentID      int64
	MessageID      int64 // a message: a content in a folder. The header Message-ID is a header id here
	ThreadID       int64
	MaildropID     int64
	RemoteFolderID int64
	LocationID     int64 // of imap_locations or pop_locations
	PendingID      int64
	OutboxID       int64
	DraftID        int64
	JourneyID      int64
	BlobID         int64
)

// Ord is a message's place in every list, page and search result. It is given
// once, from the arrival time, and grows with it: newest first is descending.
type Ord int64

// Mode is how an account's mail is kept.
type Mode string

const (
	IMAP  Mode = "imap"  // it stays on the server; headers here, bodies on demand
	POP   Mode = "pop"   // everything comes here and is deleted there by policy
	Local Mode = "local" // "On this computer": no server
)

// Role is what a folder is for, after RFC 6154; "" is an ordinary folder.
type Role string

const (
	RoleNone      Role = ""
	RoleInbox     Role = "inbox"
	RoleSent      Role = "sent"
	RoleDrafts    Role = "drafts"
	RoleOutbox    Role = "outbox"
	RoleTrash     Role = "trash"
	RoleJunk      Role = "junk"
	RoleArchive   Role = "archive"
	RoleAll       Role = "all"
	RoleTemplates Role = "templates"
)

// Inbox is the path of an account's inbox, in every mode.
const Inbox = "INBOX"

// Flags are the marks of a message, as a bit set.
type Flags uint32

const (
	Seen Flags = 1 << iota
	Answered
	Flagged
	Draft
	Forwarded
	Junk
)

// ServerDeleted in a location's base says that another client marked the
// message \Deleted: it is hidden (state Deleted) until that is taken back or
// the server drops it, and never expunged by us. It is in no message's flags.
const ServerDeleted Flags = 1 << 30

var flagNames = []string{"seen", "answered", "flagged", "draft", "forwarded", "junk"}

// Names returns the flags' names as paquebotctl prints them, in a fixed order.
func (f Flags) Names() []string {
	names := []string{}
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// ParseFlag returns the flag of a name as Names gives it; ok is false for an
// unknown one. Case does not matter.
func ParseFlag(name string) (flag Flags, ok bool) {
	for i, n := range flagNames {
		if strings.EqualFold(n, name) {
			return 1 << i, true
		}
	}
	return 0, false
}

// State is how a message is shown.
type State string

const (
	Shown   State = "shown"
	Deleted State = "deleted" // the user deleted it; the row goes when the server confirmed
	Held    State = "held"    // a server stopped listing it; kept 30 days, found by search
)

// BodyState is how much of a content is here.
type BodyState int

const (
	BodyNone  BodyState = iota // headers only
	BodyText                   // the readable parts
	BodyWhole                  // every byte, exactly
)

// Security is how a connection is protected.
type Security string

const (
	TLS      Security = "tls"      // from the first byte (RFC 8314)
	STARTTLS Security = "starttls" // upgraded before anything is said; never falls back
	Plain    Security = "plain"    // not at all: loopback, or an explicit choice
)

// Auth is how a server is told who signs in.
type Auth string

const (
	AuthPassword    Auth = ""            // the best that the server offers for a password
	AuthXOAUTH2     Auth = "xoauth2"     // the secret is an access token, in Google's and Microsoft's older manner
	AuthOAuthBearer Auth = "oauthbearer" // the secret is an access token (RFC 7628)
)

// Server is where and how to reach one service of an account.
type Server struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	User     string   `json:"user"`
	Auth     Auth     `json:"auth,omitempty"`
	CAFile   string   `json:"ca_file,omitempty"`  // PEM file of further trusted authorities
	Insecure bool     `json:"insecure,omitempty"` // the user chose plain for a host that is not loopback
}

// DeletePolicy says when mail leaves a POP maildrop.
type DeletePolicy string

const (
	DeleteNow   DeletePolicy = "now"          // as soon as it is safe here
	DeleteDays  DeletePolicy = "days"         // Account.PopDays after it was stored here
	DeleteWhen  DeletePolicy = "when-deleted" // when it leaves the Trash here
	DeleteNever DeletePolicy = "never"
)

// BodyPolicy says what of an IMAP account's mail is fetched unasked.
type BodyPolicy string

const (
	FetchNone    BodyPolicy = "none"
	FetchHeaders BodyPolicy = "headers"
	FetchText    BodyPolicy = "text" // readable parts of the newest Account.PolicyDays days
	FetchAll     BodyPolicy = "all"
)

// Account is one of the user's mail accounts, or "On this computer".
type Account struct {
	ID              AccountID
	Name            string // unique; the user's word for it
	Address         string
	FullName        string // of the user, for From
	Mode            Mode
	Generation      int64  // +1 at each switch of mode; fences links of the old one
	IMAP, POP, SMTP Server // both incoming blocks are kept across a switch
	PasswordCommand string // prints the password; "" asks the keyring
	SecretRef       string // key of the password in the keyring
	PopDelete       DeletePolicy
	PopDays         int
	PopLimit        int64 // bytes; a larger mail in a maildrop is fetched when asked for; 0: none is too large
	Policy          BodyPolicy
	PolicyDays      int
	FetchLimit      int64 // bytes; of larger mail on an IMAP server only the text is fetched unasked; 0: none is too large
	Quota           int64 // bytes of bodies kept here of an IMAP account; 0: no limit
}

// Incoming returns the server that mail comes from in the account's mode.
func (a Account) Incoming() Server {
	if a.Mode == POP {
		return a.POP
	}
	return a.IMAP
}

// Folder is a place for messages. Its counts follow every change.
type Folder struct {
	ID      FolderID
	Account AccountID
	Path    string // '/' between levels; the inbox is INBOX
	Role    Role
	Unread  int
	Total   int
	Paused  string // why removals wait for the user; "" when they do not
	Remote  bool   // a server holds a half of it in the account's present mode
}

// Where says which side holds a message.
type Where string

const (
	WhereBoth   Where = "both"   // whole here, and on the server
	WhereServer Where = "server" // on the server; here at most in part
	WhereHere   Where = "here"   // only on this computer
)

// Message is a message with what lists and the reader's head need of its content.
type Message struct {
	ID          MessageID
	Account     AccountID
	Folder      FolderID
	Content     ContentID
	Thread      ThreadID // 0 until the indexer has seen it
	Ord         Ord
	Arrived     time.Time
	Flags       Flags
	Keywords    []string
	State       State
	Where       Where
	Pending     bool // an intent waits for the server
	HeaderID    string
	Subject     string
	Sender      string // From, as "Name <addr>"; several separated by ", "
	Recipients  string // To
	Cc          string
	ReplyTo     string
	References  []string  // In-Reply-To and the last 20 References
	Sent        time.Time // the Date header, in its own zone; zero when it does not parse
	Preview     string
	Attachments int
	Size        int64
	Body        BodyState
	Blob        BlobID // the whole mail; 0 unless Body is BodyWhole
	Pinned      bool
}

// Part is a MIME part of a content.
type Part struct {
	Section  string // IMAP section (RFC 3501 §6.4.5): "1.2"
	Type     string // lower case, "image/png"
	Name     string // safe to show and to save under; "" when it has none
	Encoding string
	Size     int64
	Blob     BlobID // 0: only on the server, or inside the whole mail
}
