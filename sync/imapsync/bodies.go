package imapsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

const (
	// wholeLimit is the size up to which a mail comes whole when it is wanted
	// to read: fewer turns, and it is here byte for byte.
	wholeLimit = 256 << 10
	// pieceSize is how much of a large body one FETCH asks for. A cut costs at
	// most this much again.
	pieceSize = 1 << 20
)

// Bodies implements link.Link. The wish made last comes first, also one that
// is made while another is being fulfilled; what a pack or the account's policy
// asks for comes when there is no wish.
func (l *Link) Bodies(ctx context.Context) error {
	defer l.during(ctx)()
	tried := map[string]bool{}
	for {
		if err := l.readTextOnly(ctx); err != nil {
			return err
		}
		wish, ok, err := l.nextWish(ctx, tried)
		if err != nil {
			return err
		}
		if !ok {
			more, err := l.pack(ctx)
			if err == nil && !more {
				more, err = l.prefetch(ctx, l.prefetched)
			}
			if err != nil || !more {
				return err
			}
			continue
		}
		tried[key(wish)] = true
		err = l.fulfil(ctx, wish)
		var f *fault.Error
		if errors.As(err, &f) && f.Scope >= fault.Folder {
			if err := l.fail(ctx, wish, f.Error()); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
	}
}

func key(w localstore.Wish) string { return strconv.Itoa(int(w.Content)) + " " + w.Section }

// nextWish returns the first wish that was not tried in this pass and is not
// known to be hopeless.
func (l *Link) nextWish(ctx context.Context, tried map[string]bool) (wish localstore.Wish, ok bool, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		wishes, err := v.Asked(l.account.ID)
		if err != nil {
			return err
		}
		for _, w := range wishes {
			if !tried[key(w)] && w.Error == "" {
				wish, ok = w, true
				return nil
			}
		}
		return nil
	})
	return wish, ok, err
}

// fail notes why a wish cannot be fulfilled.
func (l *Link) fail(ctx context.Context, w localstore.Wish, why string) error {
	return l.write(ctx, "imap wish failed", func(tx *localstore.Tx) error {
		return tx.FailWish(w.Content, w.Section, why)
	})
}

// target is a message on the server that a wish is about.
type target struct {
	localstore.ImapLocation
	rf   localstore.RemoteFolder
	size int64
}

// fulfil fetches what one wish asks for.
func (l *Link) fulfil(ctx context.Context, w localstore.Wish) error {
	at, ok, err := l.locate(ctx, w.Content)
	if err != nil {
		return err
	}
	if !ok {
		return l.fail(ctx, w, "The message is not on the server.")
	}
	valid, err := l.openAs(ctx, at.rf, false)
	if err != nil {
		return err
	}
	if !valid {
		return nil // Receive binds the folder anew; the wish waits for it
	}
	switch {
	case w.Section == localstore.WishWhole, w.Section == localstore.WishText && at.size <= l.wholeLimit():
		err = l.fetchWhole(ctx, w, at)
	case w.Section == localstore.WishText:
		err = l.fetchText(ctx, w, at)
	default:
		err = l.fetchPart(ctx, w, at)
	}
	if err == nil {
		l.count(func(r *link.Report) { r.Bodies++ })
	}
	return err
}

// locate finds a place on the server that holds a content.
func (l *Link) locate(ctx context.Context, id localstore.ContentID) (at target, ok bool, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		messages, err := v.MessagesOf(id)
		if err != nil {
			return err
		}
		for _, m := range messages {
			locations, err := v.ImapLocationsOf(m.ID)
			if err != nil {
				return err
			}
			for _, loc := range locations {
				rf, found, err := l.half(v, loc.RemoteFolder)
				if err != nil {
					return err
				}
				if found {
					at, ok = target{loc, rf, m.Size}, true
					return nil
				}
			}
		}
		return nil
	})
	return at, ok, err
}

// half returns a folder's server half by its id.
func (l *Link) half(v *localstore.View, id localstore.RemoteFolderID) (localstore.RemoteFolder, bool, error) {
	all, err := v.RemoteFolders(l.maildrop.ID)
	if err != nil {
		return localstore.RemoteFolder{}, false, err
	}
	for _, rf := range all {
		if rf.ID == id {
			return rf, true, nil
		}
	}
	return localstore.RemoteFolder{}, false, nil
}

// errGone is the answer of a server that has the message no more: an OK
// without data (RFC 4549 §4.2.1).
var errGone = &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Missing, Op: "imap fetch", Text: "The message was deleted on the server."}

// fetchWhole brings a mail here byte for byte. A large one comes in pieces,
// each committed, so that a cut resumes where it stopped.
func (l *Link) fetchWhole(ctx context.Context, w localstore.Wish, at target) error {
	blob, err := l.fetchSection(ctx, w, at, nil, at.size)
	if err != nil {
		return err
	}
	r, err := l.store.OpenBlob(ctx, blob)
	if err != nil {
		return err
	}
	defer r.Close()
	c, err := intake.FromBlob(l.account.ID, r, r.Size())
	if err != nil {
		return err
	}
	c.Blob = blob
	return l.write(ctx, "imap whole body", func(tx *localstore.Tx) error {
		id, err := tx.Identity(w.Content)
		if err != nil {
			return err
		}
		if c.FieldsHash != id.FieldsHash && c.HeaderID != id.HeaderID {
			return tx.FailWish(w.Content, w.Section, "The server sent another mail than the one it announced.")
		}
		if _, err := tx.EvidenceOf(l.account.ID, append(c.References, c.HeaderID)); err != nil {
			return err
		}
		return tx.SetWhole(w.Content, c)
	})
}

