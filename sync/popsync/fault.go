package popsync

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

var (
	errCredentials = &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "pop sign-in",
		Text: "A user name or password cannot hold line breaks."}
	errNoListing = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "pop listing",
		Text: "The server does not say which mails it has."}
	errSwitched = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Settings, Op: "pop",
		Text: "The account is kept in another way now; this connection ends."}
)

// refusal is an answer of the server that begins with -ERR.
type refusal struct {
	code  string // response code (RFC 2449 §8), upper case without brackets: "SYS/TEMP"; "" for none
	words string // all of it
}

func (r *refusal) Error() string { return r.words }

// newRefusal reads the response code in front of the server's words.
func newRefusal(words string) *refusal {
	r := &refusal{words: clean(words)}
	if rest, ok := strings.CutPrefix(strings.TrimSpace(words), "["); ok {
		if code, _, ok := strings.Cut(rest, "]"); ok {
			r.code = strings.ToUpper(code)
		}
	}
	return r
}

// clean makes the server's words fit for one line.
func clean(words string) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(words, "?"))
	return strings.TrimSpace(s[:min(len(s), 300)])
}

// refusedBy returns the refusal in err, nil where the server did not answer.
func refusedBy(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	return nil
}

// temporary tells a refusal that time mends. Servers without response codes
// say so in words; RFC 1939 §5 has "maildrop already locked" as the answer to
// a right password.
func (r *refusal) temporary() bool {
	switch code, _, _ := strings.Cut(r.code, "/"); {
	case r.code == "IN-USE", r.code == "LOGIN-DELAY", r.code == "SYS/TEMP":
		return true
	case code == "SYS", code == "AUTH":
		return false
	}
	words := strings.ToLower(r.words)
	for _, w := range []string{"lock", "in use", "busy", "temporar", "try again", "later", "too many"} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

// signInFault says what a refused sign-in means.
func signInFault(server localstore.Server, r *refusal) error {
	f := &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "pop sign-in", Err: r}
	switch {
	case r.temporary():
		f.Remedy, f.Cause = fault.Later, fault.Server
		f.Text = "The server asks us to come back later."
	case strings.HasPrefix(r.code, "SYS"):
		f.Cause = fault.Server
		f.Text = "The server cannot open this mailbox."
	case server.Auth != localstore.AuthPassword:
		f.Text = "The server does not accept this access token."
	default:
		f.Text = "The server does not accept this user name and password."
	}
	return f
}

// toFault translates an error of a session at the package's border.
func toFault(server localstore.Server, op string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	f := &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: op, Err: err}
	switch r := refusedBy(err); {
	case r != nil:
		f.Remedy, f.Cause, f.Text = fault.Later, fault.Server, "The server refused."
	case errors.Is(err, context.Canceled):
		f.Text = "The connection was ended."
	case errors.Is(err, errProtocol), errors.Is(err, errEndless), errors.Is(err, errUnasked):
		f.Remedy, f.Cause = fault.Later, fault.Server
		f.Text = fmt.Sprintf("%s does not answer as a POP server does.", server.Host)
	default:
		f.Text = fmt.Sprintf("The connection to %s broke.", server.Host)
	}
	return f
}
