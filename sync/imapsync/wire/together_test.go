package wire

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// TestTogetherIsOneWrite: what is begun leaves when all of it is, in order.
func TestTogetherIsOneWrite(t *testing.T) {
	read := make(chan string, 1)
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		b := make([]byte, 4096)
		n, _ := s.nc.Read(b)
		read <- string(b[:n])
		for _, line := range strings.Split(strings.TrimSpace(string(b[:n])), "\r\n") {
			tag, _, _ := strings.Cut(line, " ")
			s.say(tag, "TAG OK done\r\n")
		}
		s.hang()
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	before := w.Stats().Turns
	var noop *imapclient.Command
	var list *imapclient.ListCommand
	var enabled *Pending
	err := w.Together(func() {
		noop = c.Noop()
		var err error
		if enabled, err = w.Enable("QRESYNC"); err != nil {
			t.Error(err)
		}
		list = c.List("", "*", nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := <-read; strings.Count(got, "\r\n") != 3 || !strings.HasPrefix(got, "T1 NOOP\r\nW1 ENABLE QRESYNC\r\nT2 LIST") {
		t.Errorf("%q", got)
	}
	if err := noop.Wait(); err != nil {
		t.Error(err)
	}
	if _, err := enabled.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if err := list.Close(); err != nil {
		t.Error(err)
	}
	if n := w.Stats().Turns - before; n != 1 {
		t.Errorf("%d turns", n)
	}
	if err := w.Together(func() {}); err != nil {
		t.Error(err)
	}
}

// TestTogetherOnADeadConnection: every command of it ends.
func TestTogetherOnADeadConnection(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) { s.say("", greeting) })
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	<-c.Closed()
	var noop *imapclient.Command
	_ = w.Together(func() { noop = c.Noop() }) // it ends by the command itself
	if err := noop.Wait(); err == nil {
		t.Error("it was answered")
	}
}

// TestSignInBeforeTheGreeting: one flight, and the library knows the
// capabilities of after it.
func TestSignInBeforeTheGreeting(t *testing.T) {
	var lines []string
	heard := make(chan struct{})
	var traced []string
	c, w, _ := dial(t, Config{Trace: func(line string) {
		if strings.HasPrefix(line, "C:") {
			traced = append(traced, line)
		}
	}}, func(s *scripted) {
		defer close(heard)
		for range 3 {
			lines = append(lines, s.line())
		}
		s.say("", greeting)
		s.say("", "W1 OK [CAPABILITY IMAP4rev1 QRESYNC] welcome\r\n* ENABLED QRESYNC\r\nW2 OK done\r\n* 1 EXISTS\r\n* VANISHED (EARLIER) 3\r\n* 1 FETCH (UID 2 FLAGS (\\Seen))\r\n* OK [UIDVALIDITY 5] x\r\n* OK [HIGHESTMODSEQ 9] x\r\nT1 OK [READ-ONLY] done\r\n")
		s.hang()
	})
	var auth *Pending
	var changes *Changes
	var sel *imapclient.SelectCommand
	err := w.Together(func() {
		var err error
		if auth, err = w.Authenticate("PLAIN", []byte("\x00anna\x00secret")); err != nil {
			t.Error(err)
		}
		if _, err = w.Enable("QRESYNC"); err != nil {
			t.Error(err)
		}
		if changes, err = w.Resync(QResync{5, 7, imap.UIDSet{{Start: 1, Stop: 3}}}); err != nil {
			t.Error(err)
		}
		sel = c.Select("INBOX", &imap.SelectOptions{ReadOnly: true, CondStore: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := auth.Wait(t.Context())
	if err != nil || !r.Capabilities {
		t.Errorf("%+v %v", r, err)
	}
	if data, err := sel.Wait(); err != nil || data.HighestModSeq != 9 {
		t.Errorf("%+v %v", data, err)
	}
	if !reflect.DeepEqual(changes.Vanished, imap.UIDSet{{Start: 3, Stop: 3}}) || len(changes.Flags) != 1 || changes.Damaged {
		t.Errorf("%+v", changes)
	}
	if caps := c.Caps(); !caps.Has(imap.CapQResync) || caps.Has(imap.CapIdle) {
		t.Errorf("%v", caps)
	}
	if w.Stats().Turns != 1 {
		t.Errorf("%d turns", w.Stats().Turns)
	}
	want := []string{"W1 AUTHENTICATE PLAIN AGFubmEAc2VjcmV0", "W2 ENABLE QRESYNC", "T1 EXAMINE INBOX (QRESYNC (5 7 1:3))"}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("%q", lines)
	}
	for _, line := range traced {
		if strings.Contains(line, "AGFub") || strings.Contains(line, "secret") {
			t.Errorf("the secret is in the trace: %q", line)
		}
	}
}

// TestAQuestionInsteadOfASignIn: what follows in the flight is taken for the
// answer, and refused; the connection goes on.
func TestAQuestionInsteadOfASignIn(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		s.line()
		s.say("", "+ \r\n")
		s.line()
		s.say("", "W1 NO [AUTHENTICATIONFAILED] what\r\n")
		tag, _ := s.command()
		s.say(tag, "TAG OK done\r\n")
		tag, _ = s.command()
		s.say(tag, "TAG OK done\r\n")
		s.hang()
	})
	var auth *Pending
	var noop *imapclient.Command
	err := w.Together(func() {
		auth, _ = w.Authenticate("PLAIN", []byte("x"))
		if _, err := w.Enable("QRESYNC"); err != nil {
			t.Error(err)
		}
		noop = c.Noop()
	})
	if err != nil {
		t.Fatal(err)
	}
	var no *imap.Error
	if _, err := auth.Wait(t.Context()); !errors.As(err, &no) {
		t.Error(err)
	}
	if err := noop.Wait(); err != nil {
		t.Error(err)
	}
	alive(t, c, w)
}

// TestChangesAreDoubtedWhereTheyCannotBeRead: and new mail is none of them.
func TestChangesAreDoubtedWhereTheyCannotBeRead(t *testing.T) {
	for answer, damaged := range map[string]bool{
		"* VANISHED (EARLIER) all\r\n":              true,
		"* 1 FETCH (UID x FLAGS ())\r\n":            true,
		"* 1 FETCH (FLAGS (\\Seen) MODSEQ (9))\r\n": true,
		"* 1 FETCH (UID 3 MODSEQ (9))\r\n":          true,
		"* 9 FETCH (UID 9 FLAGS ())\r\n":            false,
		"* OK [HIGHESTMODSEQ x] x\r\n":              false,
		"* VANISHED 2\r\n":                          false,
	} {
		c, w, _ := dial(t, Config{}, func(s *scripted) {
			s.say("", greeting)
			s.line()
			s.say("", "* ENABLED QRESYNC\r\nW1 OK done\r\n")
			tag, _ := s.command()
			s.say(tag, "* 9 EXISTS\r\n"+answer+"TAG OK done\r\n")
			s.hang()
		})
		if err := c.WaitGreeting(); err != nil {
			t.Fatal(err)
		}
		if _, err := enable(t.Context(), w, "QRESYNC"); err != nil {
			t.Fatal(err)
		}
		changes, err := w.Resync(QResync{5, 7, imap.UIDSet{{Start: 1, Stop: 3}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Select("INBOX", &imap.SelectOptions{CondStore: true}).Wait(); err != nil {
			t.Error(err)
		}
		if changes.Damaged != damaged || len(changes.Flags) != 0 || len(changes.Vanished) != 0 {
			t.Errorf("%q: %+v", answer, changes)
		}
	}
}

// TestASearchBehindASelectIsNotAnsweredBefore: a stray list belongs to nobody.
func TestASearchBehindASelectIsNotAnsweredBefore(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		t1, _ := s.command()
		t2, _ := s.command()
		s.say(t1, "* SEARCH 7 8 9\r\n* 1 EXISTS\r\nTAG OK done\r\n")
		s.say(t2, "* SEARCH 1\r\nTAG OK done\r\n")
		s.hang()
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	var found *imapclient.SearchCommand
	err := w.Together(func() {
		c.Select("INBOX", nil)
		found = c.UIDSearch(&imap.SearchCriteria{}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	data, err := found.Wait()
	if err != nil || !reflect.DeepEqual(data.AllUIDs(), []imap.UID{1}) {
		t.Errorf("%+v %v", data, err)
	}
}
