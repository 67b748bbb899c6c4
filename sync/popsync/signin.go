package popsync

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/signin"
	"paquebot.app/localstore"
)

const (
	commandLimit   = 255 // bytes of a command with its CRLF (RFC 2449 §4)
	challengeLimit = 8   // challenges of one exchange: no mechanism of ours has more than two
)

// authenticate signs in. An account with an access token uses its mechanism and
// no other. A password goes by SASL PLAIN or LOGIN (RFC 5034) where they are
// announced, else by USER and PASS, and by APOP (RFC 1939 §7) only with a
// server that announces nothing else: APOP keeps the password off the wire,
// but demands that the server stores it readable, and MD5 protects little.
func (s *session) authenticate(password string) error {
	if how := signin.Token(signin.Server{Method: string(s.server.Auth), Host: s.server.Host, Port: s.server.Port, User: s.server.User}, password); how != nil {
		name, _, _ := how.Start()
		if s.caps.known && !s.caps.sasl[name] {
			return errNoToken(s.server, name)
		}
		return s.exchange(how)
	}
	how := signin.Password(s.server.User, password, func(name string) bool { return s.caps.sasl[name] })
	stamped := s.wire.timestamp != ""
	switch {
	case how != nil:
		return s.exchange(how)
	case !s.caps.known || s.caps.user:
		_, err := s.command("USER "+s.server.User, nil)
		if refusedBy(err) != nil && !s.caps.known && stamped {
			return s.apop(password)
		}
		return s.pass(password, err)
	case stamped:
		return s.apop(password)
	case len(s.caps.sasl) > 0:
		return errNoPassword(s.server)
	}
	_, err := s.command("USER "+s.server.User, nil)
	return s.pass(password, err)
}

// pass sends the password after a USER that was answered by err.
func (s *session) pass(password string, err error) error {
	if err == nil {
		_, err = s.command("PASS "+password, nil)
	}
	return err
}

// apop answers the timestamp of the greeting.
func (s *session) apop(password string) error {
	digest := md5.Sum([]byte(s.wire.timestamp + password))
	_, err := s.command("APOP "+s.server.User+" "+hex.EncodeToString(digest[:]), nil)
	return err
}

// exchange carries a SASL exchange (RFC 5034 §4). The first response goes with
// the command where the line holds it.
func (s *session) exchange(how sasl.Client) error {
	name, first, err := how.Start()
	if err != nil {
		return err
	}
	line, waits := "AUTH "+name, first != nil
	if encoded := line + " " + base64.StdEncoding.EncodeToString(first); waits && len(encoded)+2 <= commandLimit {
		line, waits = encoded, false
	}
	s.wire.exchange = true
	defer func() { s.wire.exchange = false }()
	for range challengeLimit {
		if _, err := s.command(line, nil); err != nil || s.wire.challenge == nil {
			return err
		}
		challenge, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(s.wire.challenge)))
		if err != nil {
			return fmt.Errorf("%w: a challenge that is not base64", errProtocol)
		}
		response := first
		if !waits {
			if response, err = how.Next(challenge); err != nil {
				return err
			}
		}
		line, waits = base64.StdEncoding.EncodeToString(response), false
	}
	return errEndless
}

// apopTimestamp returns what a greeting has to be answered with by APOP, "" for
// a greeting without one. Only a plain msg-id is taken: a server in the middle
// that may choose other bytes can learn parts of the password (RFC 1939 §13,
// CVE-2007-1558).
func apopTimestamp(greeting []byte) string {
	from := strings.IndexByte(string(greeting), '<')
	if from < 0 {
		return ""
	}
	id, _, closed := strings.Cut(string(greeting[from+1:]), ">")
	local, domain, at := strings.Cut(id, "@")
	if !closed || !at || local == "" || domain == "" {
		return ""
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' || id[i] == '<' {
			return ""
		}
	}
	return "<" + id + ">"
}

// errNoToken says that a server does not take the account's kind of token.
func errNoToken(server localstore.Server, mechanism string) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "pop sign-in",
		Text: fmt.Sprintf("%s does not offer sign-in by access token (%s).", server.Host, mechanism)}
}

// errNoPassword says that a server offers no way to sign in by password.
func errNoPassword(server localstore.Server) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "pop sign-in",
		Text: fmt.Sprintf("%s offers no way to sign in with a password that Paquebot knows.", server.Host)}
}
