package engine

import (
	"context"
	"errors"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
	"paquebot.app/sync/netconn"
)

// packTries is how many connections in a row may bring nothing.
const packTries = 3

// muchMoved is how many bytes show that a connection that broke was of use: what
// came of a large mail is kept.
const muchMoved = 64 << 10

// Pack makes an account ready for a time without a network: it runs a pass, so
// that the newest mail is known, and fetches what a choice lacks, over one
// connection where that holds. It returns when that is done or cannot go on;
// then the pack is still under way and goes on with the next connection, with
// what is left of its budget. Everything that is moved counts, also what the
// pass moves, which gets half of the budget at most. Whoever calls it holds the
// store's lock.
func (e *Engine) Pack(ctx context.Context, a localstore.Account, choice localstore.PackChoice) (p localstore.Pack, receipt localstore.PackReceipt, err error) {
	defer e.storeTraffic(ctx)
	give, err := e.turnsOf(a.ID).carry.take(ctx)
	if err != nil {
		return p, receipt, interrupted(err)
	}
	defer give()
	run := packRun{Engine: e, account: a, choice: choice, gauge: e.gaugeOf(a.ID)}
	defer run.gauge.SetLimit(0)
	defer run.close()
	err = run.all(ctx)
	if err != nil && ctx.Err() != nil {
		err = interrupted(ctx.Err())
	}
	e.settle(a.ID, err)
	failed := e.Store.Read(context.WithoutCancel(ctx), func(v *localstore.View) (err error) {
		if p, _, err = v.PackOf(a.ID); err != nil {
			return err
		}
		receipt, err = v.PackReceipt(p)
		return err
	})
	return p, receipt, errors.Join(err, failed)
}

// packRun is one run of Pack.
type packRun struct {
	*Engine
	account localstore.Account
	choice  localstore.PackChoice
	gauge   *gauge
	link    link.Link // nil: none is open
}

func (r *packRun) close() {
	if r.link != nil {
		r.link.Close()
		r.link = nil
	}
}

// connect signs in; moved is called as something comes, unless it is nil.
func (r *packRun) connect(ctx context.Context, moved func()) error {
	l, err := r.openFor(ctx, r.account, use{moved: moved, askedOnly: true}) // what policies ask for is not the pack's
	if err == nil {
		r.link = l
	}
	return err
}

func (r *packRun) all(ctx context.Context) error {
	began := r.Clock.Now()
	was, _, err := r.state(ctx)
	if err != nil {
		return err
	}
	start, left := r.gauge.Total(), r.choice.Budget
	if was.UnderWay() && was.Choice.Budget == left {
		left -= was.Spent
	}
	limit := func(of int64) {
		if r.choice.Budget > 0 {
			r.gauge.SetLimit(start + max(1, of))
		}
	}
	r.gauge.Mark(start)
	begin := func(settle bool) error {
		return r.Store.Write(ctx, "begin pack", func(tx *localstore.Tx) error {
			if err := tx.BeginPack(r.account.ID, r.choice, began); err != nil {
				return err
			}
			if err := r.count(tx); err != nil || !settle {
				return err
			}
			return tx.SettlePack(r.account.ID)
		})
	}
	if err := begin(false); err != nil { // what the pass moves is counted from now on
		return err
	}
	limit(left / 2)
	passed := r.pass(ctx)
	if ctx.Err() != nil {
		return passed
	}
	if err := begin(true); err != nil {
		return err
	}
	if !goesOn(passed) && !errors.Is(passed, netconn.ErrSpent) {
		return passed
	}
	limit(left + r.choice.Budget*3/100) // a server that sends more than it says
	return r.fetch(ctx)
}

// count counts for the pack what was moved since it last was.
func (r *packRun) count(tx *localstore.Tx) error {
	moved := r.gauge.SinceMark()
	r.gauge.Mark(r.gauge.Total())
	return tx.SpendPack(r.account.ID, moved)
}

// countStep is how many bytes a pass may move before they are counted.
const countStep = 16 << 10

// counting counts what comes while a pass runs.
func (r *packRun) counting(ctx context.Context) func() {
	return func() {
		if r.gauge.SinceMark() < countStep {
			return
		}
		if err := r.Store.Write(ctx, "count for pack", r.count); err != nil {
			r.Log.Warn("not counted", "err", err)
		}
	}
}

// pass applies, receives and sends.
func (r *packRun) pass(ctx context.Context) error {
	err := r.connect(ctx, r.counting(ctx))
	if err != nil {
		return err
	}
	if err = r.file(ctx, r.account); goesOn(err) {
		err = r.link.Apply(ctx)
	}
	if goesOn(err) {
		err = r.link.Receive(ctx)
	}
	if goesOn(err) {
		sent, failed := r.sendAll(ctx, r.account)
		if sent > 0 {
			failed = errors.Join(failed, r.link.Apply(ctx)) // the copies for Sent, and \Answered
		}
		if failed != nil {
			r.Log.Info("letters wait", "account", r.account.Name, "err", failed)
		}
		if r.choice.Threads {
			return r.IndexAll(ctx) // conversations are known when their mail was read
		}
		return nil
	}
	r.close()
	return err
}

// fetch fetches until the pack has ended, over as many connections as it takes.
func (r *packRun) fetch(ctx context.Context) error {
	for vain := 0; ; {
		before, on, err := r.state(ctx)
		if err != nil || !on || !before.UnderWay() {
			return err
		}
		if r.link == nil {
			err = r.connect(ctx, nil)
		}
		if err == nil {
			err = r.link.Bodies(ctx)
		}
		if errors.Is(err, netconn.ErrSpent) || r.gauge.Left() <= 0 {
			return r.spent(ctx)
		}
		if err != nil {
			r.close()
		}
		after, on, failed := r.state(ctx)
		switch {
		case failed != nil || !on || !after.UnderWay():
			return failed
		case after.Open < before.Open || after.Open == before.Open && (err == nil && after.Spent > before.Spent || after.Spent > before.Spent+muchMoved):
			vain = 0
		default:
			vain++
		}
		if err == nil {
			err = errUnfinished
		}
		if vain == packTries || !transient(err) {
			return err
		}
	}
}

// errUnfinished says that a server kept what was asked for without a reason.
var errUnfinished = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "pack", Text: "The server did not hand out everything. What is left comes with the next connection."}

// state is the account's pack now.
func (r *packRun) state(ctx context.Context) (p localstore.Pack, on bool, err error) {
	err = r.Store.Read(ctx, func(v *localstore.View) (err error) {
		p, on, err = v.PackOf(r.account.ID)
		return err
	})
	return p, on, err
}

// spent ends a pack whose budget is spent to the last byte.
func (r *packRun) spent(ctx context.Context) error {
	return r.Store.Write(ctx, "pack budget spent", func(tx *localstore.Tx) error {
		return tx.EndPackOverBudget(r.account.ID)
	})
}
