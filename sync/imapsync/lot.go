package imapsync

import (
	"context"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// describeTexts asks for the structure of items and chooses the sections to
// ask for. Small mails come whole: they cost less than their description. What
// the server cannot describe comes whole too.
func (l *Link) describeTexts(ctx context.Context, items []*item, small int64) error {
	var uids []uint32
	for _, i := range items {
		if i.at.size <= small {
			i.askWhole()
		} else if l.described.content != i.wish.Content {
			uids = append(uids, i.at.UID)
		}
	}
	described, err := l.structures(ctx, uids)
	if err != nil && refusal(err) == nil {
		return err
	}
	for _, i := range items {
		switch {
		case i.at.size <= small:
		case l.described.content == i.wish.Content:
			i.askText(l.described.parts)
		default:
			i.askText(described[i.at.UID])
			l.described.content, l.described.parts = i.wish.Content, i.parts
		}
	}
	return l.whatCame(ctx, items)
}

// whatCame notes what of items is here already, or has begun to come.
func (l *Link) whatCame(ctx context.Context, items []*item) error {
	return l.store.Read(ctx, func(v *localstore.View) error {
		for _, i := range items {
			var err error
			if i.begun, err = v.HasBegun(i.wish.Content); err != nil {
				return err
			}
			if i.parts == nil {
				continue
			}
			stored, err := v.Parts(i.wish.Content)
			if err != nil {
				return err
			}
			for _, p := range stored {
				for _, s := range i.sections {
					if s.name == p.Section && s.size == p.Size && p.Blob != 0 {
						s.blob, i.begun = p.Blob, true
					}
				}
			}
		}
		return nil
	})
}

// fetchItems asks for the sections of items of the folder that is open, a
// command for each, all at once: the server answers in that order, in one turn.
// What came of each is in it. broken is why the connection broke, nil where it
// holds; what came before is good.
func (l *Link) fetchItems(ctx context.Context, items []*item) (broken error) {
	if err := ctx.Err(); err != nil {
		return l.fault("fetch body", err)
	}
	var all sync.WaitGroup
	began, bytes := l.now(), int64(0)
	for _, i := range items {
		if i.came() {
			continue // it has no text
		}
		options := &imap.FetchOptions{UID: true}
		var asked []*section
		for _, s := range i.sections {
			if s.blob == 0 {
				options.BodySection = append(options.BodySection, &imap.FetchItemBodySection{Part: sectionPath(s.name), Peek: true})
				asked = append(asked, s)
			}
		}
		bytes += i.bytes()
		l.expectLiteral(i.bytes())
		cmd := l.client.Fetch(uidSet([]uint32{i.at.UID}), options)
		// Each command has a reader of its own: an answer that nobody reads
		// would stop the connection.
		all.Go(func() { i.err = l.readItem(ctx, cmd, options.BodySection, asked) })
	}
	all.Wait()
	l.paced(bytes, l.now().Sub(began))
	for _, i := range items {
		if i.err == nil || refusal(i.err) != nil || i.err == errGone {
			continue
		}
		if broken == nil {
			broken = l.fault("fetch bodies", i.err)
		}
		if i.came() {
			i.err = nil
		}
	}
	return broken
}

// readItem reads the answer to the command that asks for sections. A literal
// that is shorter than announced is an error: the library ends it without one
// when the connection breaks.
func (l *Link) readItem(ctx context.Context, cmd *imapclient.FetchCommand, asked []*imap.FetchItemBodySection, into []*section) error {
	var broken error
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for data := msg.Next(); data != nil; data = msg.Next() {
			for n, one := range asked {
				body, ok := asSection(data, one)
				if !ok || body == nil || into[n].got != nil {
					continue
				}
				into[n].got = l.store.NewBlob(ctx)
				_, err := copyLiteral(into[n].got, body)
				if into[n].full = err == nil; err != nil && broken == nil {
					broken = err
				}
				break
			}
		}
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		return err
	}
	for _, s := range into {
		if s.got == nil && broken == nil {
			return errGone
		}
	}
	return broken
}

// structures asks for the parts of several messages by one command. Of those
// that the server does not describe there is none.
func (l *Link) structures(ctx context.Context, uids []uint32) (map[uint32][]letter.Part, error) {
	found := map[uint32][]letter.Part{}
	if len(uids) == 0 {
		return found, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, l.fault("fetch structure", err)
	}
	cmd := l.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodyStructure: &imap.FetchItemBodyStructure{Extended: true}})
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
