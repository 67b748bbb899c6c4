package imapsync

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Headers a commit: the first batch is small, so that the newest screen is
// readable soon.
const (
	firstBatch = 100
	laterBatch = 500
)

// header is a message as the bulk fetch describes it.
type header struct {
	uid     uint32
	marks   marks
	arrived time.Time
	size    int64
	fields  []byte

	emailID string               // by which the server knows the mail in all its folders
	content localstore.ContentID // the mail, where it is here already; then there are no fields
}

// bulk is what is asked for of every message: no ENVELOPE and no
// BODYSTRUCTURE, which the header fields replace.
func bulk() (*imap.FetchOptions, *imap.FetchItemBodySection) {
	section := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: letter.HeaderFields, Peek: true}
	return &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true, BodySection: []*imap.FetchItemBodySection{section}}, section
}

// headers fetches what is announced and not yet stored, the newest first, and
// shrinks uid_todo with each commit. top is the highest UID that is stored
// already. whole is false when something of it could
// not be had; that stays announced and is tried again at the next pass. doubted
// says that a connection broke at this before.
func (l *Link) headers(ctx context.Context, rf localstore.RemoteFolder, top uint32, doubted bool) (whole bool, err error) {
	silent, err := l.quarantined(ctx, rf, localstore.OfHeader)
	if err != nil {
		return false, err
	}
	all, err := l.showsAll(ctx, rf)
	if err != nil {
		return false, err
	}
	var (
		refused = silent.notDue(l.now())
		stored  int
	)
	for {
		var todo []localstore.UIDRange
		err := l.store.Read(ctx, func(v *localstore.View) (err error) {
			todo, err = v.Todo(rf.ID, rf.UIDValidity)
			return err
		})
		if err != nil {
			return false, err
		}
		todo = without(todo, refused)
		batches := silent.apart(l.batches(todo, top == 0), doubted)
		if len(batches) == 0 {
			return len(refused) == 0, nil
		}
		if valid, err := l.openAs(ctx, rf, false); err != nil || !valid {
			return false, err
		}
		total := stored + count(todo)
		store := func(got []header) error {
			if err := l.storeHeaders(ctx, rf, got, top, uidsOfHeaders(got)); err != nil {
				return err
			}
			for _, h := range got {
				top = max(top, h.uid)
			}
			stored += len(got)
			l.options.Progress(stored, total, l.conn.Stats().Down)
			return nil
		}
		if all && !doubted {
			if batches, err = l.recognise(ctx, rf, batches, store); err != nil {
				return false, err
			}
			if len(batches) == 0 {
				continue
			}
		}
		asked := slices.Concat(batches...)
		left, err := l.streamHeaders(ctx, batches, store)
		if err != nil {
			return false, l.brokeAtHeaders(ctx, rf, silent, batches, err)
		}
		missing, err := l.exist(ctx, left)
		if err != nil {
			return false, err
		}
		if len(missing) > 0 && len(asked) > 1 {
			// Ask for these one by one, so that a hopeless message does not
			// hide its neighbours.
			most := flightCommands
			if doubted {
				most = 1
			}
			for part := range slices.Chunk(missing, most) {
				alone := slices.Collect(slices.Chunk(part, 1))
				if _, err := l.streamHeaders(ctx, alone, store); err != nil {
					return false, l.brokeAtHeaders(ctx, rf, silent, alone, err)
				}
			}
			if missing, err = l.stillTodo(ctx, rf, missing); err != nil {
				return false, err
			}
		}
		refused = append(refused, missing...)
		if gone := arrived(left, missing); len(gone) > 0 {
			if err := l.storeHeaders(ctx, rf, nil, top, gone); err != nil {
				return false, err
			}
		}
		if err := l.keepApart(ctx, rf, silent, asked, missing); err != nil {
			return false, err
		}
	}
}

