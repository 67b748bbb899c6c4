package imapsync

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/signin"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// challengeLimit bounds the challenges of one exchange: no mechanism of ours
// has more than two.
const challengeLimit = 8

var errChallenges = errors.New("the server's challenges have no end")

// authenticate waits for the greeting and signs in. An account with an access
// token uses its mechanism and no other. A password goes by AUTH=PLAIN where
// that is offered, else by LOGIN; a server that says LOGINDISABLED is not asked
// for it (RFC 9051 §6.2.3), but for the mechanism of that name. Without TLS it
// is not told the password in any way (RFC 2595 §3.2).
func (l *Link) authenticate(nc *netconn.Conn, answers *answers, password string) error {
	if err := l.client.WaitGreeting(); err != nil {
		return cmp.Or(nc.Another(), l.greetingFault(err))
	}
	in := l.account.IMAP
	if strings.ContainsAny(in.User+password, "\r\n\x00") {
		return errCredentials
	}
	caps := l.client.Caps()
	if caps == nil {
		return l.fault("capability", errNoCapability)
	}
	l.offered = caps
	how := signin.Token(signin.Server{Method: string(in.Auth), Host: in.Host, Port: in.Port, User: in.User}, password)
	disabled := caps.Has(imap.CapLoginDisabled)
	switch {
	case how != nil:
		if name, _, _ := how.Start(); !caps.Has(imap.AuthCap(name)) {
			return errNoToken(in, name)
		}
	case disabled && in.Security == localstore.Plain:
		return nc.WantsTLS("LOGINDISABLED")
	default:
		how = signin.Password(in.User, password, func(name string) bool {
			return caps.Has(imap.AuthCap(name)) && (name == sasl.Plain || disabled)
		})
	}
	var err error
	switch {
	case how != nil:
		answers.exchange.Store(true)
		err = l.client.Authenticate(&bounded{Client: how})
		answers.exchange.Store(false)
	case disabled:
		return errLoginDisabled
	default:
		err = l.client.Login(in.User, password).Wait()
	}
	if err != nil {
		return l.refusedSignIn(nc, err)
	}
	if l.caps = l.client.Caps(); l.caps == nil {
		return l.fault("capability", errNoCapability)
	}
	return nil
}

// refusedSignIn says what became of a sign-in that failed.
func (l *Link) refusedSignIn(nc *netconn.Conn, err error) error {
	e := refusal(err)
	if e == nil {
		return l.signInFault(err)
	}
	if wants := nc.WantsTLS(string(e.Code) + " " + e.Text); wants != nil {
		return wants
	}
	return l.signInFault(err)
}

// errNoToken says that a server does not take the account's kind of token.
func errNoToken(in localstore.Server, mechanism string) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "imap sign-in",
		Text: fmt.Sprintf("%s does not offer sign-in by access token (%s).", in.Host, mechanism)}
}

// bounded is a mechanism that gives up a server whose challenges have no end.
type bounded struct {
	sasl.Client
	answered int
}

// Next implements sasl.Client.
func (b *bounded) Next(challenge []byte) ([]byte, error) {
	if b.answered++; b.answered > challengeLimit {
		return nil, errChallenges
	}
	return b.Client.Next(challenge)
}

// answers is the connection as the library writes to it. An empty answer to a
// challenge, as a refused token demands, is an empty line (RFC 9051 §6.2.2);
// the library writes "=", which is one only behind the command (RFC 4959 §3).
type answers struct {
	net.Conn
	exchange atomic.Bool // a SASL exchange is under way
}

// Write implements net.Conn.
func (a *answers) Write(p []byte) (int, error) {
	if !a.exchange.Load() || !bytes.Equal(p, []byte("=\r\n")) {
		return a.Conn.Write(p)
	}
	if _, err := a.Conn.Write(p[1:]); err != nil {
		return 0, err
	}
	return len(p), nil
}
