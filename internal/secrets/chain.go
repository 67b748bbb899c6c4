package secrets

import (
	"context"

	"paquebot.app/internal/fault"
)

// Chain asks several stores in order. It is itself a Store.
type Chain struct {
	memory *Memory
	stores []Store
}

// NewChain returns a chain that remembers in memory what it was told during
// this run and otherwise asks the stores in order, for example a Command, the
// Keyring, a File and an Asker.
func NewChain(stores ...Store) *Chain { return &Chain{NewMemory(), stores} }

// Get returns the secret from the first place that has it. A store that fails
// is passed over if a later one can help; if none can, its error is returned,
// since it says more than "not known".
func (c *Chain) Get(ctx context.Context, ref string) (string, error) {
	secret, err := c.memory.Get(ctx, ref)
	if err == nil {
		return secret, nil
	}
	for _, s := range c.stores {
		secret, e := s.Get(ctx, ref)
		if e == nil {
			return secret, c.memory.Set(ctx, ref, secret)
		}
		if ctx.Err() != nil {
			return "", e
		}
		if Missing(err) && !Missing(e) {
			err = e
		}
	}
	return "", err
}

// Set keeps the secret in the first store that takes it, and in memory. When
// none takes it the secret can be used until the program ends, and the error,
// of which NotKept is true, says so.
func (c *Chain) Set(ctx context.Context, ref, secret string) error {
	if err := c.memory.Set(ctx, ref, secret); err != nil {
		return err
	}
	for _, s := range c.stores {
		err := s.Set(ctx, ref, secret)
		if err == nil || !Missing(err) {
			return err
		}
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Settings, Op: "keep the password",
		Text: "This computer offers no keyring, so the password is remembered only until Paquebot ends.", Err: errNotKept}
}

// Delete forgets the secret everywhere. It tries every store and returns the
// first failure.
func (c *Chain) Delete(ctx context.Context, ref string) error {
	err := c.memory.Delete(ctx, ref)
	for _, s := range c.stores {
		if e := s.Delete(ctx, ref); err == nil && !Missing(e) {
			err = e
		}
	}
	return err
}
