// Package secrets keeps passwords and tokens out of the profile: in the
// system's keyring, behind a command of the user's, in memory for this run, or,
// only after an explicit yes, in a file that nobody else may read.
//
// It guarantees that no secret is ever part of an error or a log line, that a
// keyring which does not answer holds up nobody for longer than KeyringWithin,
// and that a store which is not there reads as "ask somewhere else" and never
// as a failure. Every error is a *fault.Error.
package secrets

import (
	"context"
	"errors"
	"fmt"

	"paquebot.app/internal/fault"
)

// Store holds secrets by reference: an opaque name that an account keeps in
// place of its password. All methods are safe for concurrent use.
type Store interface {
	// Get returns the secret kept under ref. An error that Missing is true of
	// means that this store cannot help and another one may.
	Get(ctx context.Context, ref string) (string, error)
	// Set keeps a secret in place of any older one. An error that Missing is
	// true of means that this store cannot keep it at all.
	Set(ctx context.Context, ref, secret string) error
	// Delete forgets a secret. One that is not there is forgotten already.
	Delete(ctx context.Context, ref string) error
}

var (
	// errNone is at the end of an error that says: nothing is kept under
	// this reference.
	errNone = errors.New("no secret is kept for this account")
	// errNoStore is at the end of an error that says: this kind of store is
	// not to be had here.
	errNoStore = errors.New("there is no such store here")
	// errNotKept is what Chain.Set ends in when the secret lasts for this run
	// only.
	errNotKept = errors.New("the secret is kept in memory only")
)

// Missing tells whether err says only that a secret, or the whole store, is
// not there, so that it is worth asking somewhere else.
func Missing(err error) bool {
	return errors.Is(err, errNone) || errors.Is(err, errNoStore)
}

// NotKept tells whether Chain.Set could keep a secret for this run only.
func NotKept(err error) bool { return errors.Is(err, errNotKept) }

// none says that nothing is kept under a reference.
func none(op string) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: op,
		Text: "The password of this account is not known here.", Err: errNone}
}

// noStore says that a kind of store is not to be had, because of err.
func noStore(op string, err error) error {
	if err != nil {
		err = fmt.Errorf("%w: %w", errNoStore, err)
	} else {
		err = errNoStore
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: op,
		Text: "This is no place where a password can be kept.", Err: err}
}
