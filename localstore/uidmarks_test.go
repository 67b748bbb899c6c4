package localstore

import (
	"slices"
	"testing"
	"time"
)

func TestMarksOfUIDsBelongToTheirUIDValidity(t *testing.T) {
	f := newFixture(t, IMAP)
	rf := f.remote(f.inbox)
	deleted := func(validity uint32, want ...UIDRange) {
		t.Helper()
		f.read(func(v *View) error {
			got, err := v.MarkedDeleted(rf, validity)
			if !slices.Equal(got, want) {
				t.Errorf("marked under %d: %v, want %v", validity, got, want)
			}
			return err
		})
	}
	quarantined := func(want ...Quarantined) {
		t.Helper()
		f.read(func(v *View) error {
			got, err := v.Quarantined(rf, 7, OfHeader)
			if !slices.EqualFunc(got, want, func(a, b Quarantined) bool {
				return a.UID == b.UID && a.Breaks == b.Breaks && a.Tries == b.Tries && a.NextTry.Equal(b.NextTry)
			}) {
				t.Errorf("quarantined: %+v, want %+v", got, want)
			}
			return err
		})
	}
	f.write(func(tx *Tx) error { return tx.SetMarkedDeleted(rf, 7, []UIDRange{{9, 9}, {2, 3}, {4, 4}}) })
	deleted(7, UIDRange{2, 4}, UIDRange{9, 9})
	deleted(8)
	f.write(func(tx *Tx) error { return tx.SetMarkedDeleted(rf, 7, []UIDRange{{9, 9}}) })
	deleted(7, UIDRange{9, 9})
	a, b := Quarantined{5, 2, 1, day}, Quarantined{6, 0, 1, day}
	f.write(func(tx *Tx) error {
		if err := tx.Quarantine(rf, 7, OfHeader, a); err != nil {
			return err
		}
		return tx.Quarantine(rf, 7, OfHeader, b)
	})
	quarantined(a, b)
	b.Tries, b.NextTry = 2, day.Add(time.Hour)
	f.write(func(tx *Tx) error {
		if err := tx.EndQuarantine(rf, 7, 5, OfHeader); err != nil {
			return err
		}
		return tx.Quarantine(rf, 7, OfHeader, b)
	})
	quarantined(b)
	f.write(func(tx *Tx) error { return tx.SetUIDValidity(rf, 8) })
	f.write(func(tx *Tx) error { return tx.SetUIDValidity(rf, 7) })
	deleted(7)
	quarantined()
}
