package imapsync

import (
	"context"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// patience is how long somebody may wait for what comes for nobody. A flight is
// as large as the line was fast; a train may have entered a tunnel since.
const patience = 2 * time.Second

// ErrYielded is the end of a connection that was given up for a wish: the next
// one serves it at once. Nothing that came is lost.
var ErrYielded = &fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network, Op: "imap bodies", Text: "What somebody waits for comes first."}

// yielding ends the connection, where Options.Yield allows that, when a wish
// that is made from now on waits too long. yielded stops that and tells whether
// it happened.
func (l *Link) yielding(ctx context.Context) (yielded func() bool) {
	if !l.options.Yield {
		return func() bool { return false }
	}
	watch := l.store.Watch(localstore.TopicBodies)
	began, stop, ended := l.now(), make(chan struct{}), make(chan bool, 1)
	go func() {
		defer watch.Close()
		ended <- l.yieldFor(ctx, watch, began, stop)
	}()
	return func() bool {
		close(stop)
		return <-ended
	}
}

func (l *Link) yieldFor(ctx context.Context, watch *localstore.Watcher, began time.Time, stop <-chan struct{}) bool {
	for {
		select {
		case <-watch.Ready():
			watch.Take()
		case <-stop:
			return false
		}
		if !l.askedSince(ctx, began) {
			continue
		}
		select {
		case <-l.options.Clock.After(patience):
			l.Close()
			<-stop
			return true
		case <-stop:
			return false
		}
	}
}

// askedSince tells whether somebody asked for a body at a time or later.
func (l *Link) askedSince(ctx context.Context, began time.Time) (asked bool) {
	err := l.store.Read(ctx, func(v *localstore.View) error {
		wishes, err := v.Asked(l.account.ID)
		for _, w := range wishes {
			asked = asked || w.Error == "" && !w.Asked.Before(began.Truncate(time.Millisecond))
		}
		return err
	})
	return err == nil && asked
}
