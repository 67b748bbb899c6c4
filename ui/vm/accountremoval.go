package vm

import (
	"context"

	"paquebot.app/localstore"
)

// FirstRemoval asks once for each POP maildrop whether what is safe here may
// leave the server. It asks when the mail is here, not while it is coming.
type FirstRemoval struct {
	// Changed is called when another maildrop is asked about, or none.
	Changed func()

	env    *Env
	engine Engine
	jobs   serial
	asked  []removal
}

type removal struct {
	maildrop localstore.MaildropID
	text     string
}

// NewFirstRemoval returns the question; Load looks whether there is one. engine
// may be nil.
func NewFirstRemoval(env *Env, engine Engine) *FirstRemoval {
	return &FirstRemoval{env: env, engine: engine, jobs: serial{env: env, what: "first removal"}, Changed: func() {}}
}

// Question returns what is to be asked; "" for nothing.
func (q *FirstRemoval) Question() string {
	if r := q.first(); r != nil {
		return r.text
	}
	return ""
}

func (q *FirstRemoval) first() *removal {
	if len(q.asked) == 0 {
		return nil
	}
	return &q.asked[0]
}

// Allow is the user's yes.
func (q *FirstRemoval) Allow() {
	r := q.first()
	if r == nil {
		return
	}
	q.env.Go("allow deletes", func(ctx context.Context) func() {
		err := q.env.Store.Write(ctx, "allow deletes", func(tx *localstore.Tx) error { return tx.AllowDeletes(r.maildrop) })
		q.env.Failed("allow deletes", err)
		q.Load()
		return nil
	})
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (q *FirstRemoval) Follow(c Changes) {
	if c.About(localstore.TopicAccounts) {
		q.Load()
	}
}

// Run looks again whenever the engine has done something, until ctx ends.
func (q *FirstRemoval) Run(ctx context.Context) {
	if q.engine == nil {
		q.Load()
		return
	}
	changed, stop := q.engine.StatusChanged()
	defer stop()
	for {
		q.Load()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		select {
		case <-q.env.Clock.After(settleTime):
		case <-ctx.Done():
			return
		}
	}
}

// coming returns the accounts whose mail is being fetched.
func (q *FirstRemoval) coming() map[localstore.AccountID]bool {
	busy := map[localstore.AccountID]bool{}
	if q.engine == nil {
		return busy
	}
	all, _ := q.engine.Status()
	for _, s := range all {
		busy[s.Account] = s.Phase == Syncing || s.Phase == Connecting
	}
	return busy
}

// Load reads the store.
func (q *FirstRemoval) Load() {
	q.jobs.do(false, func(ctx context.Context) func() {
		var asked []removal
		coming := q.coming()
		err := q.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			asked, err = removals(v, coming)
			return err
		})
		if err != nil {
			q.env.Failed("first removal", err)
			return nil
		}
		return func() {
			var was, is localstore.MaildropID
			if r := q.first(); r != nil {
				was = r.maildrop
			}
			q.asked = asked
			if r := q.first(); r != nil {
				is = r.maildrop
			}
			if was != is {
				q.Changed()
			}
		}
	})
}

// removals finds the maildrops whose mail is kept only because nobody has said
// yes yet.
func removals(v *localstore.View, coming map[localstore.AccountID]bool) ([]removal, error) {
	accounts, err := v.Accounts()
	if err != nil {
		return nil, err
	}
	var all []removal
	for _, a := range accounts {
		if a.Mode != localstore.POP || a.PopDelete != localstore.DeleteNow || coming[a.ID] {
			continue
		}
		m, ok, err := v.OpenMaildropOf(a.ID)
		if err != nil {
			return nil, err
		}
		if !ok || m.DeleteOK || m.Sessions == 0 {
			continue
		}
		kept, err := v.Ledger(m.ID, localstore.PopKept)
		if err != nil {
			return nil, err
		}
		switch n := len(kept); {
		case n == 1:
			all = append(all, removal{m.ID, "1 message of " + a.Address + " is safe here. Remove it from the server?"})
		case n > 1:
			all = append(all, removal{m.ID, count(n, "message") + " of " + a.Address + " are safe here. Remove them from the server?"})
		}
	}
	return all, nil
}
