package imapsync

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/sync/imapsync/wire"
)

var (
	errNoCapability  = errors.New("the server does not say what it can do")
	errClosed        = errors.New("the server closed the connection")
	errCredentials   = &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "imap sign-in", Text: "A user name or password cannot hold line breaks."}
	errLoginDisabled = &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "imap sign-in", Text: "The server allows no sign-in by password on this connection."}
	errSwitched      = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Settings, Op: "imap", Text: "The account is kept in another way now; this connection ends."}
)

// refusal returns the server's NO or BAD in err, nil when the server did not
// answer.
func refusal(err error) *imap.Error {
	var e *imap.Error
	if errors.As(err, &e) && (e.Type == imap.StatusResponseTypeNo || e.Type == imap.StatusResponseTypeBad) {
		return e
	}
	return nil
}

// damaged tells whether a command succeeded and only part of its answer
// could be read: what came is good, what is missing says nothing.
func damaged(err error) bool {
	e := refusal(err)
	return e != nil && e.Code == wire.CodeDamaged
}

// fault translates an error of the library. The connection's own cause comes
// first: the library flattens it to text.
func (l *Link) fault(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	f := &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "imap " + op, Err: err}
	if e := refusal(err); e != nil {
		f.Remedy, f.Scope, f.Cause = fault.Later, fault.Folder, fault.Server
		f.Text = "The server refused: " + words(e)
		return f
	}
	if cause := l.conn.Err(); cause != nil {
		f.Err = cause
		if errors.Is(cause, context.Canceled) {
			f.Text = "The connection was ended."
			return f
		}
	}
	f.Text = "The connection to " + l.account.IMAP.Host + " broke."
	return f
}

// greetingFault says what it means that no greeting came: no network, a server
// that sends us away, or one of another kind.
func (l *Link) greetingFault(err error) error {
	var (
		bye    *wire.ByeError
		broken *wire.ProtocolError
	)
	in := l.account.IMAP
	switch cause := l.conn.Err(); {
	case errors.As(cause, &bye):
		return &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "imap greeting", Text: "The server does not let anybody in at the moment.", Err: bye}
	case errors.As(cause, &broken):
		return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "imap greeting",
			Text: fmt.Sprintf("%s does not speak IMAP on port %d.", in.Host, in.Port), Err: broken}
	}
	return l.fault("greeting", err)
}

// signInFault says what a refused sign-in means: only a wrong password is the
// user's to mend (RFC 5530 §3).
func (l *Link) signInFault(err error) error {
	e := refusal(err)
	if e == nil {
		return l.fault("sign-in", err)
	}
	f := &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "imap sign-in", Err: err}
	switch e.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug, imap.ResponseCodeContactAdmin:
		f.Remedy, f.Cause = fault.Later, fault.Server
		f.Text = "The server does not let anybody in at the moment: " + words(e)
	default:
		f.Text = "The server does not accept this user name and password: " + words(e)
	}
	return f
}

// words returns what the server said, for a person.
func words(e *imap.Error) string {
	if e.Text == "" {
		return "no reason given."
	}
	return e.Text
}
