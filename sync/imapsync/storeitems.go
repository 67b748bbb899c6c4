package imapsync

import (
	"bytes"
	"context"
	"io"
	"strings"

	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// errOther is why a mail is not taken.
const errOther = "The server sent another mail than the one it announced."

// storeItems makes what came durable and readable; first runs before it in the
// same commit.
func (l *Link) storeItems(ctx context.Context, items []*item, first func(*localstore.Tx) error) error {
	if err := l.completeItems(ctx, items); err != nil {
		return err
	}
	var stores []func(*localstore.Tx) error
	for _, i := range items {
		if i.err != nil {
			continue
		}
		store, err := l.storing(ctx, i)
		if err != nil {
			return err
		}
		stores = append(stores, store)
	}
	err := l.write(ctx, "imap bodies", func(tx *localstore.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		for _, store := range stores {
			if err := store(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		l.count(func(r *link.Report) { r.Bodies += len(stores) })
	}
	return err
}

// completeItems makes the blobs complete of what came.
func (l *Link) completeItems(ctx context.Context, items []*item) error {
	var (
		writers []*localstore.BlobWriter
		of      []*section
	)
	for _, i := range items {
		for _, s := range i.sections {
			if i.err == nil && s.blob == 0 {
				writers, of = append(writers, s.got), append(of, s)
			}
		}
	}
	blobs, err := l.store.CompleteBlobs(ctx, writers...)
	if err != nil {
		return err
	}
	for n, s := range of {
		s.blob = blobs[n].ID
	}
	return nil
}

// storing returns what makes an item readable whose bytes are here.
func (l *Link) storing(ctx context.Context, i *item) (func(*localstore.Tx) error, error) {
	switch {
	case i.whole():
		return l.storingWhole(ctx, i)
	case i.wish.Section != localstore.WishText:
		return func(tx *localstore.Tx) error {
			return tx.SetPart(i.wish.Content, i.wish.Section, i.sections[0].blob)
		}, nil
	}
	stored, preview, attachments := i.stored(), l.preview(ctx, i), len(i.partial().Attachments())
	return func(tx *localstore.Tx) error {
		return tx.SetText(i.wish.Content, stored, preview, attachments)
	}, nil
}

// readItem finds out what a whole mail holds while its bytes are in memory: beside
// storing others, and without reading them again.
func (l *Link) readItem(i *item) {
	if !i.whole() || i.sections[0].got == nil {
		return
	}
	s := i.sections[0]
	raw := s.got.Held()
	if c, err := intake.FromBlob(l.account.ID, bytes.NewReader(raw), int64(len(raw))); err == nil && len(raw) > 0 {
		i.read = c
	}
}

// storingWhole returns what makes a whole mail readable, provided that it is
// the one that was announced.
func (l *Link) storingWhole(ctx context.Context, i *item) (func(*localstore.Tx) error, error) {
	c := i.read
	if c.Size == 0 {
		r, err := l.store.OpenBlob(ctx, i.sections[0].blob)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		if c, err = intake.FromBlob(l.account.ID, r, r.Size()); err != nil {
			return nil, err
		}
	}
	c.Blob = i.sections[0].blob
	return func(tx *localstore.Tx) error {
		id, err := tx.Identity(i.wish.Content)
		if err != nil {
			return err
		}
		if c.FieldsHash != id.FieldsHash && c.HeaderID != id.HeaderID {
			if err := tx.ForgetBegun(i.wish.Content, ""); err != nil {
				return err
			}
			if _, err := l.refuseBody(tx, i); err != nil {
				return err
			}
			return tx.FailWish(i.wish.Content, i.wish.Section, errOther)
		}
		if _, err := tx.EvidenceOf(l.account.ID, append(c.References, c.HeaderID)); err != nil {
			return err
		}
		return tx.SetWholeOf(i.at.Message, i.wish.Content, c)
	}, nil
}

// preview returns the first words of the text parts that are here.
func (l *Link) preview(ctx context.Context, i *item) string {
	blobs := i.blobs()
	return letter.Partial(nil, i.parts, func(section string) io.Reader {
		id := blobs[section]
		if id == 0 {
			return nil
		}
		r, err := l.store.OpenBlob(ctx, id)
		if err != nil {
			return nil
		}
		defer r.Close()
		b, err := io.ReadAll(io.LimitReader(r.Reader(), 64<<10))
		if err != nil {
			return nil
		}
		return strings.NewReader(string(b))
	}).Preview(intake.PreviewLength)
}
