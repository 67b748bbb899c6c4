package imapsync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/localstore"
)

// storeFlags sends the differences of a group that is alike. STORE on a UID
// that is gone does nothing, and a repeated one does no harm (RFC 9051 §6.4.6).
// What the folder does not keep for good (PERMANENTFLAGS, RFC 9051 §7.1) is not
// sent; and a server may say OK and keep nothing: what it says of the flags
// then is what they are. Either is put back, and told once.
func (l *Link) storeFlags(ctx context.Context, rf localstore.RemoteFolder, all []placed) error {
	p, lost := l.permitted(all[0].pending)
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
	back := map[localstore.LocationID]marks{}
	ignored := false
	for _, one := range all {
		if m, ok := said[one.at.UID]; ok && !kept(p, m) {
			back[one.at.ID], ignored = m, true
		} else if len(lost) > 0 {
			back[one.at.ID] = p.after(one.at)
		}
	}
	if len(back) == 0 {
		return nil
	}
	l.options.Log.Warn("flags not kept", "folder", rf.Name, "messages", len(back))
	var path string
	err := l.write(ctx, "imap flags not kept", func(tx *localstore.Tx) error {
		for id, m := range back {
			if err := tx.SetBase(id, m.flags, m.keywords, 0); err != nil {
				return err
			}
		}
		f, err := tx.Folder(rf.Folder)
		path = f.Path
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case l.limitsNow().readOnly:
		l.tell(fmt.Sprintf("The folder “%s” cannot be changed on the server. Marks that were set in it are put back.", path))
	case len(lost) > 0:
		l.tell(fmt.Sprintf("The server does not keep every mark in the folder “%s”: not %s. They are put back.", path, strings.Join(lost, ", ")))
	case ignored:
		l.tell(fmt.Sprintf("The server did not keep marks that were set in the folder “%s”. They are put back.", path))
	}
	return nil
}

// permitted returns of an intent what the open folder keeps, and the names of
// what it does not keep. A server that says nothing of it keeps everything.
func (l *Link) permitted(p localstore.Pending) (flagsIntent, []string) {
	var (
		limits  = l.limitsNow()
		keeps   = l.selected.data.PermanentFlags
		unknown = len(keeps) == 0 && !limits.noFlags && !limits.readOnly
		all     = flagsIntent{p.Set, p.Clear, p.SetWords, p.ClearWords}
	)
	if unknown {
		return all, nil
	}
	has := func(word imap.Flag) bool {
		return !limits.readOnly && slices.ContainsFunc(keeps, func(k imap.Flag) bool {
			return strings.EqualFold(string(k), string(word)) || k == imap.FlagWildcard && !strings.HasPrefix(string(word), `\`)
		})
	}
	var lost []string
	keep := func(flags localstore.Flags, words []string) (localstore.Flags, []string) {
		may := fromServer(slices.DeleteFunc(toServer(flags, words), func(w imap.Flag) bool { return !has(w) }))
		lost = append(lost, (flags &^ may.flags).Names()...)
		for _, w := range words {
			if !slices.Contains(may.keywords, w) {
				lost = append(lost, w)
			}
		}
		return may.flags, may.keywords
	}
	var may flagsIntent
	may.Set, may.SetWords = keep(p.Set, p.SetWords)
	may.Clear, may.ClearWords = keep(p.Clear, p.ClearWords)
	slices.Sort(lost)
	return may, slices.Compact(lost)
}

// flagsIntent is what is asked of the flags of messages.
type flagsIntent struct {
	Set, Clear           localstore.Flags
	SetWords, ClearWords []string
}

// after returns the flags of a message when the server has done what was asked.
func (p flagsIntent) after(at localstore.ImapLocation) marks {
	words := slices.DeleteFunc(slices.Clone(at.BaseKeywords), func(w string) bool { return slices.Contains(p.ClearWords, w) })
	words = append(words, p.SetWords...)
	slices.Sort(words)
	return marks{flags: at.BaseFlags&^p.Clear | p.Set, keywords: slices.Compact(words)}
}

// kept tells whether flags are as an intent wants them. The case of keywords
// does not count (RFC 9051 §2.3.2).
func kept(p flagsIntent, m marks) bool {
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
	err := l.client.UIDExpunge(uidSet(uids)).Close()
	if e := refusal(err); e != nil && e.Type == imap.StatusResponseTypeBad {
		// It says that it has UIDPLUS and does not know the word.
		l.options.Log.Warn("no UID EXPUNGE", "err", err)
		l.caps = maps.Clone(l.caps)
		delete(l.caps, imap.CapUIDPlus)
		return nil
	}
	return l.fault("expunge", err)
}
