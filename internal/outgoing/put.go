package outgoing

import (
	"context"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// PutDrafts writes the drafts of an IMAP account that are due as whole letters
// and leaves the intents that put them on its server. A draft that is empty, or
// that cannot be read, stays here; one does not stop the others.
func PutDrafts(ctx context.Context, store *localstore.Store, account localstore.AccountID, now time.Time) error {
	var due []localstore.DraftText
	err := store.Read(ctx, func(v *localstore.View) (err error) {
		due, err = v.DueDrafts(account, now)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range due {
		put, err := putting(ctx, store, d)
		if err != nil && fault.Of(err).Scope != fault.Message {
			return err
		}
		if err == nil {
			err = store.Write(ctx, "put draft", put)
		}
		if err == nil {
			continue
		}
		if fault.Of(err).Scope != fault.Message {
			return err
		}
		err = store.Write(ctx, "leave draft", func(tx *localstore.Tx) error { return tx.LeaveDraft(d.Draft, d.At) })
		if err != nil {
			return err
		}
	}
	return nil
}

// putting writes a draft as a letter and returns what shows it in Drafts. Each
// version has a Message-ID of its own: by it the one is told from the other.
func putting(ctx context.Context, store *localstore.Store, d localstore.DraftText) (func(*localstore.Tx) error, error) {
	w, err := readDraft(d)
	if err != nil {
		return nil, err
	}
	if w.Empty() {
		return func(tx *localstore.Tx) error { return tx.LeaveDraft(d.Draft, d.At) }, nil
	}
	l, err := w.Draft(ctx, store)
	if missing(err) { // the account it was written from is gone
		w.Account = d.Account
		l, err = w.Draft(ctx, store)
	}
	if err != nil {
		return nil, err
	}
	for _, list := range []*[]letter.Address{&l.To, &l.Cc, &l.Bcc} {
		*list = writable(*list)
	}
	l.MessageID, l.Date = letter.NewMessageID(l.From.Addr), d.At
	row, err := save(ctx, store, d.Account, l.Write)
	if err != nil {
		return nil, err
	}
	return func(tx *localstore.Tx) error { return tx.PutDraft(d.Draft, d.At, row) }, nil
}

// writable returns the addresses that are typed to their end; the others are in
// the draft here.
func writable(list []letter.Address) (whole []letter.Address) {
	for _, a := range list {
		if _, err := a.Wire(); err == nil {
			whole = append(whole, a)
		}
	}
	return whole
}
