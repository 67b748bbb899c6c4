package localstore

import "time"

// PopState is what became of a mail in a POP maildrop.
type PopState string

const (
	PopKept     PopState = "kept"     // stored here, left there
	PopDeleting PopState = "deleting" // stored here, DELE due
	PopGone     PopState = "gone"     // no longer listed
	PopSkipped  PopState = "skipped"  // not stored yet: Why says what for
	PopForeign  PopState = "foreign"  // gone without us, never stored
)

// PopLocation is a row of the maildrop's ledger. It outlives its message.
type PopLocation struct {
	ID         LocationID
	Maildrop   MaildropID
	UIDL       string // "" where the server has none; neither unique nor stable
	HeaderHash [32]byte
	Size       int64 // as LIST said
	Message    MessageID
	State      PopState
	Why        string
	StoredAt   time.Time
	Until      time.Time // kept on the server until; zero: no date
	GoneAt     time.Time
}

// Ledger returns the rows of a maildrop; with no states all of them.
func (v *View) Ledger(maildrop MaildropID, states ...PopState) ([]PopLocation, error) {
	panic("not built")
}

// AddPopLocation adds a ledger row. Whether it is born 'deleting' is decided
// here: only when asked for (l.State is PopKept otherwise), the account's
// policy is DeleteNow, the maildrop's DeleteOK is set and the header hash is
// known.
func (tx *Tx) AddPopLocation(l PopLocation) (LocationID, error) { panic("not built") }

// BornState returns the state in which a mail that was just stored enters the
// ledger: PopDeleting under policy now once the first yes is given, else
// PopKept, with Until set under a policy of days.
func (v *View) BornState(maildrop MaildropID, stored time.Time) (PopState, time.Time, error) {
	panic("not built")
}

// SetPopState changes the state of ledger rows. PopGone stamps GoneAt.
// 'deleting' is refused for a row without a header hash or a message stored
// whole.
func (tx *Tx) SetPopState(ids []LocationID, state PopState, why string) error { panic("not built") }

// SetPopListing corrects UIDL and size of a row recognised under another UIDL.
func (tx *Tx) SetPopListing(id LocationID, uidl string, size int64) error { panic("not built") }

// DueDeletes makes rows 'deleting' whose Until has passed under a policy of
// days, and returns how many.
func (tx *Tx) DueDeletes(maildrop MaildropID, now time.Time) (int, error) { panic("not built") }

// ForgetGone drops rows gone for over 400 days.
func (tx *Tx) ForgetGone(maildrop MaildropID, now time.Time) error { panic("not built") }
