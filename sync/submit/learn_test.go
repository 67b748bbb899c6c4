package submit

import (
	"context"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/localstore"
)

func (r *rig) submission() (s localstore.Submission) {
	r.t.Helper()
	err := r.store.Read(context.Background(), func(v *localstore.View) (err error) {
		s, err = v.Submission(r.account.ID)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// TestTheServersLimitIsRemembered, until it says another, or is another.
func TestTheServersLimitIsRemembered(t *testing.T) {
	r := newRig(t, fakesmtp.Options{MaxSize: 10_000})
	if s := r.submission(); s != (localstore.Submission{}) {
		t.Errorf("at first: %+v", s)
	}
	r.queue("bo")
	r.run()
	first := r.submission()
	if first.SizeLimit != 10_000 || first.Trouble != localstore.NoTrouble || first.At.IsZero() {
		t.Errorf("%+v", first)
	}
	r.clock.Advance(1e9)
	r.queue("bo")
	r.run()
	if s := r.submission(); s != first {
		t.Errorf("written again without news: %+v", s)
	}
	r.play("no-size")
	r.queue("bo")
	r.run()
	if s := r.submission(); s.SizeLimit != 0 {
		t.Errorf("of a server that names none: %+v", s)
	}
	r.play()
	r.queue("bo")
	r.run()
	r.account.SMTP.Port++
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
	if s := r.submission(); s != (localstore.Submission{}) {
		t.Errorf("of another server: %+v", s)
	}
}

// TestWhyNothingLeavesIsKnown: each kind told from the others, with words, and
// forgotten when letters leave again.
func TestWhyNothingLeavesIsKnown(t *testing.T) {
	for name, want := range map[string]struct {
		trouble localstore.Trouble
		words   string
	}{
		"auth-535":     {localstore.TroubleSignIn, "user name and password"},
		"auth-missing": {localstore.TroubleSignIn, "demands a sign-in"},
		"mail-530":     {localstore.TroubleSignIn, "demands a sign-in"},
		"auth-454":     {localstore.TroubleBusy, "cannot check passwords"},
		"connect-421":  {localstore.TroubleBusy, "no letters at the moment"},
		"drop-at-ehlo": {localstore.TroubleOffline, ""},
	} {
		r := newRig(t, fakesmtp.Options{MaxSize: 10_000})
		r.queue("bo")
		r.run()
		n := r.queue("bo")
		r.play(name)
		r.run()
		first := r.submission()
		if first.Trouble != want.trouble || !strings.Contains(first.Words, want.words) || (want.words == "") != (first.Words == "") || first.SizeLimit != 10_000 {
			t.Errorf("%s: %+v", name, first)
		}
		r.clock.Advance(1e11)
		r.run()
		if again := r.submission(); again != first {
			t.Errorf("%s: at the next try %+v", name, again)
		}
		r.play()
		r.clock.Advance(1e12)
		r.run()
		if s := r.submission(); s.Trouble != localstore.NoTrouble || s.Words != "" || s.SizeLimit != 10_000 {
			t.Errorf("%s: in the end %+v", name, s)
		}
		r.want(name, n, filed)
	}
}

// TestAWrongCertificateIsNotASignIn.
func TestAWrongCertificateIsNotASignIn(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	r.queue("bo")
	r.account.SMTP.Security = localstore.TLS
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
	r.run()
	if s := r.submission(); s.Trouble != localstore.TroubleCertificate && s.Trouble != localstore.TroubleSettings {
		t.Errorf("%+v", s)
	}
}
