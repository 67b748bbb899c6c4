package localstore

// ImapLocation is where an IMAP server holds a message.
type ImapLocation struct {
	ID           LocationID
	Message      MessageID
	RemoteFolder RemoteFolderID
	UIDValidity  uint32
	UID          uint32
	ModSeq       uint64
	BaseFlags    Flags    // what the server last said
	BaseKeywords []string // likewise
}

// ImapLocations returns the locations of a folder under its present
// UIDVALIDITY, by UID, without those that are gone.
func (v *View) ImapLocations(rf RemoteFolderID) ([]ImapLocation, error) { panic("not built") }

// ImapLocationsOf returns the locations of a message that count: maildrop open,
// protocol the account's mode, UIDVALIDITY the present one, not gone.
func (v *View) ImapLocationsOf(message MessageID) ([]ImapLocation, error) { panic("not built") }

// ImapLocationByUID finds a location; ok is false when there is none.
func (v *View) ImapLocationByUID(rf RemoteFolderID, uidvalidity, uid uint32) (l ImapLocation, ok bool, err error) {
	panic("not built")
}

// AddImapLocation binds a message to a UID. Binding a UID twice is refused.
func (tx *Tx) AddImapLocation(l ImapLocation) (LocationID, error) { panic("not built") }

// SetBase records what the server says of a message's flags and shows
// (base &^ clear) | set of the pending intent. The server's bits win where no
// intent is pending. modseq 0 leaves it.
func (tx *Tx) SetBase(id LocationID, base Flags, keywords []string, modseq uint64) error {
	panic("not built")
}

// Vanished is a location that a complete listing under the same UIDVALIDITY no
// longer has.
type Vanished struct {
	Location ImapLocation
	Folder   FolderID
}

// VanishLocations settles losses at the end of a pass over an account's
// folders, by the keep rule (docs/design.md): what newly appeared elsewhere
// with the same fields hash is a move, and row, body and intents follow; of
// the rest a stub goes and a whole body goes to the hold; what vanished by
// our own intent is removed; a folder of which more than 20 and more than a
// tenth, or all, vanished at once is paused and loses nothing.
func (tx *Tx) VanishLocations(account AccountID, lost []Vanished) (VanishReport, error) {
	panic("not built")
}

// VanishReport counts what VanishLocations did.
type VanishReport struct {
	Moved, Held, Removed int
	Paused               []FolderID
}

// Rebind moves a location's message row: the message now lies in another
// folder (a confirmed MOVE), at the given place.
func (tx *Tx) Rebind(message MessageID, to ImapLocation) error { panic("not built") }
