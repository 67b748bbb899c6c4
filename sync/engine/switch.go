package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync"
	"paquebot.app/sync/link"
	"paquebot.app/sync/popsync"
	"paquebot.app/sync/switching"
)

// PlanSwitch tells what a switch of an account would find and do, and changes
// nothing. Without a network (offline) it says what is known here and what is
// not. Signing in fails with a fault.Error.
func (e *Engine) PlanSwitch(ctx context.Context, a localstore.Account, to localstore.Mode, choice localstore.SwitchChoice, offline bool) (switching.Plan, error) {
	b := switched(a, to, choice)
	planned := b
	planned.Mode = a.Mode
	if to == localstore.IMAP {
		if offline {
			return switching.ToImap(ctx, e.Store, planned, nil, e.Clock.Now())
		}
		look, err := e.lookImap(ctx, b)
		if err != nil {
			return switching.Plan{}, err
		}
		defer look.Close()
		p, err := switching.ToImap(ctx, e.Store, planned, mailbox{look}, e.Clock.Now())
		p.Turns = look.Turns()
		return p, err
	}
	free := int64(-1)
	if e.Free != nil {
		if n, err := e.Free(); err == nil {
			free = n
		}
	}
	if offline {
		return switching.ToPop(ctx, e.Store, planned, choice, nil, free)
	}
	look, err := e.lookPop(ctx, b)
	if err != nil {
		return switching.Plan{}, err
	}
	defer look.Close()
	p, err := switching.ToPop(ctx, e.Store, planned, choice, maildrop{look}, free)
	p.Turns = look.Turns()
	return p, err
}

// FindSwitch is PlanSwitch that looks for the server too, where the choice names
// none: the one that the account had in that mode, else where it usually is. The
// choice that it returns names a server. Where none is reached it tells what is
// known here, with an error of remedy Online.
func (e *Engine) FindSwitch(ctx context.Context, a localstore.Account, to localstore.Mode, choice localstore.SwitchChoice, offline bool) (p switching.Plan, found localstore.SwitchChoice, err error) {
	servers := []localstore.Server{choice.Server}
	if choice.Server.Host == "" {
		servers = switching.Servers(a, to)
	}
	for i, server := range servers {
		choice.Server = server
		if i == 0 {
			found = choice
		}
		if p, err = e.PlanSwitch(ctx, a, to, choice, offline); err == nil {
			return p, choice, nil
		}
	}
	if fault.Is(err, fault.Online) {
		known, failed := e.PlanSwitch(ctx, a, to, found, true)
		if failed != nil {
			return p, found, failed
		}
		return known, found, err
	}
	return p, found, err
}

// Switch carries the switch of an account that is under way as far as it goes
// now, and returns the account as it is then. Whoever calls it holds the
// store's lock. What stops it is written down with the switch, which the next
// pass goes on with.
func (e *Engine) Switch(ctx context.Context, id localstore.AccountID) (localstore.Account, error) {
	a, err := e.account(ctx, id)
	if err != nil {
		return a, err
	}
	give, err := e.turnsOf(id).carry.take(ctx)
	if err != nil {
		return a, interrupted(err)
	}
	defer give()
	defer e.storeTraffic(ctx)
	now, err := e.advance(ctx, a, nil)
	if err != nil || now.Generation != a.Generation {
		return now, err
	}
	l, err := e.openFor(ctx, a, use{askedOnly: true})
	if err != nil {
		return a, e.waits(ctx, a, err)
	}
	defer l.Close()
	return e.advance(ctx, a, l)
}

// SwitchBack carries the undo of a switch without a network: what was there
// before counts again, and what has come since is recognised with the next
// passes. It is refused with remedy Later where something has to be asked of a
// server first.
func (e *Engine) SwitchBack(ctx context.Context, id localstore.AccountID) (localstore.Account, error) {
	a, err := e.account(ctx, id)
	if err != nil {
		return a, err
	}
	give, err := e.turnsOf(id).carry.take(ctx)
	if err != nil {
		return a, interrupted(err)
	}
	defer give()
	var s localstore.Switch
	err = e.Store.Read(ctx, func(v *localstore.View) (err error) {
		s, _, err = v.OpenSwitch(id)
		return err
	})
	if err != nil || s.Begun() || !s.Choice.Undo || s.Choice.Paused {
		return a, err
	}
	w := switching.Switcher{Store: e.Store, Account: a, Switch: s}
	if s.To == localstore.IMAP {
		err = w.ToImap(ctx, nil)
	} else {
		err = w.ToPop(ctx, nil, nil)
	}
	if err != nil {
		return a, e.waits(ctx, a, err)
	}
	return e.account(ctx, id)
}

