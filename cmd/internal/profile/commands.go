package profile

import (
	"context"
	"sync"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// commands knows the accounts by the references of their secrets, for the
// stores that have to find a password by them.
type commands struct {
	mu sync.Mutex
	by map[string]localstore.Account
}

func newCommands() *commands { return &commands{by: map[string]localstore.Account{}} }

func (c *commands) learn(a localstore.Account) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by[a.SecretRef] = a
}

func (c *commands) account(ref string) localstore.Account {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by[ref]
}

// line returns an account's password command; "" when it has none.
func (c *commands) line(ref string) string { return c.account(ref).PasswordCommand }

// asking asks for the password of the account behind a reference.
func (c *commands) asking(ask Ask) func(context.Context, string) (string, error) {
	return func(ctx context.Context, ref string) (string, error) {
		a := c.account(ref)
		if ask == nil {
			return "", &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn, Op: "password", Text: "The password of " + a.Name + " is not known here."}
		}
		return ask(ctx, a)
	}
}
