package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

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
		begun, err := v.BegunContents()
		if err != nil {
			return err
		}
		for _, i := range items {
			i.begun = begun[i.wish.Content]
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
