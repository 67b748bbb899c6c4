package imapsync

import (
	"context"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
)

// voyage is a harness on a real Dovecot; what needs a fakeserver is not there.
type voyage struct {
	*harness
	dovecot *realserver.Server
	user    string
}

func newVoyage(t *testing.T, o realserver.Options) *voyage {
	t.Helper()
	d := realserver.Dovecot(t, o)
	v := &voyage{&harness{T: t, clock: clock.NewFake(fakeserver.Epoch)}, d, d.Users[0]}
	v.join(localstore.Server{Host: d.Host, Port: d.IMAP, Security: localstore.STARTTLS, User: v.user, CAFile: d.CAFile}, realserver.Password)
	return v
}

// deliver puts n numbered mails into a folder.
func (v *voyage) deliver(folder string, from, n int) {
	v.Helper()
	for i := from; i < from+n; i++ {
		v.dovecot.Append(v.T, v.user, folder, "", fakeserver.Epoch.Add(time.Duration(i-1000)*time.Minute), mail(i))
	}
}

// TestDovecotWithNothingNewIsWaitedFor: LIST-STATUS tells that nothing changed.
func TestDovecotWithNothingNewIsWaitedFor(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.deliver("INBOX", 0, 3)
	v.pass()
	l := v.link()
	if err := l.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- l.Wait(ctx) }()
	for v.clock.Waiters() == 0 { // until it idles
		select {
		case err := <-ended:
			t.Fatalf("Wait returned at once: %v", err)
		default:
		}
	}
	v.deliver("INBOX", 3, 1)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestDovecotsDeletedMailIsAskedForOnce: another client's mark takes mail away
// and brings it back, and costs nothing while it stays.
func TestDovecotsDeletedMailIsAskedForOnce(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.deliver("INBOX", 0, 4)
	v.dovecot.Command(t, v.user, "INBOX", `UID STORE 2 +FLAGS (\Deleted)`)
	v.pass()
	v.pass()
	if r := v.report(); r.RoundTrips > 4 || len(v.messages("INBOX")) != 3 {
		t.Errorf("%d messages; %+v", len(v.messages("INBOX")), r)
	}
	v.dovecot.Command(t, v.user, "INBOX", `UID STORE 2 -FLAGS (\Deleted)`)
	v.pass()
	if n := len(v.messages("INBOX")); n != 4 {
		t.Errorf("%d messages after it was unmarked", n)
	}
}

// TestDovecotsFolderIsDeletedAndMadeAnew: another client's folder in the same
// place is no reason to let the mails of the first go.
func TestDovecotsFolderIsDeletedAndMadeAnew(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.dovecot.Command(t, v.user, "INBOX", "CREATE Old")
	v.deliver("Old", 0, 12)
	v.pass()
	v.whole("Old")
	v.dovecot.Command(t, v.user, "INBOX", "DELETE Old")
	v.dovecot.Command(t, v.user, "INBOX", "CREATE Old")
	v.deliver("Old", 0, 2)
	r := v.report()
	if n := len(v.messages("Old")); n != 12 || r.Held != 0 || len(r.Asks) != 1 {
		t.Errorf("%d messages; %+v", n, r)
	}
	v.read(func(s *localstore.View) error {
		f, err := s.FolderByPath(v.account.ID, "Old")
		if f.Paused != "The server numbered this folder anew, and 10 of 12 messages were not found in it again. They stay here until you decide." {
			t.Errorf("paused: %q", f.Paused)
		}
		return err
	})
}

// TestDovecotsFolderThatIsGoneNeedsNoDelete: its own word for it is believed.
func TestDovecotsFolderThatIsGoneNeedsNoDelete(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.dovecot.Command(t, v.user, "INBOX", "CREATE Old")
	v.pass()
	v.write(func(tx *localstore.Tx) error { return tx.DeleteFolder(v.folder("Old")) })
	v.dovecot.Command(t, v.user, "INBOX", "DELETE Old")
	v.pass()
	if p := v.pendings(); len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

// TestDovecotTakesBackAFolder that another client deleted: made again, its
// mails with flags and dates, once.
func TestDovecotTakesBackAFolder(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.dovecot.Command(t, v.user, "INBOX", "CREATE Old")
	v.deliver("Old", 0, 5)
	v.pass()
	v.whole("Old")
	before := v.messages("Old")
	v.write(func(tx *localstore.Tx) error { return tx.SetFlags(ids(before[0]), localstore.Flagged, 0) })
	v.pass()
	v.dovecot.Command(t, v.user, "INBOX", "DELETE Old")
	v.pass()
	v.endPause("Old", localstore.PutBack)
	for range 2 {
		v.pass()
		after := v.messages("Old")
		if len(after) != len(before) || len(v.pendings()) != 0 {
			t.Fatalf("%d messages, pending %+v", len(after), v.pendings())
		}
		for i, m := range after {
			if m.ID != before[i].ID || m.Where != localstore.WhereBoth || (m.Flags == localstore.Flagged) != (i == 0) {
				t.Errorf("%+v", m)
			}
		}
	}
	// Another profile sees what the server has of it.
	other := &harness{T: t, clock: v.clock}
	other.join(v.account.IMAP, realserver.Password)
	other.pass()
	there := other.messages("Old")
	if len(there) != len(before) {
		t.Fatalf("%d on the server", len(there))
	}
	for i, m := range there {
		if m.Subject != before[i].Subject || !m.Arrived.Equal(before[i].Arrived) || (m.Flags == localstore.Flagged) != (i == 0) {
			t.Errorf("on the server: %+v", m)
		}
	}
}

// TestDovecotCompresses: a connection that is compressed brings the same in
// fewer bytes.
func TestDovecotCompresses(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.deliver("INBOX", 0, 100)
	l := v.link()
	if !l.caps.Has("COMPRESS=DEFLATE") {
		t.Fatal("it cannot")
	}
	before := l.Report().BytesIn
	if err := l.conn.Compress(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(v.messages("INBOX")); n != 100 {
		t.Errorf("%d messages", n)
	}
	if moved := l.Report().BytesIn - before; moved > 100*150 {
		t.Errorf("%d bytes came", moved)
	}
}
