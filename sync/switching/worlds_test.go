package switching_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// elsewhere gives an account an IMAP server in another world, where a user has
// what change makes of each mail.
func (s *strait) elsewhere(change func([]byte) []byte) (*fakeserver.User, localstore.SwitchChoice) {
	s.Helper()
	world := fakeserver.NewWorld()
	world.SetClock(s.clock)
	user := world.AddUser("anna", "secret")
	user.CreateUsual()
	for _, m := range s.user.Mailbox("INBOX").Messages() {
		user.Deliver(change(m.Raw), m.InternalDate)
	}
	s.imap = fakeimap.Start(s, world, fakeimap.Options{})
	return user, localstore.SwitchChoice{Server: s.at(s.imap.Server)}
}

func (s *strait) carryTo(to localstore.Mode, c localstore.SwitchChoice) {
	s.Helper()
	s.begin(to, c)
	if a, err := s.engine.Switch(context.Background(), s.id); err != nil || a.Mode != to {
		s.Fatalf("%v, kept by %s", err, a.Mode)
	}
	s.pass()
	s.pass()
}

// scanned is what a scanner of viruses makes of a mail on its way to the client.
func scanned(raw []byte) []byte { return append([]byte("X-Scanned: yes\r\n"), raw...) }

// TestAServerThatRewritesHeaders: what POP and IMAP show of a mail differs in its
// complete header. It is shown once, and bound without proof: what is to be
// deleted on the server is looked at first, and both are kept.
func TestAServerThatRewritesHeaders(t *testing.T) {
	s := newStrait(t, localstore.POP, fakepop.Options{}, fakeimap.Options{})
	s.deliver(12)
	s.pass()
	before, bodies := s.shown(), s.bodies()
	user, c := s.elsewhere(scanned)
	at := mark{len(s.pop.Transcript()), 0}
	s.carryTo(localstore.IMAP, c)
	s.same("by IMAP", s.shown(), before)
	if fetched := s.said(at, "BODY.PEEK[]"); len(fetched) > 0 || fmt.Sprint(s.bodies()) != fmt.Sprint(bodies) {
		t.Errorf("bodies came again: %q", fetched)
	}
	s.write(func(tx *localstore.Tx) error { return tx.DeleteNow(ids(s.messages("INBOX")[:1]...)) })
	s.pass()
	s.pass()
	if n := len(user.Mailbox("INBOX").Messages()); n != 12 {
		t.Errorf("%d are left on the server", n)
	}
	s.innocent(at)
	if n := len(s.messages("INBOX")); n != 13 {
		t.Errorf("%d are shown: the one here and the one there are two", n)
	}
}

// TestAnotherProvider has the same mail under other names: nothing comes twice.
func TestAnotherProvider(t *testing.T) {
	s := newStrait(t, localstore.POP, fakepop.Options{}, fakeimap.Options{})
	s.deliver(12)
	raw := s.mail()
	for range 3 { // three equal mails, of which the new provider has two
		s.user.Deliver(raw, s.clock.Now())
	}
	s.pass()
	n := 0
	before, bodies := s.shown(), s.bodies()
	user, c := s.elsewhere(func(m []byte) []byte { return m })
	for _, m := range user.Mailbox("INBOX").Messages() {
		if bytes.Equal(m.Raw, raw) {
			if n++; n == 1 {
				user.Mailbox("INBOX").Expunge(m.UID)
			}
		}
	}
	user.Mailbox("INBOX").Revalidate(0, 500)
	at := mark{len(s.pop.Transcript()), 0}
	s.carryTo(localstore.IMAP, c)
	s.same("by IMAP", s.shown(), before)
	if fetched := s.said(at, "BODY.PEEK[]"); len(fetched) > 0 || fmt.Sprint(s.bodies()) != fmt.Sprint(bodies) {
		t.Errorf("bodies came again: %q", fetched)
	}
	here := slices.DeleteFunc(s.messages("INBOX"), func(m localstore.Message) bool { return m.Where != localstore.WhereHere })
	if len(here) != 1 {
		t.Errorf("%d are only here, want the third of three equal ones", len(here))
	}
}

// TestNamesThatChange: the maildrop names its mails anew while the account is
// kept by IMAP, and again after it came back. Nothing comes twice.
func TestNamesThatChange(t *testing.T) {
	epoch := 0
	s := newStrait(t, localstore.POP, fakepop.Options{UIDL: func(_ uint32, m fakeserver.Message) string { return fmt.Sprintf("e%d-%d", epoch, m.UID) }}, fakeimap.Options{})
	s.deliver(15)
	s.pass()
	before := s.shown()
	s.switchTo(localstore.IMAP)
	epoch++
	at := s.mark()
	s.switchTo(localstore.POP)
	s.same("by POP", s.shown(), before)
	epoch++
	s.pass()
	s.pass()
	s.same("named anew", s.shown(), before)
	if fetched := s.said(at, "RETR "); len(fetched) > 0 {
		t.Errorf("%q", fetched)
	}
}

