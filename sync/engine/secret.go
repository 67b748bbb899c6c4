package engine

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// withSecret calls try with the secret of an account. A server that refuses an
// access token may only have seen it expire: the secret is asked for again, and
// where it is another one by now, try is called once more, before the user
// hears of it.
func (e *Engine) withSecret(ctx context.Context, a localstore.Account, try func(secret string) error) error {
	secret, err := e.Password(ctx, a)
	if err != nil {
		return err
	}
	err = try(secret)
	if !tokenRefused(a, err) {
		return err
	}
	next, failed := e.Password(ctx, a)
	if failed != nil || next == secret {
		return err
	}
	return try(next)
}

// tokenRefused tells whether a server refused the access token of an account,
// or refused the sign-in with it and did not say why.
func tokenRefused(a localstore.Account, err error) bool {
	f := fault.Of(err)
	return f != nil && f.Cause == fault.SignIn && (f.Remedy == fault.User || f.Remedy == fault.Later) && a.Incoming().Auth != localstore.AuthPassword
}
