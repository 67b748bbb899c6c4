package imapsync

import (
	"cmp"
	"context"
	"errors"

	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
	"paquebot.app/sync/netconn"
)

// Open connects and signs in. ctx bounds the life of the link: when it ends,
// the connection is closed at once. The maildrop is opened in the store.
func Open(ctx context.Context, store *localstore.Store, account localstore.Account, password string, options Options) (*Link, error) {
	before, err := recall(ctx, store, account)
	if err != nil {
		return nil, err
	}
	l, err := signIn(ctx, account, password, options, before)
	wrong := errors.Is(err, errNotAsBefore)
	if wrong {
		l, err = signIn(ctx, account, password, options, nil)
	}
	if err != nil && before != nil && !wrong {
		err = cmp.Or(forget(ctx, store, before, err), err)
	}
	if err != nil {
		return nil, err
	}
	l.store = store
	err = l.write(ctx, "open maildrop", func(tx *localstore.Tx) error {
		s := account.IMAP
		l.maildrop, err = tx.OpenMaildrop(account.ID, localstore.IMAP, s.Host, s.Port, s.User)
		if err != nil {
			return err
		}
		words, news := l.remember(l.maildrop)
		if wrong {
			words, news = nil, true
		}
		if news {
			return tx.SetCapabilities(l.maildrop.ID, words)
		}
		return nil
	})
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Check signs in and out again, to try an account's settings. It needs no
// store. Whether the server says goodbye does not matter. A refusal without a
// reason is the user's to judge, who waits for it.
func Check(ctx context.Context, account localstore.Account, password string) error {
	l, err := signIn(ctx, account, password, Options{}, nil)
	if f := fault.Of(err); f != nil && f.Cause == fault.SignIn && f.Remedy == fault.Later {
		mine := *f
		mine.Remedy = fault.User
		return &mine
	}
	if err != nil {
		return err
	}
	l.client.Logout()
	l.Close()
	return nil
}

// signIn dials and authenticates: in one flight by what is remembered of the
// server, or, where that is nil, step by step.
func signIn(ctx context.Context, account localstore.Account, password string, options Options, before *remembered) (*Link, error) {
	options = options.filled()
	meter := netconn.MeterOf(ctx)
	ctx, stop := context.WithCancel(netconn.WithMeter(ctx, meter))
	began := opened{options.Clock.Now(), meter.Total()}
	nc, err := netconn.Dial(ctx, netconn.IMAP, account.IMAP)
	if err != nil {
		stop()
		return nil, err
	}
	nc.YieldDeadlines()
	l := &Link{account: account, options: options, stop: stop, meter: meter, opened: began, hint: make(chan struct{}, 1), prefetched: map[localstore.ContentID]bool{}, atOnce: map[localstore.ContentID]bool{}, piece: firstPiece}
	l.conn = wire.New(nc, wire.Config{Known: before.words(), Events: l.heard, Trace: l.trace, Clock: l.options.Clock, Timeouts: l.options.timeouts, Limits: l.options.limits})
	l.conn.Bind(ctx)
	answers := &answers{Conn: l.conn}
	l.client = imapclient.New(answers, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Expunge: func(uint32) { l.wake() },
		Mailbox: func(*imapclient.UnilateralDataMailbox) { l.wake() },
		Fetch:   func(m *imapclient.FetchMessageData) { drain(m); l.wake() },
	}})
	if before != nil {
		err = l.signInAhead(ctx, nc, password, before)
	} else {
		err = l.authenticate(nc, answers, password)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// heard takes what the server said unasked. It runs on the library's reader
// and must not block.
func (l *Link) heard(e wire.Event) {
	l.options.Log.Debug("server said", "event", e)
	if l.noted(e) {
		return
	}
	l.wake()
}

// trace logs a line of the session; wire has taken the secrets out.
func (l *Link) trace(line string) { l.options.Log.Debug("imap", "line", line) }

// wake notes that Receive may be worth running.
func (l *Link) wake() {
	select {
	case l.hint <- struct{}{}:
	default:
	}
}

// drain reads a FETCH response that nobody asked for, so that the library goes on.
func drain(m *imapclient.FetchMessageData) {
	for m.Next() != nil {
	}
}
