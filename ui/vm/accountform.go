package vm

import (
	"context"
	"maps"
	"strings"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// AccountStep is what the form for an account waits for.
type AccountStep int

// The steps.
const (
	StepFill     AccountStep = iota // the user types
	StepCheck                       // signing in is tried
	StepPassword                    // there is no keyring: AskEachTime or KeepInFile
	StepAdding                      // it is being written down
)

// AccountForm adds an account. Signing in is tried first, off the window's
// goroutine.
type AccountForm struct {
	// Changed is called when Step, Input or a problem changed.
	Changed func()
	// Added is called when the account is on the disk.
	Added func(id localstore.AccountID)

	env    *Env
	engine Engine
	input  AccountInput
	step   AccountStep
	wrong  map[AccountField]string
	anyway bool // what was typed is complete, and was tried in vain
	cancel context.CancelFunc
	turn   int

	ownIn, ownOut bool // the user typed the server
	account       localstore.Account
}

// NewAccountForm returns an empty form, set to the mode that removes nothing
// from a server; engine may be nil: then nothing is tried.
func NewAccountForm(env *Env, engine Engine) *AccountForm {
	return &AccountForm{env: env, engine: engine, Changed: func() {}, Added: func(localstore.AccountID) {}, wrong: map[AccountField]string{},
		input: AccountInput{Mode: localstore.IMAP, PopDelete: localstore.DeleteNow, PopDays: "14",
			In:  ServerInput{Security: localstore.TLS, Port: usualPorts[localstore.IMAP][localstore.TLS]},
			Out: ServerInput{Security: localstore.TLS, Port: usualOutPorts[localstore.TLS]}}}
}

// Input returns what the form holds.
func (f *AccountForm) Input() AccountInput { return f.input }

// Step returns what the form waits for.
func (f *AccountForm) Step() AccountStep { return f.step }

// Problem says what is wrong with a field; "" for nothing.
func (f *AccountForm) Problem(field AccountField) string { return f.wrong[field] }

// CanAddAnyway tells whether AddAnyway is offered: signing in was tried in vain.
func (f *AccountForm) CanAddAnyway() bool { return f.anyway && f.step == StepFill }

// Set changes what the form holds. Servers follow the address and the mode
// until the user types one; ports follow the protection.
func (f *AccountForm) Set(change func(*AccountInput)) {
	was := f.input
	change(&f.input)
	now := &f.input
	if *now == was {
		return
	}
	if now.In.Host != was.In.Host {
		f.ownIn = now.In.Host != ""
	}
	if now.Out.Host != was.Out.Host {
		f.ownOut = now.Out.Host != ""
	}
	if now.Address != was.Address || now.Mode != was.Mode {
		g := guessed(*now)
		if !f.ownIn {
			now.In.Host = g.In.Host
		}
		if !f.ownOut {
			now.Out.Host = g.Out.Host
		}
	}
	if (now.Mode != was.Mode || now.In.Security != was.In.Security) && was.In.Port == usualPorts[was.Mode][was.In.Security] {
		now.In.Port = usualPorts[now.Mode][now.In.Security]
	}
	if now.Out.Security != was.Out.Security && was.Out.Port == usualOutPorts[was.Out.Security] {
		now.Out.Port = usualOutPorts[now.Out.Security]
	}
	f.anyway = false
	f.mend(was)
	f.Changed()
}

// mend takes back the problems of what was changed.
func (f *AccountForm) mend(was AccountInput) {
	now := f.input
	for field, changed := range map[AccountField]bool{
		ForAddress: now.Address != was.Address, ForPassword: now.Password != was.Password || now.Auth != was.Auth, ForName: now.FullName != was.FullName,
		ForIn: now.In != was.In, ForOut: now.Out != was.Out, ForDays: now.PopDays != was.PopDays || now.PopDelete != was.PopDelete, ForAll: true,
	} {
		if changed {
			delete(f.wrong, field)
		}
	}
}

// Add tries to sign in and adds the account.
func (f *AccountForm) Add() {
	if f.step != StepFill || !f.take() {
		return
	}
	if f.engine == nil {
		f.keep(false)
		return
	}
	f.step, f.anyway = StepCheck, false
	f.turn++
	turn, account, password := f.turn, f.account, f.input.Password
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(f.env.Ctx)
	f.Changed()
	f.env.Go("check account", func(context.Context) func() {
		err := f.engine.Check(ctx, account, password)
		return func() {
			if turn != f.turn {
				return // cancelled meanwhile
			}
			f.cancel()
			if err != nil {
				f.step, f.anyway = StepFill, true
				field, text := whereWrong(account, err)
				f.wrong[field] = text
				f.Changed()
				return
			}
			f.keep(false)
		}
	})
}

// AddAnyway adds the account though signing in did not work, such as without a
// network.
func (f *AccountForm) AddAnyway() {
	if f.CanAddAnyway() && f.take() {
		f.keep(false)
	}
}

// Cancel ends the try to sign in.
func (f *AccountForm) Cancel() {
	if f.step == StepCheck {
		f.turn++
		f.cancel()
		f.step, f.anyway = StepFill, true
		f.Changed()
	}
}

// take looks at what was typed.
func (f *AccountForm) take() bool {
	a, wrong := f.input.checked()
	f.wrong = maps.Clone(wrong)
	if len(wrong) > 0 {
		f.Changed()
		return false
	}
	f.account = a
	return true
}

// whereWrong says which field an answer of the servers is about.
func whereWrong(a localstore.Account, err error) (AccountField, string) {
	e := fault.Of(err)
	text := e.Error() // with the server's own words
	if e.Cause == fault.Network || e.Cause == fault.Settings {
		text = Sentence(err)
	}
	field := ForIn
	switch in, out := a.Incoming(), a.SMTP; {
	case e.Cause == fault.SignIn:
		return ForPassword, text
	case strings.HasPrefix(e.Op, "smtp"), in.Host != out.Host && strings.Contains(text, out.Host) && !strings.Contains(text, in.Host):
		field = ForOut
	case in.Host == out.Host && !strings.HasPrefix(e.Op, "imap") && !strings.HasPrefix(e.Op, "pop"):
		field = ForAll
	}
	return field, text
}

// AskEachTime goes on without keeping the password anywhere but in memory.
func (f *AccountForm) AskEachTime() {
	if f.step == StepPassword {
		f.write()
	}
}

// KeepInFile keeps the password in a file that every program of the user can
// read.
func (f *AccountForm) KeepInFile() {
	if f.step == StepPassword {
		f.keep(true)
	}
}

// Back leaves the question about the password.
func (f *AccountForm) Back() {
	if f.step == StepPassword {
		f.step = StepFill
		f.Changed()
	}
}

// keep stores the password under the account's name; file is the yes to a
// readable file.
func (f *AccountForm) keep(file bool) {
	f.step = StepAdding
	f.Changed()
	account, password := f.account, f.input.Password
	f.env.Go("keep password", func(ctx context.Context) func() {
		name, err := f.env.freeName(ctx, account.Address)
		account.Name, account.SecretRef = name, "account:"+name
		kept := true
		if err == nil && f.engine != nil {
			if file {
				f.engine.AllowFile()
			}
			kept, err = f.engine.KeepPassword(ctx, account, password)
		}
		return func() {
			f.account = account
			switch {
			case err != nil:
				f.failed(err)
			case !kept && !file:
				f.step = StepPassword
				f.Changed()
			default:
				f.write()
			}
		}
	})
}

func (f *AccountForm) failed(err error) {
	f.step = StepFill
	f.wrong[ForAll] = Sentence(err)
	f.Changed()
}

// freeName returns the name an account of that address is listed under.
func (e *Env) freeName(ctx context.Context, address string) (name string, err error) {
	err = e.Store.Read(ctx, func(v *localstore.View) error {
		all, err := v.Accounts()
		taken := map[string]bool{}
		for _, a := range all {
			taken[a.Name] = true
		}
		name = address
		for n := 2; taken[name]; n++ {
			name = address + " " + thousands(n)
		}
		return err
	})
	return name, err
}

func (f *AccountForm) write() {
	f.step = StepAdding
	f.Changed()
	account := f.account
	f.env.Go("add account", func(ctx context.Context) func() {
		var id localstore.AccountID
		err := f.env.Store.Write(ctx, "add account", func(tx *localstore.Tx) (err error) {
			id, err = tx.AddAccount(account)
			return err
		})
		if err == nil && f.engine != nil {
			f.engine.Wake()
		}
		return func() {
			if err != nil {
				f.failed(err)
				return
			}
			f.input.Password = ""
			f.Added(id)
		}
	})
}
