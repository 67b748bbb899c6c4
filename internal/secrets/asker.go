package secrets

import (
	"context"
	"fmt"
	"sync"

	"paquebot.app/internal/fault"
)

// Asker asks the person at the computer, once a run for each reference: who
// has declined is not asked again until Delete, which a caller does when the
// person wants to try again. It keeps nothing itself: put it at the end of a
// Chain, which remembers the answer.
type Asker struct {
	ask func(ctx context.Context, ref string) (string, error)

	mu    sync.Mutex
	asked map[string]*question
}

// question is one that is being asked or was answered.
type question struct {
	done   chan struct{}
	secret string
	err    error
	broken bool // the context of whoever put it ended first
}

// NewAsker returns a store that gets its secrets from ask. ask may take as
// long as a person takes, is called for one reference at most once at a time,
// and returns an error when the person declines.
func NewAsker(ask func(ctx context.Context, ref string) (string, error)) *Asker {
	return &Asker{ask: ask, asked: map[string]*question{}}
}

// Get asks, or waits for the answer to the same question of another caller.
func (a *Asker) Get(ctx context.Context, ref string) (string, error) {
	for {
		a.mu.Lock()
		q, asked := a.asked[ref]
		if !asked {
			q = &question{done: make(chan struct{})}
			a.asked[ref] = q
		}
		a.mu.Unlock()
		if !asked {
			a.put(ctx, ref, q)
		}
		select {
		case <-q.done:
		case <-ctx.Done():
			return "", stopped("ask for the password", ctx.Err())
		}
		switch {
		case q.broken && ctx.Err() != nil:
			return "", stopped("ask for the password", ctx.Err())
		case q.broken:
			continue // it was another caller's patience that ended
		case q.err != nil:
			return "", &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "ask for the password",
				Text: "The password of this account was asked for and not given.", Err: fmt.Errorf("%w: %w", errNone, q.err)}
		}
		return q.secret, nil
	}
}

// put asks a question and keeps the answer for those who wait. A question that
// was broken off by its context counts as never asked.
func (a *Asker) put(ctx context.Context, ref string, q *question) {
	q.secret, q.err = a.ask(ctx, ref)
	if ctx.Err() != nil {
		q.broken = true
		a.forget(ref, q)
	}
	close(q.done)
}

// forget removes a question unless another has taken its place.
func (a *Asker) forget(ref string, q *question) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.asked[ref] == q {
		delete(a.asked, ref)
	}
}

// Set says that this is no place to keep anything.
func (a *Asker) Set(context.Context, string, string) error {
	return noStore("keep the password", nil)
}

// Delete lets the same question be asked again.
func (a *Asker) Delete(_ context.Context, ref string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.asked, ref)
	return nil
}

// stopped says that the caller's context ended first.
func stopped(op string, err error) error {
	return &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.SignIn, Op: op,
		Text: "Looking up the password was broken off.", Err: err}
}
