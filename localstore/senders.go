package localstore

import (
	"fmt"
	"strings"
)

// Sender is an identity: a name and an address that a person writes from. Every
// account but "On this computer" has its own one, whose name and address are the
// account's, and may have others.
type Sender struct {
	ID            SenderID
	Account       AccountID
	Name          string
	Address       string
	ReplyTo       string // "Name <addr>", where answers shall go; "" to Address
	Signature     string // text, without the "-- " above it
	SignatureHTML string // of letters in HTML; "" as the text
	Own           bool   // the account's own
	Default       bool   // new letters of the account begin with it
}

const senderColumns = `SELECT i.id, i.account_id,
	CASE i.own WHEN 1 THEN coalesce(json_extract(a.outgoing, '$.full_name'), '') ELSE i.name END,
	CASE i.own WHEN 1 THEN a.address ELSE i.address END,
	i.reply_to, i.signature, i.signature_html, i.own, i.chosen
	FROM identities i JOIN accounts a ON a.id = i.account_id AND` + notRemoving

var (
	sendersOf     = onMail(senderColumns + `WHERE ?1 = 0 OR i.account_id = ?1 ORDER BY i.account_id, i.chosen DESC, i.own DESC, i.id`)
	senderByID    = onMail(senderColumns + `WHERE i.id = ?`)
	senderChosen  = onMail(senderColumns + `WHERE i.account_id = ? AND i.chosen = 1`)
	insertSender  = onMail(`INSERT INTO identities (account_id, own, chosen, name, address, reply_to, signature, signature_html) VALUES (?, 0, 0, ?, ?, ?, ?, ?)`)
	insertOwn     = onMail(`INSERT INTO identities (account_id, own, chosen) VALUES (?, 1, 1)`)
	updateSender  = onMail(`UPDATE identities SET name = ?, address = ?, reply_to = ?, signature = ?, signature_html = ? WHERE id = ?`)
	unchoose      = onMail(`UPDATE identities SET chosen = 0 WHERE account_id = ? AND chosen = 1`)
	choose        = onMail(`UPDATE identities SET chosen = 1 WHERE id = ?`)
	chooseOwn     = onMail(`UPDATE identities SET chosen = 1 WHERE account_id = ? AND own = 1`)
	deleteSender  = onMail(`DELETE FROM identities WHERE id = ?`)
	deliveredToOf = onMail(`SELECT delivered_to FROM contents WHERE id = ?`)
)

func scanSender(r scanner) (s Sender, err error) {
	err = r.Scan(&s.ID, &s.Account, &s.Name, &s.Address, &s.ReplyTo, &s.Signature, &s.SignatureHTML, &s.Own, &s.Default)
	return s, err
}

// Senders returns the identities of an account (0: of all), of each account the
// default one first.
func (v *View) Senders(account AccountID) ([]Sender, error) {
	return collect(v.session, sendersOf, scanSender, account)
}

// Sender returns one identity; the error of an unknown one has cause Missing.
func (v *View) Sender(id SenderID) (Sender, error) {
	return v.oneSender(senderByID, id)
}

// DefaultSender returns the identity that new letters of an account begin with.
// "On this computer" has none: the error has cause Missing.
func (v *View) DefaultSender(account AccountID) (Sender, error) {
	return v.oneSender(senderChosen, account)
}

func (v *View) oneSender(q *query, key any) (Sender, error) {
	found, err := collect(v.session, q, scanSender, key)
	if err != nil {
		return Sender{}, err
	}
	if len(found) == 0 {
		return Sender{}, unknown("identity", "There is no such identity.")
	}
	return found[0], nil
}

// AddSender gives an account another identity; s.ID and s.Own are ignored. An
// address that the account has already is refused with cause Data.
func (tx *Tx) AddSender(s Sender) (SenderID, error) {
	a, err := tx.Account(s.Account)
	if err != nil {
		return 0, err
	}
	if a.Mode == Local {
		return 0, refuse("identity", "No letters go out from this computer's own folders.")
	}
	switch {
	case s.Address == "":
		return 0, refuse("identity", "An identity needs an address.")
	case strings.EqualFold(a.Address, s.Address):
		return 0, senderTaken(s)
	}
	n, err := tx.add(insertSender, s.Account, s.Name, s.Address, s.ReplyTo, s.Signature, s.SignatureHTML)
	if isConstraint(err) {
		return 0, senderTaken(s)
	}
	if err != nil {
		return 0, err
	}
	if s.Default {
		err = tx.chooseSender(s.Account, SenderID(n))
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: s.Account})
	return SenderID(n), err
}

func senderTaken(s Sender) error {
	return refuse("identity", fmt.Sprintf("This account has an identity with the address %s already.", s.Address))
}

func (tx *Tx) chooseSender(account AccountID, id SenderID) error {
	if err := tx.do(unchoose, account); err != nil {
		return err
	}
	return tx.do(choose, id)
}

// SetSender stores a changed identity; s.Account and s.Own are not touched. The
// name and the address of an account's own identity are changed with the
// account. Default can be given and not taken: another identity gets it.
func (tx *Tx) SetSender(s Sender) error {
	was, err := tx.Sender(s.ID)
	if err != nil {
		return err
	}
	a, err := tx.Account(was.Account)
	if err != nil {
		return err
	}
	name, address := s.Name, s.Address
	if was.Own {
		a.FullName, a.Address = s.Name, s.Address
		if err := tx.SetAccount(a); err != nil {
			return err
		}
		name, address = "", ""
	} else if strings.EqualFold(a.Address, s.Address) {
		return senderTaken(s)
	}
	err = tx.do(updateSender, name, address, s.ReplyTo, s.Signature, s.SignatureHTML, s.ID)
	if isConstraint(err) {
		return senderTaken(s)
	}
	if err == nil && s.Default && !was.Default {
		err = tx.chooseSender(was.Account, s.ID)
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: was.Account})
	return err
}

// RemoveSender takes an identity away; the account's own one stays and is
// refused with cause Data. Letters and drafts keep what stands in them.
func (tx *Tx) RemoveSender(id SenderID) error {
	s, err := tx.Sender(id)
	if err != nil {
		return err
	}
	if s.Own {
		return refuse("identity", "The account's own identity stays as long as the account.")
	}
	if err := tx.do(deleteSender, id); err != nil {
		return err
	}
	if s.Default {
		err = tx.do(chooseOwn, s.Account)
	}
	tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: s.Account})
	return err
}

// DeliveredTo returns whose mailbox servers put a mail into, as addresses
// separated by ", "; "" where none said so.
func (v *View) DeliveredTo(id ContentID) (addresses string, err error) {
	_, err = v.one(deliveredToOf, []any{&addresses}, id)
	return addresses, err
}
