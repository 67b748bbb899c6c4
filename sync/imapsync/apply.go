package imapsync

import (
	"context"
	"errors"
	"slices"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Pauses and sizes of Apply.
const (
	refusedPause = 5 * time.Minute // before an intent the server refused is tried again
	applyBatch   = 200             // messages in one command
)

// Apply implements link.Link. Intents go in the order the user had them; those
// that ask the same of several messages of one folder share a command. UIDs
// are looked up now, so that what happened meanwhile spoils nothing. What
// becomes due by it (a move into a folder just made) goes too.
func (l *Link) Apply(ctx context.Context) error {
	defer l.during(ctx)()
	tried := map[localstore.PendingID]bool{}
	for {
		due, err := l.due(ctx, tried)
		if err != nil || len(due) == 0 {
			return err
		}
		if l.delimiter == 0 {
			// What the server has of folders may change what is due.
			if err := l.learnFolders(ctx); err != nil {
				return err
			}
			clear(tried)
			continue
		}
		for len(due) > 0 {
			n := 1
			for n < len(due) && n < applyBatch && alike(due[0], due[n]) {
				n++
			}
			if err := l.applyGroup(ctx, due[:n]); err != nil {
				return err
			}
			due = due[n:]
		}
	}
}

// due returns the intents that are due and were not tried in this pass, and
// notes them as tried.
func (l *Link) due(ctx context.Context, tried map[localstore.PendingID]bool) ([]localstore.Pending, error) {
	var fresh []localstore.Pending
	err := l.store.Read(ctx, func(v *localstore.View) error {
		all, err := v.DuePendings(l.account.ID, l.now())
		for _, p := range all {
			if !tried[p.ID] {
				tried[p.ID] = true
				fresh = append(fresh, p)
			}
		}
		return err
	})
	return fresh, err
}

// alike tells whether two intents can share a command.
func alike(a, b localstore.Pending) bool {
	if a.Kind != b.Kind || a.State != localstore.PendReady || b.State != localstore.PendReady {
		return false
	}
	switch a.Kind {
	case localstore.PendFlags:
		return a.Set == b.Set && a.Clear == b.Clear && slices.Equal(a.SetWords, b.SetWords) && slices.Equal(a.ClearWords, b.ClearWords)
	case localstore.PendMove:
		return a.Source == b.Source && a.Target == b.Target
	case localstore.PendDelete:
		return true
	}
	return false
}

// applyGroup applies intents that are alike. A refusal is counted on them and
// is no error.
func (l *Link) applyGroup(ctx context.Context, group []localstore.Pending) error {
	group, err := l.proveGroup(ctx, group)
	if err != nil || len(group) == 0 {
		return err
	}
	switch p := group[0]; p.Kind {
	case localstore.PendFlags:
		err = l.eachFolder(ctx, group, l.storeFlags)
	case localstore.PendDelete:
		err = l.eachFolder(ctx, group, l.deleteMessages)
	case localstore.PendMove:
		err = l.moveMessages(ctx, group)
	case localstore.PendCopy:
		err = l.copyMessage(ctx, p)
	case localstore.PendAppend:
		err = l.appendMessage(ctx, p)
	case localstore.PendFolderCreate:
		err = l.createFolder(ctx, p)
	case localstore.PendFolderRename:
		err = l.renameFolder(ctx, p)
	case localstore.PendFolderDelete:
		err = l.deleteFolder(ctx, p)
	}
	if err == nil || errors.Is(err, errRebind) {
		return nil // Receive binds the folder anew; the intents wait for it
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Scope < fault.Folder || f.Remedy == fault.Online {
		return err
	}
	return l.refused(ctx, group, f)
}

// done forgets confirmed intents.
func (l *Link) done(ctx context.Context, group []localstore.Pending) error {
	return l.finish(ctx, group, nil)
}

// finish forgets confirmed intents after what f writes, in one commit.
func (l *Link) finish(ctx context.Context, group []localstore.Pending, f func(*localstore.Tx) error) error {
	if len(group) == 0 {
		return nil
	}
	err := l.write(ctx, "imap intent done", func(tx *localstore.Tx) error {
		if f != nil {
			if err := f(tx); err != nil {
				return err
			}
		}
		for _, p := range group {
			if err := tx.PendingDone(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		l.count(func(r *link.Report) { r.Applied += len(group) })
	}
	return err
}

// dropped forgets an intent whose message the server has no more.
func (l *Link) dropped(ctx context.Context, p localstore.Pending) error {
	err := l.write(ctx, "imap intent dropped", func(tx *localstore.Tx) error {
		return tx.PendingDropped(p.ID, "The message was deleted on the server meanwhile.")
	})
	if err == nil {
		l.count(func(r *link.Report) {
			r.Conflicts = append(r.Conflicts, "A message you changed ("+string(p.Kind)+") was deleted on the server meanwhile.")
		})
	}
	return err
}

// placed is an intent with the place of its message on the server.
type placed struct {
	pending localstore.Pending
	at      localstore.ImapLocation
}

// eachFolder looks up where the messages of a group lie and calls apply once
// a folder, with that folder open for writing. An intent whose message waits
// for a place (an append or a move before it) stays, and so does one whose
// folder the server has no more, until Receive has found where its messages went
// or let them go; one whose message has no place any more is dropped.
func (l *Link) eachFolder(ctx context.Context, group []localstore.Pending, apply func(context.Context, localstore.RemoteFolder, []placed) error) error {
	byFolder, homeless, err := l.places(ctx, group)
	if err != nil {
		return err
	}
	for _, p := range homeless {
		if err := l.dropped(ctx, p); err != nil {
			return err
		}
	}
	for _, f := range byFolder {
		valid, err := l.openAs(ctx, f.rf, true)
		if refusal(err) != nil {
			err = l.orGone(ctx, f.rf.Name, err)
		}
		if errors.Is(err, errRebind) || err == nil && !valid {
			continue // Receive binds the folder anew, or its messages; the intents wait for it
		}
		if err != nil {
			return err
		}
		if err := apply(ctx, f.rf, f.placed); err != nil {
			return err
		}
	}
	return nil
}

// inFolder are intents whose messages lie in one folder.
type inFolder struct {
	rf     localstore.RemoteFolder
	placed []placed
}

func (l *Link) places(ctx context.Context, group []localstore.Pending) (byFolder []inFolder, homeless []localstore.Pending, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		byFolder, homeless = nil, nil
		all, err := v.Pendings(l.account.ID)
		if err != nil {
			return err
		}
		waiting := map[localstore.MessageID]bool{}
		for _, p := range all {
			if p.Kind == localstore.PendAppend || p.Kind == localstore.PendCopy || p.Kind == localstore.PendMove {
				waiting[p.Message] = true
			}
		}
		index := map[localstore.RemoteFolderID]int{}
		for _, p := range group {
			locations, err := v.ImapLocationsOf(p.Message)
			if err != nil {
				return err
			}
			if len(locations) == 0 && !waiting[p.Message] {
				waits, err := v.Renumbered(p.Message)
				if err != nil {
					return err
				}
				if !waits {
					homeless = append(homeless, p)
				}
			}
			for _, at := range locations {
				i, ok := index[at.RemoteFolder]
				if !ok {
					rf, found, err := l.half(v, at.RemoteFolder)
					if err != nil {
						return err
					}
					if !found {
						continue
					}
					i = len(byFolder)
					index[at.RemoteFolder] = i
					byFolder = append(byFolder, inFolder{rf: rf})
				}
				byFolder[i].placed = append(byFolder[i].placed, placed{p, at})
			}
		}
		return nil
	})
	return byFolder, homeless, err
}

func uidsOf(all []placed) []uint32 {
	uids := make([]uint32, len(all))
	for i, p := range all {
		uids[i] = p.at.UID
	}
	return uids
}

func pendingsOf(all []placed) []localstore.Pending {
	out := make([]localstore.Pending, len(all))
	for i, p := range all {
		out[i] = p.pending
	}
	return out
}
