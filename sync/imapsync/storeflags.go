package imapsync

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/localstore"
)

// storeFlags sends the differences of a group that is alike. STORE on a UID
// that is gone does nothing, and a repeated one does no harm (RFC 9051 §6.4.6).
// A server may say OK and keep nothing of it, as where PERMANENTFLAGS leaves a
// flag out (RFC 9051 §7.1); what it says of the flags then is what they are.
func (l *Link) storeFlags(ctx context.Context, rf localstore.RemoteFolder, all []placed) error {
	p := all[0].pending
	uids := uidsOf(all)
	said := map[uint32]marks{}
	if err := l.storeDelta(ctx, uids, imap.StoreFlagsAdd, toServer(p.Set, p.SetWords), said); err != nil {
		return err
	}
	if err := l.storeDelta(ctx, uids, imap.StoreFlagsDel, toServer(p.Clear, p.ClearWords), said); err != nil {
		return err
	}
	if err := l.done(ctx, pendingsOf(all)); err != nil {
		return err
	}
	var ignored []placed
	for _, one := range all {
		if m, ok := said[one.at.UID]; ok && !kept(p, m) {
			ignored = append(ignored, one)
		}
	}
	if len(ignored) == 0 {
		return nil
	}
	l.options.Log.Warn("flags not kept", "folder", rf.Name, "messages", len(ignored))
	return l.write(ctx, "imap flags not kept", func(tx *localstore.Tx) error {
		for _, one := range ignored {
			m := said[one.at.UID]
			if err := tx.SetBase(one.at.ID, m.flags, m.keywords, 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// kept tells whether flags are as an intent wants them. The case of keywords
// does not count (RFC 9051 §2.3.2).
func kept(p localstore.Pending, m marks) bool {
	has := func(word string) bool {
		return slices.ContainsFunc(m.keywords, func(k string) bool { return strings.EqualFold(k, word) })
	}
	lacks := func(word string) bool { return !has(word) }
	return m.flags&p.Set == p.Set && m.flags&p.Clear == 0 &&
		!slices.ContainsFunc(p.SetWords, lacks) && !slices.ContainsFunc(p.ClearWords, has)
}

// storeDelta adds or takes away flags of messages in the open folder. What the
// server says they are then goes into said, unless that is nil.
func (l *Link) storeDelta(ctx context.Context, uids []uint32, op imap.StoreFlagsOp, words []imap.Flag, said map[uint32]marks) error {
	if len(words) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return l.fault("store", err)
	}
	cmd := l.client.Store(uidSet(uids), &imap.StoreFlags{Op: op, Silent: said == nil, Flags: words}, nil)
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var (
			uid   uint32
			flags *imapclient.FetchItemDataFlags
		)
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = uint32(item.UID)
			case imapclient.FetchItemDataFlags:
				flags = &item
			}
		}
		if said != nil && uid != 0 && flags != nil {
			said[uid] = fromServer(flags.Flags)
		}
	}
	if err := cmd.Close(); err != nil && !damaged(err) {
		return l.fault("store", err)
	}
	return nil
}

// deleteMessages marks messages \Deleted and expunges these UIDs alone. Where
// the server cannot do that (no UIDPLUS), they stay marked: a plain EXPUNGE
// would take other clients' messages too (RFC 4315 §2.1).
func (l *Link) deleteMessages(ctx context.Context, rf localstore.RemoteFolder, all []placed) error {
	if err := l.expunge(ctx, uidsOf(all)); err != nil {
		return err
	}
	return l.done(ctx, pendingsOf(all))
}

func (l *Link) expunge(ctx context.Context, uids []uint32) error {
	if err := l.storeDelta(ctx, uids, imap.StoreFlagsAdd, []imap.Flag{imap.FlagDeleted}, nil); err != nil {
		return err
	}
	if !l.caps.Has(imap.CapUIDPlus) {
		return nil
	}
	return l.fault("expunge", l.client.UIDExpunge(uidSet(uids)).Close())
}