// waits notes why a switch waits that could not even begin.
func (e *Engine) waits(ctx context.Context, a localstore.Account, cause error) error {
	if ctx.Err() != nil {
		return cause
	}
	err := e.Store.Write(context.WithoutCancel(ctx), "switch waits", func(tx *localstore.Tx) error {
		s, ok, err := tx.OpenSwitch(a.ID)
		if err != nil || !ok || s.Begun() || s.Choice.Paused {
			return err
		}
		return tx.StepSwitch(s.ID, s.Step, fault.Of(cause).Error())
	})
	if err != nil {
		e.Log.Warn("switch not noted", "err", err)
	}
	return cause
}

// advance carries a switch that is under way, and returns the account as it is
// then. l is a link to the account's present server, without which a switch to
// POP goes only where nothing is left to be asked of that server.
func (e *Engine) advance(ctx context.Context, a localstore.Account, l link.Link) (localstore.Account, error) {
	var s localstore.Switch
	open := false
	err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
		s, open, err = v.OpenSwitch(a.ID)
		return err
	})
	if err != nil || !open || s.Begun() || s.Choice.Paused {
		return a, err
	}
	if s.To == localstore.POP && l == nil {
		return a, nil
	}
	if err := e.carrySwitch(ctx, a, s, l); err != nil {
		return a, e.waits(ctx, a, err)
	}
	now, err := e.account(ctx, a.ID)
	e.Log.Info("account switched", "account", a.Name, "to", string(now.Mode))
	return now, err
}

func (e *Engine) carrySwitch(ctx context.Context, a localstore.Account, s localstore.Switch, l link.Link) error {
	b := switched(a, s.To, s.Choice)
	w := switching.Switcher{Store: e.Store, Account: a, Switch: s, Free: e.Free, Elsewhere: e.supervises(a.ID), Turned: func(done, total int) {
		e.status.progress(a.ID, done, total)
		e.Progress(a, done, total, 0)
	}}
	if s.To == localstore.IMAP {
		look, err := e.lookImap(ctx, b)
		if err != nil {
			return err
		}
		defer look.Close()
		return w.ToImap(ctx, mailbox{look})
	}
	return w.ToPop(ctx, l, func(ctx context.Context) (switching.Maildrop, func(), error) {
		look, err := e.lookPop(ctx, b)
		if err != nil {
			return nil, nil, err
		}
		return maildrop{look}, look.Close, nil
	})
}

// supervises tells whether Run fetches bodies for an account over a connection of
// their own.
func (e *Engine) supervises(id localstore.AccountID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.nudges[id]
	return s != nil && s.account.Mode == localstore.IMAP && !s.shared.alone()
}

// switchPause is how long a switch that something stops is left alone.
const switchPause = 5 * time.Minute

// goOn carries a switch of the account that is supervised. It tells whether the
// account is kept in another way now; while mail is on its way here it is soon
// looked at again.
func (s *supervisor) goOn(ctx context.Context, l link.Link) (switched bool) {
	if s.Clock.Now().Before(s.switchAt) {
		return false
	}
	now, err := s.advance(ctx, s.account, l)
	s.switching = errors.Is(err, switching.ErrGoesOn)
	switch {
	case err == nil:
		return now.Generation != s.account.Generation
	case s.switching:
	default:
		s.switchAt = s.Clock.Now().Add(switchPause)
		s.Log.Warn("switch waits", "account", s.account.Name, "err", err)
	}
	return false
}

// switchWanted tells whether a switch has been wanted since it was last looked
// at, where changes say that something about accounts has changed.
func (s *supervisor) switchWanted(ctx context.Context, changes []localstore.Change, lost bool) (wanted bool) {
	of := func(c localstore.Change) bool {
		return c.Topic == localstore.TopicAccounts && c.Account == s.account.ID
	}
	if s.switching || !lost && !slices.ContainsFunc(changes, of) {
		return false
	}
	err := s.Store.Read(ctx, func(v *localstore.View) error {
		open, ok, err := v.OpenSwitch(s.account.ID)
		wanted = ok && !open.Begun() && s.Clock.Now().After(s.switchAt)
		return err
	})
	return err == nil && wanted
}

