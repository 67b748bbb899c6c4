package wire

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/emersion/go-imap/v2"
)

func TestEnableAndResync(t *testing.T) {
	asked := make(chan string, 1)
	c, w, rec := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		tag, _ := s.command()
		s.say(tag, "* ENABLED qresync CONDSTORE\r\nTAG OK done\r\n")
		tag, rest := s.command()
		asked <- rest
		s.say(tag, "* 3 EXISTS\r\n* VANISHED (EARLIER) 1:2,9\r\n* 2 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (77))\r\n* OK [UIDVALIDITY 5] x\r\n* OK [HIGHESTMODSEQ 78] x\r\nTAG OK done\r\n")
		tag, _ = s.command()
		s.say(tag, "* VANISHED 4\r\nTAG OK done\r\n")
		s.hang()
	})
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	known := imap.UIDSet{{Start: 1, Stop: 9}}
	_, err := w.Resync(QResync{5, 70, known})
	wantErr(t, err, ErrNotEnabled)
	got, err := enable(t.Context(), w, "QRESYNC")
	if err != nil || !reflect.DeepEqual(got, []string{"QRESYNC", "CONDSTORE"}) {
		t.Fatalf("%v %v", got, err)
	}
	changes, err := w.Resync(QResync{5, 70, known})
	if err != nil {
		t.Fatal(err)
	}
	sel, err := c.Select("a b", &imap.SelectOptions{CondStore: true}).Wait()
	if err != nil || sel.NumMessages != 3 || sel.UIDValidity != 5 || sel.HighestModSeq != 78 {
		t.Errorf("%+v %v", sel, err)
	}
	if !reflect.DeepEqual(changes.Vanished, imap.UIDSet{{Start: 1, Stop: 2}, {Start: 9, Stop: 9}}) || !reflect.DeepEqual(changes.Flags, map[imap.UID][]imap.Flag{4: {imap.FlagSeen}}) || changes.Damaged {
		t.Errorf("%+v", changes)
	}
	if rest := <-asked; rest != `SELECT "a b" (QRESYNC (5 70 1:9))` {
		t.Error(rest)
	}
	alive(t, c, w)
	want := []Event{
		Exists{3},
		Vanished{Earlier: true, UIDs: imap.UIDSet{{Start: 1, Stop: 2}, {Start: 9, Stop: 9}}},
		Changed{SeqNum: 2, UID: 4, HasFlags: true, Flags: []imap.Flag{imap.FlagSeen}, ModSeq: 77},
		Vanished{UIDs: imap.UIDSet{{Start: 4, Stop: 4}}},
	}
	if ev := rec.all(); !reflect.DeepEqual(ev, want) {
		t.Errorf("%+v", ev)
	}
}

func TestEnableRefused(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(map[string]string{"ENABLE": "TAG BAD [CLIENTBUG] what\r\n"}))
	_, err := enable(t.Context(), w, "QRESYNC")
	var no *imap.Error
	if !errors.As(err, &no) || no.Code != "CLIENTBUG" {
		t.Error(err)
	}
	if _, err := enable(t.Context(), w, "X\r\nT1 LOGOUT"); err == nil {
		t.Error("a line break was sent")
	}
	alive(t, c, w)
}

func TestEnableEndsWithTheConnection(t *testing.T) {
	_, w, _ := dial(t, Config{}, func(s *scripted) { s.say("", greeting); s.command() })
	if _, err := enable(t.Context(), w, "X"); err == nil || err != w.Err() {
		t.Errorf("%v, %v", err, w.Err())
	}
	_, w, _ = dial(t, Config{}, func(s *scripted) { s.say("", greeting); s.hang() })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := enable(ctx, w, "X"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestNothingIsSentIntoIdle(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) {
		s.say("", greeting)
		tag, _ := s.command()
		s.say(tag, "+ idling\r\n")
		s.hang()
	})
	if _, err := c.Idle(); err != nil {
		t.Fatal(err)
	}
	_, err := enable(t.Context(), w, "X")
	wantErr(t, err, ErrBusy)
}

// TestResyncIsForTheNextCommandOnly: it never changes a later SELECT.
func TestResyncIsForTheNextCommandOnly(t *testing.T) {
	g := outgoing{resync: " (QRESYNC (1 2 3))\r\n"}
	for _, line := range []string{"T1 NOOP\r\n", "T2 SELECT INBOX (CONDSTORE)\r\n"} {
		if got := string(g.rewrite([]byte(line))); got != line {
			t.Errorf("%q became %q", line, got)
		}
	}
}

// enable enables extensions and returns those that are.
func enable(ctx context.Context, w *Conn, extensions ...string) ([]string, error) {
	p, err := w.Enable(extensions...)
	if err != nil {
		return nil, err
	}
	r, err := p.Wait(ctx)
	return r.Enabled, err
}
