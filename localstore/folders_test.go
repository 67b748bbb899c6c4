package localstore

import (
	"slices"
	"testing"

	"paquebot.app/internal/fault"
	"pgregory.net/rapid"
)

func TestFolderRoles(t *testing.T) {
	f := newFixture(t, Local)
	ensure := func(path string, role Role) (id FolderID) {
		t.Helper()
		f.write(func(tx *Tx) (err error) {
			id, err = tx.EnsureFolder(f.account, path, role)
			return err
		})
		return id
	}
	if ensure("inbox", RoleNone) != f.inbox {
		t.Error("inbox is not INBOX")
	}
	trash := ensure("Gelöscht", RoleTrash)
	if f.role(RoleTrash) != trash {
		t.Error("an empty local folder kept its role")
	}
	f.put(trash, f.content())
	other := ensure("Papierkorb", RoleTrash)
	f.read(func(v *View) error {
		folder, err := v.Folder(other)
		if folder.Role != RoleNone || f.role(RoleTrash) != trash {
			t.Errorf("a folder in use lost its role to %+v", folder)
		}
		_, missing := v.FolderByPath(f.account, "nowhere")
		wantCause(t, missing, fault.Missing)
		return err
	})
}

func TestRemoteFolderKeepsItsRole(t *testing.T) {
	f := newFixture(t, IMAP)
	f.write(func(tx *Tx) error {
		_, err := tx.EnsureFolder(f.account, "Bin", RoleTrash)
		return err
	})
	if f.role(RoleTrash) != f.trash {
		t.Error("a folder of the server lost its role")
	}
}

func TestAnnounceAndArrive(t *testing.T) {
	f := newFixture(t, IMAP)
	rf := f.remote(f.inbox)
	todo := func() (left []UIDRange) {
		f.read(func(v *View) (err error) {
			left, err = v.Todo(rf, 7)
			return err
		})
		return left
	}
	f.write(func(tx *Tx) error { return tx.Announce(rf, 7, 101, []UIDRange{{1, 50}, {60, 100}}) })
	f.write(func(tx *Tx) error { return tx.Announce(rf, 7, 111, []UIDRange{{101, 110}}) })
	if got := todo(); !slices.Equal(got, []UIDRange{{1, 50}, {60, 110}}) {
		t.Errorf("announced: %v", got)
	}
	f.write(func(tx *Tx) error { return tx.Arrived(rf, 7, []uint32{110, 109, 60, 25, 99999}) })
	if got := todo(); !slices.Equal(got, []UIDRange{{1, 24}, {26, 50}, {61, 108}}) {
		t.Errorf("left: %v", got)
	}
	f.write(func(tx *Tx) error { return tx.SetSynced(rf, 7, 1<<62) })
	f.read(func(v *View) error {
		of, ok, err := v.RemoteFolderOf(f.inbox)
		if !ok || of.UIDNext != 111 || of.ModSeq != 1<<62 || of.SyncedAt != day.Unix() {
			t.Errorf("%+v", of)
		}
		return err
	})
	wantCause(t, f.Write(t.Context(), "test", func(tx *Tx) error { return tx.Announce(rf, 6, 5, nil) }), fault.Data)
	wantCause(t, f.Write(t.Context(), "test", func(tx *Tx) error { return tx.SetSynced(rf, 6, 5) }), fault.Data)
	f.write(func(tx *Tx) error { return tx.SetUIDValidity(rf, 8) })
	f.read(func(v *View) error {
		of, _, err := v.RemoteFolderOf(f.inbox)
		if of.UIDValidity != 8 || of.UIDNext != 1 || of.ModSeq != 0 || of.SyncedAt != 0 || len(todo()) != 0 {
			t.Errorf("%+v %v", of, todo())
		}
		return err
	})
}

func TestRangesAreSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		uid := rapid.Uint32Range(1, 40)
		set := map[uint32]bool{}
		var ranges []UIDRange
		for range rapid.IntRange(0, 6).Draw(t, "ranges") {
			r := UIDRange{uid.Draw(t, "lo"), uid.Draw(t, "hi")}
			ranges = append(ranges, r)
			for u := r.Lo; u <= r.Hi; u++ {
				set[u] = true
			}
		}
		merged := mergeRanges(ranges)
		gone := rapid.SliceOf(uid).Draw(t, "gone")
		left := withoutUIDs(merged, gone)
		check := func(got []UIDRange, want map[uint32]bool) {
			n, last := 0, uint32(0)
			for _, r := range got {
				if r.Lo <= last || r.Lo > r.Hi {
					t.Fatalf("not sorted or not disjoint: %v", got)
				}
				last = r.Hi
				for u := r.Lo; u <= r.Hi; u++ {
					n++
					if !want[u] {
						t.Fatalf("%d does not belong into %v", u, got)
					}
				}
			}
			if n != len(want) {
				t.Fatalf("%v misses some of %v", got, want)
			}
		}
		check(merged, set)
		for _, u := range gone {
			delete(set, u)
		}
		check(left, set)
	})
}
