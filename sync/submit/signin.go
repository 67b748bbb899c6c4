package submit

import (
	"cmp"
	"encoding/base64"
	"fmt"

	"github.com/emersion/go-sasl"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/signin"
	"paquebot.app/localstore"
)

const (
	commandLimit   = 512 // bytes of a command with its CRLF (RFC 5321 §4.5.3.1.4)
	challengeLimit = 8   // challenges of one exchange: no mechanism of ours has more than two
)

// signIn greets and authenticates. An account with an access token uses its
// mechanism and no other; a password goes by PLAIN or LOGIN. A server that
// offers none may take mail without (RFC 6409 §4.3 lets it say so at MAIL).
func (s *session) signIn(account localstore.Account, secret string) error {
	s.conn.hello = new(keywords)
	err := s.client.Hello(ehloName(account.Address))
	s.conn.hello = nil
	if err != nil {
		return cmp.Or(s.conn.Another(), s.fault("smtp greeting", err))
	}
	if s.server.User == "" {
		return nil
	}
	how := signin.Token(signin.Server{Method: string(s.server.Auth), Host: s.server.Host, Port: s.server.Port, User: s.server.User}, secret)
	if how != nil {
		name, _, _ := how.Start()
		if asks, _ := s.client.Extension("AUTH"); asks && !s.client.SupportsAuth(name) {
			return errNoToken(s.server, name)
		} else if !asks {
			return nil
		}
	} else if how = signin.Password(s.server.User, secret, s.client.SupportsAuth); how == nil {
		return nil
	}
	err = s.client.Auth(&exchange{Client: how})
	r := reply(err)
	if r == nil {
		return s.fault("smtp sign-in", err)
	}
	return cmp.Or(s.conn.WantsTLS(r.Message), s.signInFault(r))
}

// errNoToken says that a server does not take the account's kind of token.
func errNoToken(server localstore.Server, mechanism string) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "smtp sign-in",
		Text: fmt.Sprintf("%s does not offer sign-in by access token (%s).", server.Host, mechanism)}
}

// exchange is a mechanism as AUTH carries it (RFC 4954 §4): a first response
// that does not fit into the command's line waits to be asked for, and a server
// whose challenges have no end is given up.
type exchange struct {
	sasl.Client
	waiting  []byte // the first response, not said yet
	answered int
}

// Start implements sasl.Client.
func (e *exchange) Start() (string, []byte, error) {
	name, first, err := e.Client.Start()
	if len("AUTH  \r\n")+len(name)+base64.StdEncoding.EncodedLen(len(first)) <= commandLimit {
		return name, first, err
	}
	e.waiting = first
	return name, nil, err
}

// Next implements sasl.Client.
func (e *exchange) Next(challenge []byte) ([]byte, error) {
	if e.answered++; e.answered > challengeLimit {
		return nil, errEndless
	}
	if first := e.waiting; first != nil {
		e.waiting = nil
		return first, nil
	}
	return e.Client.Next(challenge)
}
