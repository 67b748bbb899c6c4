// Package outgoing turns what a person wrote into a letter in the outbox. The
// window and paquebotctl queue letters through here and nowhere else.
//
// It guarantees that a letter that Queue returned without error for is on the
// disk with its Message-ID, its envelope and every byte of its attachments, and
// that a queued letter never refers to a file outside the store.
package outgoing

import (
	"context"
	"errors"
	"io"
	"time"

	"paquebot.app/internal/content"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/smtpreply"
	"paquebot.app/localstore"
)

// Letter is a letter ready to be queued.
type Letter struct {
	Account   localstore.Account
	Draft     *letter.Draft
	Answers   localstore.ContentID // what it answers; 0: nothing
	Saved     localstore.DraftID   // the draft it was written in; 0: none
	Continues localstore.MessageID // the draft of another program that it was, if it was never saved; 0: none
	NotBefore time.Time            // zero: as soon as there is a connection
}

// Queue gives the letter its Message-ID, writes it into the store and puts it
// into the outbox; without From it is from the account's default identity. It
// works offline. A letter without recipients, or with an address that cannot be
// sent to, or larger than the server takes, is refused with cause Data and
// remedy User.
func Queue(ctx context.Context, store *localstore.Store, l Letter) (n localstore.OutboxID, err error) {
	d := *l.Draft
	if d.From == (letter.Address{}) {
		if d.From, err = defaultFrom(ctx, store, l.Account.ID); err != nil {
			return 0, err
		}
	}
	recipients, err := d.Recipients()
	if err != nil {
		return 0, refused(err)
	}
	sender, err := d.From.Wire()
	if err != nil {
		return 0, refused(err)
	}
	if len(recipients) == 0 {
		return 0, refused(errors.New("the letter has no recipient"))
	}
	if err := d.Check(); err != nil {
		return 0, refused(err)
	}
	if d.MessageID == "" {
		d.MessageID = letter.NewMessageID(d.From.Addr)
	}
	return enqueue(ctx, store, l, sender, recipients, d.Write)
}

// enqueue stores what write writes and puts it into the outbox.
func enqueue(ctx context.Context, store *localstore.Store, l Letter, sender string, recipients []string, write func(io.Writer) error) (localstore.OutboxID, error) {
	row, err := save(ctx, store, l.Account.ID, write)
	if err != nil {
		return 0, err
	}
	if err := fits(ctx, store, l.Account, row.Size); err != nil {
		return 0, err
	}
	var n localstore.OutboxID
	err = store.Write(ctx, "queue letter", func(tx *localstore.Tx) (err error) {
		saved := l.Saved
		if saved != 0 {
			if _, err := tx.Draft(saved); missing(err) {
				saved = 0 // it went with its account; its words are in the letter
			} else if err != nil {
				return err
			}
		}
		n, err = tx.Queue(localstore.NewLetter{
			Account: l.Account.ID, Content: row, EnvelopeFrom: sender, Recipients: recipients,
			Answers: l.Answers, NotBefore: l.NotBefore, Draft: saved,
		})
		if err == nil && saved == 0 && l.Continues != 0 {
			err = tx.SentDraft(l.Continues)
		}
		return err
	})
	return n, err
}

// fits refuses a letter that is larger than its server takes, as far as that
// has said so.
func fits(ctx context.Context, store *localstore.Store, a localstore.Account, size int64) error {
	var limit int64
	err := store.Read(ctx, func(v *localstore.View) (err error) {
		limit, _, err = v.SubmissionLimit(a.ID)
		return err
	})
	if err != nil || limit == 0 || size <= limit {
		return err
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "queue letter", Text: smtpreply.Exceeds(size, limit, a.SMTP.Host)}
}

