package imapsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
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
		f.Text, f.Err = "The server refused: "+words(e), answer{e}
		if throttles(e) {
			f.Scope = fault.Account // whatever is asked next makes it longer
		}
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

// What the codes of a refused sign-in mean (RFC 5530 §3, RFC 2221, and what
// large providers say). All others, and none, mean no more than the refusal.
var (
	wrongSecret = []imap.ResponseCode{imap.ResponseCodeAuthenticationFailed, imap.ResponseCodeAuthorizationFailed, imap.ResponseCodeExpired}
	askedToAct  = []imap.ResponseCode{"REFERRAL", "WEBALERT"}
	comeBack    = []imap.ResponseCode{imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug,
		imap.ResponseCodeContactAdmin, imap.ResponseCodeOverQuota, throttled}
)

// throttled is the code of a server that was asked too much in a short time.
const throttled imap.ResponseCode = "THROTTLED"

// throttles tells whether a refusal means that; Exchange says it in words.
func throttles(e *imap.Error) bool {
	return e.Code == throttled || strings.Contains(strings.ToLower(e.Text), "request is throttled")
}

// signInFault says what a refused sign-in means, by the rule of the package.
func (l *Link) signInFault(err error) error {
	e := refusal(err)
	if e == nil {
		return l.fault("sign-in", err)
	}
	f := &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "imap sign-in", Err: answer{e}}
	token := l.account.IMAP.Auth != localstore.AuthPassword
	switch {
	case slices.Contains(wrongSecret, e.Code) && token:
		f.Text = "The server does not accept this access token: " + words(e)
	case slices.Contains(wrongSecret, e.Code):
		f.Text = "The server does not accept this user name and password: " + words(e)
	case slices.Contains(askedToAct, e.Code):
		f.Text = "The server asks you to act before it lets you in: " + words(e)
	case slices.Contains(comeBack, e.Code):
		f.Remedy, f.Cause = fault.Later, fault.Server
		f.Text = "The server does not let anybody in at the moment: " + words(e)
	default:
		f.Remedy = fault.Later
		f.Text = "The server refused the sign-in: " + words(e)
	}
	return f
}

// answer is a server's NO or BAD beside a sentence that has its words already.
type answer struct{ said *imap.Error }

// Error names the answer without its words.
func (a answer) Error() string {
	if a.said.Code == "" {
		return string(a.said.Type)
	}
	return fmt.Sprintf("%s [%s]", a.said.Type, a.said.Code)
}

// Unwrap returns the answer as the library gave it.
func (a answer) Unwrap() error { return a.said }

// words returns what the server said, as the end of a sentence for a person.
func words(e *imap.Error) string {
	text := strings.TrimSpace(e.Text)
	switch {
	case text == "":
		return "no reason given."
	case strings.ContainsAny(text[len(text)-1:], ".!?)"):
		return text
	}
	return text + "."
}
