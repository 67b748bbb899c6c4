package localstore

import (
	"fmt"
	"time"
)

// Wish is a body or part that the user asked for.
type Wish struct {
	Account AccountID
	Content ContentID
	Section string // "" whole, "text" readable parts, else a section
	Asked   time.Time
	Error   string
	Rank    int64 // its place in the account's pack; 0: a person waits for it
	Tries   int   // connections that broke while the pack waited for it
}

// Sections of Wish that are no section of a mail.
const (
	WishWhole = ""
	WishText  = "text"
)

var (
	// hereAlready tells whether what a wish asks for is here.
	hereAlready = onMail(`SELECT CASE
		WHEN body_state = 2 THEN 1
		WHEN ?2 = '' THEN 0
		WHEN ?2 = 'text' THEN body_state = 1
		ELSE EXISTS (SELECT 1 FROM parts WHERE content_id = ?1 AND section = ?2 AND blob_id > 0) END
		FROM contents WHERE id = ?1`)
	want = onMail(`INSERT INTO wanted (content_id, section, asked_at) VALUES (?, ?, ?)
		ON CONFLICT (content_id, section) DO UPDATE SET asked_at = max(asked_at, excluded.asked_at), error = '', rank = 0`)
	wishesOf = onMail(`SELECT c.account_id, w.content_id, w.section, w.asked_at, w.error, w.rank, w.tries
		FROM wanted w CROSS JOIN contents c ON c.id = w.content_id WHERE c.account_id = ?
		ORDER BY w.rank, w.asked_at DESC, w.content_id DESC, w.section`)
	askedOf = onMail(`SELECT c.account_id, w.content_id, w.section, w.asked_at, w.error, w.rank, w.tries
		FROM wanted w INDEXED BY wanted_asked CROSS JOIN contents c ON c.id = w.content_id WHERE w.rank = 0 AND c.account_id = ?
		ORDER BY w.asked_at DESC, w.content_id DESC, w.section`)
	failWish   = onMail(`UPDATE wanted SET error = ? WHERE content_id = ? AND section = ?`)
	fulfilAll  = onMail(`DELETE FROM wanted WHERE content_id = ?`)
	fulfilOne  = onMail(`DELETE FROM wanted WHERE content_id = ? AND section = ?`)
	fulfilText = onMail(`DELETE FROM wanted WHERE content_id = ?1 AND (section = ?2 OR section IN
		(SELECT section FROM parts WHERE content_id = ?1 AND blob_id > 0))`)
)

// Want records a wish. It works offline and survives restarts; a wish for what
// is here already is none. Asking again moves it to the front and forgets its
// error.
func (tx *Tx) Want(id ContentID, section string) error {
	var here bool
	found, err := tx.one(hereAlready, []any{&here}, id, section)
	if err != nil {
		return err
	}
	if !found {
		return unknown("want", fmt.Sprintf("There is no mail %d.", id))
	}
	if here {
		return nil
	}
	if err := tx.do(want, id, section, tx.s.clock.Now().UnixMilli()); err != nil {
		return err
	}
	return tx.noteBody(id, Added)
}

func (tx *Tx) noteBody(id ContentID, kind Kind) error {
	account, err := tx.number(contentAccount, id)
	tx.note(Change{Topic: TopicBodies, Kind: kind, Account: AccountID(account), Content: id})
	return err
}

// Wishes returns an account's open wishes: what people wait for, the latest
// asked first, then those of its pack.
func (v *View) Wishes(account AccountID) ([]Wish, error) {
	return collect(v.session, wishesOf, scanWish, account)
}

// Asked returns the wishes of Wishes that people wait for.
func (v *View) Asked(account AccountID) ([]Wish, error) {
	return collect(v.session, askedOf, scanWish, account)
}

func scanWish(r scanner) (w Wish, err error) {
	var asked int64
	err = r.Scan(&w.Account, &w.Content, &w.Section, &asked, &w.Error, &w.Rank, &w.Tries)
	w.Asked = time.UnixMilli(asked).UTC()
	return w, err
}

// FailWish notes why a wish cannot be fulfilled; it stays and is shown.
func (tx *Tx) FailWish(id ContentID, section, why string) error {
	if err := tx.do(failWish, why, id, section); err != nil {
		return err
	}
	if err := tx.noteBody(id, Changed); err != nil {
		return err
	}
	return tx.packLess(id)
}
