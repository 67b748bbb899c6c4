package vm

import (
	"testing"
	"time"

	"paquebot.app/localstore"
)

func TestSendingIsKept(t *testing.T) {
	w := newWriter(t)
	s := NewSending(w.env)
	reads := 0
	s.Changed = func() { reads++ }
	s.Load()
	w.queue.Until(func() bool { return reads == 1 })
	if s.Undo != 10*time.Second || !s.Brakes {
		t.Errorf("at first %v %v", s.Undo, s.Brakes)
	}
	s.SetUndo(0)
	s.SetBrakes(false)
	w.queue.Until(func() bool { return s.Undo == 0 && !s.Brakes })
	w.read(func(v *localstore.View) error {
		brakes, err := v.Brakes()
		if brakes {
			t.Error("the brake is on")
		}
		return err
	})
	if at := w.env.held(t.Context()); !at.IsZero() {
		t.Errorf("a letter waits until %v", at)
	}
}