// switchLook is how soon a switch is looked at again for which mail is on its
// way.
const switchLook = 5 * time.Second

// switched returns an account as it will be, for signing in to the new server.
func switched(a localstore.Account, to localstore.Mode, choice localstore.SwitchChoice) localstore.Account {
	a.Mode = to
	if to == localstore.POP {
		a.POP = choice.Server
	} else {
		a.IMAP = choice.Server
	}
	return a
}

func (e *Engine) lookImap(ctx context.Context, a localstore.Account) (look *imapsync.Look, err error) {
	err = e.withSecret(ctx, a, func(secret string) (err error) {
		look, err = imapsync.OpenLook(e.metered(ctx, a.ID), a, secret, imapsync.Options{Clock: e.Clock, Log: e.Log})
		return err
	})
	return look, err
}

func (e *Engine) lookPop(ctx context.Context, a localstore.Account) (look *popsync.Look, err error) {
	err = e.withSecret(ctx, a, func(secret string) (err error) {
		look, err = popsync.OpenLook(e.metered(ctx, a.ID), a, secret, popsync.Options{Clock: e.Clock, Log: e.Log})
		return err
	})
	return look, err
}

// recognised notes, after a pass that read every folder, that what a switch to
// IMAP left to be recognised has been looked at.
func (e *Engine) recognised(ctx context.Context, a localstore.Account) error {
	if a.Mode != localstore.IMAP {
		return nil
	}
	waits := false
	err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
		waits, err = v.Recognising(a.ID)
		return err
	})
	if err != nil || !waits {
		return err
	}
	return e.Store.Write(ctx, "recognised", func(tx *localstore.Tx) error { return tx.EndRecognising(a.ID) })
}

// mailbox and maildrop give the switch what it needs of the protocols.
type mailbox struct{ look *imapsync.Look }

var _ switching.Mailbox = mailbox{}

// Folders implements switching.Mailbox.
func (m mailbox) Folders(ctx context.Context) ([]switching.RemoteFolder, error) {
	all, err := m.look.Folders(ctx)
	folders := make([]switching.RemoteFolder, len(all))
	for i, f := range all {
		folders[i] = switching.RemoteFolder(f)
	}
	return folders, err
}

// errListing is why nothing is concluded from a listing.
var errListing = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "list messages", Text: "The server listed less than it says it has. Nothing was changed."}

// Mails implements switching.Mailbox.
func (m mailbox) Mails(ctx context.Context, name string) (switching.Listing, error) {
	validity, mails, complete, err := m.look.Mails(ctx, name)
	if err == nil && !complete {
		err = errListing
	}
	l := switching.Listing{UIDValidity: validity, Mails: make([]switching.Listed, len(mails))}
	for i, one := range mails {
		l.Mails[i] = switching.Listed(one)
	}
	return l, err
}

// Headers implements switching.Mailbox.
func (m mailbox) Headers(ctx context.Context, uids []uint32, complete bool, take func(uint32, []byte)) error {
	return m.look.Headers(ctx, uids, complete, take)
}

type maildrop struct{ *popsync.Look }

var _ switching.Maildrop = maildrop{}

// Mails implements switching.Maildrop.
func (m maildrop) Mails() []switching.Dropped {
	all := m.Look.Mails()
	mails := make([]switching.Dropped, len(all))
	for i, one := range all {
		mails[i] = switching.Dropped(one)
	}
	return mails
}

// openSwitching signs in for a pass, to the server of the mode that the account
// has once the switch under way has gone as far as it goes now. What stops that
// does not stop the pass.
func (e *Engine) openSwitching(ctx context.Context, a localstore.Account) (localstore.Account, link.Link, error) {
	a, err := e.advance(ctx, a, nil)
	if err != nil {
		e.Log.Warn("switch waits", "account", a.Name, "err", err)
	}
	l, err := e.open(ctx, a)
	if err != nil {
		return a, nil, err
	}
	now, err := e.advance(ctx, a, l)
	if err != nil {
		e.Log.Warn("switch waits", "account", a.Name, "err", err)
	}
	if now.Generation == a.Generation {
		return a, l, nil
	}
	l.Close()
	l, err = e.open(ctx, now)
	return now, l, err
}