// TestAnotherClientMeanwhile adds, expunges and marks while a switch runs, at
// every line that the servers hear.
func TestAnotherClientMeanwhile(t *testing.T) {
	for _, way := range [][2]localstore.Mode{{localstore.POP, localstore.IMAP}, {localstore.IMAP, localstore.POP}} {
		for line := 1; line < 40; line++ {
			if !sampled(line) {
				continue
			}
			s := crossing(t, way[0])
			before := s.bodies()
			heard := make(chan struct{}, line)
			done := false
			inbox := s.user.Mailbox("INBOX")
			meanwhile := func(l fakeserver.Line) {
				if !l.Client || len(heard) == cap(heard) {
					return
				}
				if heard <- struct{}{}; len(heard) == cap(heard) {
					done = true
					all := inbox.Messages()
					inbox.Expunge(all[1].UID, all[4].UID)
					inbox.AddFlags(all[2].UID, `\Seen`)
					s.deliver(2)
				}
			}
			s.pop.Watch(meanwhile)
			s.imap.Watch(meanwhile)
			s.begin(way[1], s.choice(way[1]))
			_, _ = s.engine.Switch(context.Background(), s.id)
			s.pop.Watch(nil)
			s.imap.Watch(nil)
			s.pass()
			s.pass()
			if a := s.account(); a.Mode != way[1] {
				t.Fatalf("line %d: kept by %s", line, a.Mode)
			}
			now := s.bodies()
			for sum, n := range before {
				if now[sum] != n && way[0] == localstore.POP {
					t.Errorf("%s to %s, line %d: a mail is here %d times, before %d", way[0], way[1], line, now[sum], n)
				}
			}
			fresh := 0
			for _, n := range now {
				fresh += n
			}
			if want := map[bool]int{true: 2}[done]; way[0] == localstore.POP && fresh != len(before)+want+len(s.messages("Archive")) {
				t.Errorf("%s to %s, line %d: %d mails, before %d, %d are new", way[0], way[1], line, fresh, len(before), want)
			}
			s.store.Close()
		}
	}
}

// TestWhatIsDeletedWasLookedAt: a mail that was recognised by some fields of its
// header is removed from the server once the whole header was seen.
func TestWhatIsDeletedWasLookedAt(t *testing.T) {
	s := newStrait(t, localstore.POP, fakepop.Options{UIDL: fakepop.UIDLHash}, fakeimap.Options{})
	s.deliver(6)
	s.pass()
	s.switchTo(localstore.IMAP)
	at := s.mark()
	s.write(func(tx *localstore.Tx) error { return tx.DeleteNow(ids(s.messages("INBOX")[:2]...)) })
	s.pass()
	if n := s.onServer()["INBOX"]; n != 4 || len(s.messages("INBOX")) != 4 {
		t.Errorf("%d are left on the server, %d here", n, len(s.messages("INBOX")))
	}
	if asked := s.said(at, "BODY.PEEK[HEADER])"); len(asked) != 1 {
		t.Errorf("headers asked for: %q", asked)
	}
}

// TestFoldersThatNobodyReadsComeToo: "everything comes here first" is said of
// folders, too, whose headers were never asked for.
func TestFoldersThatNobodyReadsComeToo(t *testing.T) {
	s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
	s.write(func(tx *localstore.Tx) error {
		a, err := tx.Account(s.id)
		if err != nil {
			return err
		}
		a.Policy = localstore.FetchNone
		return tx.SetAccount(a)
	})
	s.deliver(3)
	for range 4 {
		s.user.Mailbox("Archive").Append(s.mail(), s.clock.Now())
	}
	s.pass()
	if n := len(s.messages("Archive")); n != 0 {
		t.Fatalf("%d messages came though nobody reads the folder", n)
	}
	s.carryTo(localstore.POP, s.choice(localstore.POP))
	for path, want := range map[string]int{"Archive": 4, "INBOX": 3} {
		whole := 0
		for _, m := range s.messages(path) {
			if m.Body == localstore.BodyWhole {
				whole++
			}
		}
		if whole != want {
			t.Errorf("%d of %d messages of %s are here whole", whole, want, path)
		}
	}
}
