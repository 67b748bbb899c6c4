package engine

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// rig is an account kept by IMAP, its servers and an engine.
type rig struct {
	*testing.T
	world    *fakeserver.World
	user     *fakeserver.User
	imap     *fakeimap.Server
	smtp     *fakesmtp.Server
	store    *localstore.Store
	account  localstore.Account
	engine   *Engine
	password atomic.Value // string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	world := fakeserver.NewWorld()
	r := &rig{T: t, world: world, user: world.AddUser("anna", "secret")}
	r.password.Store("secret")
	r.user.CreateUsual()
	r.imap, r.smtp = fakeimap.Start(t, world, fakeimap.Options{}), fakesmtp.Start(t, world, fakesmtp.Options{})
	var err error
	if r.store, err = localstore.Open(context.Background(), testprofile.Dir(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.store.Close() })
	server := func(s *fakeserver.Server) localstore.Server {
		return localstore.Server{Host: s.Host(), Port: s.Port(), Security: localstore.Plain, User: "anna"}
	}
	r.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "anna", Address: "anna@example.org", Mode: localstore.IMAP, SecretRef: "anna", IMAP: server(r.imap.Server), SMTP: server(r.smtp.Server)})
		if err != nil {
			return err
		}
		r.account, err = tx.Account(id)
		return err
	})
	r.engine = New(Config{Store: r.store, Clock: clock.System, Password: func(context.Context, localstore.Account) (string, error) { return r.password.Load().(string), nil }})
	return r
}

func (r *rig) write(f func(*localstore.Tx) error) {
	r.Helper()
	if err := r.store.Write(context.Background(), "test", f); err != nil {
		r.Fatal(err)
	}
}

// run starts the engine and stops it when the test ends.
func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.engine.Run(ctx) }()
	r.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			r.Errorf("Run: %v", err)
		}
	})
}

// until waits for the store or the engine's status to be as wanted. The test's
// own time-out ends a wait that never succeeds.
func (r *rig) until(what string, f func(*localstore.View) (bool, error)) {
	r.Helper()
	watch := r.store.Watch()
	defer watch.Close()
	changed, stop := r.engine.StatusChanged()
	defer stop()
	for {
		var ok bool
		err := r.store.Read(context.Background(), func(v *localstore.View) (err error) {
			ok, err = f(v)
			return err
		})
		if err != nil {
			r.Fatalf("%s: %v", what, err)
		}
		if ok {
			return
		}
		select {
		case <-watch.Ready():
			watch.Take()
		case <-changed:
		}
	}
}

// inbox waits until the inbox has n messages and returns them.
func (r *rig) inbox(n int) (out []localstore.Message) {
	r.Helper()
	r.until(fmt.Sprintf("%d messages", n), func(v *localstore.View) (bool, error) {
		f, err := v.FolderByRole(r.account.ID, localstore.RoleInbox)
		if err != nil {
			return false, err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, n+1)
		if err != nil || len(ids) != n {
			return false, err
		}
		out, err = v.Messages(ids)
		return true, err
	})
	return out
}

func (r *rig) deliver(i int) {
	r.user.Deliver(fmt.Appendf(nil, "From: Tom <tom@bannister.example>\r\nTo: anna@example.org\r\nSubject: letter %d\r\nMessage-ID: <%d@bannister.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nThis is letter %d.\r\n", i, i, i), fakeserver.Epoch)
}

// phase waits until the account stands so.
func (r *rig) phase(p Phase) Status {
	r.Helper()
	var now Status
	r.until(string(p), func(*localstore.View) (bool, error) {
		all, _ := r.engine.Status()
		for _, s := range all {
			if s.Account == r.account.ID && s.Phase == p {
				now = s
				return true, nil
			}
		}
		return false, nil
	})
	return now
}

func (r *rig) queue() {
	r.Helper()
	d := &letter.Draft{From: outgoing.From(r.account), To: letter.ParseAddresses("tom@bannister.example"), Subject: "From the ferry", Text: "We land at nine."}
	if _, err := outgoing.Queue(context.Background(), r.store, outgoing.Letter{Account: r.account, Draft: d}); err != nil {
		r.Fatal(err)
	}
}

func TestMailArrivesByItselfAndIsSearchable(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.run()
	r.inbox(1)
	r.phase(Idle)
	r.deliver(2) // the server tells of it by IDLE
	got := r.inbox(2)
	r.until("conversations", func(v *localstore.View) (bool, error) {
		m, err := v.Message(got[0].ID)
		return m.Thread != 0, err
	})
}

func TestBodyComesWhenItIsWanted(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.run()
	m := r.inbox(1)[0]
	r.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishText) })
	r.until("the body", func(v *localstore.View) (bool, error) {
		now, err := v.Message(m.ID)
		return now.Body == localstore.BodyWhole, err
	})
}

