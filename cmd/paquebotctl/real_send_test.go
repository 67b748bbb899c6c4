package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
)

// outbox returns the letters of the outbox, those that are done too.
func (s *shell) outbox() []letterJSON {
	s.Helper()
	var all struct{ Outbox []letterJSON }
	s.json(&all, "--offline", "outbox", "list", "--all")
	return all.Outbox
}

// letter queues a letter offline.
func (s *shell) letter(subject string, recipients ...string) {
	s.Helper()
	text := fmt.Sprintf("To: %s\nSubject: %s\n\nWe dock at nine.\n.\nfrom the pier\n", strings.Join(recipients, ", "), subject)
	s.checkCode(s.run(text, "--offline", "send", "-t"), 0, []string{"send"})
}

// arrived counts the mails with a subject in a folder of the server.
func arrived(mails []realserver.Mail, subject string) (n int) {
	for _, m := range mails {
		if bytes.Contains(m.Raw, []byte("\r\nSubject: "+subject+"\r\n")) {
			n++
		}
	}
	return n
}

func TestLettersLeaveThroughPostfixOnce(t *testing.T) {
	t.Parallel()
	server := realserver.Dovecot(t, realserver.Options{Users: 3})
	post := realserver.Postfix(t, server)
	question := "From: Jonas <" + realserver.Address("user2") + ">\r\nTo: " + realserver.Address("user1") + "\r\nSubject: berth %d\r\nMessage-ID: <berth.%d@harbour.test>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nWhich berth?\r\n"
	for i := range 3 {
		server.Append(t, "user1", "INBOX", "", clock.System.Now(), fmt.Appendf(nil, question, i, i))
	}
	s := newShell(t)
	s.join(server, post, user{name: "user1", mode: "imap", incoming: server.Addr(server.IMAP), tls: "starttls", more: []string{"--policy", "all"}})
	s.sync()
	var list messagesJSON
	s.json(&list, "list", "INBOX")
	for _, m := range list.Messages {
		s.want(0, "show", id(m))
		r := s.run("The third one.\n", "--offline", "reply", id(m), "--body", "-")
		s.checkCode(r, 0, []string{"reply"})
	}
	for i := range 4 {
		s.letter(fmt.Sprint("landfall ", i), realserver.Address("user2"), "friend@far.example\nBcc: "+realserver.Address("user3"))
	}
	s.letter("to nobody", realserver.Ghost)
	s.letter("later", realserver.TryLater)
	s.letter("in part", realserver.Address("user2"), realserver.Ghost)
	s.letter("in part later", realserver.Address("user2"), realserver.TryLater)

	if r := s.sync(); r.Sent != 8 {
		t.Errorf("%d letters left for all their recipients, want 8: %+v", r.Sent, r)
	}
	s.sync()
	states := map[string]letterJSON{}
	for _, l := range s.outbox() {
		states[l.Subject] = l
	}
	for subject, want := range map[string]struct{ state, reply string }{
		"Re: berth 0": {"filed", ""}, "Re: berth 2": {"filed", ""}, "landfall 3": {"filed", ""}, "in part": {"filed", "550"},
		"to nobody": {"refused", "550"}, "later": {"queued", "451"}, "in part later": {"queued", "451"},
	} {
		l := states[subject]
		said := l.Error
		for _, r := range l.Recipients {
			said += "|" + r.Reply
		}
		if string(l.State) != want.state || !strings.Contains(said, want.reply) {
			t.Errorf("%q is %s with %q, want %s with %q", subject, l.State, said, want.state, want.reply)
		}
	}
	sentOnce := func() {
		t.Helper()
		inbox, outside := server.Mails(t, "user2", "INBOX"), server.Mails(t, realserver.Outside, "INBOX")
		blind, sent := server.Mails(t, "user3", "INBOX"), server.Mails(t, "user1", "Sent")
		for i := range 4 {
			subject := fmt.Sprint("landfall ", i)
			if a, b, c, d := arrived(inbox, subject), arrived(outside, subject), arrived(blind, subject), arrived(sent, subject); a != 1 || b != 1 || c != 1 || d != 1 {
				t.Errorf("%q: %d and %d at the recipients, %d at the blind one, %d in Sent", subject, a, b, c, d)
			}
		}
		for i := range 3 {
			subject := fmt.Sprint("Re: berth ", i)
			if a, c := arrived(inbox, subject), arrived(sent, subject); a != 1 || c != 1 {
				t.Errorf("%q: %d at the recipient, %d in Sent", subject, a, c)
			}
		}
		if n := arrived(inbox, "in part later"); n != 1 {
			t.Errorf("a letter of which one recipient waits arrived %d times at the other", n)
		}
		for _, m := range slices.Concat(inbox, outside, blind) {
			header, _, _ := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
			if bytes.Contains(header, []byte("\r\nBcc:")) {
				t.Errorf("Bcc went out: %s", header)
			}
			if bytes.Contains(m.Raw, []byte("landfall")) && !bytes.HasSuffix(m.Raw, []byte("We dock at nine.\r\n.\r\nfrom the pier\r\n")) {
				t.Errorf("the text was changed: %q", m.Raw)
			}
		}
	}
	server.Await(t, "user2", "INBOX", 9)
	server.Await(t, realserver.Outside, "INBOX", 4)
	server.Await(t, "user3", "INBOX", 4)
	sentOnce()
	for _, m := range server.Mails(t, "user1", "INBOX") {
		if !strings.Contains(m.Flags, `\Answered`) {
			t.Errorf("an answered mail has flags %q on the server", m.Flags)
		}
	}
	for _, l := range s.outbox() {
		if l.State == "queued" {
			s.want(0, "outbox", "retry", fmt.Sprint(l.N))
		}
	}
	if r := s.sync(); r.Sent != 0 {
		t.Errorf("%d letters left again", r.Sent)
	}
	sentOnce()
	s.want(0, "verify")
}

