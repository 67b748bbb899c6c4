package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/localstore"
)

// storeFlags sends the differences of a group that is alike. STORE on a UID
// that is gone does nothing, and a repeated one does no harm (RFC 9051 §6.4.6).
func (l *Link) storeFlags(ctx context.Context, rf localstore.RemoteFolder, all []placed) error {
	p := all[0].pending
	uids := uidsOf(all)
	if err := l.storeDelta(ctx, uids, imap.StoreFlagsAdd, toServer(p.Set, p.SetWords)); err != nil {
		return err
	}
	if err := l.storeDelta(ctx, uids, imap.StoreFlagsDel, toServer(p.Clear, p.ClearWords)); err != nil {
		return err
	}
	return l.done(ctx, pendingsOf(all))
}

// storeDelta adds or takes away flags of messages in the open folder.
func (l *Link) storeDelta(ctx context.Context, uids []uint32, op imap.StoreFlagsOp, words []imap.Flag) error {
	if len(words) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return l.fault("store", err)
	}
	cmd := l.client.Store(uidSet(uids), &imap.StoreFlags{Op: op, Silent: true, Flags: words}, nil)
	return l.fault("store", cmd.Close())
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
	if err := l.storeDelta(ctx, uids, imap.StoreFlagsAdd, []imap.Flag{imap.FlagDeleted}); err != nil {
		return err
	}
	if !l.caps.Has(imap.CapUIDPlus) {
		return nil
	}
	return l.fault("expunge", l.client.UIDExpunge(uidSet(uids)).Close())
}