// save writes a letter into a complete blob and returns its row.
func save(ctx context.Context, store *localstore.Store, account localstore.AccountID, write func(io.Writer) error) (localstore.NewContent, error) {
	w := store.NewBlob(ctx)
	if err := write(w); err != nil {
		return localstore.NewContent{}, refused(err)
	}
	blobs, err := store.CompleteBlobs(ctx, w)
	if err != nil {
		return localstore.NewContent{}, err
	}
	r, err := store.OpenBlob(ctx, blobs[0].ID)
	if err != nil {
		return localstore.NewContent{}, err
	}
	defer r.Close()
	row, err := intake.FromBlob(account, r, r.Size())
	row.Blob = blobs[0].ID
	return row, err
}

// From returns an account's own address.
func From(a localstore.Account) letter.Address {
	return letter.Address{Name: a.FullName, Addr: a.Address}
}

// Beginning is a letter that a message gave rise to: recipients, subject, what
// it quotes and carries on. Its attachments are read from the open message:
// Close it when they have been stored or are no longer needed.
type Beginning struct {
	Account localstore.Account   // it is sent from
	Sender  localstore.Sender    // the identity of that account it is from: the one the message was written to
	Draft   *letter.Draft        // without a signature
	Answers localstore.ContentID // 0 for a forwarded message
	mail    *content.Mail
}

// SendFrom makes it a letter of another identity.
func (b *Beginning) SendFrom(account localstore.Account, s localstore.Sender) {
	b.Account, b.Sender = account, s
	b.Draft.From, b.Draft.ReplyTo = Address(s), letter.ParseAddresses(s.ReplyTo)
}

// Close releases the message.
func (b Beginning) Close() error { return b.mail.Close() }

// Reply begins an answer to a message, with all to everybody but ourselves. It
// quotes all of the text that is here; one that is too long is refused with
// cause Data.
func Reply(ctx context.Context, store *localstore.Store, id localstore.MessageID, all bool) (Beginning, error) {
	b, err := begin(ctx, store, id, func(l *letter.Letter, from letter.Address, ours []letter.Address) (*letter.Draft, error) {
		return letter.Reply(l, all, from, ours)
	})
	if err == nil {
		b.Answers = b.mail.Content
	}
	return b, err
}

// Forward begins a letter that passes a message on, with all of the text that is
// here; one that is too long is refused with cause Data. Quoted and Behind tell
// what is not here.
func Forward(ctx context.Context, store *localstore.Store, id localstore.MessageID) (Beginning, error) {
	return begin(ctx, store, id, func(l *letter.Letter, from letter.Address, _ []letter.Address) (*letter.Draft, error) {
		return letter.Forward(l, from)
	})
}

// begin opens a message and makes a draft of it, from the identity that the
// message was written to. A message that is only on this computer is answered
// from any account.
func begin(ctx context.Context, store *localstore.Store, id localstore.MessageID, draft func(l *letter.Letter, from letter.Address, ours []letter.Address) (*letter.Draft, error)) (Beginning, error) {
	m, err := content.Open(ctx, store, id)
	if err != nil {
		return Beginning{}, err
	}
	b := Beginning{mail: m}
	var senders []localstore.Sender
	err = store.Read(ctx, func(v *localstore.View) error {
		if senders, err = v.Senders(0); err != nil {
			return err
		}
		if b.Sender = answering(&m.Letter.Header, m.Account, senders); b.Sender.ID != 0 {
			b.Account, err = v.Account(b.Sender.Account)
		}
		return err
	})
	if err != nil {
		m.Close()
		return Beginning{}, err
	}
	if b.Draft, err = draft(m.Letter, Address(b.Sender), addresses(senders)); err != nil {
		m.Close()
		return Beginning{}, unwritable(err)
	}
	b.SendFrom(b.Account, b.Sender)
	return b, nil
}

// unwritable is the error of a message that no letter can be made of.
func unwritable(err error) error {
	var long *letter.TooLongError
	if !errors.As(err, &long) {
		return err
	}
	return &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Data, Op: "begin letter",
		Text: "The text of this message is too long for a letter to be made of it. Nothing was cut; save it and attach it to a new letter.", Err: err}
}

// refused is the error of a letter that cannot be sent as it is.
func refused(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "queue letter", Text: "The letter cannot be sent as it is.", Err: err}
}
