package vm

import (
	"context"

	"paquebot.app/localstore"
)

// markForwarded marks a message that a letter in the Outbox passes on; 0 is
// none. It tells whether it was marked by this letter, not by one before.
func (e *Env) markForwarded(ctx context.Context, id localstore.MessageID) bool {
	marked := false
	if id == 0 {
		return false
	}
	err := e.Store.Write(ctx, "mark forwarded", func(tx *localstore.Tx) error {
		all, err := tx.Messages([]localstore.MessageID{id})
		if marked = err == nil && len(all) == 1 && all[0].Flags&localstore.Forwarded == 0; !marked {
			return err
		}
		return tx.SetFlags([]localstore.MessageID{id}, localstore.Forwarded, 0)
	})
	e.Failed("mark forwarded", err)
	return err == nil && marked
}

// notForwarded takes the mark back, as the letter that passed the message on
// does not go out; 0 is no message.
func notForwarded(tx *localstore.Tx, id localstore.MessageID) error {
	all, err := tx.Messages([]localstore.MessageID{id})
	if err != nil || len(all) == 0 {
		return err
	}
	return tx.SetFlags([]localstore.MessageID{id}, 0, localstore.Forwarded)
}
