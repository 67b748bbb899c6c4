package submit

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Options of a run; the zero value is ready for use.
type Options struct {
	Clock clock.Clock  // nil: the system's
	Log   *slog.Logger // nil: none

	stall time.Duration // how long the server may be silent; 0: five minutes
	dot   time.Duration // the same after the final dot; 0: twelve minutes

	commit func(write func() error) error // around every commit; nil: just write
}

func (o Options) filled() Options {
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.stall == 0 {
		o.stall = stallLimit
	}
	if o.dot == 0 {
		o.dot = dotLimit
	}
	if o.commit == nil {
		o.commit = func(write func() error) error { return write() }
	}
	return o
}

// Report counts what a run did with the letters that were due.
type Report struct {
	Sent     int // accepted by the server for all recipients it did not refuse
	Later    int // back in the queue
	Refused  int // for good
	Unsure   int // the final dot went out and no answer came
	BytesIn  int64
	BytesOut int64
}

// run is one call of Run.
type run struct {
	ctx      context.Context
	store    *localstore.Store
	account  localstore.Account
	password string
	options  Options
	session  *session                    // nil: not connected
	careful  bool                        // a flight of commands was not answered: they go one by one
	broke    map[localstore.OutboxID]int // how often the line broke while a letter was sent
	report   Report
}

// Run sends every letter of the account that is due, once, in the order they
// were queued, over as few connections as it can, and files what was sent. When
// to call it again, the store knows (View.NextLetter). Its error is about the
// account: no connection, no sign-in, a full disk. What happened to a letter
// stands in the store.
//
// Only one process runs it at a time: the holder of Store.Lock, after
// Tx.RecoverLetters.
func Run(ctx context.Context, store *localstore.Store, account localstore.Account, password string, options Options) (Report, error) {
	r := &run{ctx: ctx, store: store, account: account, password: password, options: options.filled(), broke: map[localstore.OutboxID]int{}}
	defer r.disconnect()
	if err := r.recover(); err != nil {
		return r.report, err
	}
	if err := r.fileSent(); err != nil {
		return r.report, err
	}
	tried := map[localstore.OutboxID]bool{}
	for {
		l, ok, err := r.next(tried)
		if err != nil || !ok {
			r.quit()
			return r.report, err
		}
		if err := r.connect(); err != nil {
			return r.report, err
		}
		if len(tried) == 0 {
			// An older state of the profile that is put back is known by this.
			if err := r.store.StampOrigin(context.WithoutCancel(r.ctx)); err != nil {
				return r.report, err
			}
		}
		progress, err := r.send(l)
		if err != nil {
			r.trouble(err)
			return r.report, err
		}
		if err := r.learn(); err != nil {
			return r.report, err
		}
		tried[l.N] = !progress && !r.onceMore(l.N)
	}
}

// recover settles what a full disk, or the end of an earlier Run in the midst of
// a letter, left 'sending': nothing else of the account is being sent.
func (r *run) recover() error {
	left := false
	err := r.store.Read(r.ctx, func(v *localstore.View) error {
		letters, err := v.Outbox(r.account.ID, false)
		left = slices.ContainsFunc(letters, func(l localstore.Letter) bool { return l.State == localstore.OutSending })
		return err
	})
	if err != nil || !left {
		return err
	}
	return r.write("recover letters", func(tx *localstore.Tx) error { return tx.RecoverLetters(r.account.ID) })
}

// Check signs in and out again, to try an account's settings.
func Check(ctx context.Context, account localstore.Account, password string) error {
	s, err := open(ctx, account, password, Options{}.filled())
	if err != nil {
		return err
	}
	s.quit()
	return nil
}

// next returns the first letter that is due and was not tried yet.
func (r *run) next(tried map[localstore.OutboxID]bool) (localstore.Letter, bool, error) {
	if err := r.ctx.Err(); err != nil {
		return localstore.Letter{}, false, ended(err)
	}
	var due []localstore.Letter
	err := r.store.Read(r.ctx, func(v *localstore.View) (err error) {
		due, err = v.DueLetters(r.account.ID, r.options.Clock.Now())
		return err
	})
	for _, l := range due {
		if !tried[l.N] {
			return l, true, err
		}
	}
	return localstore.Letter{}, false, err
}

// connect makes sure that there is a session.
func (r *run) connect() error {
	if r.session != nil && !r.session.dead {
		return nil
	}
	r.disconnect()
	s, err := open(r.ctx, r.account, r.password, r.options)
	if err != nil {
		r.trouble(err)
		return err
	}
	r.session = s
	return nil
}

// disconnect ends the session without a word.
func (r *run) disconnect() {
	if r.session == nil {
		return
	}
	r.session.close()
	stats := r.session.conn.Stats()
	r.report.BytesIn += stats.BytesIn
	r.report.BytesOut += stats.BytesOut
	r.session = nil
}

func (r *run) quit() {
	if r.session != nil {
		r.session.quit()
	}
}

// File files what a crash or a full disk left sent and not filed. It needs no
// connection.
func File(ctx context.Context, store *localstore.Store, account localstore.Account) error {
	r := &run{ctx: ctx, store: store, account: account, options: Options{}.filled()}
	return r.fileSent()
}

// file puts a sent letter into Sent. In an account kept by IMAP that waits
// until the server's folders are known: only then is it known which of them
// is Sent. File does it later.
func (r *run) file(tx *localstore.Tx, n localstore.OutboxID) error {
	if r.account.Mode == localstore.IMAP {
		inbox, err := tx.FolderByRole(r.account.ID, localstore.RoleInbox)
		if err != nil || !inbox.Remote {
			return err
		}
	}
	return tx.LetterFiled(n, r.account.Mode == localstore.IMAP)
}

func (r *run) fileSent() error {
	var left []localstore.Letter
	err := r.store.Read(r.ctx, func(v *localstore.View) error {
		letters, err := v.Outbox(r.account.ID, false)
		left = slices.DeleteFunc(letters, func(l localstore.Letter) bool { return l.State != localstore.OutSent })
		return err
	})
	if err != nil || len(left) == 0 {
		return err
	}
	return r.write("file letters", func(tx *localstore.Tx) error {
		for _, l := range left {
			if err := r.file(tx, l.N); err != nil {
				return err
			}
		}
		return nil
	})
}

// write commits a step. A step that happened on the wire is written down even
// when the caller has given up meanwhile.
func (r *run) write(why string, f func(*localstore.Tx) error) error {
	return r.options.commit(func() error { return r.store.Write(context.WithoutCancel(r.ctx), why, f) })
}

// ended is the error of a caller that gave up.
func ended(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "smtp send",
			Text: "Sending was ended.", Err: err}
	}
	return err
}
