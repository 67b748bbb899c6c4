package localstore

import (
	"fmt"
	"strings"
	"time"
)

// Maildrop is what a UID or a UIDL belongs to: protocol, host, port and user.
type Maildrop struct {
	ID       MaildropID
	Account  AccountID
	Protocol Mode
	Host     string
	Port     int
	User     string
	OpenedAt time.Time
	DeleteOK bool // the user said yes to the first deletions
	Sessions int  // ended by QUIT since opened or since the last switch

	// FirstMails is how many mails were listed at first sight; -1: it is not
	// known, or the account held other mail then.
	FirstMails int
	ExpireZero bool      // the server removes by itself what was fetched (RFC 2449 §6.7)
	DoubtedAt  time.Time // a UIDL was found on another mail; zero: never
	DeafTo     []string  // verbs at which the server ends the connection,
	DeafAt     time.Time // as was found out then
	SwitchedAt time.Time // when the account was last switched to it; zero: never

	Capabilities   []string  // what an IMAP server could do when it was last asked; none: it is not to be relied on
	CapabilitiesAt time.Time // when that was found out; zero: never
}

const maildropColumns = `SELECT d.id, d.account_id, d.protocol, d.host, d.port, d.user, d.opened_at, d.delete_ok, d.sessions,
	d.first_mails, d.expire_zero, d.doubted_at, d.deaf_to, d.deaf_at, d.capabilities, d.capabilities_at, d.switched_at FROM maildrops d `

var (
	maildropByID   = onMail(maildropColumns + `WHERE d.id = ?`)
	openMaildrop   = onMail(maildropColumns + `WHERE d.account_id = ? AND d.protocol = ? AND d.closed_at = 0`)
	openMaildropOf = onMail(maildropColumns + `JOIN accounts a ON a.id = d.account_id
		WHERE d.account_id = ? AND d.protocol = a.mode AND d.closed_at = 0`)
	closeMaildrops = onMail(`UPDATE maildrops SET closed_at = ? WHERE account_id = ? AND protocol = ? AND closed_at = 0`)
	insertMaildrop = onMail(`INSERT INTO maildrops (account_id, protocol, host, port, user, opened_at) VALUES (?, ?, ?, ?, ?, ?)`)
	countSession   = onMail(`UPDATE maildrops SET sessions = sessions + 1 WHERE id = ?`)
	setCapable     = onMail(`UPDATE maildrops SET capabilities = ?, capabilities_at = ? WHERE id = ?`)
	allowDeletes   = onMail(`UPDATE maildrops SET delete_ok = 1 WHERE id = ?`)
)

func scanMaildrop(r scanner) (m Maildrop, err error) {
	var opened, doubted, deaf, capable, switched int64
	var verbs, words string
	err = r.Scan(&m.ID, &m.Account, &m.Protocol, &m.Host, &m.Port, &m.User, &opened, &m.DeleteOK, &m.Sessions,
		&m.FirstMails, &m.ExpireZero, &doubted, &verbs, &deaf, &words, &capable, &switched)
	m.OpenedAt, m.DoubtedAt, m.DeafAt, m.DeafTo = fromUnix(opened), fromUnix(doubted), fromUnix(deaf), strings.Fields(verbs)
	m.SwitchedAt = fromUnix(switched)
	m.Capabilities, m.CapabilitiesAt = strings.Fields(words), fromUnix(capable)
	return m, err
}

// OpenMaildrop returns the account's maildrop of that protocol, host, port and
// user. Another host, port or user closes the one that was open: its bindings
// count no more. Whoever returns to an address gets a new maildrop there, so
// that what it held long ago counts only after a hash matched.
func (tx *Tx) OpenMaildrop(account AccountID, protocol Mode, host string, port int, user string) (Maildrop, error) {
	open, err := collect(tx.session, openMaildrop, scanMaildrop, account, protocol)
	if err != nil {
		return Maildrop{}, err
	}
	for _, m := range open {
		if m.Host == host && m.Port == port && m.User == user {
			return m, nil
		}
	}
	now := tx.s.clock.Now().Unix()
	if err := tx.do(closeMaildrops, max(now, 1), account, protocol); err != nil {
		return Maildrop{}, err
	}
	id, err := tx.add(insertMaildrop, account, protocol, host, port, user, now)
	if err != nil {
		return Maildrop{}, err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	return tx.maildrop(MaildropID(id))
}

func (v *View) maildrop(id MaildropID) (Maildrop, error) {
	found, err := collect(v.session, maildropByID, scanMaildrop, id)
	if err != nil {
		return Maildrop{}, err
	}
	if len(found) == 0 {
		return Maildrop{}, unknown("maildrop", fmt.Sprintf("There is no maildrop %d.", id))
	}
	return found[0], nil
}

// OpenMaildropOf returns the open maildrop of an account's present mode; ok is
// false before the first connection.
func (v *View) OpenMaildropOf(account AccountID) (m Maildrop, ok bool, err error) {
	found, err := collect(v.session, openMaildropOf, scanMaildrop, account)
	if err != nil || len(found) == 0 {
		return Maildrop{}, false, err
	}
	return found[0], true, nil
}

// SetCapabilities records what the server of a maildrop can do, or, without
// words, that what was known of it proved wrong.
func (tx *Tx) SetCapabilities(id MaildropID, words []string) error {
	return tx.do(setCapable, strings.Join(words, " "), tx.s.clock.Now().Unix(), id)
}

// CountSession adds a session that was ended by QUIT.
func (tx *Tx) CountSession(id MaildropID) error { return tx.do(countSession, id) }

// AllowDeletes records the user's yes to the first deletions of a maildrop:
// from now on the account's policy holds for what is kept there.
func (tx *Tx) AllowDeletes(id MaildropID) error {
	m, err := tx.maildrop(id)
	if err != nil {
		return err
	}
	if err := tx.do(allowDeletes, id); err != nil {
		return err
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: m.Account})
	return tx.applyPolicy(m.Account)
}
