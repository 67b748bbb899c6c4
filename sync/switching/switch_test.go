package switching_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

func ids(messages ...localstore.Message) (out []localstore.MessageID) {
	for _, m := range messages {
		out = append(out, m.ID)
	}
	return out
}

// uidls are the ways in which servers name their mails, and one that says
// nothing of UIDs.
var uidls = map[string]fakepop.Options{
	"dovecot": {},
	"uw":      {UIDL: fakepop.UIDLUW},
	"cyrus":   {UIDL: fakepop.UIDLCyrus},
	"hashes":  {UIDL: fakepop.UIDLHash},
}

// TestAPlanRecognisesWhatBothSidesHave counts it, and changes nothing.
func TestAPlanRecognisesWhatBothSidesHave(t *testing.T) {
	for name, o := range uidls {
		t.Run(name, func(t *testing.T) {
			s := newStrait(t, localstore.POP, o, fakeimap.Options{})
			s.deliver(20)
			s.pass()
			inbox := s.user.Mailbox("INBOX")
			inbox.Expunge(inbox.Messages()[0].UID, inbox.Messages()[1].UID) // only here now
			s.deliver(3)                                                    // only there
			s.user.Mailbox("Archive").Append(s.mail(), s.clock.Now())
			before, at := s.shown(), s.mark()
			p := s.plan(localstore.IMAP)
			if p.Here != 20 || *p.OnServer != 22 || *p.Recognised != 18 || *p.OnlyHere != 2 || *p.OnlyOnServer != 4 || p.Promise == "" || p.Refused != nil || *p.BytesToFetch == 0 {
				t.Errorf("%+v", p)
			}
			s.same("the plan changes nothing", s.shown(), before)
			s.innocent(at)
			if fields := slices.DeleteFunc(s.said(at, "HEADER.FIELDS"), func(l string) bool { return !strings.Contains(l, "FETCH 3:23 ") }); (name == "hashes") != (len(fields) > 0) {
				t.Errorf("headers asked for: %q", fields) // only of the new ones where the names tell
			}
			known, err := s.engine.PlanSwitch(context.Background(), s.account(), localstore.IMAP, s.choice(localstore.IMAP), true)
			if err != nil || known.Here != 20 || known.OnServer != nil || len(known.Unknown) == 0 {
				t.Errorf("offline: %+v, %v", known, err)
			}
		})
	}
}

// TestThere AndBackAgain: a hundred messages, twenty of them only here, go to
// IMAP, to POP and to IMAP again. All are shown once; the server is untouched.
func TestThereAndBackAgain(t *testing.T) {
	for name, o := range uidls {
		t.Run(name, func(t *testing.T) {
			s := newStrait(t, localstore.POP, o, fakeimap.Options{})
			s.deliver(100)
			s.pass()
			inbox := s.user.Mailbox("INBOX")
			for _, m := range inbox.Messages()[:20] {
				inbox.Expunge(m.UID)
			}
			s.pass()
			all := s.messages("INBOX")
			s.write(func(tx *localstore.Tx) error {
				if err := tx.SetFlags(ids(all[:10]...), localstore.Seen|localstore.Flagged, 0); err != nil {
					return err
				}
				if err := tx.SetKeywords(ids(all[3]), []string{"travel"}, nil); err != nil {
					return err
				}
				work, err := tx.EnsureFolder(s.id, "Work", localstore.RoleNone)
				if err != nil {
					return err
				}
				return tx.Move(ids(all[50:55]...), work)
			})
			inbox.AddFlags(inbox.Messages()[70].UID, `\Answered`, "ferry") // by another client
			bodies, count, at := s.bodies(), s.onServer(), s.mark()

			s.switchTo(localstore.IMAP)
			if got := s.messages(""); len(got) != 100 || len(s.messages("Work")) != 5 {
				t.Errorf("%d messages are shown, %d in Work", len(got), len(s.messages("Work")))
			}
			here := 0
			for _, m := range s.messages("") {
				if m.Where == localstore.WhereHere {
					here++
				}
			}
			if here != 20 {
				t.Errorf("%d messages are only here", here)
			}
			flagged := 0
			for _, m := range inbox.Messages() {
				if m.Has(`\Flagged`) && m.Has(`\Seen`) {
					flagged++
				}
			}
			if flagged != 10 {
				t.Errorf("the server was told of %d flags", flagged)
			}
			first := s.shown()
			if n := len(slices.DeleteFunc(slices.Clone(first), func(line string) bool { return !strings.Contains(line, "answered") || !strings.Contains(line, "ferry") })); n != 1 {
				t.Errorf("%d messages show what another client marked", n)
			}

			s.switchTo(localstore.POP)
			s.same("by POP", s.shown(), first)
			s.switchTo(localstore.IMAP)
			s.same("by IMAP again", s.shown(), first)
			s.innocent(at)
			if fetched := s.said(at, "RETR", "BODY.PEEK[]"); len(fetched) > 0 {
				t.Errorf("bodies were fetched: %q", fetched)
			}
			if now := s.bodies(); fmt.Sprint(now) != fmt.Sprint(bodies) {
				t.Errorf("%d bodies, %d before", len(now), len(bodies))
			}
			if now := s.onServer(); fmt.Sprint(now) != fmt.Sprint(count) {
				t.Errorf("on the server %v, before %v", now, count)
			}
		})
	}
}

