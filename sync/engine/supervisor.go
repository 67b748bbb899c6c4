package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// supervisor keeps one account in step with its servers.
type supervisor struct {
	*Engine
	account   localstore.Account
	nudged    chan struct{} // Wake
	reachable chan struct{} // Wake, or a server of the account answered: letters may leave
	mended    chan struct{} // Wake, or the server let us in: bodies may be asked for
	shared    shared        // what the one connection is used for that a server allows
	received  chan struct{} // closed after the first Receive
	once      sync.Once
	clock     backoff
	switchAt  time.Time // a switch under way is left alone before
	switching bool      // mail is on its way here, for which it waits
}

func newSupervisor(e *Engine, a localstore.Account) *supervisor {
	s := &supervisor{Engine: e, account: a, nudged: make(chan struct{}, 1), reachable: make(chan struct{}, 1), mended: make(chan struct{}, 1), shared: newShared(), received: make(chan struct{})}
	e.mu.Lock()
	e.nudges[a.ID] = s
	e.mu.Unlock()
	return s
}

// run supervises until ctx ends.
func (s *supervisor) run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { s.sendLetters(ctx) })
	if s.account.Mode == localstore.IMAP {
		all.Go(func() { s.serveWishes(ctx) })
	}
	for ctx.Err() == nil {
		online, cancel, err := s.online.pass(ctx)
		if err != nil {
			return
		}
		err = s.session(online)
		cancel()
		if ctx.Err() != nil {
			return
		}
		if s.online.isShut() {
			s.status.set(s.account.ID, Offline, nil)
			continue
		}
		s.settle(s.account.ID, err)
		s.rest(ctx, err)
	}
}

// session connects and stays connected as long as it can. It holds the
// account's turn but while it waits.
func (s *supervisor) session(ctx context.Context) error {
	carry := s.turnsOf(s.account.ID).carry
	give, err := carry.take(ctx)
	if err != nil {
		return err
	}
	defer s.shared.connected(false)
	// The server of the present mode may not be there any more.
	if s.goOn(ctx, nil) {
		give()
		return nil
	}
	mark := s.mark(ctx, s.account.ID)
	l, err := s.connect(ctx)
	if err != nil {
		give()
		return err
	}
	defer l.Close()
	pace := newPace(s)
	for first := true; ; first = false {
		s.status.set(s.account.ID, Syncing, nil)
		if s.goOn(ctx, l) {
			give()
			return nil // who supervises the account as it is now comes at once
		}
		err := s.passOver(ctx, l)
		if first && (goesOn(err) || l.Report().BytesIn > 0) {
			s.reconnected(ctx, s.account.ID, mark, goesOn(err), l.Report().Conflicts)
			defer s.wentOffline(ctx, s.account.ID)
		}
		give()
		pace.passed(l.Report())
		s.status.told(s.account.ID, toldBy(s.account, l.Report()))
		if !first && tokenRefused(s.account, err) {
			return nil // it was good once and has expired: the next session asks for another
		}
		if !goesOn(err) {
			return err
		}
		s.clock.reset() // not before: a server may let us in and break every pass
		s.status.set(s.account.ID, Idle, nil)
		if err := s.wait(ctx, l); err != nil {
			return err
		}
		if err := pace.hold(ctx); err != nil {
			return err
		}
		if give, err = carry.take(ctx); err != nil {
			return err
		}
	}
}

// connect signs in; letters that waited for a connection are due then.
func (s *supervisor) connect(ctx context.Context) (link.Link, error) {
	s.status.set(s.account.ID, Connecting, nil)
	l, err := s.openFor(ctx, s.account, use{receive: true, share: bodiesShare})
	if err != nil {
		return nil, err
	}
	s.shared.connected(true)
	if err := s.wakeLetters(ctx); err != nil {
		l.Close()
		return nil, err
	}
	nudge(s.reachable)
	nudge(s.mended)
	return l, nil
}

// passOver applies and receives. IMAP bodies come over another connection where
// the server allows two.
func (s *supervisor) passOver(ctx context.Context, l link.Link) error {
	if err := s.putDrafts(ctx, s.account); err != nil {
		return err
	}
	if err := l.Apply(ctx); !goesOn(err) {
		return err
	}
	err := l.Receive(ctx)
	if err == nil {
		err = s.recognised(ctx, s.account)
	}
	if goesOn(err) {
		s.once.Do(func() { close(s.received) })
		nudge(s.indexed)
		if failed := s.file(ctx, s.account); failed != nil && err == nil {
			err = failed
		}
	}
	if s.account.Mode == localstore.POP && goesOn(err) {
		// Each of its passes signs in, which shows that letters may leave.
		if err := s.wakeLetters(ctx); err != nil {
			return err
		}
		nudge(s.reachable)
		err = l.Bodies(ctx)
	}
	if s.shared.alone() && goesOn(err) {
		began := s.Clock.Now()
		err = l.Bodies(ctx)
		s.shared.kept(began, s.Clock.Now().Sub(began) >= bodiesShare)
		nudge(s.indexed)
	}
	if err == nil {
		s.makeRoom(ctx, s.account)
	}
	return err
}