func TestIntentsAndLettersLeaveAtOnceWhenOnline(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.run()
	m := r.inbox(1)[0]
	r.phase(Idle)
	r.write(func(tx *localstore.Tx) error { return tx.SetFlags([]localstore.MessageID{m.ID}, localstore.Flagged, 0) })
	r.until("the flag on the server", func(v *localstore.View) (bool, error) {
		p, err := v.Pendings(r.account.ID)
		return len(p) == 0, err
	})
	if !r.user.Mailbox("INBOX").Messages()[0].Has(`\Flagged`) {
		t.Error("the flag did not arrive")
	}
	r.queue()
	r.until("the letter in Sent", func(v *localstore.View) (bool, error) {
		out, err := v.Outbox(r.account.ID, false)
		p, err2 := v.Pendings(r.account.ID)
		return len(out) == 0 && len(p) == 0, firstError(err, err2)
	})
	if n, sent := len(r.smtp.Accepted()), len(r.user.Mailbox("Sent").Messages()); n != 1 || sent != 1 {
		t.Errorf("%d accepted, %d in Sent, want 1 and 1", n, sent)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestOfflineAndBack(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.run()
	r.inbox(1)
	r.phase(Idle)
	r.imap.Offline()
	r.smtp.Offline()
	if s := r.phase(Offline); s.Fault == nil || s.Fault.Remedy != fault.Online {
		t.Errorf("offline because of %+v", s.Fault)
	}
	r.queue()
	r.deliver(2)
	for _, up := range []func() error{r.imap.Online, r.smtp.Online} {
		if err := up(); err != nil {
			t.Fatal(err)
		}
	}
	r.engine.Wake()
	r.inbox(2)
	r.until("the letter to leave", func(v *localstore.View) (bool, error) {
		out, err := v.Outbox(r.account.ID, false)
		return len(out) == 0, err
	})
	if n := len(r.smtp.Accepted()); n != 1 {
		t.Errorf("%d letters accepted, want 1", n)
	}
}

func TestWorkOfflineKeepsAllConnectionsClosed(t *testing.T) {
	r := newRig(t)
	r.engine.WorkOffline(true)
	r.deliver(1)
	r.run()
	r.queue()
	r.engine.WorkOffline(false)
	r.inbox(1)
	r.engine.WorkOffline(true)
	r.phase(Offline)
	before := r.imap.Stats().Connections
	r.write(func(tx *localstore.Tx) error { return tx.Journal(localstore.Note{Account: r.account.ID, Step: "test"}) })
	r.engine.Wake()
	if after := r.imap.Stats().Connections; after != before {
		t.Errorf("%d connections while working offline", after-before)
	}
}

func TestWrongPasswordAsksOnceAndGoesOnWhenMended(t *testing.T) {
	r := newRig(t)
	r.password.Store("wrong")
	r.deliver(1)
	r.run()
	if s := r.phase(NeedsUser); s.Fault.Cause != fault.SignIn {
		t.Errorf("needs the user for %+v", s.Fault)
	}
	if n := r.imap.Stats().Connections; n != 1 {
		t.Errorf("%d attempts with a wrong password, want 1", n)
	}
	r.password.Store("secret")
	r.engine.Wake()
	r.inbox(1)
}

func TestAnotherProcessAsksForAPass(t *testing.T) {
	r := newRig(t)
	r.run()
	r.inbox(0)
	r.phase(Idle)
	r.deliver(1)
	report, err := Request(context.Background(), r.store, r.account)
	if err != nil || report.Error != nil || !report.Online {
		t.Errorf("report %+v, %v", report, err)
	}
	r.inbox(1)
}

func TestPassReportsWhatItDid(t *testing.T) {
	r := newRig(t)
	r.deliver(1)
	r.deliver(2)
	r.queue()
	got := r.engine.Pass(context.Background(), r.account)
	if got.Received != 2 || got.Sent != 1 || got.Error != nil || !got.Online || got.BytesIn == 0 || got.RoundTrips == 0 {
		t.Errorf("%+v", got)
	}
	if raw := r.smtp.Accepted()[0].Raw; !bytes.Contains(raw, []byte("We land at nine.")) {
		t.Errorf("the letter: %s", raw)
	}
}

func TestAnEndedPassIsNoDefect(t *testing.T) {
	r := newRig(t)
	r.queue()
	if err := r.smtp.Scenario("hang-at-mail"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.smtp.Watch(func(l fakeserver.Line) {
		if strings.HasPrefix(l.Text, "MAIL") {
			cancel()
		}
	})
	if got := r.engine.Pass(ctx, r.account); got.Error == nil || got.Error.Exit != fault.ExitOffline {
		t.Errorf("an ended pass: %+v", got.Error)
	}
}
