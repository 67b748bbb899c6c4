package vm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

func (p *pretend) answer(f func(ctx context.Context, a localstore.Account, password string) error) {
	p.mu.Lock()
	p.check = f
	p.mu.Unlock()
}

// form returns a form that is filled in.
func (w *writer) form() *AccountForm {
	f := NewAccountForm(w.env, w.engine)
	f.Set(func(in *AccountInput) {
		in.FullName, in.Address, in.Password = "Ada Berg", "ada@example.net", "secret"
		in.Mode = localstore.POP
	})
	return f
}

func (w *writer) accounts() (all []localstore.Account) {
	w.Helper()
	w.read(func(v *localstore.View) (err error) {
		all, err = v.Accounts()
		return err
	})
	return all
}

func TestFormGuesses(t *testing.T) {
	w := newWriter(t)
	f := w.form()
	if in := f.Input(); in.In.Host != "pop.example.net" || in.In.Port != "995" || in.Out.Host != "smtp.example.net" || in.Out.Port != "465" {
		t.Errorf("%+v", in)
	}
	f.Set(func(in *AccountInput) { in.Mode = localstore.IMAP })
	if in := f.Input(); in.In.Host != "imap.example.net" || in.In.Port != "993" {
		t.Errorf("%+v", in)
	}
	f.Set(func(in *AccountInput) { in.In.Security = localstore.STARTTLS; in.Out.Security = localstore.STARTTLS })
	if in := f.Input(); in.In.Port != "143" || in.Out.Port != "587" {
		t.Errorf("%+v", in)
	}
	f.Set(func(in *AccountInput) { in.In.Host = "mail.example.com"; in.In.Port = "1143" })
	f.Set(func(in *AccountInput) {
		in.Address = "ada@example.org"
		in.Mode = localstore.POP
		in.In.Security = localstore.TLS
	})
	if in := f.Input(); in.In.Host != "mail.example.com" || in.In.Port != "1143" || in.Out.Host != "smtp.example.org" {
		t.Errorf("%+v", in)
	}
}

func TestFormRefusesNonsense(t *testing.T) {
	w := newWriter(t)
	f := NewAccountForm(w.env, w.engine)
	f.Add()
	if f.Problem(ForAddress) == "" || f.Problem(ForPassword) == "" || f.Step() != StepFill {
		t.Error("an empty form was taken")
	}
	for _, address := range []string{"ada", "ada@", "a@b, c@d.org", "ada@example.org\r\nX: y", "Ada <ada@example.org>", "ada@example"} {
		f.Set(func(in *AccountInput) { in.Address, in.Password = address, "x" })
		if f.Add(); f.Problem(ForAddress) == "" {
			t.Errorf("%q was taken for an address", address)
		}
	}
	f.Set(func(in *AccountInput) { in.Address = "ada@example.org"; in.In.Host = "two words"; in.Out.Port = "0" })
	f.Add()
	if f.Problem(ForIn) == "" || f.Problem(ForOut) == "" || f.Problem(ForAddress) != "" {
		t.Error(f.wrong)
	}
	f.Set(func(in *AccountInput) {
		in.In.Host, in.Out.Port, in.In.Security = "pop.example.org", "465", localstore.Plain
	})
	f.Add()
	if !strings.Contains(f.Problem(ForIn), "password") {
		t.Errorf("a password would go in the open: %v", f.wrong)
	}
}

func TestFormAdds(t *testing.T) {
	w := newWriter(t)
	w.engine.keyring = true
	var tried localstore.Account
	w.engine.answer(func(_ context.Context, a localstore.Account, password string) error {
		tried = a
		if password != "secret" {
			return errors.New(password)
		}
		return nil
	})
	f := w.form()
	var added localstore.AccountID
	f.Added = func(id localstore.AccountID) { added = id }
	f.Add()
	if f.Step() != StepCheck {
		t.Errorf("step %v", f.Step())
	}
	w.queue.Until(func() bool { return added != 0 })
	a := w.accounts()[1]
	if tried.POP.Host != "pop.example.net" || a.ID != added || a.Address != "ada@example.net" || a.POP.User != "ada@example.net" || a.SMTP.Port != 465 ||
		a.PopDelete != localstore.DeleteNow || w.engine.kept[a.SecretRef] != "secret" || w.engine.woken == 0 || f.Input().Password != "" {
		t.Errorf("%+v", a)
	}
}

func TestFormAnswersAtTheRightField(t *testing.T) {
	w := newWriter(t)
	for _, c := range []struct {
		err   *fault.Error
		field AccountField
	}{
		{&fault.Error{Cause: fault.SignIn, Remedy: fault.User, Op: "pop sign-in", Text: "The server does not accept this.", Err: errors.New("-ERR no")}, ForPassword},
		{&fault.Error{Cause: fault.Network, Remedy: fault.Online, Op: "connect", Text: "There is no server called pop.example.net, or this computer is offline."}, ForIn},
		{&fault.Error{Cause: fault.Network, Remedy: fault.Online, Op: "connect", Text: "The server smtp.example.net cannot be reached."}, ForOut},
		{&fault.Error{Cause: fault.Server, Remedy: fault.Later, Op: "smtp sign-in", Text: "Later."}, ForOut},
	} {
		w.engine.answer(func(context.Context, localstore.Account, string) error { return c.err })
		f := w.form()
		f.Add()
		w.queue.Until(func() bool { return f.Step() == StepFill })
		if p := f.Problem(c.field); !strings.HasPrefix(p, c.err.Text) || !f.CanAddAnyway() {
			t.Errorf("%v: %v", c.err, f.wrong)
		}
	}
	if n := len(w.accounts()); n != 2 {
		t.Errorf("%d accounts", n)
	}
}

