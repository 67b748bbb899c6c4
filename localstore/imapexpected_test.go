package localstore

import "testing"

// TestWhatIsExpectedInAFolder is the user's to change before it is seen there,
// is bound when it is, and else goes by the keep rule; what was put there from
// here stays here.
func TestWhatIsExpectedInAFolder(t *testing.T) {
	for _, moved := range []bool{true, false} {
		for _, deleted := range []bool{true, false} {
			for _, seen := range []bool{true, false} {
				f := newFixture(t, IMAP)
				f.bind(f.archive, 1, f.content()) // it is not all of the folder
				c := f.whole(f.content())
				id, l := f.bind(f.inbox, 1, c)
				archive := f.remote(f.archive)
				f.write(func(tx *Tx) error {
					if err := tx.Expect(id, archive, Seen, nil, moved); err != nil {
						return err
					}
					return tx.moveMessage(id, f.archive)
				})
				f.read(func(v *View) error {
					at, err := v.ImapLocationsOf(id)
					waits, failed := v.Renumbered(id)
					if err != nil || failed != nil || len(at) != 0 || !waits {
						t.Errorf("%v %v %v %v", at, err, waits, failed)
					}
					return nil
				})
				if deleted {
					f.write(func(tx *Tx) error { return tx.Delete([]MessageID{id}) })
					if p := f.owes("deleted", PendMove)[0]; p.Source != f.archive || p.Target != f.trash {
						t.Errorf("%+v", p)
					}
				}
				if seen {
					f.write(func(tx *Tx) error {
						found, ok, err := tx.Unlocated(f.archive, c.FieldsHash, c.Size)
						if err != nil || !ok || found != id {
							t.Errorf("%d %v %v", found, ok, err)
						}
						l.Message, l.RemoteFolder, l.UID = id, archive, 9
						_, err = tx.AddImapLocation(l)
						return err
					})
				}
				var lost []Vanished
				f.read(func(v *View) error {
					old, err := v.OldImapLocations(archive, 7)
					for _, at := range old {
						if !at.Expected() {
							t.Errorf("%+v", at)
						}
						lost = append(lost, Vanished{Location: at, Folder: f.archive, Renumbered: true})
					}
					return err
				})
				if len(lost) != 1 {
					t.Fatalf("%+v", lost)
				}
				r := f.vanish(lost...)
				m := f.message(id)
				if left := len(f.pendings(f.account)); left != oneIf(seen && deleted) {
					t.Errorf("%d intents are left", left)
				}
				switch {
				case seen:
					if m.State != Shown || m.Where != WhereBoth || r.Held+r.Unseen+len(r.Paused) != 0 {
						t.Errorf("seen: %+v %+v", m, r)
					}
				case moved:
					if m.State != Held || r.Held != 1 || r.Dropped != oneIf(deleted) {
						t.Errorf("moved, not seen: %+v %+v", m, r)
					}
				default:
					if m.State != Shown || m.Where != WhereHere || r.Unseen != 1 {
						t.Errorf("put, not seen: %+v %+v", m, r)
					}
				}
			}
		}
	}
}

// TestTwoLossesOfOneMail: what is expected in one folder was seen in another
// meanwhile. That is where it went, and not where a second mail of the kind is.
func TestTwoLossesOfOneMail(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	first, at := f.bind(f.inbox, 1, c)
	f.bind(f.inbox, 2, f.content())
	f.vanish()
	second, _ := f.bind(f.trash, 1, c)
	archive := f.remote(f.archive)
	f.bind(f.archive, 1, f.content())
	var expected []ImapLocation
	f.write(func(tx *Tx) error {
		// The second is seen in the Trash, and expected in the Archive as well.
		if _, err := tx.add(insertLocation, second, archive, movedThere, second, 0, 0, ""); err != nil {
			return err
		}
		var err error
		expected, err = tx.OldImapLocations(archive, 7)
		return err
	})
	r := f.vanish(Vanished{Location: at, Folder: f.inbox}, Vanished{Location: expected[0], Folder: f.archive, Renumbered: true})
	if r.Moved != 0 || r.Held != 1 {
		t.Errorf("%+v", r)
	}
	if m := f.message(second); m.Folder != f.trash || m.Where != WhereBoth || f.message(first).State != Held {
		t.Errorf("%+v, %+v", m, f.message(first))
	}
}
