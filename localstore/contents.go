package localstore

import "time"

// NewContent is one mail as sync read it.
type NewContent struct {
	Account     AccountID
	HeaderID    string // Message-ID without <>, byte for byte
	FieldsHash  [32]byte
	HeaderHash  [32]byte // zero: not seen yet
	Blob        BlobID   // complete; 0: no whole body
	Body        BodyState
	Size        int64
	Sent        time.Time
	Subject     string
	Sender      string
	Recipients  string
	Cc          string
	ReplyTo     string
	References  []string
	Preview     string
	Attachments int
	Parts       []Part
}

// Identity is what recognises a content.
type Identity struct {
	Content    ContentID
	HeaderID   string
	FieldsHash [32]byte
	HeaderHash [32]byte // zero: not seen yet
	Body       BodyState
	Blob       BlobID
	Size       int64
}

// AddContent stores a mail and returns its id. It never merges: whoever knows
// that two are one content (a copy) uses the content there is.
func (tx *Tx) AddContent(c NewContent) (ContentID, error) { panic("not built") }

// Identity returns what recognises a content.
func (v *View) Identity(id ContentID) (Identity, error) { panic("not built") }

// ContentsByFields returns an account's contents with that fields hash.
func (v *View) ContentsByFields(account AccountID, hash [32]byte) ([]Identity, error) {
	panic("not built")
}

// ContentsByHeaderID returns an account's contents with that Message-ID: the
// evidence for letters, never an identity.
func (v *View) ContentsByHeaderID(account AccountID, headerID string) ([]Identity, error) {
	panic("not built")
}

// SetHeaderHash records the complete header's hash once it was seen.
func (tx *Tx) SetHeaderHash(id ContentID, hash [32]byte) error { panic("not built") }

// SetWhole records that a content is here whole, in a complete blob, with what
// parsing it showed (HeaderHash, Preview, Attachments, Parts, Size of c; the
// header fields are not touched). It fulfils every wish for the content.
func (tx *Tx) SetWhole(id ContentID, c NewContent) error { panic("not built") }

// SetText records that the readable parts of a content are here: parts with
// their blobs, and those that stay on the server with blob 0.
func (tx *Tx) SetText(id ContentID, parts []Part, preview string, attachments int) error {
	panic("not built")
}

// SetPart records that one part of a content is here.
func (tx *Tx) SetPart(id ContentID, section string, blob BlobID) error { panic("not built") }

// Parts returns the parts of a content that are known, by section.
func (v *View) Parts(id ContentID) ([]Part, error) { panic("not built") }

// SetRead notes that a content was shown, for the disk quota.
func (tx *Tx) SetRead(id ContentID, at time.Time) error { panic("not built") }

// Wish is a body or part that the user asked for.
type Wish struct {
	Account AccountID
	Content ContentID
	Section string // "" whole, "text" readable parts, else a section
	Blob    BlobID // incomplete blob being filled; 0: not begun
	Asked   time.Time
	Error   string
}

// Sections of Wish that are no section of a mail.
const (
	WishWhole = ""
	WishText  = "text"
)

// Want records a wish. It works offline and survives restarts; a wish for what
// is here already is none. Asking again moves it to the front and forgets its
// error.
func (tx *Tx) Want(id ContentID, section string) error { panic("not built") }

// Wishes returns an account's open wishes, the latest asked first.
func (v *View) Wishes(account AccountID) ([]Wish, error) { panic("not built") }

// SetWishBlob names the incomplete blob that a wish is being filled into.
func (tx *Tx) SetWishBlob(id ContentID, section string, blob BlobID) error { panic("not built") }

// FailWish notes why a wish cannot be fulfilled; it stays and is shown.
func (tx *Tx) FailWish(id ContentID, section, why string) error { panic("not built") }
