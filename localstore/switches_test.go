package localstore

import "testing"

// TestEqualMailsThatAreNumberedAnew: of two equal mails whose folder was numbered
// anew the server has one. It is one of the two; the other is not taken for a
// move of it.
func TestEqualMailsThatAreNumberedAnew(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.whole(f.content())
	first, second := f.put(f.inbox, c), f.put(f.inbox, c)
	rf := f.remote(f.inbox)
	f.write(func(tx *Tx) error {
		for uid, m := range map[uint32]MessageID{1: first, 2: second} {
			if _, err := tx.AddImapLocation(ImapLocation{Message: m, RemoteFolder: rf, UIDValidity: 7, UID: uid}); err != nil {
				return err
			}
		}
		_, err := tx.VanishLocations(f.account, nil)
		return err
	})
	f.write(func(tx *Tx) error {
		if err := tx.SetUIDValidity(rf, 8); err != nil {
			return err
		}
		if err := tx.Recognise(ImapLocation{Message: second, RemoteFolder: rf, UIDValidity: 8, UID: 1}); err != nil {
			return err
		}
		old, err := tx.OldImapLocations(rf, 8)
		if err != nil {
			return err
		}
		var lost []Vanished
		for _, l := range old {
			lost = append(lost, Vanished{l, f.inbox, true})
		}
		_, err = tx.VanishLocations(f.account, lost)
		return err
	})
	f.read(func(v *View) error {
		for _, id := range []MessageID{first, second} {
			if _, err := v.Message(id); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
}
