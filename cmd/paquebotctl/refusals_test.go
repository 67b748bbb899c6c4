package main

import (
	"strings"
	"testing"
)

func TestARecipientThatWasRefusedIsNamedUntilTheUserKnows(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "pop")
	s.checkCode(s.run("To: berta@example.net, refuse@example.net\nSubject: tickets\n\ntext\n", "send", "-t"), 0, []string{"send"})
	const words = "refuse@example.net (550 5.1.1 no such user)"
	for range 2 {
		if r := s.want(0, "sync"); !strings.Contains(r.err, "letter 1 went out, but not to everybody") || !strings.Contains(r.err, words) {
			t.Errorf("sync said %q", r.err)
		}
	}
	var outbox struct{ Outbox []letterJSON }
	if s.json(&outbox, "outbox", "list"); len(outbox.Outbox) != 1 || outbox.Outbox[0].State != "filed" || !strings.Contains(outbox.Outbox[0].Error, words) {
		t.Errorf("%+v", outbox)
	}
	if r := s.want(0, "outbox", "list"); !strings.Contains(r.out, "refuse@example.net") {
		t.Errorf("%s", r.out)
	}
	s.want(65, "outbox", "confirm", "1", "--again") // others have it
	s.want(0, "outbox", "confirm", "1", "--sent")
	if r := s.want(0, "sync"); strings.Contains(r.err, "letter 1") {
		t.Errorf("sync said %q", r.err)
	}
	if s.json(&outbox, "outbox", "list"); len(outbox.Outbox) != 0 {
		t.Errorf("%+v", outbox)
	}
	if n := len(v.smtp.Accepted()); n != 1 {
		t.Errorf("%d letters went out", n)
	}
}

func TestWhatIsQueuedOrCancelledSaysSo(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "pop")
	s.checkCode(s.run("To: berta@example.net\n\ntext\n", "send", "-t"), 0, []string{"send"})
	for _, word := range []string{"--sent", "--again"} {
		if r := s.want(65, "outbox", "confirm", "1", word); !strings.Contains(r.err, "Letter 1 is queued: there is nothing to confirm.") {
			t.Errorf("%q", r.err)
		}
	}
	var l letterJSON
	if s.json(&l, "outbox", "cancel", "1"); l.Recipients[0].State != "cancelled" {
		t.Errorf("%+v", l)
	}
}
