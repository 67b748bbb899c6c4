package vm

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Accounts is the list of accounts, and what can be done to each.
type Accounts struct {
	// Changed is called when Rows changed.
	Changed func()
	// Said tells what was done, Refused why something cannot be done.
	Said    func(text string)
	Refused func(err error)

	env    *Env
	engine Engine
	jobs   serial
	rows   []AccountRow
	ready  bool
}

// AccountRow is an account as the list shows it.
type AccountRow struct {
	localstore.Account
	How    string // "Everything comes here (POP)"
	Policy string // when mail leaves the server; "" for IMAP
	Server string // "pop.example.org"
	Size   string // "1,204 messages"
	Used   string // "1.2 GB": what bodies of an IMAP account take
}

// NewAccounts returns an empty list; Load fills it.
func NewAccounts(env *Env, engine Engine) *Accounts {
	return &Accounts{env: env, engine: engine, jobs: serial{env: env, what: "accounts"}, Changed: func() {}, Said: func(string) {}, Refused: func(error) {}}
}

// Rows returns the accounts, without "On this computer".
func (l *Accounts) Rows() []AccountRow { return l.rows }

// Ready tells whether the store was read.
func (l *Accounts) Ready() bool { return l.ready }

// Follow takes changes of the store; it is called off the window's goroutine.
func (l *Accounts) Follow(c Changes) {
	if c.About(localstore.TopicAccounts) {
		l.Load()
	}
}

// Load reads the store.
func (l *Accounts) Load() {
	l.jobs.do(false, func(ctx context.Context) func() {
		var rows []AccountRow
		err := l.env.Store.Read(ctx, func(v *localstore.View) error {
			rows = nil
			all, err := v.Accounts()
			if err != nil {
				return err
			}
			for _, a := range all {
				if a.Mode == localstore.Local {
					continue
				}
				r := accountRow(a)
				folders, err := v.Folders(a.ID)
				if err != nil {
					return err
				}
				n := 0
				for _, f := range folders {
					n += f.Total
				}
				r.Size = count(n, "message")
				if a.Mode == localstore.IMAP {
					room, err := v.Room(a.ID)
					if err != nil {
						return err
					}
					r.Used = size(room.Used)
				}
				rows = append(rows, r)
			}
			return nil
		})
		if err != nil {
			l.env.Failed("accounts", err)
			return nil
		}
		return func() {
			l.rows, l.ready = rows, true
			l.Changed()
		}
	})
}

func accountRow(a localstore.Account) AccountRow {
	r := AccountRow{Account: a, How: "Stays on the server (IMAP)", Server: a.Incoming().Host}
	if a.Mode == localstore.POP {
		r.How, r.Policy = "Everything comes here (POP)", policyWords(a)
	}
	return r
}

// policyWords says when mail leaves a POP server.
func policyWords(a localstore.Account) string {
	switch a.PopDelete {
	case localstore.DeleteNow:
		return "leaves the server once it is safe here"
	case localstore.DeleteDays:
		return "leaves the server after " + count(a.PopDays, "day")
	case localstore.DeleteWhen:
		return "leaves the server when you delete it here"
	}
	return "stays on the server too"
}

// set changes an account's settings.
func (l *Accounts) set(why string, id localstore.AccountID, change func(*localstore.Account)) {
	l.do(why, "", func(tx *localstore.Tx) error {
		a, err := tx.Account(id)
		if err != nil {
			return err
		}
		change(&a)
		return tx.SetAccount(a)
	})
}

// SetLimit changes how large mail may be that a POP account fetches by itself;
// 0: any size.
func (l *Accounts) SetLimit(id localstore.AccountID, limit int64) {
	l.set("size limit", id, func(a *localstore.Account) { a.PopLimit = limit })
}

// SetKeep changes what of an IMAP account's mail comes here by itself.
func (l *Accounts) SetKeep(id localstore.AccountID, k Keep) {
	l.set("keep offline", id, func(a *localstore.Account) { a.Policy, a.PolicyDays = k.Policy, k.Days })
}

// SetFetchLimit changes how large mail on an IMAP server may be that comes with
// its attachments; 0: any size.
func (l *Accounts) SetFetchLimit(id localstore.AccountID, limit int64) {
	l.set("size limit", id, func(a *localstore.Account) { a.FetchLimit = limit })
}

// SetQuota changes how many bytes the bodies of an IMAP account may take here;
// 0: any number.
func (l *Accounts) SetQuota(id localstore.AccountID, quota int64) {
	l.set("quota", id, func(a *localstore.Account) { a.Quota = quota })
}

// SetAuth changes what the secret of an account is, for all its servers.
func (l *Accounts) SetAuth(id localstore.AccountID, auth localstore.Auth) {
	l.set("way of signing in", id, func(a *localstore.Account) { a.IMAP.Auth, a.POP.Auth, a.SMTP.Auth = auth, auth, auth })
}

// SetPassword keeps another password for an account. then is told what went
// wrong and whether the password is kept beyond this run.
func (l *Accounts) SetPassword(a localstore.Account, password string, then func(kept bool, err error)) {
	if password == "" || l.engine == nil {
		then(false, &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Data, Op: "keep password", Text: "Please type the " + secretWord(a.Incoming().Auth) + " of the mailbox."})
		return
	}
	l.env.Go("keep password", func(ctx context.Context) func() {
		kept, err := l.engine.KeepPassword(ctx, a, password)
		if err == nil {
			l.engine.Wake()
		}
		return func() { then(kept, err) }
	})
}

// KeepInFile keeps a password in a file that every program of the user can
// read, after a yes to that.
func (l *Accounts) KeepInFile(a localstore.Account, password string, then func(kept bool, err error)) {
	l.env.Go("allow file", func(context.Context) func() {
		l.engine.AllowFile()
		return func() { l.SetPassword(a, password, then) }
	})
}

// Remove takes an account away; its mail stays in "On this computer".
func (l *Accounts) Remove(a localstore.Account) {
	l.do("remove account", "“"+a.Name+"” is removed. Its mail is in “On this computer”.", func(tx *localstore.Tx) error {
		return tx.RemoveAccount(a.ID, true)
	})
}

func (l *Accounts) do(why, text string, f func(*localstore.Tx) error) {
	l.env.Go(why, func(ctx context.Context) func() {
		err := l.env.Store.Write(ctx, why, f)
		l.Load()
		return func() {
			if err != nil {
				l.Refused(err)
			} else if text != "" {
				l.Said(text)
			}
		}
	})
}
