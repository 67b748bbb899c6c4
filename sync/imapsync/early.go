package imapsync

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/signin"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
	"paquebot.app/sync/netconn"
)

// distrust is how long a server is signed in to step by step after it did not
// take what it had said it could.
const distrust = 24 * time.Hour

// remembered is what a server could do when it was last signed in to. With it
// the sign-in need not wait for the greeting, and what is asked first goes in
// the same flight: one turn in all.
//
// That is done only where TLS has shown who the server is, from the first byte on
// or by STARTTLS, and only by a mechanism whose message goes in the command
// (RFC 4959): PLAIN, or that of the account's access token. Never by LOGIN, which
// the greeting may still forbid.
type remembered struct {
	maildrop  localstore.Maildrop
	mechanism string
	caps      imap.CapSet
	folders   []string // to ask STATUS of
}

// words returns the capabilities; none for what is not remembered.
func (r *remembered) words() (words []string) {
	if r == nil {
		return nil
	}
	for c := range r.caps {
		words = append(words, string(c))
	}
	return words
}

// keptCaps are the capabilities that are remembered.
var keptCaps = []imap.Cap{imap.AuthCap("PLAIN"), imap.AuthCap(signin.XOAUTH2), imap.AuthCap(sasl.OAuthBearer), imap.CapSASLIR, imap.CapEnable, imap.CapQResync, imap.CapCondStore,
	imap.CapListExtended, imap.CapListStatus, imap.CapSpecialUse, imap.CapNamespace, capXList}

// recall returns what is remembered of the account's server; nil where it is
// not enough to sign in by.
func recall(ctx context.Context, store *localstore.Store, account localstore.Account) (r *remembered, err error) {
	in := account.IMAP
	if in.Security == localstore.Plain {
		return nil, nil
	}
	mechanism, _, err := opening(in, "")
	if err != nil {
		return nil, nil // whoever signs in finds out
	}
	err = store.Read(ctx, func(v *localstore.View) error {
		m, ok, err := v.OpenMaildropOf(account.ID)
		if err != nil || !ok || m.Host != in.Host || m.Port != in.Port || m.User != in.User {
			return err
		}
		caps := imap.CapSet{}
		for _, word := range m.Capabilities {
			caps[imap.Cap(word)] = struct{}{}
		}
		if !caps.Has(imap.AuthCap(mechanism)) || !caps.Has(imap.CapSASLIR) {
			return nil
		}
		r = &remembered{maildrop: m, mechanism: mechanism, caps: caps}
		if !caps.Has(imap.CapCondStore) || caps.Has(imap.CapListStatus) {
			return nil
		}
		halves, err := v.RemoteFolders(m.ID)
		for _, rf := range halves[:min(len(halves), flightStatus)] {
			r.folders = append(r.folders, rf.Name)
		}
		return err
	})
	return r, err
}

// opening returns the mechanism by which an account signs in, and its message.
func opening(in localstore.Server, secret string) (mechanism string, message []byte, err error) {
	how := signin.Token(signin.Server{Method: string(in.Auth), Host: in.Host, Port: in.Port, User: in.User}, secret)
	if how == nil {
		how = sasl.NewPlainClient("", in.User, secret)
	}
	return how.Start()
}

// remember returns what is to be remembered of the server signed in to, and
// whether it is news.
func (l *Link) remember(m localstore.Maildrop) (words []string, news bool) {
	if l.account.IMAP.Security == localstore.Plain || len(m.Capabilities) == 0 && l.now().Sub(m.CapabilitiesAt) < distrust {
		return nil, false
	}
	for _, c := range keptCaps {
		if strings.HasPrefix(string(c), "AUTH=") || c == imap.CapSASLIR {
			if l.offered.Has(c) {
				words = append(words, string(c))
			}
		} else if l.caps.Has(c) {
			words = append(words, string(c))
		}
	}
	return words, !slices.Equal(words, m.Capabilities)
}

// forget gives up what is remembered of a server that refused a sign-in by it;
// the next one goes step by step.
func forget(ctx context.Context, store *localstore.Store, r *remembered, refused error) error {
	if f := fault.Of(refused); f == nil || f.Cause != fault.SignIn {
		return nil
	}
	return store.Write(ctx, "forget capabilities", func(tx *localstore.Tx) error { return tx.SetCapabilities(r.maildrop.ID, nil) })
}

// ahead is the answer to what went with the sign-in.
type ahead struct {
	list []*imap.ListData
	all  bool
	err  error
}

// errNotAsBefore is what became of a flight to a server that is not what it was.
var errNotAsBefore = errors.New("the server is not as it was")

// signInAhead signs in by what is remembered, with what is asked first in the
// same flight. A password that is refused is refused; where the server did not
// understand, broke off or said nothing, the error is errNotAsBefore, and it is
// to be signed in to step by step over another connection.
func (l *Link) signInAhead(ctx context.Context, nc *netconn.Conn, password string, r *remembered) error {
	in := l.account.IMAP
	if strings.ContainsAny(in.User+password, "\r\n\x00") {
		return errCredentials
	}
	var (
		auth, enable *wire.Pending
		busy         error
		came         = &ahead{}
		statuses     = map[string]*imap.StatusData{}
		mu           sync.Mutex
	)
	l.caps = r.caps
	_, message, err := opening(in, password)
	if err != nil {
		return errNotAsBefore
	}
	broken := l.fly(ctx, "sign-in", func(f *flight) {
		if auth, busy = l.conn.Authenticate(r.mechanism, message); busy != nil {
			return
		}
		if r.mechanism != sasl.Plain {
			// A refused token is a question, which the next line answers (RFC 7628
			// §3.2.3): this one, that nobody waits for.
			if _, busy = l.conn.Noop(); busy != nil {
				return
			}
		}
		if !l.options.Receive {
			// When this is answered the library knows what the sign-in said.
			noop := l.client.Noop()
			f.readers.Go(func() { _ = noop.Wait() })
			return
		}
		enable = l.beginQResync(r.caps)
		f.list(l.listOptions(), func(data []*imap.ListData, all bool, err error) { came.list, came.all, came.err = data, all, err })
		f.namespace(r.caps)
		for _, name := range r.folders {
			f.status(name, l.statusOptions(), func(data *imap.StatusData, _ error) {
				mu.Lock()
				defer mu.Unlock()
				statuses[name] = data
			})
		}
	})
	if err := ctx.Err(); err != nil {
		return l.fault("sign-in", err)
	}
	if broken != nil || busy != nil {
		return errNotAsBefore
	}
	told, err := auth.Wait(ctx)
	if e := refusal(err); e != nil && e.Type == imap.StatusResponseTypeNo {
		return l.refusedSignIn(nc, err)
	}
	if greeting := l.client.WaitGreeting(); greeting != nil {
		if f := fault.Of(l.greetingFault(greeting)); f != nil && f.Cause == fault.Server {
			return f
		}
		return errNotAsBefore
	}
	if err != nil {
		return errNotAsBefore
	}
	l.offered = r.caps
	if !told.Capabilities {
		if l.caps, err = l.client.Capability().Wait(); err != nil {
			return l.fault("capability", err)
		}
	}
	if l.caps = l.client.Caps(); l.caps == nil {
		return l.fault("capability", errNoCapability)
	}
	l.endQResync(ctx, enable)
	for _, d := range came.list {
		if d.Status == nil {
			d.Status = statuses[d.Mailbox]
		}
	}
	if l.options.Receive && !damaged(came.err) {
		l.ahead = came
	}
	return nil
}
