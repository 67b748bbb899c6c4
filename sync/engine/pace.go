package engine

import (
	"context"
	"time"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Bounds of pace.
const (
	emptyPasses = 3                // that may follow on each other at once
	atOnce      = 10 * time.Second // a wait that was shorter asked for another pass at once
)

// pace keeps a session from asking a server for the same without end. A wait
// that ends at once, again and again, for passes that bring nothing is somebody's
// mistake: the server's, which says at each look that something has changed, or
// ours. Providers lock out who goes on like that, so after emptyPasses of them
// the next one waits, longer each time, until a pass has brought something or a
// wait has lasted. What the user does meanwhile goes out at once.
type pace struct {
	s      *supervisor
	before link.Report
	ended  time.Time // of the last pass
	empty  int       // passes in a row that brought nothing, at once after each other
	pause  backoff
}

func newPace(s *supervisor) *pace { return &pace{s: s} }

// passed takes what the link has done by the end of a pass.
func (p *pace) passed(r link.Report) {
	b := p.before
	if r.Received != b.Received || r.Changed != b.Changed || r.Bodies != b.Bodies || r.Applied != b.Applied || r.Removed != b.Removed || r.Held != b.Held {
		p.rested()
	}
	p.before, p.ended = r, p.s.Clock.Now()
}

// rested forgets the passes that brought nothing.
func (p *pace) rested() {
	p.empty = 0
	p.pause.reset()
}

// hold is called when a wait is over; it returns when the next pass may begin.
func (p *pace) hold(ctx context.Context) error {
	if p.s.Clock.Now().Sub(p.ended) >= atOnce {
		p.rested()
		return nil
	}
	if p.empty++; p.empty <= emptyPasses {
		return nil
	}
	here := p.s.Store.Watch(localstore.TopicPending)
	defer here.Close()
	pause := p.pause.next()
	p.s.Log.Info("passes bring nothing; the next one waits", "account", p.s.account.Name, "pause", pause)
	over := p.s.Clock.After(pause)
	for {
		select {
		case <-over:
			return nil
		case <-p.s.nudged:
			return nil
		case <-here.Ready():
			here.Take()
			if due, _, err := p.s.intents(ctx); err != nil || due {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
