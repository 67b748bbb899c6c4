package outgoing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// mostSignature is how many bytes a signature may have, as text or in HTML.
const mostSignature = 64 << 10

// Address returns the address of an identity.
func Address(s localstore.Sender) letter.Address {
	return letter.Address{Name: s.Name, Addr: s.Address}
}

// Senders returns the identities that letters can go out from: those of the
// accounts that have a server for sending, of each the default one first.
func Senders(ctx context.Context, store *localstore.Store) (senders []localstore.Sender, err error) {
	err = store.Read(ctx, func(v *localstore.View) error {
		accounts, err := v.Accounts()
		if err != nil {
			return err
		}
		senders, err = v.Senders(0)
		senders = slices.DeleteFunc(senders, func(s localstore.Sender) bool {
			return !slices.ContainsFunc(accounts, func(a localstore.Account) bool { return a.ID == s.Account && a.SMTP.Host != "" })
		})
		return err
	})
	return senders, err
}

// SaveSender stores an identity, a new one where its ID is 0, and returns its
// id. An address that nothing can be sent from or answered to, and a signature
// of more than 64 KiB, are refused with cause Data and remedy User. A signature
// that is only given in HTML is given as text, too.
func SaveSender(ctx context.Context, store *localstore.Store, s localstore.Sender) (localstore.SenderID, error) {
	own, replyTo := letter.ParseAddresses(s.Address), letter.ParseAddresses(s.ReplyTo)
	if err := (&letter.Draft{To: own, ReplyTo: replyTo}).Check(); err != nil {
		return 0, notSaved(err.Error(), err)
	}
	if len(own) != 1 {
		return 0, notSaved("An identity needs one address.", nil)
	}
	s.Address, s.Name = own[0].Addr, oneLine(cmp.Or(s.Name, own[0].Name))
	s.ReplyTo = letter.FormatAddresses(replyTo)
	if s.Signature = letter.CleanSignature(s.Signature); s.Signature == "" && s.SignatureHTML != "" && len(s.SignatureHTML) <= mostSignature {
		s.Signature = letter.CleanSignature(letter.HTMLDocument(s.SignatureHTML).String())
	}
	if max(len(s.Signature), len(s.SignatureHTML)) > mostSignature {
		return 0, notSaved("A signature of this length is a letter of its own. The most is 64 KiB.", nil)
	}
	id := s.ID
	err := store.Write(ctx, "save identity", func(tx *localstore.Tx) (err error) {
		if id = s.ID; id != 0 {
			return tx.SetSender(s)
		}
		id, err = tx.AddSender(s)
		return err
	})
	return id, err
}

func notSaved(text string, err error) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "save identity", Text: text, Err: err}
}

// Blank begins a letter in an account, as its default identity, with what began
// says already; nil: nothing. An account that no letter can be from gets it
// without a signature.
func Blank(ctx context.Context, store *localstore.Store, account localstore.AccountID, began *letter.Draft) (w Writing, err error) {
	if began != nil {
		w = FromDraft(began)
	}
	w.Account = account
	err = store.Read(ctx, func(v *localstore.View) error {
		s, err := v.DefaultSender(account)
		if missing(err) {
			return nil
		}
		w.SendFrom(s)
		return err
	})
	return w, err
}

// senderOf returns an identity of an account, its default one where it has not
// or no longer that one.
func senderOf(v *localstore.View, account localstore.AccountID, id localstore.SenderID) (localstore.Sender, error) {
	if id != 0 {
		s, err := v.Sender(id)
		if err == nil && s.Account == account || err != nil && !missing(err) {
			return s, err
		}
	}
	return v.DefaultSender(account)
}

// defaultFrom returns the address that new letters of an account come from.
func defaultFrom(ctx context.Context, store *localstore.Store, account localstore.AccountID) (a letter.Address, err error) {
	err = store.Read(ctx, func(v *localstore.View) error {
		s, err := v.DefaultSender(account)
		a = Address(s)
		return err
	})
	return a, err
}

// written recognises the identity that a letter was written as, of the account
// or, where that can send nothing, of any, and takes its signature off the text.
func written(v *localstore.View, d *letter.Draft, account localstore.AccountID) (s localstore.Sender, signed bool, err error) {
	senders, err := v.Senders(account)
	if err == nil && len(senders) == 0 {
		senders, err = v.Senders(0)
	}
	for _, one := range senders {
		if strings.EqualFold(one.Address, d.From.Addr) {
			d.Text, signed = letter.Unsign(d.Text, one.Signature)
			return one, signed, nil
		}
	}
	return s, false, err
}

// answering chooses the identity that an answer to a mail, or one that passes
// it on, goes out from: of the account that it lies in, else, where that can
// send nothing, of all. senders may be of any account.
func answering(h *letter.Header, account localstore.AccountID, senders []localstore.Sender) (chosen localstore.Sender) {
	mine := slices.DeleteFunc(slices.Clone(senders), func(s localstore.Sender) bool { return s.Account != account })
	var mailbox letter.Address
	for _, s := range mine {
		if s.Own {
			mailbox = Address(s)
		}
	}
	if len(mine) == 0 {
		mine = senders
	}
	if len(mine) == 0 {
		return chosen
	}
	// Without a word about it the first: the default one.
	return mine[max(letter.WrittenTo(h, addresses(mine), mailbox), 0)]
}

func addresses(senders []localstore.Sender) []letter.Address {
	all := make([]letter.Address, len(senders))
	for i, s := range senders {
		all[i] = Address(s)
	}
	return all
}
