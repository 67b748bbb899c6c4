package engine

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
	"paquebot.app/sync/submit"
)

// Pass runs one pass over an account on a connection of its own: apply,
// receive, send, bodies. It returns when all is done, with the first error in
// the report: what fails does not stop what can still be done. Whoever calls
// it holds the store's lock. What Run does for the account meanwhile waits.
func (e *Engine) Pass(ctx context.Context, a localstore.Account) (r Report) {
	r = newReport(a)
	began := e.Clock.Now()
	defer func() { e.keepReport(ctx, a.ID, r) }()
	defer func() { r.Seconds = e.Clock.Now().Sub(began).Seconds() }()

	give, err := e.turnsOf(a.ID).carry.take(ctx)
	if err != nil {
		r.Error = failure(interrupted(err))
		return r
	}
	defer give()
	supervised := e.status.connected(a.ID)
	mark := e.mark(ctx, a.ID)
	e.status.set(a.ID, Connecting, nil)
	a, l, err := e.openSwitching(ctx, a)
	if err != nil {
		// The two servers of an account fail apart: letters may still leave.
		var failed error
		if r.Sent, failed = e.sendAll(ctx, a); err == nil {
			err = failed
		}
	} else {
		r.Online = true
		e.status.set(a.ID, Syncing, nil)
		err = e.carry(ctx, l, a, &r)
		r.add(a, l.Report())
		l.Close()
		if !supervised {
			e.reconnected(ctx, a.ID, mark, goesOn(err), l.Report().Conflicts)
			e.lettersTried(ctx, a.ID)
			e.wentOffline(ctx, a.ID)
		}
	}
	if err != nil && ctx.Err() != nil {
		err = interrupted(ctx.Err()) // whatever it looked like to those who were cut off
	}
	r.Error = failure(err)
	e.settle(a.ID, err)
	return r
}

// carry runs a pass over an open link. What fails does not stop what can
// still be done; the first error is returned.
func (e *Engine) carry(ctx context.Context, l link.Link, a localstore.Account, r *Report) error {
	var first error
	step := func(run func(context.Context) error) {
		if !goesOn(first) {
			return
		}
		if err := run(ctx); first == nil || !goesOn(err) {
			first = err
		}
	}
	step(func(ctx context.Context) error { return e.file(ctx, a) })
	step(func(ctx context.Context) error { return e.putDrafts(ctx, a) })
	step(l.Apply)
	step(l.Receive)
	if first == nil {
		first = e.recognised(ctx, a)
	}
	sent, err := e.sendAll(ctx, a)
	r.Sent += sent
	if sent > 0 {
		step(l.Apply) // the copies for Sent, and \Answered
	}
	step(l.Bodies)
	if first == nil {
		e.makeRoom(ctx, a)
		first = err
	}
	return first
}

// goesOn tells whether the connection is of use after an error: one folder or
// message alone does not end a pass.
func goesOn(err error) bool { return err == nil || fault.Of(err).Scope >= fault.Folder }

// file files what a crash or a full disk left sent and not filed.
func (e *Engine) file(ctx context.Context, a localstore.Account) error {
	give, err := e.turnsOf(a.ID).send.take(ctx)
	if err != nil {
		return interrupted(err)
	}
	defer give()
	return submit.File(ctx, e.Store, a)
}

// putDrafts makes letters of the drafts that are to go to the account's server.
func (e *Engine) putDrafts(ctx context.Context, a localstore.Account) error {
	if a.Mode != localstore.IMAP {
		return nil
	}
	return outgoing.PutDrafts(ctx, e.Store, a.ID, e.Clock.Now())
}

// sendAll sends what is due, where the account can send.
func (e *Engine) sendAll(ctx context.Context, a localstore.Account) (sent int, err error) {
	give, err := e.turnsOf(a.ID).send.take(ctx)
	if err != nil {
		return 0, interrupted(err)
	}
	defer give()
	due, err := e.due(ctx, a)
	if err != nil || due == 0 {
		return 0, err
	}
	return e.send(ctx, a)
}

// due counts the letters that are due. Replies to conversations that went on
// are no more: they wait for a word of the user.
func (e *Engine) due(ctx context.Context, a localstore.Account) (n int, err error) {
	count := func(v *localstore.View) error {
		letters, err := v.DueLetters(a.ID, e.Clock.Now())
		n = len(letters)
		return err
	}
	if err := e.Store.Read(ctx, count); err != nil || n == 0 {
		return 0, err
	}
	err = e.Store.Write(ctx, "brake replies", func(tx *localstore.Tx) error {
		if held, err := tx.BrakeReplies(a.ID, e.Clock.Now()); err != nil || held == 0 {
			return err
		}
		return count(tx.View)
	})
	return n, err
}

// settle shows how an account stands after a pass or a broken connection.
func (e *Engine) settle(id localstore.AccountID, err error) {
	f := fault.Of(err)
	switch {
	case err == nil || f.Scope >= fault.Folder:
		e.status.set(id, Idle, nil)
	case transient(err):
		e.status.set(id, Offline, f)
	default:
		e.status.set(id, NeedsUser, f)
	}
}

// add adds what a link did to a report.
func (r *Report) add(a localstore.Account, l link.Report) {
	r.Received += l.Received
	r.Bodies += l.Bodies
	r.Applied += l.Applied
	r.Removed += l.Removed
	r.Held += l.Held
	r.Conflicts = append(append(r.Conflicts, l.Conflicts...), l.Asks...)
	r.Alerts = append(r.Alerts, alertsOf(a, l)...)
	r.BytesIn += l.BytesIn
	r.BytesOut += l.BytesOut
	r.RoundTrips += l.RoundTrips
}

// Fetch fulfils the open wishes of an account now, on a connection of its own.
func (e *Engine) Fetch(ctx context.Context, a localstore.Account) error {
	l, err := e.openFor(ctx, a, use{})
	if err != nil {
		return err
	}
	defer e.storeTraffic(ctx)
	defer l.Close()
	return l.Bodies(ctx)
}