// batches cuts what is to be fetched into the commands of one flight, each a
// commit: the newest first, and a small one before all where nothing is on
// screen yet.
func (l *Link) batches(todo []localstore.UIDRange, empty bool) (batches [][]uint32) {
	bytes := 0
	for len(batches) < flightCommands && bytes < flightBytes {
		size := laterBatch
		if empty && len(batches) == 0 {
			size = firstBatch
		}
		if l.options.Batch > 0 {
			size = l.options.Batch
		}
		batch := newest(todo, size)
		if len(batch) == 0 {
			break
		}
		todo = below(todo, batch[len(batch)-1])
		batches = append(batches, batch)
		bytes += len(uidSet(batch).String()) + headerCommand
	}
	return batches
}

// headerCommand is about how long the command that asks for headers is.
const headerCommand = 350

func uidsOfHeaders(got []header) []uint32 {
	uids := make([]uint32, len(got))
	for i, h := range got {
		uids[i] = h.uid
	}
	return uids
}

// stillTodo returns which of these UIDs are announced and not stored.
func (l *Link) stillTodo(ctx context.Context, rf localstore.RemoteFolder, uids []uint32) (left []uint32, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		todo, err := v.Todo(rf.ID, rf.UIDValidity)
		for _, uid := range uids {
			if contains(todo, uid) {
				left = append(left, uid)
			}
		}
		return err
	})
	return left, err
}

// fetchHeaders fetches the headers of messages of the open folder by one
// command.
func (l *Link) fetchHeaders(ctx context.Context, uids []uint32) ([]header, error) {
	var got []header
	_, err := l.streamHeaders(ctx, [][]uint32{uids}, func(some []header) error {
		got = append(got, some...)
		return nil
	})
	return got, err
}

// readHeader reads one answer to its end. A literal that is shorter than
// announced is none: the library ends it so when the connection breaks.
func readHeader(msg *imapclient.FetchMessageData, section *imap.FetchItemBodySection) (h header) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			h.uid = uint32(item.UID)
		case imapclient.FetchItemDataFlags:
			h.marks = fromServer(item.Flags)
		case imapclient.FetchItemDataInternalDate:
			h.arrived = item.Time
		case imapclient.FetchItemDataRFC822Size:
			h.size = max(item.Size, 0)
		default:
			if body, ok := asSection(item, section); ok && body != nil && h.fields == nil {
				b, err := io.ReadAll(body)
				if err == nil && int64(len(b)) == body.Size() {
					h.fields = b
				}
			}
		}
	}
	return h
}

// date makes an unbelievable date of arrival now.
func (l *Link) date(h *header) {
	if now := l.now(); h.arrived.IsZero() || h.arrived.Unix() <= 0 || h.arrived.After(now) {
		h.arrived = now
	}
}

// exist returns which of these UIDs the open folder has.
func (l *Link) exist(ctx context.Context, uids []uint32) ([]uint32, error) {
	if len(uids) == 0 {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, l.fault("search", err)
	}
	found, err := l.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{uidSet(uids)}}, l.searchOptions()).Wait()
	if err != nil {
		return nil, l.fault("search", err)
	}
	asked := map[uint32]bool{}
	for _, u := range uids {
		asked[u] = true
	}
	var there []uint32
	for _, uid := range found.AllUIDs() {
		if asked[uint32(uid)] {
			there = append(there, uint32(uid))
		}
	}
	return there, nil
}