// fetchText brings the parts here that a letter is read from. Where the
// server's description of the parts is of no use, the mail comes whole.
func (l *Link) fetchText(ctx context.Context, w localstore.Wish, at target) error {
	parts, err := l.structure(ctx, at.UID)
	if refusal(err) != nil || err == nil && len(parts) == 0 {
		return l.fetchWhole(ctx, w, at)
	}
	if err != nil {
		return err
	}
	partial := letter.Partial(nil, parts, func(string) io.Reader { return nil })
	stored := intake.Parts(partial)
	texts := map[string]localstore.BlobID{}
	for _, p := range partial.Body() {
		blob, err := l.fetchSection(ctx, localstore.Wish{}, at, sectionPath(p.Section), p.Size)
		if err != nil {
			return err
		}
		texts[p.Section] = blob
	}
	for i := range stored {
		stored[i].Blob = texts[stored[i].Section]
	}
	preview := l.preview(ctx, parts, texts)
	return l.write(ctx, "imap text", func(tx *localstore.Tx) error {
		return tx.SetText(w.Content, stored, preview, len(partial.Attachments()))
	})
}

// preview returns the first words of the text parts that are here.
func (l *Link) preview(ctx context.Context, parts []letter.Part, blobs map[string]localstore.BlobID) string {
	return letter.Partial(nil, parts, func(section string) io.Reader {
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

// fetchPart brings one part here.
func (l *Link) fetchPart(ctx context.Context, w localstore.Wish, at target) error {
	var size int64
	err := l.store.Read(ctx, func(v *localstore.View) error {
		parts, err := v.Parts(w.Content)
		for _, p := range parts {
			if p.Section == w.Section {
				size = p.Size
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	blob, err := l.fetchSection(ctx, w, at, sectionPath(w.Section), size*2)
	if err != nil {
		return err
	}
	return l.write(ctx, "imap part", func(tx *localstore.Tx) error {
		return tx.SetPart(w.Content, w.Section, blob)
	})
}

// fetchSection brings BODY[path] into a complete blob; a nil path is the whole
// mail. expected, a hint only, chooses between one piece and many. A wish with
// a content remembers the incomplete blob.
func (l *Link) fetchSection(ctx context.Context, w localstore.Wish, at target, path []int, expected int64) (localstore.BlobID, error) {
	blob := l.store.NewBlob(ctx)
	if w.Blob != 0 {
		resumed, err := l.store.ResumeBlob(ctx, w.Blob)
		if err == nil {
			blob = resumed
		}
	}
	section := &imap.FetchItemBodySection{Part: path, Peek: true}
	if expected <= pieceSize && blob.Offset() == 0 {
		if _, err := l.stream(ctx, at.UID, section, blob); err != nil {
			return 0, err
		}
	} else if err := l.fetchPieces(ctx, w, at, section, blob); err != nil {
		return 0, err
	}
	done, err := l.store.CompleteBlobs(ctx, blob)
	if err != nil {
		return 0, err
	}
	return done[0].ID, nil
}

// fetchPieces asks for a section piece by piece until one comes short.
func (l *Link) fetchPieces(ctx context.Context, w localstore.Wish, at target, section *imap.FetchItemBodySection, blob *localstore.BlobWriter) error {
	for {
		piece := *section
		piece.Partial = &imap.SectionPartial{Offset: blob.Offset(), Size: pieceSize}
		n, err := l.stream(ctx, at.UID, &piece, blob)
		if err != nil {
			return err
		}
		l.options.Progress(int(blob.Offset()), int(at.size), blob.Offset())
		if n < pieceSize {
			return nil
		}
		id, err := blob.Flush(ctx)
		if err != nil {
			return err
		}
		if w.Content != 0 && w.Blob != id {
			w.Blob = id
			err := l.write(ctx, "imap wish under way", func(tx *localstore.Tx) error {
				return tx.SetWishBlob(w.Content, w.Section, id)
			})
			if err != nil {
				return err
			}
		}
	}
}

// stream copies one section of one message into w and returns its length. A
// literal that is shorter than announced is an error: the library ends it
// without one when the connection breaks.
func (l *Link) stream(ctx context.Context, uid uint32, section *imap.FetchItemBodySection, w io.Writer) (n int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, l.fault("fetch body", err)
	}
	cmd := l.client.Fetch(uidSet([]uint32{uid}), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	found := false
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			body, ok := asSection(item, section)
			if !ok || found || err != nil {
				continue
			}
			found = true
			if body != nil {
				n, err = copyLiteral(w, body)
			}
		}
	}
	if closed := cmd.Close(); closed != nil {
		return n, l.fault("fetch body", closed)
	}
	if err != nil {
		return n, l.fault("fetch body", err)
	}
	if !found {
		return 0, errGone
	}
	return n, nil
}

// copyLiteral copies a literal and compares its length with the announced one.
func copyLiteral(w io.Writer, literal imap.LiteralReader) (int64, error) {
	n, err := io.Copy(w, literal)
	if err == nil && n != literal.Size() {
		err = fmt.Errorf("the server announced %d bytes and sent %d", literal.Size(), n)
	}
	return n, err
}

// sectionPath turns "1.2" into numbers.
func sectionPath(section string) []int {
	var path []int
	for _, s := range strings.Split(section, ".") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			break
		}
		path = append(path, n)
	}
	return path
}
