package vm

import (
	"context"

	"paquebot.app/localstore"
)

// FirstRemoval asks once for each POP maildrop whether what is safe here may
// leave the server.
type FirstRemoval struct {
	// Changed is called when Question changed.
	Changed func()

	env   *Env
	jobs  serial
	asked []removal
	later map[localstore.MaildropID]bool // dismissed for this run
}

type removal struct {
	maildrop localstore.MaildropID
	text     string
}

// NewFirstRemoval returns the question; Load looks whether there is one.
func NewFirstRemoval(env *Env) *FirstRemoval {
	return &FirstRemoval{env: env, jobs: serial{env: env, what: "first removal"}, Changed: func() {}, later: map[localstore.MaildropID]bool{}}
}

// Question returns what is to be asked; "" for nothing.
func (q *FirstRemoval) Question() string {
	if r := q.first(); r != nil {
		return r.text
	}
	return ""
}

func (q *FirstRemoval) first() *removal {
	for i := range q.asked {
		if !q.later[q.asked[i].maildrop] {
			return &q.asked[i]
		}
	}
	return nil
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

// Later puts the question off until the program runs again.
func (q *FirstRemoval) Later() {
	if r := q.first(); r != nil {
		q.later[r.maildrop] = true
		q.Changed()
	}
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (q *FirstRemoval) Follow(c Changes) {
	if c.About(localstore.TopicAccounts) || c.About(localstore.TopicFolders) {
		q.Load()
	}
}

// Load reads the store.
func (q *FirstRemoval) Load() {
	q.jobs.do(false, func(ctx context.Context) func() {
		var asked []removal
		err := q.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			asked, err = removals(v)
			return err
		})
		if err != nil {
			q.env.Failed("first removal", err)
			return nil
		}
		return func() {
			was := q.Question()
			if q.asked = asked; q.Question() != was {
				q.Changed()
			}
		}
	})
}

// removals finds the maildrops whose mail is kept only because nobody has said
// yes yet. Those that no session has ended for are still being fetched.
func removals(v *localstore.View) ([]removal, error) {
	accounts, err := v.Accounts()
	if err != nil {
		return nil, err
	}
	var all []removal
	for _, a := range accounts {
		if a.Mode != localstore.POP || a.PopDelete != localstore.DeleteNow {
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
