package engine

import (
	"context"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// TestARefusedTokenIsAskedForOnceMore, and a refused password is not; the same
// token is not tried twice.
func TestARefusedTokenIsAskedForOnceMore(t *testing.T) {
	for _, c := range []struct {
		name    string
		auth    localstore.Auth
		secrets []string // as they are asked for
		asked   int
		tried   int
		online  bool
	}{
		{"expired", localstore.AuthXOAUTH2, []string{"old", "secret", "secret"}, 2, 2, true},
		{"refused twice", localstore.AuthXOAUTH2, []string{"old", "older", "secret"}, 2, 2, false},
		{"the same again", localstore.AuthXOAUTH2, []string{"old", "old", "secret"}, 2, 1, false},
		{"a password", localstore.AuthPassword, []string{"old", "secret"}, 1, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			world := fakeserver.NewWorld()
			world.AddUser("anna", "secret").CreateUsual()
			server := fakeimap.Start(t, world, fakeimap.Options{Mechanisms: []string{"PLAIN", "XOAUTH2"}})
			r.account.IMAP.Port, r.account.IMAP.Auth = server.Port(), c.auth
			asked := 0
			r.engine.Password = func(context.Context, localstore.Account) (string, error) {
				asked++
				return c.secrets[asked-1], nil
			}
			report := r.engine.Pass(context.Background(), r.account)
			if report.Online != c.online || asked != c.asked || c.online == (report.Error != nil) {
				t.Errorf("asked %d times; %+v %+v", asked, report, report.Error)
			}
			if !c.online && report.Error.Exit != fault.ExitSignIn {
				t.Errorf("%+v", report.Error)
			}
			if tried := server.Stats().Connections; tried != c.tried {
				t.Errorf("%d secrets were tried, want %d", tried, c.tried)
			}
		})
	}
}

// TestATokenThatExpiresBetweenTwoPolls: a POP link signs in with every poll and
// has only the token that it was opened with; another session gets the next one.
func TestATokenThatExpiresBetweenTwoPolls(t *testing.T) {
	r := newRig(t)
	world := fakeserver.NewWorld()
	r.user = world.AddUser("anna", "token-1")
	server := fakepop.Start(t, world, fakepop.Options{Mechanisms: []string{"XOAUTH2"}})
	r.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "bo", Address: "bo@example.org", Mode: localstore.POP, PopDelete: localstore.DeleteNever,
			POP: localstore.Server{Host: server.Host(), Port: server.Port(), Security: localstore.Plain, User: "anna", Auth: localstore.AuthXOAUTH2}})
		if err != nil {
			return err
		}
		r.account, err = tx.Account(id)
		return err
	})
	r.engine = New(Config{Store: r.store, Accounts: []localstore.AccountID{r.account.ID}, Password: func(context.Context, localstore.Account) (string, error) {
		return r.password.Load().(string), nil
	}})
	r.password.Store("token-1")
	r.deliver(1)
	r.run()
	r.inbox(1)
	r.phase(Idle)
	r.user.SetPassword("token-2")
	r.password.Store("token-2")
	r.deliver(2)
	r.engine.Wake()
	r.inbox(2)
}
