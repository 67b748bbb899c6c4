package submit

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// limit returns how many bytes the server takes, 0 where it does not say
// (RFC 1870 §4).
func (s *session) limit() int64 {
	most, _ := s.client.MaxMessageSize()
	return max(int64(most), 0)
}

// learn records what the server said before it took letters, or refused one,
// where that is new.
func (r *run) learn() error {
	known, err := r.known()
	now := localstore.Submission{SizeLimit: r.session.limit(), At: known.At}
	if err != nil || known == now && !known.At.IsZero() {
		return err
	}
	return r.record(localstore.Submission{SizeLimit: now.SizeLimit})
}

// trouble records why nothing can be sent at all, where that is new: the limit
// that was known stays. What cannot be recorded is told by the run's error.
func (r *run) trouble(err error) {
	f := fault.Of(err)
	now := localstore.Submission{Trouble: troubleOf(f), Words: f.Error()}
	if now.Trouble == localstore.NoTrouble || r.ctx.Err() != nil {
		return
	}
	if now.Trouble == localstore.TroubleOffline {
		now.Words = "" // ports and such differ from try to try
	}
	known, err := r.known()
	if now.SizeLimit, now.At = known.SizeLimit, known.At; err != nil || known == now {
		return
	}
	now.At = r.options.Clock.Now()
	if err := r.record(now); err != nil {
		r.options.Log.Warn("trouble not recorded", "account", r.account.ID, "err", err)
	}
}

func troubleOf(f *fault.Error) localstore.Trouble {
	switch {
	case f.Cause == fault.SignIn && f.Remedy == fault.User:
		return localstore.TroubleSignIn
	case f.Cause == fault.Certificate:
		return localstore.TroubleCertificate
	case f.Cause == fault.Settings:
		return localstore.TroubleSettings
	case f.Remedy == fault.Later:
		return localstore.TroubleBusy
	case f.Remedy == fault.Online:
		return localstore.TroubleOffline
	}
	return localstore.NoTrouble
}

func (r *run) known() (known localstore.Submission, err error) {
	err = r.store.Read(context.WithoutCancel(r.ctx), func(v *localstore.View) error {
		known, err = v.Submission(r.account.ID)
		return err
	})
	return known, err
}

func (r *run) record(s localstore.Submission) error {
	s.At = r.options.Clock.Now()
	return r.write("submission", func(tx *localstore.Tx) error { return tx.SetSubmission(r.account, s) })
}
