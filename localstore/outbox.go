package localstore

import "time"

// OutboxState is how far a letter is.
type OutboxState string

const (
	OutQueued    OutboxState = "queued"
	OutHeld      OutboxState = "held"
	OutSending   OutboxState = "sending"
	OutUnsure    OutboxState = "unsure" // the final dot went out and no answer came
	OutSent      OutboxState = "sent"
	OutFiled     OutboxState = "filed"
	OutRefused   OutboxState = "refused"
	OutCancelled OutboxState = "cancelled"
)

// Recipient is one address of a letter's envelope.
type Recipient struct {
	Address string
	State   string // "queued", "accepted", "refused"
	Reply   string // the server's words
}

// Letter is a letter on its way.
type Letter struct {
	N            OutboxID
	Account      AccountID
	Content      ContentID
	Message      MessageID // as shown in the Outbox, later in Sent; 0 when it is shown nowhere
	EnvelopeFrom string
	HeaderID     string // Message-ID without <>
	Answers      ContentID
	State        OutboxState
	HoldReason   string
	DotAt        time.Time // zero: the final dot was never written
	Attempts     int
	NotBefore    time.Time
	Error        string
	Queued       time.Time
	Sent         time.Time
	Recipients   []Recipient
}

// NewLetter is a letter to be queued.
type NewLetter struct {
	Account      AccountID
	Content      NewContent // whole: its blob is complete
	EnvelopeFrom string
	Recipients   []string
	Answers      ContentID // what it answers; 0: nothing
	NotBefore    time.Time // zero: as soon as there is a connection
	HoldReason   string    // not empty: held until released
	Draft        DraftID   // the draft it was written in; it goes in this commit
}

// Queue puts a letter into the outbox: its content, its message in the Outbox
// folder and its recipients, in one commit. A Message-ID that is in the outbox
// already is refused with cause Data: nothing is queued twice.
func (tx *Tx) Queue(l NewLetter) (OutboxID, error) { panic("not built") }

// Letter returns one letter.
func (v *View) Letter(n OutboxID) (Letter, error) { panic("not built") }

// LetterOf returns the letter whose message this is; ok is false for others.
func (v *View) LetterOf(id MessageID) (l Letter, ok bool, err error) { panic("not built") }

// Outbox returns the letters of an account (0: of all) that are not filed or
// cancelled, in the order queued; with all the others too.
func (v *View) Outbox(account AccountID, all bool) ([]Letter, error) { panic("not built") }

// DueLetters returns what may be sent now: queued, due, in the order queued.
func (v *View) DueLetters(account AccountID, now time.Time) ([]Letter, error) { panic("not built") }

// NextLetter returns when the next queued letter is due; ok is false with none.
func (v *View) NextLetter(account AccountID) (at time.Time, ok bool, err error) { panic("not built") }

// LetterSending records the beginning of an attempt. frozen, when its blob is
// not 0, gives the letter the bytes that will go out (Date set): once, at the
// first attempt, and never after.
func (tx *Tx) LetterSending(n OutboxID, frozen NewContent) error { panic("not built") }

// LetterDot records, before the final dot is written, that it will be, and
// which recipients the server accepted or refused.
func (tx *Tx) LetterDot(n OutboxID, at time.Time, recipients []Recipient) error { panic("not built") }

// LetterSent records the server's 250: the letter is out. \Answered is set on
// what it answers, in the same commit.
func (tx *Tx) LetterSent(n OutboxID, at time.Time, reply string) error { panic("not built") }

// LetterFiled records that its copy lies in Sent: the message moves there from
// the Outbox. With an IMAP account and append true a pending append is left.
func (tx *Tx) LetterFiled(n OutboxID, appendCopy bool) error { panic("not built") }

// LetterAgain returns a letter to 'queued' after a failure that time mends, to
// be tried at notBefore. counted says that the server answered.
func (tx *Tx) LetterAgain(n OutboxID, words string, notBefore time.Time, recipients []Recipient, counted bool) error {
	panic("not built")
}

// LetterRefused records a refusal for good, with the server's words.
func (tx *Tx) LetterRefused(n OutboxID, words string, recipients []Recipient) error {
	panic("not built")
}

// LetterUnsure records that the final dot went out and no answer came.
func (tx *Tx) LetterUnsure(n OutboxID, why string) error { panic("not built") }

// RecoverLetters settles what a crash left 'sending': without dot_at back to
// 'queued', with it 'unsure'. Only the holder of Lock calls it, at its start.
func (tx *Tx) RecoverLetters() error { panic("not built") }

// ConfirmLetter answers an unsure letter: sent, or to be sent again.
func (tx *Tx) ConfirmLetter(n OutboxID, sent bool) error { panic("not built") }

// CancelLetter takes a letter back; refused with cause Data from 'sending' on.
func (tx *Tx) CancelLetter(n OutboxID) error { panic("not built") }

// RetryLetter makes a queued, held or refused letter due now.
func (tx *Tx) RetryLetter(n OutboxID) error { panic("not built") }

// WakeLetters makes every queued letter of an account due that waits only for
// its back-off: coming online, waking up, changed settings.
func (tx *Tx) WakeLetters(account AccountID) error { panic("not built") }

// EvidenceOf settles unsure letters whose Message-ID was seen in a mail of the
// account: as its Message-ID or among its References.
func (tx *Tx) EvidenceOf(account AccountID, headerIDs []string) (settled int, err error) {
	panic("not built")
}
