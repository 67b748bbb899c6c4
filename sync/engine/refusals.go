package engine

import (
	"context"
	"crypto/sha256"
	"sync"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// mostRefusals is how often in a row a server may refuse a secret, without
// saying that it is wrong, before the user hears that he has to mend it.
const mostRefusals = 3

// refusals judges sign-ins that a server refused without saying why (remedy
// Later, cause SignIn): old servers say no more when a password is wrong, and
// large providers when there are too many connections.
//
// A secret that the server has let in, or that was in use when this program
// started with an account that has been let in before, is kept and tried again
// for as long as it takes; the status says what the server said. A secret that
// is new to the server is the user's to mend after mostRefusals. Its methods
// are safe for concurrent use.
type refusals struct {
	mu sync.Mutex
	of map[localstore.AccountID]refusal
}

// refusal is what is known of an account's secrets in this run. They are kept
// as hashes.
type refusal struct {
	server  string // host and user that it is about
	trusted [sha256.Size]byte
	last    [sha256.Size]byte // the one that was refused
	times   int               // in a row
}

func newRefusals() *refusals { return &refusals{of: map[localstore.AccountID]refusal{}} }

// judge returns what err, the end of a try to sign in with a secret, means.
// before tells whether the account was let in before this run.
func (r *refusals) judge(a localstore.Account, secret string, err error, before func() (bool, error)) error {
	f := fault.Of(err)
	unsaid := f != nil && f.Cause == fault.SignIn && f.Remedy == fault.Later
	if f != nil && !unsaid {
		return err
	}
	in := a.Incoming()
	server, sum := in.Host+" "+in.User, sha256.Sum256([]byte(secret))
	r.mu.Lock()
	defer r.mu.Unlock()
	now, known := r.of[a.ID]
	if !known || now.server != server {
		now = refusal{server: server}
		if unsaid {
			worked, failed := before()
			if failed != nil {
				return err
			}
			if worked {
				now.trusted = sum
			}
		}
	}
	defer func() { r.of[a.ID] = now }()
	switch {
	case err == nil:
		now.trusted, now.times = sum, 0
		return nil
	case sum == now.trusted:
		return err
	case sum != now.last:
		now.last, now.times = sum, 0
	}
	if now.times++; now.times < mostRefusals {
		return err
	}
	mine := *f
	mine.Remedy = fault.User
	return &mine
}

// letInBefore tells whether the server of an account has ever let it in.
func (e *Engine) letInBefore(ctx context.Context, a localstore.Account) (found bool, err error) {
	in := a.Incoming()
	err = e.Store.Read(ctx, func(v *localstore.View) error {
		m, ok, err := v.OpenMaildropOf(a.ID)
		found = ok && m.Host == in.Host && m.User == in.User
		return err
	})
	return found, err
}
