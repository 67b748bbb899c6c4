package secrets

import (
	"context"
	"errors"
	"time"

	"github.com/zalando/go-keyring"

	"paquebot.app/internal/clock"
)

// KeyringWithin is how long a keyring may take to answer. Some wait without
// end for somebody to unlock them.
const KeyringWithin = 5 * time.Second

// Keyring is the system's own store: the Secret Service, the macOS keychain or
// the Windows credential manager. Anything but a clear "not found" counts as
// no keyring here: without a desktop, it answers with all kinds of errors.
type Keyring struct {
	service string
	clock   clock.Clock
}

// NewKeyring returns the keyring. Entries are kept under the name service.
func NewKeyring(service string, c clock.Clock) *Keyring { return &Keyring{service, c} }

// Get implements Store.
func (k *Keyring) Get(ctx context.Context, ref string) (string, error) {
	const op = "look into the keyring"
	return k.limit(ctx, op, func() (string, error) { return keyring.Get(k.service, ref) })
}

// Set implements Store. A secret that the keyring finds too long (2,560 bytes
// on Windows) counts as no keyring.
func (k *Keyring) Set(ctx context.Context, ref, secret string) error {
	_, err := k.limit(ctx, "write to the keyring", func() (string, error) {
		return "", keyring.Set(k.service, ref, secret)
	})
	return err
}

// Delete implements Store.
func (k *Keyring) Delete(ctx context.Context, ref string) error {
	_, err := k.limit(ctx, "remove from the keyring", func() (string, error) {
		err := keyring.Delete(k.service, ref)
		if errors.Is(err, keyring.ErrNotFound) {
			err = nil
		}
		return "", err
	})
	return err
}

// Answers tells whether there is a keyring at all.
func (k *Keyring) Answers(ctx context.Context) bool {
	_, err := k.Get(ctx, "is anybody there")
	return err == nil || errors.Is(err, errNone)
}

// limit calls the keyring on a goroutine of its own, which is left behind when
// the keyring does not answer in time: its calls cannot be broken off.
func (k *Keyring) limit(ctx context.Context, op string, call func() (string, error)) (string, error) {
	type answer struct {
		secret string
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		secret, err := call()
		answered <- answer{secret, err}
	}()
	select {
	case a := <-answered:
		switch {
		case a.err == nil:
			return a.secret, nil
		case errors.Is(a.err, keyring.ErrNotFound):
			return "", none(op)
		}
		return "", noStore(op, a.err)
	case <-k.clock.After(KeyringWithin):
		return "", noStore(op, errors.New("the keyring does not answer"))
	case <-ctx.Done():
		return "", stopped(op, ctx.Err())
	}
}