// wait returns nil when there is something to carry: on the server, or here.
func (s *supervisor) wait(ctx context.Context, l link.Link) error {
	topics := []localstore.Topic{localstore.TopicPending, localstore.TopicDrafts, localstore.TopicAccounts}
	if s.account.Mode == localstore.POP || s.shared.alone() {
		topics = append(topics, localstore.TopicBodies) // there is no second connection for them
	}
	here := s.Store.Watch(topics...)
	defer here.Close()
	due, later, err := s.intents(ctx)
	if err != nil || due || s.shared.more() {
		return err
	}
	if asked, err := s.askedMeanwhile(ctx); err != nil || asked {
		return err
	}
	var soon <-chan time.Time
	if s.switching {
		soon = s.Clock.After(switchLook)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	heard := make(chan error, 1)
	go func() { heard <- l.Wait(inner) }()
	for {
		select {
		case err := <-heard:
			return err
		case <-s.nudged:
		case <-s.shared.changed:
		case <-later:
		case <-soon:
		case <-here.Ready():
			changes, lost := here.Take()
			if s.switchWanted(ctx, changes, lost) {
				break
			}
			if s.shared.alone() && (lost || slices.ContainsFunc(changes, func(c localstore.Change) bool { return c.Topic == localstore.TopicBodies })) {
				if open, err := s.wishesOpen(ctx); err != nil || open {
					break
				}
			}
			if due, next, err := s.intents(ctx); err == nil && !due {
				later = next
				continue
			}
		}
		cancel()
		<-heard // the link is one goroutine's at a time
		return ctx.Err()
	}
}

// intents tells whether there is something to apply, or for POP to fetch, and if not, when what the
// server refused is to be tried again: later is nil where there is none.
func (s *supervisor) intents(ctx context.Context) (due bool, later <-chan time.Time, err error) {
	now := s.Clock.Now()
	var next time.Time
	err = s.Store.Read(ctx, func(v *localstore.View) error {
		ready, err := v.DuePendings(s.account.ID, now)
		if due = len(ready) > 0; err != nil || due {
			return err
		}
		if s.account.Mode == localstore.POP {
			wishes, err := v.Wishes(s.account.ID)
			if due = slices.ContainsFunc(wishes, func(w localstore.Wish) bool { return w.Error == "" }); err != nil || due {
				return err
			}
		}
		if s.account.Mode == localstore.IMAP {
			if next, err = v.NextDraft(s.account.ID); err != nil {
				return err
			}
			if due = !next.IsZero() && !next.After(now); due {
				return nil
			}
		}
		all, err := v.Pendings(s.account.ID)
		for _, p := range all {
			if p.State != localstore.PendStuck && p.NotBefore.After(now) && (next.IsZero() || p.NotBefore.Before(next)) {
				next = p.NotBefore
			}
		}
		return err
	})
	if err != nil || due || next.IsZero() {
		return due, nil, err
	}
	later = s.Clock.After(next.Sub(now))
	return !s.Clock.Now().Before(next), later, nil // it may have become due meanwhile
}

// wakeLetters makes letters that wait for a connection due: there is one.
func (s *supervisor) wakeLetters(ctx context.Context) error {
	return s.Store.Write(ctx, "wake letters", func(tx *localstore.Tx) error {
		return tx.WakeLetters(s.account.ID)
	})
}

// asked is how long a server is left alone, at least, that has asked for it
// ([IN-USE], [LOGIN-DELAY], [SYS/TEMP], [THROTTLED]) or that refuses to let us
// in without a reason: who comes too often is locked out.
const asked = 30 * time.Second

// atLeast lengthens a pause after an error to what the server has asked for.
func atLeast(pause time.Duration, err error) time.Duration {
	if f := fault.Of(err); f.Remedy == fault.Later && (f.Cause == fault.Server || f.Cause == fault.SignIn) {
		return max(pause, asked)
	}
	return pause
}

// rest waits before the next session: a back-off where time may mend what went
// wrong, and for a word of the user after what only he can mend.
func (s *supervisor) rest(ctx context.Context, err error) {
	if err == nil {
		return
	}
	if fault.Of(err).Remedy == fault.Bug {
		s.Log.Error("session failed", "account", s.account.Name, "err", err)
	}
	var again <-chan time.Time
	if triedAgain(err) {
		again = s.Clock.After(atLeast(s.clock.next(), err))
	}
	select {
	case <-again:
	case <-s.nudged:
		s.clock.reset()
	case <-ctx.Done():
	}
}

// triedAgain tells whether a session is worth another try without a word of
// the user. Room on a disk is made without telling us.
func triedAgain(err error) bool {
	f := fault.Of(err)
	return transient(err) || f.Scope >= fault.Folder || f.Remedy == fault.Bug || f.Cause == fault.Disk
}
