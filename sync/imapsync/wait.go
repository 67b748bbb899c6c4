package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

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

// Wait implements link.Link: it idles on the inbox (RFC 2177) and returns when
// the server speaks of a change, or when it is time to look at the other
// folders. A server without IDLE is polled.
func (l *Link) Wait(ctx context.Context) error {
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
	if !l.caps.Has(imap.CapIdle) {
		return l.sleep(ctx)
	}
	idle, err := l.client.Idle()
	if err != nil {
		if refusal(err) != nil {
			return l.sleep(ctx)
		}
		return l.fault("idle", err)
	}
	waited := l.sleep(ctx)
	if err := idle.Close(); err != nil {
		return l.fault("idle", err)
	}
	if err := idle.Wait(); err != nil && refusal(err) == nil {
		return l.fault("idle", err)
	}
	return waited
}

// sleep waits for a hint, the next poll, the end of the connection or of ctx.
func (l *Link) sleep(ctx context.Context) error {
	select {
	case <-l.hint:
		return nil
	case <-l.options.Clock.After(l.options.Poll):
		return nil
	case <-l.client.Closed():
		return l.fault("wait", errClosed)
	case <-ctx.Done():
		return l.fault("wait", ctx.Err())
	}
}
