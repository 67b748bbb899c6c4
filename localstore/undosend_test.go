package localstore

import (
	"testing"
	"time"
)

func TestUndoSendIsKeptWithinItsBounds(t *testing.T) {
	f := newFixture(t, IMAP)
	got := func() (wait time.Duration) {
		f.read(func(v *View) (err error) {
			wait, err = v.UndoSend()
			return err
		})
		return wait
	}
	if got() != 10*time.Second {
		t.Errorf("at first %v", got())
	}
	for set, want := range map[time.Duration]time.Duration{0: 0, 20 * time.Second: 20 * time.Second, time.Hour: MostUndoSend, -1: 0} {
		f.write(func(tx *Tx) error { return tx.SetUndoSend(set) })
		if got() != want {
			t.Errorf("%v was set and %v is kept", set, got())
		}
	}
	f.write(func(tx *Tx) error { return tx.SetSetting(undoSend, "soon") })
	if got() != 10*time.Second {
		t.Errorf("a value that is no number means %v", got())
	}
}
