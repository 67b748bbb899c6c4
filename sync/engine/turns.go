package engine

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// turn is held by one goroutine at a time.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn; give ends it. It fails only when ctx ends.
func (t turn) take(ctx context.Context) (give func(), err error) {
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// turns keep what is done for an account one after the other. Two links that
// apply the same append, or two runs that send the same letter, would each be
// right alone and double the mail together. Whoever holds carry may take send,
// never the other way round.
type turns struct {
	carry turn // applying and receiving
	send  turn // emptying the outbox
}

// turnsOf returns the turns of an account.
func (e *Engine) turnsOf(id localstore.AccountID) turns {
	e.mu.Lock()
	defer e.mu.Unlock()
	t, ok := e.turns[id]
	if !ok {
		t = turns{newTurn(), newTurn()}
		e.turns[id] = t
	}
	return t
}

// interrupted is the error of a caller that gave up waiting.
func interrupted(err error) error {
	return &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "pass", Text: "The pass was ended before it was done; what is left is done next time.", Err: err}
}
