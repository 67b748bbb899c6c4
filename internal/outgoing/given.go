package outgoing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// Given is a letter that a program hands in whole.
type Given struct {
	Account    localstore.Account
	Letter     *letter.Given
	Recipients []letter.Address // whom it goes to, whatever its header says; none: whom that names
	NotBefore  time.Time        // zero: as soon as there is a connection
}

// QueueGiven puts a letter into the outbox as it was given, with a Message-ID
// and a From where it has none. Recipients that its header does not name are
// kept in its Bcc, which stays here. It works offline, and refuses as Queue
// does; a letter whose Message-ID is in the outbox is refused, so that none is
// queued twice.
func QueueGiven(ctx context.Context, store *localstore.Store, q Given) (n localstore.OutboxID, err error) {
	g := *q.Letter
	if g.From == (letter.Address{}) {
		if g.From, err = defaultFrom(ctx, store, q.Account.ID); err != nil {
			return 0, err
		}
	}
	sender, err := g.From.Wire()
	if err != nil {
		return 0, refused(err)
	}
	if g.MessageID == "" {
		g.MessageID = letter.NewMessageID(g.From.Addr)
	}
	if len(q.Recipients) > 0 {
		g.Bcc = nil
		for _, a := range q.Recipients {
			if !slices.ContainsFunc(slices.Concat(g.To, g.Cc, g.Bcc), func(b letter.Address) bool { return strings.EqualFold(a.Addr, b.Addr) }) {
				g.Bcc = append(g.Bcc, a)
			}
		}
	}
	recipients, err := g.Recipients()
	if err == nil && len(q.Recipients) > 0 {
		recipients, err = (&letter.Draft{To: q.Recipients}).Recipients()
	}
	switch {
	case err != nil:
		return 0, refused(err)
	case len(recipients) == 0:
		return 0, refused(errors.New("the letter has no recipient"))
	}
	return enqueue(ctx, store, Letter{Account: q.Account, NotBefore: q.NotBefore}, sender, recipients, g.Write)
}
