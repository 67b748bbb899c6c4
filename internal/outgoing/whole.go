package outgoing

import (
	"context"
	"io"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// ReplyToList begins an answer that goes to the mailing list a message came by,
// and to nobody else (List-Post, RFC 2369). A message that names none, or of
// which that is not here, is refused with cause Data.
func ReplyToList(ctx context.Context, store *localstore.Store, id localstore.MessageID) (Beginning, error) {
	b, err := Reply(ctx, store, id, false)
	if err != nil {
		return b, err
	}
	list := b.mail.Letter.Header.ListPost
	if list == "" {
		b.Close()
		return Beginning{}, &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data, Op: "begin letter",
			Text: "This message names no list that could be written to. Answer its sender, or everybody."}
	}
	b.Draft.To, b.Draft.Cc = []letter.Address{{Addr: list}}, nil
	return b, nil
}

// ForwardAttached begins a letter that passes a message on as it is: as a file,
// every byte of it but Bcc. One that is not here whole is refused with cause
// Missing.
func ForwardAttached(ctx context.Context, store *localstore.Store, id localstore.MessageID) (Beginning, error) {
	b, err := begin(ctx, store, id, func(l *letter.Letter, from letter.Address, _ []letter.Address) (*letter.Draft, error) {
		return &letter.Draft{From: from, Subject: "Fwd: " + letter.BaseSubject(l.Header.Subject)}, nil
	})
	if err != nil {
		return b, err
	}
	m := b.mail
	if m.Blob == 0 {
		b.Close()
		return Beginning{}, &fault.Error{Remedy: fault.Online, Scope: fault.Message, Cause: fault.Missing, Op: "begin letter",
			Text: "Some of this message is still on the server. Open it while online, then pass it on."}
	}
	name := letter.FileName(letter.BaseSubject(m.Subject))
	if name == "" {
		name = "message"
	}
	b.Draft.Attachments = []letter.Attachment{{Name: name + ".eml", Type: "message/rfc822", Size: m.Size, Open: func() (io.ReadCloser, error) {
		r, err := store.OpenBlob(ctx, m.Blob)
		if err != nil {
			return nil, err
		}
		return blobContent{letter.StripBcc(r.Reader()), r}, nil
	}}}
	return b, nil
}
