package imapsync

import (
	"context"
	"io"
	"slices"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// answerBytes is about what one FETCH of one message costs on the wire besides
// what it brings: the command, the framing of the answer, and its end.
const answerBytes = 200

// item is a text or a part of a message that is fetched together with others.
type item struct {
	wish     localstore.Wish
	at       target
	parts    []letter.Part // as the server describes them; nil where it comes whole
	sections []string      // that are asked for; "" is the whole mail
	bytes    int64         // what they cost on the wire
	got      []*localstore.BlobWriter
	err      error // why it did not come
}

// whole tells whether every byte of the mail is asked for.
func (i *item) whole() bool { return len(i.sections) == 1 && i.sections[0] == "" }

// askWhole asks for every byte.
func (i *item) askWhole() { i.sections, i.bytes = []string{""}, i.at.size+answerBytes }

// askText asks for the parts that the letter is read from.
func (i *item) askText(parts []letter.Part) {
	body := letter.Partial(nil, parts, func(string) io.Reader { return nil }).Body()
	if len(parts) == 0 {
		i.askWhole()
		return
	}
	i.parts, i.bytes = parts, answerBytes
	for _, p := range body {
		i.sections = append(i.sections, p.Section)
		i.bytes += encoded(p.Encoding, p.Size) + 20
	}
}

// encoded is the size on the wire of a part of this many bytes: describe tells
// how it was computed.
func encoded(encoding string, size int64) int64 {
	if encoding == "base64" {
		return size/57*78 + 78
	}
	return size
}

// describeTexts asks for the structure of items and chooses the sections to
// ask for. Small mails come whole: they cost less than their description. What
// the server cannot describe comes whole too.
func (l *Link) describeTexts(ctx context.Context, items []*item, small int64) error {
	var uids []uint32
	for _, i := range items {
		if i.at.size <= small {
			i.askWhole()
		} else {
			uids = append(uids, i.at.UID)
		}
	}
	if len(uids) == 0 {
		return nil
	}
	described, err := l.structures(ctx, uids)
	if err != nil && refusal(err) == nil {
		return err
	}
	for _, i := range items {
		if i.at.size > small {
			i.askText(described[i.at.UID])
		}
	}
	return nil
}

// fetchItems asks for the sections of items of the folder that is open, a
// command for each, all at once: the server answers in that order, in one turn.
// What came of each is in it; the error is that of the connection.
func (l *Link) fetchItems(ctx context.Context, items []*item) error {
	if err := ctx.Err(); err != nil {
		return l.fault("fetch body", err)
	}
	var all sync.WaitGroup
	for _, i := range items {
		if len(i.sections) == 0 {
			continue // it has no text
		}
		options := &imap.FetchOptions{UID: true}
		for _, s := range i.sections {
			options.BodySection = append(options.BodySection, &imap.FetchItemBodySection{Part: sectionPath(s), Peek: true})
		}
		cmd := l.client.Fetch(uidSet([]uint32{i.at.UID}), options)
		// Each command has a reader of its own: an answer that nobody reads
		// would stop the connection.
		all.Go(func() { i.err = l.readItem(ctx, i, cmd, options.BodySection) })
	}
	all.Wait()
	for _, i := range items {
		if i.err != nil && refusal(i.err) == nil && i.err != errGone {
			return l.fault("fetch bodies", i.err)
		}
	}
	return nil
}

// readItem reads the answer to the command that asks for an item.
func (l *Link) readItem(ctx context.Context, i *item, cmd *imapclient.FetchCommand, asked []*imap.FetchItemBodySection) error {
	i.got = make([]*localstore.BlobWriter, len(asked))
	var broken error
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for data := msg.Next(); data != nil; data = msg.Next() {
			for n, section := range asked {
				body, ok := asSection(data, section)
				if !ok || body == nil || i.got[n] != nil {
					continue
				}
				i.got[n] = l.store.NewBlob(ctx)
				if _, err := copyLiteral(i.got[n], body); err != nil && broken == nil {
					broken = err
				}
				break
			}
		}
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	if broken == nil && slices.Contains(i.got, nil) {
		return errGone
	}
	return broken
}

// structures asks for the parts of several messages by one command. Of those
// that the server does not describe there is none.
func (l *Link) structures(ctx context.Context, uids []uint32) (map[uint32][]letter.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, l.fault("fetch structure", err)
	}
	cmd := l.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true}})
	found := map[uint32][]letter.Part{}
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		m, err := msg.Collect()
		if err != nil {
			cmd.Close()
			return nil, l.fault("fetch structure", err)
		}
		if m.BodyStructure != nil && found[uint32(m.UID)] == nil {
			found[uint32(m.UID)] = partsOf(m.BodyStructure)
		}
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		if refusal(err) != nil {
			return nil, err
		}
		return nil, l.fault("fetch structure", err)
	}
	return found, nil
}

// storeItems makes what came durable and readable; first runs before it in the
// same commit.
func (l *Link) storeItems(ctx context.Context, items []*item, first func(*localstore.Tx) error) error {
	var writers []*localstore.BlobWriter
	for _, i := range items {
		if i.err == nil {
			writers = append(writers, i.got...)
		}
	}
	blobs, err := l.store.CompleteBlobs(ctx, writers...)
	if err != nil {
		return err
	}
	var stores []func(*localstore.Tx) error
	for _, i := range items {
		if i.err != nil {
			continue
		}
		mine := blobs[:len(i.got)]
		blobs = blobs[len(i.got):]
		store, err := l.storing(ctx, i, mine)
		if err != nil {
			return err
		}
		stores = append(stores, store)
	}
	err = l.write(ctx, "imap texts", func(tx *localstore.Tx) error {
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

// storing returns what makes an item readable whose bytes are here.
func (l *Link) storing(ctx context.Context, i *item, blobs []localstore.Blob) (func(*localstore.Tx) error, error) {
	switch {
	case i.whole():
		return l.storingWhole(ctx, i, blobs[0].ID)
	case i.wish.Section != localstore.WishText:
		return func(tx *localstore.Tx) error { return tx.SetPart(i.wish.Content, i.wish.Section, blobs[0].ID) }, nil
	}
	texts := map[string]localstore.BlobID{}
	for n, s := range i.sections {
		texts[s] = blobs[n].ID
	}
	partial := letter.Partial(nil, i.parts, func(string) io.Reader { return nil })
	stored := intake.Parts(partial)
	for n := range stored {
		stored[n].Blob = texts[stored[n].Section]
	}
	preview := l.preview(ctx, i.parts, texts)
	return func(tx *localstore.Tx) error {
		return tx.SetText(i.wish.Content, stored, preview, len(partial.Attachments()))
	}, nil
}

// storingWhole returns what makes a whole mail readable, provided that it is
// the one that was announced.
func (l *Link) storingWhole(ctx context.Context, i *item, blob localstore.BlobID) (func(*localstore.Tx) error, error) {
	r, err := l.store.OpenBlob(ctx, blob)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := intake.FromBlob(l.account.ID, r, r.Size())
	if err != nil {
		return nil, err
	}
	c.Blob = blob
	return func(tx *localstore.Tx) error {
		id, err := tx.Identity(i.wish.Content)
		if err != nil {
			return err
		}
		if c.FieldsHash != id.FieldsHash && c.HeaderID != id.HeaderID {
			return tx.FailWish(i.wish.Content, i.wish.Section, errOther)
		}
		return tx.SetWhole(i.wish.Content, c)
	}, nil
}

const errOther = "The server sent another mail than the one it announced."
