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
