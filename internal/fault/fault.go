// Package fault says what an error means to the person at the screen: what can
// mend it, how far it reaches and, in one plain sentence, what happened.
//
// Packages that meet the outside world (sockets, disks, other programs' files)
// translate at their border into *Error; everything above asks Of and never
// looks at another package's error values. The original error stays wrapped:
// errors.Is and errors.As see it.
package fault

import (
	"errors"
	"fmt"
)

// Remedy is what can mend an error.
type Remedy int

const (
	Bug    Remedy = iota // only we can: a defect of Paquebot
	Online               // being connected again; retried for ever, silently
	Later                // waiting: the server said so, or somebody else holds the lock
	User                 // the user: a password, a certificate, a setting, room on the disk
	Never                // nothing: this mail or this request is refused for good
)

// Scope is how far an error reaches: what cannot go on because of it.
type Scope int

const (
	App     Scope = iota // nothing can: the profile cannot be used
	Account              // this account; the others go on
	Folder               // this folder; the rest of the account goes on
	Message              // this one mail; everything else goes on
)

// Cause is what kind of thing went wrong; it chooses the exit code of
// paquebotctl and the action a banner offers.
type Cause int

const (
	Unknown     Cause = iota
	Network           // no connection, or it broke
	Server            // the server answered and refused, or broke its protocol
	SignIn            // the server does not accept user and password
	Certificate       // the server could not prove who it is, or offers no TLS
	Settings          // host, port or another setting is wrong
	Disk              // full, read-only, damaged, or newer than this program
	Data              // input that cannot be understood
	Missing           // no such account, folder or message
)

// Error is an error with a remedy.
type Error struct {
	Remedy Remedy
	Scope  Scope
	Cause  Cause
	Op     string // what was being done, as a short constant: "pop sign-in"
	Text   string // one sentence for a person; empty: made of Op and Err
	Err    error  // what happened, in the words of who said it
}

// Error returns the sentence for a person, followed by the words of the
// server or system where there are any.
func (e *Error) Error() string {
	switch {
	case e.Text != "" && e.Err != nil:
		return fmt.Sprintf("%s (%v)", e.Text, e.Err)
	case e.Text != "":
		return e.Text
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return e.Op
}

// Unwrap returns the error that was translated.
func (e *Error) Unwrap() error { return e.Err }

// Of returns the outermost *Error in err's chain. An error that nobody
// translated, and a panic that a border caught, is a Bug of the whole program
// and reads as one calm sentence; its own words are in Err, for the log. Of(nil)
// is nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Remedy: Bug, Scope: App, Op: "unexpected error", Text: "Something went wrong inside Paquebot. Nothing is lost; the log has the details.", Err: err}
}

// Is tells whether err carries the remedy r.
func Is(err error, r Remedy) bool { return err != nil && Of(err).Remedy == r }
