package imapsync

import (
	"context"
	"errors"
	"slices"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
)

// moveMessages carries a group from one folder to another.
func (l *Link) moveMessages(ctx context.Context, group []localstore.Pending) error {
	to, err := l.ensureRemote(ctx, group[0].Target)
	if err != nil {
		return err
	}
	return l.eachFolder(ctx, group, func(ctx context.Context, from localstore.RemoteFolder, all []placed) error {
		if from.ID == to.ID { // another client, or a lost answer, was there first
			return l.done(ctx, pendingsOf(all))
		}
		if l.caps.Has(imap.CapMove) {
			return l.into(ctx, &to, func() error { return l.move(ctx, to, all) })
		}
		return l.copyAway(ctx, from, to, all)
	})
}

// move uses MOVE (RFC 6851). A UID that is gone is not moved and not an error:
// after a lost answer its message lies in the target already, where Receive
// binds it again.
func (l *Link) move(ctx context.Context, to localstore.RemoteFolder, all []placed) error {
	l.forgetCopied()
	if _, err := l.client.Move(uidSet(uidsOf(all)), to.Name).Wait(); err != nil {
		return l.fault("move", err)
	}
	at, uidvalidity := l.copiedTo()
	return l.landed(ctx, to, uidvalidity, at, all)
}

// forgetCopied forgets what an earlier command said.
func (l *Link) forgetCopied() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.copied = wire.CopyUID{}
}

// copiedTo maps the source UIDs of the COPY or MOVE just done to the new ones
// (RFC 4315 §3); it is empty where the server does not tell. The library's own
// answer is not used: it sorts both sides.
func (l *Link) copiedTo() (at map[uint32]uint32, uidvalidity uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at = map[uint32]uint32{}
	for i, from := range l.copied.Source {
		at[uint32(from)] = uint32(l.copied.Dest[i])
	}
	return at, l.copied.UIDValidity
}

// landed records where moved messages lie now: under their new UIDs where the
// server told them, else somewhere in the target until Receive has found them.
func (l *Link) landed(ctx context.Context, to localstore.RemoteFolder, uidvalidity uint32, at map[uint32]uint32, all []placed) error {
	return l.finish(ctx, pendingsOf(all), func(tx *localstore.Tx) error {
		for _, p := range all {
			uid, told := at[p.at.UID]
			next := p.at
			next.RemoteFolder, next.UIDValidity, next.UID, next.ModSeq = to.ID, uidvalidity, uid, 0
			// It is the source that we marked.
			next.BaseFlags &^= localstore.ServerDeleted
			if !told || uidvalidity != to.UIDValidity {
				if err := tx.Expect(p.pending.Message, to.ID, next.BaseFlags, next.BaseKeywords, true); err != nil {
					return err
				}
				continue
			}
			free, err := l.free(tx, &next)
			if err != nil {
				return err
			}
			if !free {
				if err := tx.Unlocate(p.at.ID); err != nil {
					return err
				}
				continue
			}
			if err := tx.Rebind(p.pending.Message, next); err != nil {
				return err
			}
		}
		return nil
	})
}

// free tells whether a moved message can be bound to its new place. Receive may
// have taken it there for new mail before the answer came: that second message
// is the same mail and goes, unless the user changed it already. What the
// server said of its flags is kept.
func (l *Link) free(tx *localstore.Tx, next *localstore.ImapLocation) (bool, error) {
	at, taken, err := tx.ImapLocationByUID(next.RemoteFolder, next.UIDValidity, next.UID)
	if err != nil || !taken {
		return err == nil, err
	}
	pendings, err := tx.Pendings(l.account.ID)
	if err != nil {
		return false, err
	}
	if at.Message == next.Message || slices.ContainsFunc(pendings, func(p localstore.Pending) bool { return p.Message == at.Message }) {
		return false, nil
	}
	next.BaseFlags, next.BaseKeywords = at.BaseFlags, at.BaseKeywords
	return true, tx.RemoveMessage(at.Message)
}

