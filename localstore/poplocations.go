package localstore

import (
	"fmt"
	"time"
)

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
	FieldsHash [32]byte // of the mail's content; zero: not known
	Size       int64    // as LIST said
	Message    MessageID
	State      PopState
	Why        string
	Pinned     bool // the user keeps it on the server, whatever the policy says
	StoredAt   time.Time
	Until      time.Time // kept on the server until; zero: no date
	GoneAt     time.Time
	CheckedAt  time.Time // when the server last showed that the UIDL means this mail, StoredAt at least
	Tries      int       // times that fetching it was given up
	Deletes    int       // times that the server has agreed to remove it
	RetryAt    time.Time // not fetched, or removed again, before; zero: any time
}

const ledgerColumns = `SELECT l.id, l.maildrop_id, l.uidl, l.header_hash, l.size, coalesce(l.message_id, 0), l.state, l.why,
	l.pinned, l.stored_at, l.until, l.gone_at, l.fields_hash, max(l.checked_at, l.stored_at), l.tries, l.deletes, l.retry_at FROM pop_locations l `

// safeHere holds for a ledger row whose mail may be deleted on the server: its
// header was seen, and its message is here whole. A row that was stored and has
// no message any more is of a mail that the user has deleted here since.
const safeHere = `header_hash IS NOT NULL AND (message_id IS NULL AND state IN ('kept', 'deleting', 'gone')
	OR EXISTS (SELECT 1 FROM messages m JOIN contents c ON c.id = m.content_id
	WHERE m.id = pop_locations.message_id AND c.body_state = 2))`

var (
	ledgerGone   = onMail(ledgerColumns + `WHERE l.maildrop_id = ? AND l.state = 'gone' ORDER BY l.gone_at DESC, l.id DESC LIMIT ?`)
	ledgerOf     = onMail(ledgerColumns + `WHERE l.maildrop_id = ? ORDER BY l.id`)
	ledgerIn     = onMail(ledgerColumns + `WHERE l.maildrop_id = ?1 AND l.state IN (SELECT value FROM json_each(?2)) ORDER BY l.id`)
	ledgerByID   = onMail(ledgerColumns + `WHERE l.id = ?`)
	insertLedger = onMail(`INSERT INTO pop_locations (maildrop_id, uidl, header_hash, size, message_id, state, why, pinned, stored_at, until, gone_at, tries, retry_at, fields_hash)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
		(SELECT c.fields_hash FROM messages m JOIN contents c ON c.id = m.content_id WHERE m.id = ?5))`)
	setLedgerState = onMail(`UPDATE pop_locations SET state = ?1, why = ?2, gone_at = ?3,
		tries = CASE state WHEN ?1 THEN tries ELSE 0 END, retry_at = CASE state WHEN ?1 THEN retry_at ELSE 0 END,
		deletes = CASE WHEN state IN ('gone', 'foreign') THEN 0 ELSE deletes END WHERE id = ?4`)
	isSafeHere = onMail(`SELECT ` + safeHere + ` FROM pop_locations WHERE id = ?`)
	setListing = onMail(`UPDATE pop_locations SET uidl = ?, size = ? WHERE id = ?`)
	deleteDue  = onMail(`UPDATE pop_locations SET state = 'deleting' WHERE maildrop_id = ? AND state = 'kept'
		AND pinned = 0 AND until > 0 AND until <= ? AND ` + safeHere)
	forgetGone = onMail(`DELETE FROM pop_locations WHERE maildrop_id = ? AND state IN ('gone', 'foreign') AND gone_at > 0 AND gone_at < ?`)
)

func scanLedger(r scanner) (l PopLocation, err error) {
	var hash, fields []byte
	var stored, until, gone, checked, retry int64
	err = r.Scan(&l.ID, &l.Maildrop, &l.UIDL, &hash, &l.Size, &l.Message, &l.State, &l.Why,
		&l.Pinned, &stored, &until, &gone, &fields, &checked, &l.Tries, &l.Deletes, &retry)
	l.HeaderHash, l.FieldsHash = hashOf(hash), hashOf(fields)
	l.StoredAt, l.Until, l.GoneAt = fromUnix(stored), fromUnix(until), fromUnix(gone)
	l.CheckedAt, l.RetryAt = fromUnix(checked), fromUnix(retry)
	return l, err
}

// Ledger returns the rows of a maildrop; with no states all of them.
func (v *View) Ledger(maildrop MaildropID, states ...PopState) ([]PopLocation, error) {
	if len(states) == 0 {
		return collect(v.session, ledgerOf, scanLedger, maildrop)
	}
	return collect(v.session, ledgerIn, scanLedger, maildrop, jsonWords(states))
}

// Removals returns the last mails that left a maildrop, newest first, at most
// limit.
func (v *View) Removals(maildrop MaildropID, limit int) ([]PopLocation, error) {
	return collect(v.session, ledgerGone, scanLedger, maildrop, limit)
}

