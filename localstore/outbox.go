package localstore

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

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

// States of a recipient.
const (
	RecipientQueued   = "queued"   // not asked, or put off
	RecipientAccepted = "accepted" // at RCPT; it has the letter when Sent is true
	RecipientRefused  = "refused"
)

// Recipient is one address of a letter's envelope.
type Recipient struct {
	Address string
	State   string // RecipientQueued, RecipientAccepted, RecipientRefused
	Reply   string // the server's words
	Sent    bool   // a 250 after the dot was for this one too: it is never sent to again
	Bounced string // what came back about it since, in the words of who says it; "" nothing
}

// askAfter is how long evidence of an unsure letter is waited for.
const askAfter = 10 * time.Minute

// AsksAt returns when the user is to be asked whether an unsure letter has gone
// out: ten minutes after it was first looked for. It is the zero time for other
// letters, and while all mail has not been received since it became unsure.
func (l Letter) AsksAt() time.Time {
	if l.State != OutUnsure || l.Looked.IsZero() {
		return time.Time{}
	}
	return l.Looked.Add(askAfter)
}

// Words returns the server's words about a recipient.
func (r Recipient) Words() string { return strings.TrimPrefix(r.Reply, sentMark) }

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
	Newer        MessageID // what came in its conversation meanwhile, while it waits for a word about that; 0: nothing
	Frozen       bool      // its bytes are those that go out: LetterSending takes no others
	DotAt        time.Time // zero: the final dot was never written
	Looked       time.Time // since when it is looked for while it is unsure, with all mail received; zero: not yet
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

// letterColumns reads letters. The header hash is of the bytes that go out, and
// is known from the first attempt on.
const letterColumns = `SELECT o.id, o.account_id, o.content_id,
	coalesce((SELECT m.id FROM messages m WHERE m.content_id = o.content_id AND m.state <> 'deleted' ORDER BY m.id LIMIT 1), 0),
	o.envelope_from, o.header_id, o.answers_id, o.state, o.hold_reason, c.header_hash IS NOT NULL, o.dot_at, o.attempts,
	o.not_before, o.error, o.queued_at, o.sent_at, o.newer_id, o.looked_at FROM outbox o JOIN contents c ON c.id = o.content_id
	JOIN accounts a ON a.id = o.account_id AND` + notRemoving

