package localstore

import (
	"strings"
	"time"
)

// smallMaildrop is how many mails a maildrop may hold at first sight for the
// policy to be applied without asking.
const smallMaildrop = 50

var (
	setFirstMails = onMail(`UPDATE maildrops SET first_mails = ? WHERE id = ? AND first_mails < 0`)
	setExpireZero = onMail(`UPDATE maildrops SET expire_zero = ? WHERE id = ?`)
	setDoubted    = onMail(`UPDATE maildrops SET doubted_at = ? WHERE id = ?`)
	setDeaf       = onMail(`UPDATE maildrops SET deaf_to = ?, deaf_at = ? WHERE id = ?`)
	setChecked    = onMail(`UPDATE pop_locations SET checked_at = ? WHERE id = ?`)
	setTrouble    = onMail(`UPDATE pop_locations SET state = 'skipped', why = ?, tries = ?, retry_at = ? WHERE id = ?`)
	setAgreed     = onMail(`UPDATE pop_locations SET why = ?, deletes = deletes + 1, retry_at = ? WHERE id = ? AND state = 'deleting'`)
)

// asks tells whether the first deletions of a maildrop wait for a yes: it was
// old at first sight, or what it was then is not known.
func (m Maildrop) asks() bool {
	return !m.DeleteOK && (m.FirstMails < 0 || m.FirstMails > smallMaildrop)
}

// FirstSight records how many mails a maildrop held when it was first listed.
// Where they were few the policy holds from now on without asking. Later sights
// change nothing.
func (tx *Tx) FirstSight(id MaildropID, mails int) error {
	if err := tx.do(setFirstMails, mails, id); err != nil {
		return err
	}
	m, err := tx.maildrop(id)
	if err != nil {
		return err
	}
	return tx.applyPolicy(m.Account)
}

// SetExpireZero records whether the server removes by itself what was fetched
// (EXPIRE 0, RFC 2449 §6.7).
func (tx *Tx) SetExpireZero(id MaildropID, removes bool) error {
	m, err := tx.maildrop(id)
	if err != nil || m.ExpireZero == removes {
		return err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: m.Account})
	return tx.do(setExpireZero, oneIf(removes), id)
}

// DoubtListing records that a UIDL of the maildrop means another mail than it
// did: rows that were not confirmed since are in doubt.
func (tx *Tx) DoubtListing(id MaildropID) error {
	return tx.do(setDoubted, tx.s.clock.Now().Unix(), id)
}

// SetDeaf records at which verbs the server ends the connection.
func (tx *Tx) SetDeaf(id MaildropID, verbs []string) error {
	return tx.do(setDeaf, strings.Join(verbs, " "), tx.s.clock.Now().Unix(), id)
}

// ConfirmPop records that the server has shown the mails of rows.
func (tx *Tx) ConfirmPop(ids []LocationID) error {
	now := tx.s.clock.Now().Unix()
	for _, id := range ids {
		if err := tx.do(setChecked, now, id); err != nil {
			return err
		}
	}
	return nil
}

// SetPopTrouble records that fetching a mail was given up tries times, why, and
// when it is tried again.
func (tx *Tx) SetPopTrouble(id LocationID, why string, tries int, retry time.Time) error {
	if err := tx.do(setTrouble, why, tries, unix(retry), id); err != nil {
		return err
	}
	return tx.noteLedger(id)
}

// PopAgreed records that the server has agreed once more to remove a mail, why
// says so, and that it is not asked again before retry. A row that is not
// 'deleting' any more stays as it is.
func (tx *Tx) PopAgreed(id LocationID, why string, retry time.Time) error {
	if err := tx.do(setAgreed, why, unix(retry), id); err != nil {
		return err
	}
	return tx.noteLedger(id)
}
