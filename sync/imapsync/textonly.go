package imapsync

import (
	"context"

	"paquebot.app/localstore"
)

// readTextOnly asks whether only texts are fetched unasked.
func (l *Link) readTextOnly(ctx context.Context) error {
	return l.store.Read(ctx, func(v *localstore.View) (err error) {
		l.textOnly, err = v.TextOnly()
		return err
	})
}

// wholeLimit is the size up to which a mail that is wanted to read comes whole.
func (l *Link) wholeLimit() int64 {
	if l.textOnly {
		return thinWhole
	}
	return wholeLimit
}

// prefetchTexts fetches the texts of a lot, without attachments.
func (l *Link) prefetchTexts(ctx context.Context, lot []localstore.Bodiless) error {
	var items []*item
	for _, b := range lot {
		at, ok, err := l.locate(ctx, b.Content)
		if err != nil {
			return err
		}
		if ok && (len(items) == 0 || at.rf.ID == items[0].at.rf.ID) {
			items = append(items, &item{wish: localstore.Wish{Account: l.account.ID, Content: b.Content, Section: localstore.WishText}, at: at})
		}
	}
	if len(items) == 0 {
		return nil
	}
	if valid, err := l.openAs(ctx, items[0].at.rf, false); err != nil || !valid {
		return err
	}
	if err := l.describeTexts(ctx, items, thinWhole); err != nil {
		return err
	}
	broken := l.fetchItems(ctx, items)
	if err := l.storeItems(ctx, items, func(*localstore.Tx) error { return nil }); err != nil {
		return err
	}
	return broken
}
