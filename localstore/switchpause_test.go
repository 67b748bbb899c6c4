package localstore

import "testing"

// TestAPausedSwitchGoesNoFurther, whoever carries it.
func TestAPausedSwitchGoesNoFurther(t *testing.T) {
	f := newFixture(t, IMAP)
	var s Switch
	f.write(func(tx *Tx) (err error) {
		s, err = tx.BeginSwitch(f.account, POP, SwitchChoice{Server: Server{Host: "pop.example.org", Port: 995, User: "ann"}})
		if err == nil {
			err = tx.PauseSwitch(f.account, true)
		}
		return err
	})
	step := func() (err error) {
		f.write(func(tx *Tx) error {
			if err = tx.StepSwitch(s.ID, SwitchCompleting, ""); err == nil {
				err = tx.CommitSwitch(s.ID)
			}
			return nil
		})
		return err
	}
	if err := step(); err != errSwitchPaused {
		t.Errorf("it went on: %v", err)
	}
	f.write(func(tx *Tx) error {
		if err := tx.CommitSwitch(s.ID); err != errSwitchPaused {
			t.Errorf("it was committed: %v", err)
		}
		return tx.PauseSwitch(f.account, false)
	})
	if err := step(); err != nil {
		t.Errorf("it does not go on: %v", err)
	}
	f.write(func(tx *Tx) error {
		if err := tx.PauseSwitch(f.account, true); err == nil {
			t.Error("a switch that is done was paused")
		}
		return nil
	})
}
