package submit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	smtp "github.com/emersion/go-smtp"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

var errCredentials = &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "smtp sign-in",
	Text: "A user name or password cannot hold line breaks."}

// reply returns the server's refusal in err, nil where it gave none.
func reply(err error) *smtp.SMTPError {
	var r *smtp.SMTPError
	if errors.As(err, &r) {
		return r
	}
	return nil
}

// words returns a refusal as the server said it, on one line.
func words(r *smtp.SMTPError) string {
	s := fmt.Sprintf("%d %s", r.Code, r.Message)
	if e := r.EnhancedCode; e[0] > 0 {
		s = fmt.Sprintf("%d %d.%d.%d %s", r.Code, e[0], e[1], e[2], r.Message)
	}
	s = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "?"))
	return strings.TrimSpace(s[:min(len(s), 500)])
}

// signInFault says what a refused sign-in means (RFC 4954 §6).
func (s *session) signInFault(r *smtp.SMTPError) error {
	f := &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "smtp sign-in",
		Text: "The server for sending does not accept this user name and password.", Err: r}
	switch {
	case r.Code < 500:
		f.Remedy, f.Text = fault.Later, "The server for sending cannot check passwords at the moment."
	case s.server.Auth != localstore.AuthPassword:
		f.Text = "The server for sending does not accept this access token."
	}
	return f
}

// demandsSignIn tells a server that takes no mail without AUTH (RFC 4954 §6).
func demandsSignIn(r *smtp.SMTPError) bool { return r.Code == 530 }

func signInDemanded(r *smtp.SMTPError) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "smtp send",
		Text: "The server for sending demands a sign-in that it does not offer here. Its settings may be wrong.", Err: r}
}

// fault translates an error of the connection at the package's border.
func (s *session) fault(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	f := &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: op, Err: err}
	switch r := reply(err); {
	case r != nil:
		f.Remedy, f.Cause = fault.Later, fault.Server
		f.Text = "The server for sending takes no letters at the moment."
	case errors.Is(err, context.Canceled):
		f.Text = "The connection was ended."
	default:
		f.Text = "The connection to " + s.server.Host + " broke."
	}
	return f
}
