package imapsync

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/localstore"
)

// emailIDItem is what a server tells by which a mail is known in all its folders;
// "" where there is nothing of the kind.
func (l *Link) emailIDItem() string {
	switch {
	case l.caps.Has("X-GM-EXT-1"):
		return "X-GM-MSGID"
	case l.caps.Has("OBJECTID"):
		return "EMAILID" // RFC 8474 §5.1
	}
	return ""
}

// emailIDs are those that a FETCH is told, by UID. It is safe for concurrent use.
type emailIDs struct {
	mu sync.Mutex
	id map[uint32]string
}

// longestEmailID bounds an id: an EMAILID has up to 255 characters.
const longestEmailID = 300

// emailIDs has the FETCH that comes next ask for ids, where the server has them.
func (f *flight) emailIDs() *emailIDs {
	ids := &emailIDs{id: map[uint32]string{}}
	if item := f.l.emailIDItem(); item != "" {
		_ = f.l.conn.AlsoFetch(item, ids.told) // these are items
	}
	return ids
}

func (e *emailIDs) told(uid imap.UID, value string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if value = strings.Trim(value, " ()"); uid != 0 && len(value) <= longestEmailID {
		e.id[uint32(uid)] = value
	}
}

// of returns what was told of a message, once; "" for nothing.
func (e *emailIDs) of(uid uint32) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := e.id[uid]
	delete(e.id, uid)
	return id
}

// showsAll tells whether a folder shows mail that lies in others, too: what the
// server calls \All. There mails are recognised by their ids before their headers
// are asked for.
func (l *Link) showsAll(ctx context.Context, rf localstore.RemoteFolder) (is bool, err error) {
	if l.emailIDItem() == "" {
		return false, nil
	}
	err = l.store.Read(ctx, func(v *localstore.View) error {
		f, err := v.Folder(rf.Folder)
		is = f.Role == localstore.RoleAll
		return err
	})
	return is, err
}

// recognise stores the messages among some of the open folder whose mail another
// folder has: flags, time and size are asked for, and the id. It returns the
// batches without them.
func (l *Link) recognise(ctx context.Context, rf localstore.RemoteFolder, batches [][]uint32, store func([]header) error) (left [][]uint32, err error) {
	came := make([][]header, len(batches))
	errs := make([]error, len(batches))
	broken := l.fly(ctx, "fetch ids", func(f *flight) {
		for i, uids := range batches {
			asked := map[uint32]bool{}
			for _, uid := range uids {
				asked[uid] = true
			}
			ids := f.emailIDs()
			options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
			f.fetch(uidSet(uids), options, marksLimit, func(msg *imapclient.FetchMessageData) {
				if h := readHeader(msg, &imap.FetchItemBodySection{}); asked[h.uid] {
					delete(asked, h.uid)
					l.date(&h)
					h.emailID = ids.of(h.uid)
					came[i] = append(came[i], h)
				}
			}, func(err error) { errs[i] = err })
		}
	})
	if broken != nil {
		return nil, broken
	}
	for i, uids := range batches {
		if err := errs[i]; err != nil && !damaged(err) {
			if refusal(err) == nil {
				return nil, l.fault("fetch ids", err)
			}
			left = append(left, uids)
			continue
		}
		known, err := l.recognised(ctx, rf, came[i])
		if err != nil {
			return nil, err
		}
		if len(known) > 0 {
			if err := store(known); err != nil {
				return nil, err
			}
		}
		rest := slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool {
			return slices.ContainsFunc(known, func(h header) bool { return h.uid == uid })
		})
		if len(rest) > 0 {
			left = append(left, rest)
		}
	}
	return left, nil
}

// recognised returns those messages whose mail is here, with it.
func (l *Link) recognised(ctx context.Context, rf localstore.RemoteFolder, came []header) (known []header, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		known = nil
		taken := map[localstore.ContentID]bool{}
		for _, h := range came {
			if h.emailID == "" {
				continue
			}
			content, ok, err := v.ByEmailID(l.account.ID, rf.Maildrop, h.emailID, h.size, rf.Folder)
			if err != nil {
				return err
			}
			if ok && !taken[content] { // two equal ones in a folder are two
				taken[content] = true
				h.content = content
				known = append(known, h)
			}
		}
		return nil
	})
	return known, err
}