// storeHeaders commits one batch: rows, locations and what is left to do. What
// arrived in the same second is kept in the order of its UIDs, whichever comes
// first: above top from the oldest on, below it from the newest on.
func (l *Link) storeHeaders(ctx context.Context, rf localstore.RemoteFolder, got []header, top uint32, gone []uint32) error {
	slices.SortFunc(got, func(a, b header) int {
		if (a.uid > top) != (b.uid > top) {
			return cmp.Compare(b.uid, a.uid)
		}
		if a.uid > top {
			return cmp.Compare(a.uid, b.uid)
		}
		return cmp.Compare(b.uid, a.uid)
	})
	received := 0
	err := l.write(ctx, "imap headers", func(tx *localstore.Tx) error {
		received = 0
		var ids []string
		marked, err := tx.MarkedDeleted(rf.ID, rf.UIDValidity)
		if err != nil {
			return err
		}
		before := len(marked)
		for _, h := range got {
			_, bound, err := tx.ImapLocationByUID(rf.ID, rf.UIDValidity, h.uid)
			if err != nil {
				return err
			}
			if bound {
				continue
			}
			if h.marks.flags&localstore.ServerDeleted != 0 {
				marked = append(marked, localstore.UIDRange{Lo: h.uid, Hi: h.uid})
				continue
			}
			fresh, err := l.storeHeader(tx, rf, h, h.uid < top, &ids)
			if err != nil {
				return err
			}
			if fresh {
				received++
			}
		}
		if len(marked) > before {
			if err := tx.SetMarkedDeleted(rf.ID, rf.UIDValidity, marked); err != nil {
				return err
			}
		}
		if _, err := tx.EvidenceOf(l.account.ID, ids); err != nil {
			return err
		}
		return tx.Arrived(rf.ID, rf.UIDValidity, gone)
	})
	if err == nil {
		l.count(func(r *link.Report) { r.Received += received })
	}
	return err
}

// storeHeader binds a message to the one that is here already, or adds it.
// before says that its like of the same second are newer.
func (l *Link) storeHeader(tx *localstore.Tx, rf localstore.RemoteFolder, h header, before bool, ids *[]string) (fresh bool, err error) {
	c, err := l.headerOf(tx, h)
	if err != nil {
		return false, err
	}
	*ids = append(append(*ids, c.HeaderID), c.References...)
	location := localstore.ImapLocation{RemoteFolder: rf.ID, UIDValidity: rf.UIDValidity, UID: h.uid, BaseFlags: h.marks.flags, BaseKeywords: h.marks.keywords}
	known, ok, err := tx.Unlocated(rf.Folder, c.FieldsHash, h.size)
	if err == nil && !ok {
		known, ok, err = tx.FiledHere(rf.Folder, c.FieldsHash)
	}
	if err != nil {
		return false, err
	}
	if ok {
		location.Message = known
		return false, tx.Recognise(location)
	}
	content := h.content
	if content == 0 {
		if content, err = l.contentOf(tx, rf, h, c); err != nil {
			return false, err
		}
	}
	location.Message, err = tx.AddMessage(localstore.NewMessage{Folder: rf.Folder, Content: content, Arrived: h.arrived, Before: before, Flags: h.marks.flags, Keywords: h.marks.keywords})
	if err != nil {
		return false, err
	}
	_, err = tx.AddImapLocation(location)
	return true, err
}

// headerOf returns what a header says; of a mail that is here, what is known of
// it.
func (l *Link) headerOf(tx *localstore.Tx, h header) (localstore.NewContent, error) {
	if h.content == 0 {
		c := intake.FromFields(l.account.ID, h.fields)
		c.Size = h.size
		return c, nil
	}
	id, err := tx.Identity(h.content)
	return localstore.NewContent{Account: l.account.ID, HeaderID: id.HeaderID, FieldsHash: id.FieldsHash, Size: h.size}, err
}

// contentOf returns the mail that a header is of: one that another folder shows,
// or a new one. The id by which the server knows it is noted.
func (l *Link) contentOf(tx *localstore.Tx, rf localstore.RemoteFolder, h header, c localstore.NewContent) (localstore.ContentID, error) {
	content, labelled, err := tx.SameMail(c, rf.Folder, h.arrived)
	if err == nil && !labelled {
		content, err = tx.AddContent(c)
	}
	if err == nil && h.emailID != "" {
		err = tx.SetEmailID(content, rf.Maildrop, h.emailID)
	}
	return content, err
}