func TestFormCancel(t *testing.T) {
	w := newWriter(t)
	ended := make(chan struct{})
	w.engine.answer(func(ctx context.Context, _ localstore.Account, _ string) error {
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	})
	f := w.form()
	f.Add()
	f.Cancel()
	<-ended
	if f.Step() != StepFill || f.Problem(ForIn) != "" || !f.CanAddAnyway() {
		t.Errorf("step %v, %v", f.Step(), f.wrong)
	}
}

func TestFormWithoutKeyring(t *testing.T) {
	for _, inFile := range []bool{true, false} {
		w := newWriter(t)
		w.engine.answer(func(context.Context, localstore.Account, string) error { return errors.New("offline") })
		f := w.form()
		done := false
		f.Added = func(localstore.AccountID) { done = true }
		f.Add()
		w.queue.Until(f.CanAddAnyway)
		f.AddAnyway()
		w.queue.Until(func() bool { return f.Step() == StepPassword })
		if len(w.accounts()) != 2 {
			t.Error("added before the question was answered")
		}
		if inFile {
			f.KeepInFile()
		} else {
			f.AskEachTime()
		}
		w.queue.Until(func() bool { return done })
		if kept := len(w.engine.kept) == 1; kept != inFile {
			t.Errorf("kept %v, want %v", kept, inFile)
		}
	}
}

func TestSecondAccountOfAnAddress(t *testing.T) {
	w := newWriter(t)
	w.engine.keyring = true
	w.engine.answer(func(context.Context, localstore.Account, string) error { return nil })
	for range 2 {
		f := w.form()
		done := false
		f.Added = func(localstore.AccountID) { done = true }
		f.Add()
		w.queue.Until(func() bool { return done })
	}
	if all := w.accounts(); len(all) != 4 || all[2].Name != "ada@example.net 2" || all[2].SecretRef == all[1].SecretRef {
		t.Errorf("%+v", all)
	}
}

func TestAccountsList(t *testing.T) {
	w := newWriter(t)
	w.mail(localstore.RoleInbox, "Ana <ana@example.org>", "mara@example.org")
	l := NewAccounts(w.env, w.engine)
	l.Load()
	w.queue.Until(l.Ready)
	if r := l.Rows(); len(r) != 1 || r[0].Size != "1 message" || r[0].How != "Stays on the server (IMAP)" {
		t.Fatalf("%+v", r)
	}
	w.queued("ana@example.org", "Hello")
	var refused error
	l.Refused = func(err error) { refused = err }
	l.Remove(l.Rows()[0].Account)
	w.queue.Until(func() bool { return refused != nil })
	if !strings.Contains(Sentence(refused), "Outbox") {
		t.Errorf("%q", Sentence(refused))
	}
	w.write(func(tx *localstore.Tx) error { return tx.CancelLetter(w.letters()[0].N) })
	said := ""
	l.Said = func(text string) { said = text }
	l.Remove(l.Rows()[0].Account)
	w.queue.Until(func() bool { return said != "" && len(l.Rows()) == 0 })
}

func TestFirstRemoval(t *testing.T) {
	w := newWriter(t)
	var account localstore.AccountID
	var drop localstore.Maildrop
	w.write(func(tx *localstore.Tx) (err error) {
		if account, err = tx.AddAccount(localstore.Account{Name: "home", Address: "ada@example.net", Mode: localstore.POP, PopDelete: localstore.DeleteNow}); err != nil {
			return err
		}
		if drop, err = tx.OpenMaildrop(account, localstore.POP, "pop.example.net", 995, "ada"); err != nil {
			return err
		}
		for i := range 1204 {
			l := localstore.PopLocation{Maildrop: drop.ID, UIDL: fmt.Sprint(i), State: localstore.PopKept}
			l.HeaderHash[0] = 1
			if _, err := tx.AddPopLocation(l); err != nil {
				return err
			}
		}
		return nil
	})
	q := NewFirstRemoval(w.env, w.engine)
	load := func() {
		t.Helper()
		done := false
		q.Load()
		q.jobs.do(false, func(context.Context) func() { return func() { done = true } })
		w.queue.Until(func() bool { return done })
	}
	if load(); q.Question() != "" {
		t.Errorf("asked while it is being fetched: %q", q.Question())
	}
	w.write(func(tx *localstore.Tx) error { return tx.CountSession(drop.ID) })
	w.engine.set([]AccountStatus{{Account: account, Phase: Syncing}})
	if load(); q.Question() != "" {
		t.Errorf("asked while it is being fetched: %q", q.Question())
	}
	w.engine.set([]AccountStatus{{Account: account, Phase: Idle}})
	if load(); q.Question() != "1,204 messages of ada@example.net are safe here. Remove them from the server?" {
		t.Errorf("%q", q.Question())
	}
	q.Allow()
	w.queue.Until(func() bool { return q.Question() == "" })
	w.read(func(v *localstore.View) error {
		m, _, err := v.OpenMaildropOf(account)
		if !m.DeleteOK {
			t.Error("the yes is not on the disk")
		}
		return err
	})
}