func TestLettersPostfixRefusesSayWhy(t *testing.T) {
	t.Parallel()
	server := realserver.Dovecot(t, realserver.Options{})
	post := realserver.Postfix(t, server)
	s := newShell(t)
	s.join(server, post, user{name: "user1", mode: "imap", incoming: server.Addr(server.IMAPS), tls: "tls"})
	s.want(0, "account", "set", "user1", "address="+realserver.DenyData)
	s.letter("refused content", realserver.Address("user1"))
	s.want(0, "account", "set", "user1", "address="+realserver.Address("user1"))
	film := filepath.Join(t.TempDir(), "film.bin")
	if err := os.WriteFile(film, make([]byte, realserver.MaxLetter*3/4), 0o600); err != nil {
		t.Fatal(err)
	}
	large := func(code int) {
		r := s.run("To: "+realserver.Address("user1")+"\nSubject: too big\n\nSee the film.\n", "--offline", "send", "-t", "--attach", film)
		s.checkCode(r, code, []string{"send"})
	}
	large(0)
	s.want(0, "sync")
	large(65) // now the server has named its limit
	for _, l := range s.outbox() {
		if l.State != "refused" || l.Error == "" {
			t.Errorf("%q is %s: %q", l.Subject, l.State, l.Error)
		}
		if l.Subject == "refused content" && !strings.Contains(l.Error, "Content refused") {
			t.Errorf("the server's words are lost: %q", l.Error)
		}
	}
	if n := len(server.Mails(t, "user1", "INBOX")); n > 0 {
		t.Errorf("%d refused letters arrived", n)
	}
}

func TestLettersCutAndKilledOnTheWayToPostfixLeaveOnce(t *testing.T) {
	t.Parallel()
	for _, kill := range []bool{false, true} {
		t.Run(map[bool]string{false: "cut", true: "killed"}[kill], func(t *testing.T) {
			server := realserver.Dovecot(t, realserver.Options{})
			post := realserver.Postfix(t, server)
			n := tortured(40, 5)
			// A session with one letter is some 7 kB, TLS and all.
			fates := breaks(t, n, 6000, kill)
			p := startProxy(t, post.Addr(post.Port), fates...)
			s := newShell(t)
			s.join(server, nil, user{name: "user1", mode: "imap", incoming: server.Addr(server.IMAP), tls: "plain",
				more: []string{"--outgoing", p.addr, "--outgoing-tls", "starttls", "--no-check"}})
			for i := range n {
				s.letter(fmt.Sprintf("crossing %03d", i), realserver.Address("user1"))
			}
			retry := func() {
				for _, l := range s.outbox() {
					if l.State == "queued" {
						s.want(0, "outbox", "retry", fmt.Sprint(l.N))
					}
				}
			}
			for p.waiting() > 0 {
				left := p.waiting()
				if kill {
					s.mortal(p.arm, "sync")
				} else {
					s.run("", "sync")
				}
				if p.waiting() == left {
					break // nothing is left to be sent
				}
				retry()
			}
			s.want(0, "sync")
			// The user looks where the letters went, and says so.
			inbox := server.Mails(t, "user1", "INBOX")
			for _, l := range s.outbox() {
				if l.State == "unsure" {
					said := "--again"
					if arrived(inbox, l.Subject) > 0 {
						said = "--sent"
					}
					s.want(0, "outbox", "confirm", fmt.Sprint(l.N), said)
				}
			}
			s.want(0, "sync")
			s.want(0, "sync")
			inbox = server.Await(t, "user1", "INBOX", n)
			sent := server.Mails(t, "user1", "Sent")
			for _, l := range s.outbox() {
				if a, b := arrived(inbox, l.Subject), arrived(sent, l.Subject); l.State != "filed" || a != 1 || b != 1 {
					t.Errorf("%q is %s: %d times at the recipient, %d times in Sent", l.Subject, l.State, a, b)
				}
			}
			s.want(0, "verify")
		})
	}
}