var (
	letterByN       = onMail(letterColumns + `WHERE o.id = ?`)
	letterByContent = onMail(letterColumns + `WHERE o.content_id = (SELECT content_id FROM messages WHERE id = ?)`)
	lettersOpen     = onMail(letterColumns + `WHERE (?1 = 0 OR o.account_id = ?1) AND o.state NOT IN ('filed', 'cancelled') ORDER BY o.id`)
	lettersAll      = onMail(letterColumns + `WHERE (?1 = 0 OR o.account_id = ?1) ORDER BY o.id`)
	lettersDue      = onMail(letterColumns + `WHERE (?1 = 0 OR o.account_id = ?1) AND o.state = 'queued' AND o.not_before <= ?2 ORDER BY o.id`)
	lettersSending  = onMail(letterColumns + `WHERE o.state = 'sending' AND (?1 = 0 OR o.account_id = ?1) ORDER BY o.id`)
	letterNext      = onMail(`SELECT min(not_before) FROM outbox WHERE (?1 = 0 OR account_id = ?1) AND state = 'queued'`)
	recipientsOf    = onMail(`SELECT address, state, reply, bounced FROM outbox_recipients WHERE outbox_id = ? ORDER BY address`)
	insertLetter    = onMail(`INSERT INTO outbox (account_id, content_id, envelope_from, header_id, answers_id, state, hold_reason,
		not_before, queued_at, seen_up_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	insertRecipient = onMail(`INSERT OR IGNORE INTO outbox_recipients (outbox_id, address) VALUES (?, ?)`)
	queuedAlready   = onMail(`SELECT id FROM outbox WHERE header_id = ?`)
)

// Queue puts a letter into the outbox: its content, its message in the Outbox
// folder and its recipients, in one commit. A Message-ID that is in the outbox
// already is refused with cause Data: nothing is queued twice. The header hash
// of l.Content is not kept: the bytes are not those that go out until the first
// attempt. The draft's message goes too, from the server with an intent.
func (tx *Tx) Queue(l NewLetter) (OutboxID, error) {
	c := l.Content
	switch {
	case c.Body != BodyWhole || c.Blob == 0:
		return 0, refuse("queue", "A letter has to be here whole before it is queued.")
	case c.HeaderID == "":
		return 0, refuse("queue", "A letter needs a Message-ID.")
	case len(l.Recipients) == 0 || slices.Contains(l.Recipients, ""):
		return 0, refuse("queue", "A letter needs somebody to go to.")
	}
	if _, err := tx.Account(l.Account); err != nil {
		return 0, err
	}
	already, err := tx.number(queuedAlready, c.HeaderID)
	if err != nil {
		return 0, err
	}
	if already != 0 {
		return 0, refuse("queue", "This letter is in the Outbox already.")
	}
	c.Account, c.HeaderHash = l.Account, [32]byte{}
	content, err := tx.AddContent(c)
	if err != nil {
		return 0, err
	}
	folder, err := tx.ensureRole(l.Account, RoleOutbox)
	if err != nil {
		return 0, err
	}
	if err := tx.ensureOrigin(); err != nil {
		return 0, err
	}
	now := tx.s.clock.Now()
	if _, err := tx.AddMessage(NewMessage{Folder: folder, Content: content, Arrived: now, Flags: Seen}); err != nil {
		return 0, err
	}
	state := OutQueued
	if l.HoldReason != "" {
		state = OutHeld
	}
	seen, err := tx.number(newestMessage)
	if err != nil {
		return 0, err
	}
	n, err := tx.add(insertLetter, l.Account, content, l.EnvelopeFrom, c.HeaderID, l.Answers, state, l.HoldReason, unix(l.NotBefore), now.Unix(), seen)
	if err != nil {
		return 0, err
	}
	for _, address := range l.Recipients {
		if err := tx.do(insertRecipient, n, address); err != nil {
			return 0, err
		}
	}
	if l.Draft != 0 {
		if err := tx.DeleteDraft(l.Draft); err != nil {
			return 0, err
		}
	}
	tx.note(Change{Topic: TopicOutbox, Kind: Added, Account: l.Account, Content: content})
	return OutboxID(n), nil
}

// How the reply of a recipient begins who has the letter, and of one who may
// have it though the letter is sent again.
const (
	sentMark   = "sent: "
	unsureMark = "unsure: "
)

func (v *View) letters(q *query, args ...any) ([]Letter, error) {
	all, err := collect(v.session, q, func(r scanner) (l Letter, err error) {
		var dot, notBefore, queued, sent, looked int64
		err = r.Scan(&l.N, &l.Account, &l.Content, &l.Message, &l.EnvelopeFrom, &l.HeaderID, &l.Answers, &l.State, &l.HoldReason,
			&l.Frozen, &dot, &l.Attempts, &notBefore, &l.Error, &queued, &sent, &l.Newer, &looked)
		l.DotAt, l.NotBefore, l.Queued, l.Sent = fromUnix(dot), fromUnix(notBefore), fromUnix(queued), fromUnix(sent)
		l.Looked = fromUnix(looked)
		return l, err
	}, args...)
	for i := range all {
		if err != nil {
			break
		}
		all[i].Recipients, err = collect(v.session, recipientsOf, func(r scanner) (p Recipient, err error) {
			err = r.Scan(&p.Address, &p.State, &p.Reply, &p.Bounced)
			p.Sent = p.State == RecipientAccepted && strings.HasPrefix(p.Reply, sentMark)
			return p, err
		}, all[i].N)
	}
	return all, err
}

// Letter returns one letter.
func (v *View) Letter(n OutboxID) (Letter, error) {
	found, err := v.letters(letterByN, n)
	if err != nil {
		return Letter{}, err
	}
	if len(found) == 0 {
		return Letter{}, unknown("outbox", fmt.Sprintf("There is no letter %d in the Outbox.", n))
	}
	return found[0], nil
}

// LetterOf returns the letter whose message this is; ok is false for others.
func (v *View) LetterOf(id MessageID) (l Letter, ok bool, err error) {
	found, err := v.letters(letterByContent, id)
	if err != nil || len(found) == 0 {
		return Letter{}, false, err
	}
	return found[0], true, nil
}

// Outbox returns the letters of an account (0: of all) that are not filed or
// cancelled, in the order queued; with all the others too.
func (v *View) Outbox(account AccountID, all bool) ([]Letter, error) {
	if all {
		return v.letters(lettersAll, account)
	}
	return v.letters(lettersOpen, account)
}

// DueLetters returns what may be sent now: queued, due, in the order queued
// (account 0: of all).
func (v *View) DueLetters(account AccountID, now time.Time) ([]Letter, error) {
	return v.letters(lettersDue, account, now.Unix())
}

// NextLetter returns when the next queued letter is due, the zero time for one
// that waits only for a connection; ok is false with none.
func (v *View) NextLetter(account AccountID) (at time.Time, ok bool, err error) {
	var next *int64
	if _, err := v.one(letterNext, []any{&next}, account); err != nil || next == nil {
		return time.Time{}, false, err
	}
	return fromUnix(*next), true, nil
}
