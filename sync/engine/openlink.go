package engine

import (
	"context"
	"time"

	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync"
	"paquebot.app/sync/link"
	"paquebot.app/sync/popsync"
	"paquebot.app/sync/submit"
)

// use is what a link is opened for.
type use struct {
	receive   bool          // a pass follows, of which the first questions may go with the sign-in
	moved     func()        // called as something comes; nil: nobody wants to know
	yields    bool          // what somebody waits for ends the connection where that is quicker
	askedOnly bool          // only bodies that somebody asked for are fetched
	share     time.Duration // how long bodies may keep the connection at a time; 0: as long as it takes
}

// openLink signs in by the protocol of the account's mode.
func openLink(ctx context.Context, c Config, a localstore.Account, password string, u use, progress link.Progress) (link.Link, error) {
	if a.Mode == localstore.POP {
		return popsync.Open(ctx, c.Store, a, password, popsync.Options{Clock: c.Clock, Log: c.Log, Progress: progress})
	}
	return imapsync.Open(ctx, c.Store, a, password, imapsync.Options{Clock: c.Clock, Log: c.Log, Progress: progress, Receive: u.receive, AskedOnly: u.askedOnly, Yield: u.yields, Share: u.share})
}

// Check tries an account's settings: it signs in to the incoming and to the
// outgoing server and changes nothing. The first error is returned.
func Check(ctx context.Context, a localstore.Account, password string) error {
	var err error
	if a.Mode == localstore.POP {
		err = popsync.Check(ctx, a, password)
	} else {
		err = imapsync.Check(ctx, a, password)
	}
	if err != nil || a.SMTP.Host == "" {
		return err
	}
	return submit.Check(ctx, a, password)
}
