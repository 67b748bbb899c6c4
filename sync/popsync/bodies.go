package popsync

import (
	"context"

	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Bodies implements link.Link: it fetches the mails that were skipped and that
// the user asked for, in a session of its own. Every other mail of a maildrop
// is here whole, or is not on the server any more.
func (l *Link) Bodies(ctx context.Context) error {
	wishes, err := l.wishes(ctx)
	if err != nil || len(wishes) == 0 {
		return err
	}
	if _, err := l.pass(ctx, true); err != nil {
		return l.ended(ctx, err)
	}
	left, err := l.wishes(ctx)
	if err != nil {
		return err
	}
	l.count(func(r *link.Report) { r.Bodies += len(wishes) - len(left) })
	return l.write(ctx, "pop wish failed", func(tx *localstore.Tx) error {
		for content, row := range left {
			if err := tx.FailWish(content, localstore.WishWhole, "The server did not hand it out. "+row.Why); err != nil {
				return err
			}
		}
		return nil
	})
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