// copyAway moves messages where the server has no MOVE: COPY, its confirmation,
// and only then the removal of the sources. All of them go by one COPY; where
// that is refused, one by one, since it may be for one of them, and each is
// looked for first, since a server may have copied some (RFC 9051 §6.4.7 forbids
// it).
func (l *Link) copyAway(ctx context.Context, from, to localstore.RemoteFolder, all []placed) error {
	there, uidvalidity, err := l.copyOnce(ctx, from, &to, all)
	if refusal(err) != nil && len(all) > 1 && !errors.Is(err, errRebind) {
		l.options.Log.Warn("copy of several refused", "folder", from.Name, "err", err)
		return l.copyEach(ctx, from, to, all)
	}
	if err != nil {
		return err
	}
	if valid, err := l.openAs(ctx, from, true); err != nil {
		return err
	} else if !valid {
		return errRebind // these UIDs are other messages' by now
	}
	// A server that tells which ones it copied has not copied the others.
	var copied []uint32
	for _, p := range all {
		if _, told := there[p.at.UID]; told || len(there) == 0 {
			copied = append(copied, p.at.UID)
		}
	}
	if err := l.expunge(ctx, copied); err != nil {
		return err
	}
	at := map[uint32]uint32{}
	for from, c := range there {
		at[from] = c.uid
	}
	return l.landed(ctx, to, uidvalidity, at, all)
}

// copyEach moves messages by one COPY each. What is refused is counted for that
// one.
func (l *Link) copyEach(ctx context.Context, from, to localstore.RemoteFolder, all []placed) error {
	for _, p := range all {
		var err error
		p.pending.State = localstore.PendSent
		if p.pending.UIDNextBefore, err = l.uidNextBefore(ctx, p.pending); err != nil {
			return err
		}
		err = l.copyAway(ctx, from, to, []placed{p})
		var f *fault.Error
		if refusal(err) != nil && errors.As(err, &f) && f.Scope >= fault.Folder {
			err = l.refused(ctx, []localstore.Pending{p.pending}, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// uidNextBefore reads what was written down before a command.
func (l *Link) uidNextBefore(ctx context.Context, p localstore.Pending) (uint32, error) {
	err := l.store.Read(ctx, func(v *localstore.View) error {
		all, err := v.Pendings(l.account.ID)
		if i := slices.IndexFunc(all, func(o localstore.Pending) bool { return o.ID == p.ID }); i >= 0 {
			p.UIDNextBefore = all[i].UIDNextBefore
		}
		return err
	})
	return p.UIDNextBefore, err
}

// copyOnce copies messages to another folder, unless an earlier try whose answer
// was lost did it already: only a single one has had such a try. It returns the
// copies by the UIDs of their sources, as far as the server tells. Copies have
// the flags of their sources (RFC 9051 §6.4.7).
func (l *Link) copyOnce(ctx context.Context, from localstore.RemoteFolder, to *localstore.RemoteFolder, all []placed) (there map[uint32]copyAt, uidvalidity uint32, err error) {
	if one := all[0]; one.pending.State == localstore.PendSent {
		found, ok, err := l.find(ctx, *to, one.pending)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			return map[uint32]copyAt{one.at.UID: found}, to.UIDValidity, nil
		}
	}
	err = l.into(ctx, to, func() error {
		err := l.noteUIDNext(ctx, *to, pendingsOf(all)...)
		if refusal(err) != nil {
			if *to, err = l.remade(ctx, *to, err); err == nil {
				err = l.noteUIDNext(ctx, *to, pendingsOf(all)...)
			}
		}
		if err != nil {
			return err
		}
		valid, err := l.openAs(ctx, from, false)
		if refusal(err) != nil {
			return l.orGone(ctx, from.Name, err)
		}
		if err != nil {
			return err
		}
		if !valid {
			return errRebind
		}
		l.forgetCopied()
		_, err = l.client.Copy(uidSet(uidsOf(all)), to.Name).Wait()
		return l.fault("copy", err)
	})
	if err != nil {
		return nil, 0, err
	}
	at, uidvalidity := l.copiedTo()
	there = map[uint32]copyAt{}
	for _, p := range all {
		if uid, told := at[p.at.UID]; told {
			there[p.at.UID] = copyAt{uid, marks{flags: p.at.BaseFlags, keywords: p.at.BaseKeywords}}
		}
	}
	return there, uidvalidity, nil
}

// copyMessage fulfils a copy: the source is any place of the same content.
func (l *Link) copyMessage(ctx context.Context, p localstore.Pending) error {
	to, err := l.ensureRemote(ctx, p.Target)
	if err != nil {
		return err
	}
	var content localstore.ContentID
	err = l.store.Read(ctx, func(v *localstore.View) error {
		m, err := v.Message(p.Message)
		content = m.Content
		return err
	})
	if err != nil {
		return err
	}
	source, ok, err := l.locate(ctx, content)
	if err != nil {
		return err
	}
	if !ok {
		return l.appendMessage(ctx, p)
	}
	there, uidvalidity, err := l.copyOnce(ctx, source.rf, &to, []placed{{p, source.ImapLocation}})
	if err != nil {
		return err
	}
	return l.bind(ctx, p, to, uidvalidity, there[source.UID])
}
