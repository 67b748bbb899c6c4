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
