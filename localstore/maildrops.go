package localstore

import "time"

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
}

// OpenMaildrop returns the account's maildrop of that protocol, host, port and
// user. Another host, port or user closes the one that was open: its bindings
// count no more.
func (tx *Tx) OpenMaildrop(account AccountID, protocol Mode, host string, port int, user string) (Maildrop, error) {
	panic("not built")
}

// OpenMaildropOf returns the open maildrop of an account's present mode; ok is
// false before the first connection.
func (v *View) OpenMaildropOf(account AccountID) (m Maildrop, ok bool, err error) { panic("not built") }

// CountSession adds a session that was ended by QUIT.
func (tx *Tx) CountSession(id MaildropID) error { panic("not built") }

// AllowDeletes records the user's yes to the first deletions of a maildrop and
// makes what is kept there 'deleting' when the account's policy is DeleteNow.
func (tx *Tx) AllowDeletes(id MaildropID) error { panic("not built") }
