package engine

import (
	"context"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// receiveFirst is how long letters wait for the first Receive.
const receiveFirst = time.Minute

// sendPause is how long the outgoing server is left alone after an error.
const sendPause = time.Minute

// sendLetters empties the outbox of an account whenever something in it is
// due, and files what was left sent.
func (s *supervisor) sendLetters(ctx context.Context) {
	watch := s.Store.Watch(localstore.TopicOutbox)
	defer watch.Close()
	first := s.Clock.After(receiveFirst)
	ready := false
	var reach reach
	for {
		if err := s.file(ctx, s.account); err != nil && !stopped(ctx, err) {
			s.afterSendError(ctx, err)
		}
		online, cancel, err := s.online.pass(ctx)
		if err != nil {
			return
		}
		at, waiting, err := s.nextLetter(ctx)
		if err != nil {
			cancel()
			return
		}
		var due <-chan time.Time
		if waiting {
			if !ready {
				select {
				case <-s.received:
				case <-first:
				case <-online.Done():
					cancel()
					continue
				}
				ready = true
			}
			due = s.Clock.After(at.Sub(s.Clock.Now()))
		}
		select {
		case <-due:
			_, err := s.sendAll(online, s.account)
			cancel()
			if reach.tried(err, s.status.connected(s.account.ID)) {
				s.lettersTried(ctx, s.account.ID)
			}
			if err != nil && !stopped(ctx, err) {
				s.afterSendError(ctx, err)
			}
			continue
		case <-watch.Ready():
			watch.Take()
		case <-online.Done():
		}
		cancel()
		if ctx.Err() != nil {
			return
		}
	}
}

// afterSendError shows what only the user can mend, and then waits for a minute
// or until a connection is likely. Letters keep their own back-off.
func (s *supervisor) afterSendError(ctx context.Context, err error) {
	if fault.Of(err).Remedy == fault.User {
		s.status.set(s.account.ID, NeedsUser, fault.Of(err))
	}
	s.Log.Info("letters wait", "account", s.account.Name, "err", err)
	select {
	case <-s.Clock.After(sendPause):
	case <-s.reachable:
	case <-ctx.Done():
	}
}

// nextLetter returns when the next letter is due.
func (s *supervisor) nextLetter(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.Store.Read(ctx, func(v *localstore.View) error {
		at, ok, err = v.NextLetter(s.account.ID)
		return err
	})
	return at, ok, err
}
