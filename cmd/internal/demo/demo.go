// Package demo is a mail world to look around in: servers in this process
// with two mailboxes, one kept by IMAP and one emptied by POP, and a
// submission server that delivers between them.
//
// It guarantees that nothing leaves this computer and that everything is gone
// when the program ends.
package demo

import (
	"context"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/testmail"
	"paquebot.app/localstore"
)

// Password is everybody's.
const Password = "demo"

// GivePassword implements engine.Password for the demo's accounts.
func GivePassword(context.Context, localstore.Account) (string, error) { return Password, nil }

// World is the demo's servers and people.
type World struct {
	Work *fakeserver.User // keeps mail by IMAP
	Home *fakeserver.User // receives it by POP
	IMAP *fakeimap.Server
	POP  *fakepop.Server
	SMTP *fakesmtp.Server

	people []testmail.Account
}

// Start starts the servers with about 300 mails that arrived before now.
func Start(c clock.Clock) (*World, error) {
	world := fakeserver.NewWorld()
	world.SetClock(c)
	d := &World{Work: world.AddUser("work", Password), Home: world.AddUser("home", Password)}
	d.seed(c.Now())
	var err error
	if d.IMAP, err = fakeimap.Serve(world, fakeimap.Options{}); err != nil {
		return nil, failed(err)
	}
	if d.POP, err = fakepop.Serve(world, fakepop.Options{}); err != nil {
		d.IMAP.Close()
		return nil, failed(err)
	}
	if d.SMTP, err = fakesmtp.Serve(world, fakesmtp.Options{Deliver: true}); err != nil {
		d.IMAP.Close()
		d.POP.Close()
		return nil, failed(err)
	}
	return d, nil
}

// seed fills the mailboxes: a person's mail of the last year, in two accounts.
func (d *World) seed(now time.Time) {
	people := testmail.Demo(now)
	for i, u := range []*fakeserver.User{d.Work, d.Home} {
		for _, f := range people[i].Folders {
			var attributes []string
			if f.Role != "" {
				attributes = append(attributes, f.Role)
			}
			u.Create(f.Name, attributes...)
		}
		for _, m := range people[i].Mails {
			u.Mailbox(m.Folder).Append(m.Raw, m.Arrived, m.Flags...)
		}
	}
	d.people = people
}

// WorkAccount returns the settings of the account that is kept by IMAP.
func (d *World) WorkAccount() localstore.Account {
	return localstore.Account{
		Name: "work", Address: d.people[0].Address, FullName: d.people[0].Name, Mode: localstore.IMAP, SecretRef: "demo:work",
		IMAP: server(d.IMAP.Server, "work"), POP: server(d.POP.Server, "work"), SMTP: server(d.SMTP.Server, "work"),
		Policy: localstore.FetchText, PolicyDays: 90, PopDelete: localstore.DeleteNow,
	}
}

// HomeAccount returns the settings of the account that is emptied by POP.
func (d *World) HomeAccount() localstore.Account {
	return localstore.Account{
		Name: "home", Address: d.people[1].Address, FullName: d.people[1].Name, Mode: localstore.POP, SecretRef: "demo:home",
		POP: server(d.POP.Server, "home"), IMAP: server(d.IMAP.Server, "home"), SMTP: server(d.SMTP.Server, "home"),
		Policy: localstore.FetchText, PolicyDays: 90, PopDelete: localstore.DeleteNow,
	}
}

func server(s *fakeserver.Server, user string) localstore.Server {
	return localstore.Server{Host: s.Host(), Port: s.Port(), Security: localstore.Plain, User: user}
}

// AddAccounts adds both accounts to a store. For the demo's own maildrop the
// yes to removing mail from the server is given; what came lies there for two
// weeks more, so that there is something to see.
func (d *World) AddAccounts(ctx context.Context, store *localstore.Store) error {
	return store.Write(ctx, "demo accounts", func(tx *localstore.Tx) error {
		if _, err := tx.AddAccount(d.WorkAccount()); err != nil {
			return err
		}
		a := d.HomeAccount()
		a.PopDelete, a.PopDays = localstore.DeleteDays, 14
		return addPOP(tx, a)
	})
}

// AddHome adds the account kept by POP, with the user's yes to its deletions.
func (d *World) AddHome(tx *localstore.Tx) error { return addPOP(tx, d.HomeAccount()) }

func addPOP(tx *localstore.Tx, a localstore.Account) error {
	id, err := tx.AddAccount(a)
	if err != nil {
		return err
	}
	m, err := tx.OpenMaildrop(id, localstore.POP, a.POP.Host, a.POP.Port, a.POP.User)
	if err != nil {
		return err
	}
	return tx.AllowDeletes(m.ID)
}

// Offline pulls the cable of all servers.
func (d *World) Offline() {
	d.IMAP.Offline()
	d.POP.Offline()
	d.SMTP.Offline()
}

// Online plugs it in again.
func (d *World) Online() error {
	for _, up := range []func() error{d.IMAP.Online, d.POP.Online, d.SMTP.Online} {
		if err := up(); err != nil {
			return failed(err)
		}
	}
	return nil
}

// Close ends the servers.
func (d *World) Close() {
	d.IMAP.Close()
	d.POP.Close()
	d.SMTP.Close()
}

func failed(err error) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Network, Op: "demo", Text: "The demo's servers cannot be started on this computer.", Err: err}
}
