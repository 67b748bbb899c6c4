package imapsync

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

var (
	errRebind  = &fault.Error{Remedy: fault.Later, Scope: fault.Folder, Cause: fault.Server, Op: "imap", Text: "A folder on the server is not what it was; what lay in it is looked for first."}
	errNoBytes = &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Missing, Op: "imap append", Text: "The message is not here whole, so it cannot be put on the server."}
)

// appendMessage puts a message that is here whole into a folder of the server,
// exactly once: uidnext is written down before the first byte goes out, and a
// message that is there already (a lost answer, or a provider that files sent
// mail itself) is bound, not repeated.
func (l *Link) appendMessage(ctx context.Context, p localstore.Pending) error {
	to, err := l.ensureRemote(ctx, p.Target)
	if err != nil {
		return err
	}
	var (
		m     localstore.Message
		bound bool
	)
	err = l.store.Read(ctx, func(v *localstore.View) error {
		if m, err = v.Message(p.Message); err != nil {
			return err
		}
		locations, err := v.ImapLocationsOf(p.Message)
		bound = len(locations) > 0
		return err
	})
	if err != nil {
		return err
	}
	if bound {
		return l.done(ctx, []localstore.Pending{p})
	}
	if m.Blob == 0 {
		return errNoBytes
	}
	if p.State != localstore.PendSent {
		p.UIDNextBefore = 1 // the provider may have filed it before we looked
	}
	found, ok, err := l.find(ctx, to, p)
	if refusal(err) != nil {
		// What lay in it is put back, or goes there: the folder is made again.
		if to, err = l.remade(ctx, to, err); err == nil {
			found, ok, err = l.find(ctx, to, p)
		}
	}
	if err != nil {
		return err
	}
	if ok {
		return l.bind(ctx, p, to, to.UIDValidity, found)
	}
	if later, err := l.leavesFiling(ctx, p); err != nil || later {
		return err
	}
	if err := l.noteUIDNext(ctx, to, p); err != nil {
		return err
	}
	// Read again: what the user changes from here on is an intent of its own.
	err = l.store.Read(ctx, func(v *localstore.View) error {
		m, err = v.Message(p.Message)
		return err
	})
	if err != nil {
		return err
	}
	var data *imap.AppendData
	err = l.into(ctx, &to, func() (err error) {
		data, err = l.append(ctx, to, m)
		return err
	})
	if err != nil {
		return err
	}
	at := copyAt{uint32(data.UID), marks{flags: m.Flags, keywords: m.Keywords}}
	if at.uid == 0 || data.UIDValidity != to.UIDValidity {
		// The server does not tell where it put the message.
		if at, _, err = l.find(ctx, to, p); err != nil {
			return err
		}
	}
	return l.bind(ctx, p, to, to.UIDValidity, at)
}

// copyAt is where a server holds a copy that we asked for, or that was there,
// and its flags there. With uid 0 it does not tell where.
type copyAt struct {
	uid   uint32
	marks marks
}

// append sends APPEND with the message's flags and time of arrival.
func (l *Link) append(ctx context.Context, to localstore.RemoteFolder, m localstore.Message) (*imap.AppendData, error) {
	r, err := l.store.OpenBlob(ctx, m.Blob)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := l.client.Append(to.Name, r.Size(), &imap.AppendOptions{Flags: toServer(m.Flags, m.Keywords), Time: m.Arrived})
	if _, err := io.Copy(cmd, r.Reader()); err != nil {
		// The command cannot be taken back: ending it would store half a mail.
		l.client.Close()
		return nil, l.fault("append", err)
	}
	if err := cmd.Close(); err != nil {
		return nil, l.fault("append", err)
	}
	data, err := cmd.Wait()
	if err != nil {
		return nil, l.fault("append", err)
	}
	return data, nil
}

// bind records where a message of ours lies on the server, with the flags that
// it has there; those of ours that it lacks go after it. With uid 0 Receive
// finds it, or tells that it is not there.
func (l *Link) bind(ctx context.Context, p localstore.Pending, to localstore.RemoteFolder, uidvalidity uint32, at copyAt) error {
	return l.finish(ctx, []localstore.Pending{p}, func(tx *localstore.Tx) error {
		if at.uid == 0 || uidvalidity != to.UIDValidity {
			return tx.Expect(p.Message, to.ID, at.marks.flags, at.marks.keywords, p.Kind == localstore.PendCopy)
		}
		if _, taken, err := tx.ImapLocationByUID(to.ID, uidvalidity, at.uid); err != nil || taken {
			return err
		}
		m, err := tx.Message(p.Message)
		if err != nil {
			return err
		}
		_, err = tx.AddImapLocation(localstore.ImapLocation{
			Message: p.Message, RemoteFolder: to.ID, UIDValidity: uidvalidity, UID: at.uid, BaseFlags: at.marks.flags, BaseKeywords: at.marks.keywords,
		})
		if err != nil {
			return err
		}
		return tx.SetFlags([]localstore.MessageID{p.Message}, m.Flags&^at.marks.flags, 0)
	})
}

