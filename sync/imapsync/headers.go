package imapsync

import (
	"cmp"
	"context"
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
// not be had; that stays announced and is tried again at the next pass.
func (l *Link) headers(ctx context.Context, rf localstore.RemoteFolder, top uint32) (whole bool, err error) {
	silent, err := l.quarantined(ctx, rf)
	if err != nil {
		return false, err
	}
	var (
		refused = silent.notDue(l.now())
		done    int
	)
	for size := firstBatch; ; size = laterBatch {
		if l.options.Batch > 0 {
			size = l.options.Batch
		}
		var todo []localstore.UIDRange
		err := l.store.Read(ctx, func(v *localstore.View) (err error) {
			todo, err = v.Todo(rf.ID, rf.UIDValidity)
			return err
		})
		if err != nil {
			return false, err
		}
		batch := newest(without(todo, refused), size)
		if len(batch) == 0 {
			return len(refused) == 0, nil
		}
		got, err := l.fetchHeaders(ctx, batch)
		if err != nil {
			return false, err
		}
		missing, err := l.stillThere(ctx, batch, got)
		if err != nil {
			return false, err
		}
		if len(missing) > 0 && len(batch) > 1 {
			// Ask for these one by one, so that a hopeless message does not
			// hide its neighbours.
			var more []header
			if more, missing, err = l.oneByOne(ctx, missing); err != nil {
				return false, err
			}
			got = append(got, more...)
		}
		refused = append(refused, missing...)
		if err := l.storeHeaders(ctx, rf, got, top, arrived(batch, missing)); err != nil {
			return false, err
		}
		if err := l.keepApart(ctx, rf, silent, batch, missing); err != nil {
			return false, err
		}
		top = max(top, batch[0])
		done += len(got)
		l.options.Progress(done, done+count(todo)-len(batch), l.conn.Stats().Down)
	}
}

// fetchHeaders fetches one batch.
func (l *Link) fetchHeaders(ctx context.Context, uids []uint32) ([]header, error) {
	if err := ctx.Err(); err != nil {
		return nil, l.fault("fetch headers", err)
	}
	asked := map[uint32]bool{}
	for _, u := range uids {
		asked[u] = true
	}
	options, section := bulk()
	cmd := l.client.Fetch(uidSet(uids), options)
	var got []header
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		m, err := msg.Collect()
		if err != nil {
			cmd.Close()
			return nil, l.fault("fetch headers", err)
		}
		fields := m.FindBodySection(section)
		if uid := uint32(m.UID); asked[uid] && fields != nil {
			delete(asked, uid) // a second answer for one UID is not listened to
			got = append(got, l.headerOf(m, fields))
		}
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		return nil, l.fault("fetch headers", err)
	}
	return got, nil
}

func (l *Link) headerOf(m *imapclient.FetchMessageBuffer, fields []byte) header {
	h := header{uid: uint32(m.UID), marks: fromServer(m.Flags), arrived: m.InternalDate, size: max(m.RFC822Size, 0), fields: fields}
	if now := l.now(); h.arrived.IsZero() || h.arrived.Unix() <= 0 || h.arrived.After(now) {
		h.arrived = now
	}
	return h
}

// stillThere returns which UIDs of a batch the server did not answer for and
// nevertheless has. The others were expunged meanwhile, which is normal
// (RFC 4549 §4.2.1).
func (l *Link) stillThere(ctx context.Context, batch []uint32, got []header) ([]uint32, error) {
	have := map[uint32]bool{}
	for _, h := range got {
		have[h.uid] = true
	}
	var silent []uint32
	for _, u := range batch {
		if !have[u] {
			silent = append(silent, u)
		}
	}
	if len(silent) == 0 {
		return nil, nil
	}
	return l.exist(ctx, silent)
}

// exist returns which of these UIDs the open folder has.
func (l *Link) exist(ctx context.Context, uids []uint32) ([]uint32, error) {
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

// oneByOne fetches UIDs singly and returns those that remain without answer.
func (l *Link) oneByOne(ctx context.Context, uids []uint32) (got []header, missing []uint32, err error) {
	for _, uid := range uids {
		one, err := l.fetchHeaders(ctx, []uint32{uid})
		if err != nil {
			return nil, nil, err
		}
		if len(one) == 0 {
			missing = append(missing, uid)
		}
		got = append(got, one...)
	}
	return got, missing, nil
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
	c := intake.FromFields(l.account.ID, h.fields)
	c.Size = h.size
	*ids = append(append(*ids, c.HeaderID), c.References...)
	location := localstore.ImapLocation{RemoteFolder: rf.ID, UIDValidity: rf.UIDValidity, UID: h.uid, BaseFlags: h.marks.flags, BaseKeywords: h.marks.keywords}
	known, ok, err := tx.Unlocated(rf.Folder, c.FieldsHash)
	if err != nil {
		return false, err
	}
	if ok {
		location.Message = known
		at, err := tx.AddImapLocation(location)
		if err != nil {
			return false, err
		}
		return false, tx.SetBase(at, h.marks.flags, h.marks.keywords, 0)
	}
	content, err := tx.AddContent(c)
	if err != nil {
		return false, err
	}
	location.Message, err = tx.AddMessage(localstore.NewMessage{Folder: rf.Folder, Content: content, Arrived: h.arrived, Before: before, Flags: h.marks.flags, Keywords: h.marks.keywords})
	if err != nil {
		return false, err
	}
	_, err = tx.AddImapLocation(location)
	return true, err
}
