package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync"
	"paquebot.app/sync/link"
)

// wishIdle is how long the second connection stays open without a wish.
const wishIdle = 2 * time.Minute

// serveWishes fetches bodies over a connection of their own, opened when a
// wish is made or mail arrives that the account's policy asks for.
func (s *supervisor) serveWishes(ctx context.Context) {
	watch := s.Store.Watch(localstore.TopicBodies, localstore.TopicMessages)
	defer watch.Close()
	var (
		pause backoff
		moved int64
	)
	for ctx.Err() == nil {
		online, cancel, err := s.online.pass(ctx)
		if err != nil {
			return
		}
		select {
		case <-s.mended: // of what was tried already
		default:
		}
		err = s.wishSession(online, watch)
		cancel()
		if err == nil || ctx.Err() != nil || errors.Is(err, imapsync.ErrYielded) {
			pause.reset()
			continue
		}
		s.Log.Info("bodies wait", "account", s.account.Name, "err", err)
		if now := s.gaugeOf(s.account.ID).Total(); now > moved+muchMoved {
			pause.reset() // the line breaks often, and something comes each time
			moved = now
		}
		var again <-chan time.Time
		if triedAgain(err) {
			again = s.Clock.After(atLeast(pause.next(), err))
		}
		s.wishPause(ctx, watch, again)
	}
}

// wishPause waits until it is worth another try: time has passed, the server let
// us in, or somebody asks for a body now.
func (s *supervisor) wishPause(ctx context.Context, watch *localstore.Watcher, again <-chan time.Time) {
	for {
		select {
		case <-again:
			return
		case <-s.mended:
			return
		case <-ctx.Done():
			return
		case <-watch.Ready():
			changes, _ := watch.Take()
			if slices.ContainsFunc(changes, func(c localstore.Change) bool {
				return c.Topic == localstore.TopicBodies && c.Kind == localstore.Added && c.Account == s.account.ID
			}) {
				return
			}
		}
	}
}

// wishSession waits for a wish, connects, and serves wishes until none came
// for a while.
func (s *supervisor) wishSession(ctx context.Context, watch *localstore.Watcher) error {
	for {
		open, err := s.wishesOpen(ctx)
		if err != nil {
			return err
		}
		if open {
			break
		}
		if err := heard(ctx, watch); err != nil {
			return err
		}
	}
	l, err := s.openFor(ctx, s.account, use{yields: true})
	s.shared.refused(err != nil && ctx.Err() == nil)
	if err != nil {
		return err
	}
	defer l.Close()
	return s.serve(ctx, l, watch)
}

func (s *supervisor) serve(ctx context.Context, l link.Link, watch *localstore.Watcher) error {
	for {
		if err := l.Bodies(ctx); !goesOn(err) {
			return err
		}
		nudge(s.indexed)
		s.makeRoom(ctx, s.account)
		select {
		case <-watch.Ready():
			watch.Take()
		case <-s.Clock.After(wishIdle):
			l.Close()
			return heard(ctx, watch) // what could not be had is not asked for again until something changes
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// heard waits for the next change.
func heard(ctx context.Context, watch *localstore.Watcher) error {
	select {
	case <-watch.Ready():
		watch.Take()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wishesOpen tells whether there is a wish that is not known to be hopeless,
// or mail that the account's policy asks for.
func (s *supervisor) wishesOpen(ctx context.Context) (open bool, err error) {
	err = s.Store.Read(ctx, func(v *localstore.View) (err error) {
		open, err = s.bodiesOpen(v)
		return err
	})
	return open, err
}

func (s *supervisor) bodiesOpen(v *localstore.View) (open bool, err error) {
	wishes, err := v.Wishes(s.account.ID)
	if err != nil || slices.ContainsFunc(wishes, func(w localstore.Wish) bool { return w.Error == "" }) {
		return err == nil, err
	}
	return imapsync.Unasked(v, s.account, s.Clock.Now())
}
