package imapsync

import (
	"context"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
	"paquebot.app/sync/netconn"
)

// Open connects and signs in. ctx bounds the life of the link: when it ends,
// the connection is closed at once. The maildrop is opened in the store.
func Open(ctx context.Context, store *localstore.Store, account localstore.Account, password string, options Options) (*Link, error) {
	l, err := signIn(ctx, account, password, options)
	if err != nil {
		return nil, err
	}
	l.store = store
	err = l.write(ctx, "open maildrop", func(tx *localstore.Tx) error {
		s := account.IMAP
		l.maildrop, err = tx.OpenMaildrop(account.ID, localstore.IMAP, s.Host, s.Port, s.User)
		return err
	})
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Check signs in and out again, to try an account's settings. It needs no
// store.
func Check(ctx context.Context, account localstore.Account, password string) error {
	l, err := signIn(ctx, account, password, Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	if err := l.client.Logout().Wait(); err != nil {
		return l.fault("sign out", err)
	}
	return nil
}

// signIn dials, reads the greeting and authenticates.
func signIn(ctx context.Context, account localstore.Account, password string, options Options) (*Link, error) {
	ctx, stop := context.WithCancel(ctx)
	nc, err := netconn.Dial(ctx, netconn.IMAP, account.IMAP)
	if err != nil {
		stop()
		return nil, err
	}
	nc.YieldDeadlines()
	l := &Link{account: account, options: options.filled(), stop: stop, hint: make(chan struct{}, 1), prefetched: map[localstore.ContentID]bool{}}
	l.conn = wire.New(nc, wire.Config{Events: l.heard, Trace: l.trace, Clock: l.options.Clock})
	l.conn.Bind(ctx)
	l.client = imapclient.New(l.conn, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Expunge: func(uint32) { l.wake() },
		Mailbox: func(*imapclient.UnilateralDataMailbox) { l.wake() },
		Fetch:   func(m *imapclient.FetchMessageData) { drain(m); l.wake() },
	}})
	if err := l.authenticate(password); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// authenticate signs in by AUTH=PLAIN where it is offered, else by LOGIN, which
// a server that says LOGINDISABLED is not asked for (RFC 9051 §6.2.3).
func (l *Link) authenticate(password string) error {
	if err := l.client.WaitGreeting(); err != nil {
		return l.greetingFault(err)
	}
	user := l.account.IMAP.User
	if strings.ContainsAny(user+password, "\r\n\x00") {
		return errCredentials
	}
	caps := l.client.Caps()
	if caps == nil {
		return l.fault("capability", errNoCapability)
	}
	var err error
	switch {
	case caps.Has(imap.AuthCap(sasl.Plain)):
		err = l.client.Authenticate(sasl.NewPlainClient("", user, password))
	case caps.Has(imap.CapLoginDisabled):
		return errLoginDisabled
	default:
		err = l.client.Login(user, password).Wait()
	}
	if err != nil {
		return l.signInFault(err)
	}
	if l.caps = l.client.Caps(); l.caps == nil {
		return l.fault("capability", errNoCapability)
	}
	return nil
}

// heard takes what the server said unasked. It runs on the library's reader
// and must not block.
func (l *Link) heard(e wire.Event) {
	l.options.Log.Debug("server said", "event", e)
	if c, ok := e.(wire.CopyUID); ok {
		l.mu.Lock()
		l.copied = c
		l.mu.Unlock()
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
