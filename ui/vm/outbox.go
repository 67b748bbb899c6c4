package vm

import (
	"context"
	"sync/atomic"

	"paquebot.app/localstore"
)

// Outbox is the letters on their way, in the order they were queued.
type Outbox struct {
	// Changed is called when Rows changed.
	Changed func()
	// Said tells what was done, Refused why something cannot be done.
	Said    func(text string)
	Refused func(err error)

	env     *Env
	desk    *Desk
	jobs    serial
	account atomic.Int64 // an AccountID; 0: of all
	letters []sighted
	ready   bool
}

// sighted is a letter with what lists know of it.
type sighted struct {
	localstore.Letter
	subject string
	to      string
}

// NewOutbox returns an Outbox that shows nothing until Show; the desk knows who
// is online and opens letters to be edited.
func NewOutbox(env *Env, desk *Desk) *Outbox {
	return &Outbox{env: env, desk: desk, jobs: serial{env: env, what: "outbox"}, Changed: func() {}, Said: func(string) {}, Refused: func(error) {}}
}

// Show shows the letters of an account; 0 means of all.
func (o *Outbox) Show(account localstore.AccountID) {
	if o.account.Swap(int64(account)) != int64(account) {
		o.ready = false
	}
	o.Load()
}

// Ready tells whether the store was read.
func (o *Outbox) Ready() bool { return o.ready }

// Follow takes changes of the store; it is called off the window's goroutine.
func (o *Outbox) Follow(c Changes) {
	if c.About(localstore.TopicOutbox) || c.About(localstore.TopicAccounts) {
		o.Load()
	}
}

// Load reads the store.
func (o *Outbox) Load() {
	o.jobs.do(false, func(ctx context.Context) func() {
		account := localstore.AccountID(o.account.Load())
		var all []sighted
		err := o.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			all, err = sightings(v, account)
			return err
		})
		if err != nil {
			o.env.Failed("outbox", err)
			return nil
		}
		return func() {
			if int64(account) == o.account.Load() {
				o.letters, o.ready = all, true
				o.Changed()
			}
		}
	})
}

func sightings(v *localstore.View, account localstore.AccountID) ([]sighted, error) {
	letters, err := v.Outbox(account, false)
	if err != nil {
		return nil, err
	}
	all := make([]sighted, 0, len(letters))
	for _, l := range letters {
		s := sighted{Letter: l}
		shown, err := v.Messages([]localstore.MessageID{l.Message})
		if err != nil {
			return nil, err
		}
		for _, m := range shown {
			s.subject, s.to = m.Subject, namesIn(m.Recipients)
		}
		all = append(all, s)
	}
	return all, nil
}

// Edit takes a letter back and opens it to be written on.
func (o *Outbox) Edit(n localstore.OutboxID) { o.desk.Letter(n) }

// Cancel takes a letter out of the Outbox; it lies in the Trash then.
func (o *Outbox) Cancel(n localstore.OutboxID) {
	forwards := o.desk.forwarded[n]
	o.do("cancel letter", "The letter does not go out. It is in the Trash.", func(tx *localstore.Tx) error {
		if err := tx.CancelLetter(n); err != nil {
			return err
		}
		return notForwarded(tx, forwards)
	})
}

// Retry makes a letter due now.
func (o *Outbox) Retry(n localstore.OutboxID) {
	o.do("retry letter", "", func(tx *localstore.Tx) error { return tx.RetryLetter(n) })
}

// Confirm settles a letter that may have gone out: it did, or it is sent again.
func (o *Outbox) Confirm(n localstore.OutboxID, sent bool) {
	text := "It goes out once more"
	if sent {
		text = "Filed in Sent"
	}
	o.do("confirm letter", text, func(tx *localstore.Tx) error { return tx.ConfirmLetter(n, sent) })
}

func (o *Outbox) do(why, text string, f func(*localstore.Tx) error) {
	o.env.Go(why, func(ctx context.Context) func() {
		err := o.env.Store.Write(ctx, why, f)
		if err == nil && o.desk.engine != nil {
			o.desk.engine.Wake()
		}
		o.Load()
		return func() {
			if err != nil {
				o.Refused(err)
			} else if text != "" {
				o.Said(text)
			}
		}
	})
}