// AddPopLocation adds a ledger row. Whether it is born 'deleting' is decided
// here: only when asked for (l.State is PopKept otherwise), the account's
// policy is DeleteNow, the maildrop's DeleteOK is set and the header hash is
// known. Without a StoredAt it is stored now. FieldsHash is that of the message;
// CheckedAt and Deletes are not taken.
func (tx *Tx) AddPopLocation(l PopLocation) (LocationID, error) {
	if l.StoredAt.IsZero() {
		l.StoredAt = tx.s.clock.Now()
	}
	if l.State == PopDeleting {
		born, _, err := tx.BornState(l.Maildrop, l.StoredAt)
		if err != nil {
			return 0, err
		}
		if born != PopDeleting {
			l.State = PopKept
		}
	}
	if (l.State == PopGone || l.State == PopForeign) && l.GoneAt.IsZero() {
		l.GoneAt = tx.s.clock.Now()
	}
	state := l.State
	if state == PopDeleting {
		state = PopKept
	}
	n, err := tx.add(insertLedger, l.Maildrop, l.UIDL, hashColumn(l.HeaderHash), l.Size, orNull(l.Message),
		state, l.Why, oneIf(l.Pinned), unix(l.StoredAt), unix(l.Until), unix(l.GoneAt), l.Tries, unix(l.RetryAt))
	if err != nil {
		return 0, err
	}
	id := LocationID(n)
	if l.State == PopDeleting {
		safe, err := tx.number(isSafeHere, id)
		if err != nil || safe == 0 {
			return id, err
		}
		err = tx.do(setLedgerState, PopDeleting, l.Why, 0, id)
		return id, err
	}
	return id, nil
}

// BornState returns the state in which a mail that was just stored enters the
// ledger: PopDeleting under policy now once the first yes is given, else
// PopKept, with Until set under a policy of days.
func (v *View) BornState(maildrop MaildropID, stored time.Time) (PopState, time.Time, error) {
	m, err := v.maildrop(maildrop)
	if err != nil {
		return PopKept, time.Time{}, err
	}
	a, err := v.Account(m.Account)
	if err != nil {
		return PopKept, time.Time{}, err
	}
	switch {
	case a.PopDelete == DeleteNow && m.DeleteOK:
		return PopDeleting, time.Time{}, nil
	case a.PopDelete == DeleteDays:
		return PopKept, stored.Add(time.Duration(a.PopDays) * 24 * time.Hour), nil
	}
	return PopKept, time.Time{}, nil
}

// SetPopState changes the state of ledger rows. PopGone stamps GoneAt.
// 'deleting' is refused for a row without a header hash or a message stored
// whole. With another state Tries and RetryAt begin anew,
// and Deletes after PopGone.
func (tx *Tx) SetPopState(ids []LocationID, state PopState, why string) error {
	goneAt := int64(0)
	if state == PopGone || state == PopForeign {
		goneAt = tx.s.clock.Now().Unix()
	}
	for _, id := range ids {
		if state == PopDeleting {
			safe, err := tx.number(isSafeHere, id)
			if err != nil {
				return err
			}
			if safe == 0 {
				return refuse("delete on the server", fmt.Sprintf("Mail %d of the ledger is not safe here yet: it stays on the server.", id))
			}
		}
		if err := tx.do(setLedgerState, state, why, goneAt, id); err != nil {
			return err
		}
		if err := tx.noteLedger(id); err != nil {
			return err
		}
	}
	return nil
}

// noteLedger announces that a message is elsewhere now.
func (tx *Tx) noteLedger(id LocationID) error {
	rows, err := collect(tx.session, ledgerByID, scanLedger, id)
	if err != nil || len(rows) == 0 || rows[0].Message == 0 {
		return err
	}
	return tx.noteMessage(rows[0].Message, Changed)
}

// SetPopListing corrects UIDL and size of a row recognised under another UIDL.
func (tx *Tx) SetPopListing(id LocationID, uidl string, size int64) error {
	return tx.do(setListing, uidl, size, id)
}

// DueDeletes makes rows 'deleting' whose Until has passed under a policy of
// days, and returns how many.
func (tx *Tx) DueDeletes(maildrop MaildropID, now time.Time) (int, error) {
	m, err := tx.maildrop(maildrop)
	if err != nil {
		return 0, err
	}
	a, err := tx.Account(m.Account)
	if err != nil || a.PopDelete != DeleteDays {
		return 0, err
	}
	return tx.touch(deleteDue, maildrop, now.Unix())
}

// remembered is how long the ledger knows a mail that is gone.
const remembered = 400 * 24 * time.Hour

// ForgetGone drops rows gone for over 400 days.
func (tx *Tx) ForgetGone(maildrop MaildropID, now time.Time) error {
	return tx.do(forgetGone, maildrop, now.Add(-remembered).Unix())
}
