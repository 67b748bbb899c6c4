package imapsync

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/localstore"
)

// inboxState is what the inbox looked like when Receive read it.
type inboxState struct {
	uidvalidity, uidnext, exists uint32
}

// received notes what the inbox looked like, for Wait.
func (l *Link) received(f listed, uidvalidity, uidnext, exists uint32) {
	if f.role == localstore.RoleInbox {
		l.inbox = inboxState{uidvalidity, uidnext, exists}
	}
}

// unread notes that a folder is not read, for Wait.
func (l *Link) unread(f listed) {
	if f.role == localstore.RoleInbox {
		l.inbox = inboxState{}
	}
}

// Wait implements link.Link: it idles on the inbox (RFC 2177) and returns when
// the server speaks of a change, or when it is time to look at the other
// folders. A server without IDLE is polled.
func (l *Link) Wait(ctx context.Context) error {
	if l.inbox == (inboxState{}) {
		_, err := l.sleep(ctx, l.options.Poll) // its policy is none: nobody has read it
		return err
	}
	data, err := l.open(ctx, localstore.Inbox, false, true)
	if err != nil {
		return err
	}
	if (inboxState{data.UIDValidity, uint32(data.UIDNext), data.NumMessages}) != l.inbox {
		return nil // it changed between Receive and now
	}
	select {
	case <-l.hint: // of what Receive has seen already
	default:
	}
	until := l.now().Add(l.options.Poll)
	for {
		heard, err := l.idle(ctx, min(watchdog, until.Sub(l.now())))
		if err != nil || heard || !l.now().Before(until) {
			return err
		}
	}
}

// watchdog is how long a connection may be silent before the server is asked
// for a sign of life. One that is open on this side only is found then, when no
// answer came within the time that the connection allows for one.
const watchdog = 2 * time.Minute

// idle waits for a hint for some time, in IDLE where the server has it. At the
// end the server must speak: by its answer to DONE, or else to NOOP, which
// also tells what is new (RFC 9051 §6.1.2).
func (l *Link) idle(ctx context.Context, d time.Duration) (heard bool, err error) {
	var idle *imapclient.IdleCommand
	if l.caps.Has(imap.CapIdle) && !l.noIdle {
		idle, err = l.client.Idle()
		if err != nil && refusal(err) == nil {
			return false, l.fault("idle", err)
		}
		if l.noIdle = err != nil; l.noIdle {
			idle = nil
		}
	}
	heard, waited := l.sleep(ctx, d)
	switch {
	case idle != nil:
		if err := idle.Close(); err != nil {
			return false, l.fault("idle", err)
		}
		if err := idle.Wait(); err != nil && refusal(err) == nil {
			return false, l.fault("idle", err)
		}
	case !heard && waited == nil:
		if err := l.client.Noop().Wait(); err != nil && refusal(err) == nil {
			return false, l.fault("noop", err)
		}
		select {
		case <-l.hint:
			heard = true
		default:
		}
	}
	return heard, waited
}

// sleep waits for a hint, the end of some time, of the connection or of ctx.
func (l *Link) sleep(ctx context.Context, d time.Duration) (heard bool, err error) {
	select {
	case <-l.hint:
		return true, nil
	case <-l.options.Clock.After(d):
		return false, nil
	case <-l.client.Closed():
		return false, l.fault("wait", errClosed)
	case <-ctx.Done():
		return false, l.fault("wait", ctx.Err())
	}
}
