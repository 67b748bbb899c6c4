package popsync

import (
	"context"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Bodies implements link.Link: it fetches the mails that were skipped and that
// the user asked for, in sessions of its own: another one follows one that
// breaks, until each mail is here or was given up. Every other mail of a maildrop
// is here whole, or is not on the server any more.
func (l *Link) Bodies(ctx context.Context) error {
	wishes, err := l.wishes(ctx)
	if err != nil || len(wishes) == 0 {
		return err
	}
	if err := l.fulfil(ctx); err != nil {
		return err
	}
	left, err := l.wishes(ctx)
	if err != nil {
		return err
	}
	l.count(func(r *link.Report) { r.Bodies += len(wishes) - len(left) })
	return l.write(ctx, "pop wish failed", func(tx *localstore.Tx) error {
		why := map[localstore.ContentID]string{}
		for content, row := range left {
			why[content] = row.Why
		}
		return l.failWishes(tx, why)
	})
}

// fulfil has sessions for what is wished, as long as they bring it nearer.
func (l *Link) fulfil(ctx context.Context) error {
	var broke error
	for e := (effort{}); !e.vain(); {
		p, err := l.pass(ctx, true)
		switch {
		case err == nil && !p.more:
			return nil
		case err != nil && (p == nil || ctx.Err() != nil || !broken(err)):
			return l.ended(ctx, err)
		}
		broke = err
		e.count(p, false)
	}
	return broke
}

// failWishes notes in the wishes for some contents why the server did not hand
// these out.
func (l *Link) failWishes(tx *localstore.Tx, why map[localstore.ContentID]string) error {
	wishes, err := tx.Wishes(l.account.ID)
	if err != nil {
		return err
	}
	for _, w := range wishes {
		reason, ok := why[w.Content]
		if !ok {
			continue
		}
		if err := tx.FailWish(w.Content, w.Section, "The server did not hand it out. "+reason); err != nil {
			return err
		}
	}
	return nil
}

// wishes returns the rows of skipped mails that are asked for, by content. It
// notes those wishes that no server can fulfil.
func (l *Link) wishes(ctx context.Context) (map[localstore.ContentID]localstore.PopLocation, error) {
	found := map[localstore.ContentID]localstore.PopLocation{}
	err := l.write(ctx, "pop wishes", func(tx *localstore.Tx) error {
		rows, err := tx.Ledger(l.maildrop, localstore.PopSkipped)
		if err != nil {
			return err
		}
		byMessage := map[localstore.MessageID]localstore.PopLocation{}
		for _, r := range rows {
			byMessage[r.Message] = r
		}
		wishes, err := tx.Wishes(l.account.ID)
		if err != nil {
			return err
		}
		for _, w := range wishes {
			messages, err := tx.MessagesOf(w.Content)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if r, ok := byMessage[m.ID]; ok {
					found[w.Content] = r
				}
			}
			if _, ok := found[w.Content]; !ok && w.Error == "" {
				if err := tx.FailWish(w.Content, w.Section, "The server no longer has this mail."); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return found, err
}
