package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// renameSamples is how many messages of a folder are compared before it counts
// as the one that had another name.
const renameSamples = 16

// followRenames recognises folders that another client renamed, so that their
// messages stay what they are and nothing is fetched again. RENAME keeps
// UIDVALIDITY and UIDs (RFC 9051 §6.3.6); a folder is the same one under
// another name when
//
//   - its UIDVALIDITY is that of one folder that the list no longer has, and of
//     no other folder that is known or new: servers that give all of them the
//     same prove nothing by it;
//   - its UIDNEXT is not lower than it was;
//   - samples of its messages, from the first to the last, have the header
//     fields that are known for their UIDs.
//
// Where that cannot be shown the folder is read like any new one, and its
// messages are recognised by their contents when losses are settled.
func (l *Link) followRenames(ctx context.Context, found []listed) error {
	gone, fresh, err := l.unmatched(ctx, found)
	if err != nil || len(gone) == 0 || len(fresh) == 0 {
		return err
	}
	byValidity := map[uint32][]listed{}
	for _, f := range fresh {
		if f.status == nil {
			f.status, err = l.client.Status(f.name, &imap.StatusOptions{UIDNext: true, UIDValidity: true}).Wait()
			if refusal(err) != nil {
				continue
			}
			if err != nil {
				return l.fault("status", err)
			}
		}
		byValidity[f.status.UIDValidity] = append(byValidity[f.status.UIDValidity], f)
	}
	for _, rf := range gone {
		same := byValidity[rf.UIDValidity]
		if len(same) != 1 || uint32(same[0].status.UIDNext) < rf.UIDNext {
			continue
		}
		if ok, err := l.holdsSamples(ctx, rf, same[0].name); err != nil {
			return err
		} else if !ok {
			continue
		}
		err := l.write(ctx, "imap folder renamed", func(tx *localstore.Tx) error {
			return tx.RemoteRenamed(rf.ID, same[0].name, same[0].path)
		})
		if err != nil {
			return err
		}
		l.options.Log.Info("folder renamed on the server", "folder", rf.Name)
	}
	return nil
}

// unmatched returns the folders that the list no longer has, as far as their
// UIDVALIDITY is theirs alone, and those of the list that are new.
func (l *Link) unmatched(ctx context.Context, found []listed) (gone []localstore.RemoteFolder, fresh []listed, err error) {
	err = l.store.Read(ctx, func(v *localstore.View) error {
		known, err := v.RemoteFolders(l.maildrop.ID)
		if err != nil {
			return err
		}
		names, paths := map[string]bool{}, map[string]bool{}
		for _, f := range found {
			names[f.name], paths[f.path] = true, true
		}
		holders := map[uint32]int{}
		here := map[string]bool{}
		for _, rf := range known {
			holders[rf.UIDValidity]++
			here[rf.Name] = true
		}
		for _, rf := range known {
			if names[rf.Name] || rf.UIDValidity == 0 || holders[rf.UIDValidity] > 1 {
				continue
			}
			folder, err := v.Folder(rf.Folder)
			if err != nil {
				return err
			}
			if !paths[folder.Path] && folder.Role != localstore.RoleInbox {
				gone = append(gone, rf)
			}
		}
		for _, f := range found {
			if !here[f.name] && f.role != localstore.RoleInbox {
				fresh = append(fresh, f)
			}
		}
		return nil
	})
	return gone, fresh, err
}

// holdsSamples tells whether the messages that are known of a folder lie in
// the one that has this name now, under the same UIDs. What was expunged
// meanwhile says nothing, as long as more than half of the samples are there.
func (l *Link) holdsSamples(ctx context.Context, rf localstore.RemoteFolder, name string) (bool, error) {
	want := map[uint32][32]byte{}
	var uids []uint32
	err := l.store.Read(ctx, func(v *localstore.View) error {
		all, err := v.ImapLocations(rf.ID)
		if err != nil {
			return err
		}
		for _, i := range spread(len(all), renameSamples) {
			m, err := v.Message(all[i].Message)
			if err != nil {
				return err
			}
			content, err := v.Identity(m.Content)
			if err != nil {
				return err
			}
			want[all[i].UID] = content.FieldsHash
			uids = append(uids, all[i].UID)
		}
		return nil
	})
	if err != nil || len(uids) == 0 {
		return false, err
	}
	data, err := l.open(ctx, name, false, true)
	if refusal(err) != nil {
		return false, nil
	}
	if err != nil || data.UIDValidity != rf.UIDValidity {
		return false, err
	}
	got, err := l.fetchHeaders(ctx, uids)
	if err != nil || 2*len(got) <= len(uids) {
		return false, err
	}
	for _, h := range got {
		if letter.ParseHeader(h.fields).FieldsHash != want[h.uid] {
			return false, nil
		}
	}
	return true, nil
}

// spread returns up to n of the numbers below total, the first and the last
// among them.
func spread(total, n int) []int {
	n = min(total, n)
	out := make([]int, n)
	for i := range out {
		if i > 0 {
			out[i] = i * (total - 1) / (n - 1)
		}
	}
	return out
}