// TestASwitchUnderARunningEngine is begun by another process, which asks for a
// pass: bodies come over their own connection, and mail goes on coming.
func TestASwitchUnderARunningEngine(t *testing.T) {
	s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
	s.realTime()
	s.write(func(tx *localstore.Tx) error {
		a, err := tx.Account(s.id)
		a.Policy = localstore.FetchHeaders
		return errors.Join(err, tx.SetAccount(a))
	})
	s.deliver(30)
	s.run()
	kept := func(mode localstore.Mode, whole int) {
		t.Helper()
		s.until(func(v *localstore.View) (bool, error) {
			a, err := v.Account(s.id)
			if err != nil || a.Mode != mode {
				return false, err
			}
			f, err := v.FolderByRole(s.id, localstore.RoleInbox)
			if err != nil {
				return false, err
			}
			n, here, _, err := v.FolderHolds(f.ID)
			return n == 30 && here >= whole, err
		})
	}
	kept(localstore.IMAP, 0)
	for _, to := range []localstore.Mode{localstore.POP, localstore.IMAP} {
		s.begin(to, s.choice(to))
		if _, err := engine.Request(context.Background(), s.store, s.account()); err != nil {
			t.Fatal(err)
		}
		kept(to, 30)
	}
}

// TestWhatIsLeftBehind: of a folder that was not chosen the headers stay, and
// they stay when the server has lost the mail by the time the account comes back.
func TestWhatIsLeftBehind(t *testing.T) {
	s := newStrait(t, localstore.IMAP, fakepop.Options{}, fakeimap.Options{})
	s.write(func(tx *localstore.Tx) error {
		a, err := tx.Account(s.id)
		a.Policy = localstore.FetchHeaders
		return errors.Join(err, tx.SetAccount(a))
	})
	s.deliver(3)
	archive := s.user.Mailbox("Archive")
	for range 4 {
		archive.Append(s.mail(), s.clock.Now())
	}
	s.pass()
	c := s.choice(localstore.POP)
	c.Folders = []string{"INBOX"}
	at := s.mark()
	s.carryTo(localstore.POP, c)
	if n := len(s.bodies()); n != 3 || len(s.messages("Archive")) != 4 {
		t.Errorf("%d bodies, %d in the archive", n, len(s.messages("Archive")))
	}
	archive.Expunge(archive.Messages()[0].UID, archive.Messages()[1].UID)
	s.carryTo(localstore.IMAP, s.choice(localstore.IMAP))
	s.pass()
	here := slices.DeleteFunc(s.messages("Archive"), func(m localstore.Message) bool { return m.Where != localstore.WhereHere })
	if len(s.messages("Archive")) != 4 || len(here) != 2 {
		t.Errorf("%d in the archive, %d only here", len(s.messages("Archive")), len(here))
	}
	s.innocent(at)
}