// noteUIDNext writes down, before a command that must not be repeated, where
// the results of some intents would be found.
func (l *Link) noteUIDNext(ctx context.Context, to localstore.RemoteFolder, all ...localstore.Pending) error {
	data, err := l.statusOf(ctx, to.Name)
	if err != nil {
		return l.fault("status", err)
	}
	return l.write(ctx, "imap before append", func(tx *localstore.Tx) error {
		for _, p := range all {
			if err := tx.AppendSent(p.ID, uint32(data.UIDNext)); err != nil {
				return err
			}
		}
		return nil
	})
}

// into does something that puts messages into a folder. Where the server says
// that it would have to be made (RFC 9051 §7.1, TRYCREATE), or that it is not
// there and does not list it, it is made again and the same is done once more:
// nothing was.
func (l *Link) into(ctx context.Context, to *localstore.RemoteFolder, do func() error) error {
	err := do()
	switch code(err) {
	case imap.ResponseCodeTryCreate:
	case imap.ResponseCodeNonExistent:
		if err := l.orGone(ctx, to.Name, err); !errors.Is(err, errRebind) {
			return err
		}
	default:
		return err
	}
	open := l.selected
	made, err := l.makeAgain(ctx, *to)
	if err != nil {
		return err
	}
	*to, l.selected = made, open
	return do()
}

// find looks for an intent's message among the UIDs from p.UIDNextBefore on of
// a folder: equal in all identifying fields, no other message's, and not marked
// \Deleted, as what a move leaves behind where the server cannot expunge single
// messages. Of a move whose answer was lost, Receive may have seen the copy
// first and taken it for new mail: what came since as another message is it, too.
func (l *Link) find(ctx context.Context, in localstore.RemoteFolder, p localstore.Pending) (at copyAt, ok bool, err error) {
	var want localstore.Identity
	err = l.store.Read(ctx, func(v *localstore.View) error {
		m, err := v.Message(p.Message)
		if err != nil {
			return err
		}
		want, err = v.Identity(m.Content)
		return err
	})
	if err != nil {
		return copyAt{}, false, err
	}
	valid, err := l.openAs(ctx, in, false)
	if err != nil {
		return copyAt{}, false, err
	}
	if !valid {
		return copyAt{}, false, errRebind
	}
	// The folder may have been open since before the message came.
	if err := l.client.Noop().Wait(); err != nil {
		return copyAt{}, false, l.fault("noop", err)
	}
	// What came since a first try is few: each is looked at, whatever the server's
	// search finds.
	var uids []uint32
	if p.State == localstore.PendSent || want.HeaderID == "" {
		if uids, err = l.since(ctx, p.UIDNextBefore, ""); err != nil {
			return copyAt{}, false, err
		}
	}
	if want.HeaderID != "" && (p.State != localstore.PendSent || len(uids) > looksAt) {
		if uids, err = l.since(ctx, p.UIDNextBefore, want.HeaderID); err != nil {
			return copyAt{}, false, err
		}
	}
	if len(uids) == 0 {
		return copyAt{}, false, nil
	}
	sure := false
	for part := range slices.Chunk(uids, looksAt) {
		_, err = l.streamHeaders(ctx, [][]uint32{part}, func(got []header) error {
			return l.store.Read(ctx, func(v *localstore.View) error {
				for _, h := range got {
					if sure || h.marks.flags&localstore.ServerDeleted != 0 || letter.ParseHeader(h.fields).FieldsHash != want.FieldsHash {
						continue
					}
					holder, taken, err := v.ImapLocationByUID(in.ID, in.UIDValidity, h.uid)
					if err != nil {
						return err
					}
					sure = !taken || holder.Message == p.Message
					if sure || p.Kind == localstore.PendMove && p.State == localstore.PendSent {
						at, ok = copyAt{h.uid, h.marks}, true
					}
				}
				return nil
			})
		})
		if err != nil || sure {
			break
		}
	}
	return at, ok, err
}

// looksAt is how many headers find looks at without asking the server for those
// with the right Message-ID, and how many it asks for in one command.
const looksAt = 500

// since returns the UIDs of the open folder from one on, of the messages with
// that Message-ID, or with any for "".
func (l *Link) since(ctx context.Context, first uint32, headerID string) (uids []uint32, err error) {
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(max(first, 1))}}}}
	if headerID != "" {
		criteria.Header = []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: headerID}}
	}
	if err := ctx.Err(); err != nil {
		return nil, l.fault("search", err)
	}
	found, err := l.client.UIDSearch(criteria, l.searchOptions()).Wait()
	if err != nil {
		return nil, l.fault("search", err)
	}
	for _, u := range found.AllUIDs() {
		if uint32(u) >= first {
			uids = append(uids, uint32(u))
		}
	}
	return uids, nil
}
