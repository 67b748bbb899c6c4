package vm

import (
	"context"
	"time"

	"paquebot.app/localstore"
)

// Sending is what holds for every letter that leaves this computer.
type Sending struct {
	// Changed is called when the other fields changed.
	Changed func()
	// Refused tells why something cannot be changed.
	Refused func(err error)
	Undo    time.Duration // how long a letter waits so that it can be taken back
	Brakes  bool          // a reply waits when somebody has written meanwhile

	env  *Env
	jobs serial
}

// NewSending returns settings that are not read yet; Load does that.
func NewSending(env *Env) *Sending {
	return &Sending{env: env, jobs: serial{env: env, what: "sending"}, Changed: func() {}, Refused: func(error) {}}
}

// Load reads the store.
func (s *Sending) Load() {
	s.jobs.do(false, func(ctx context.Context) func() {
		var undo time.Duration
		var brakes bool
		err := s.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			if undo, err = v.UndoSend(); err == nil {
				brakes, err = v.Brakes()
			}
			return err
		})
		return func() {
			if err != nil {
				s.Refused(err)
				return
			}
			s.Undo, s.Brakes = undo, brakes
			s.Changed()
		}
	})
}

// SetUndo changes how long a letter waits so that it can be taken back.
func (s *Sending) SetUndo(wait time.Duration) {
	s.set("undo", func(tx *localstore.Tx) error { return tx.SetUndoSend(wait) })
}

// SetBrakes changes whether a reply waits when somebody has written meanwhile.
func (s *Sending) SetBrakes(on bool) {
	s.set("brake", func(tx *localstore.Tx) error { return tx.SetBrakes(on) })
}

func (s *Sending) set(why string, f func(*localstore.Tx) error) {
	s.jobs.do(true, func(ctx context.Context) func() {
		err := s.env.Store.Write(ctx, why, f)
		return func() {
			if err != nil {
				s.Refused(err)
			}
			s.Load()
		}
	})
}
