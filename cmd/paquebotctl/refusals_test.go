package main

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
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

// TestALetterThatComesBackIsNamed: what a server reports later marks the letter,
// settles an unsure one, and removes nothing.
func TestALetterThatComesBackIsNamed(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "imap", "--policy", "all")
	s.letter("tickets", "berta@example.net", "cy@example.net")
	s.letter("lost", "drop-after-data@demo.example")
	s.want(0, "sync")
	report := func(l letterJSON, address string) {
		v.user.Deliver([]byte("From: Mail Delivery <mailer-daemon@example.net>\r\nTo: anna@example.org\r\nSubject: Undelivered\r\nMessage-ID: <dsn"+address+">\r\nMIME-Version: 1.0\r\n"+
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"+
			"Final-Recipient: rfc822; "+address+"\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 nobody of that name\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: "+l.MessageID+"\r\n\r\n--b--\r\n"), fakeserver.Epoch)
	}
	all := s.outbox()
	if all[0].State != "filed" || all[1].State != "unsure" {
		t.Fatalf("%+v", all)
	}
	report(all[0], "CY@example.net")
	report(all[1], "drop-after-data@demo.example")
	report(letterJSON{MessageID: "<unknown@example.org>"}, "x@example.net")
	s.want(0, "sync")
	r := s.want(0, "sync")
	all = s.outbox()
	if !strings.Contains(r.err, "letter 1 went out, but not to everybody. A server reports that it did not reach cy@example.net (550 5.1.1 nobody of that name).") {
		t.Errorf("sync said %q", r.err)
	}
	if all[0].Recipients[0].Bounced != "" || all[0].Recipients[1].Bounced == "" || all[1].State != "filed" || all[1].Recipients[0].Bounced == "" {
		t.Errorf("%+v", all)
	}
	if len(v.smtp.Accepted()) != 2 || len(v.user.Mailbox("Sent").Messages()) != 2 {
		t.Errorf("%d accepted, %d in Sent", len(v.smtp.Accepted()), len(v.user.Mailbox("Sent").Messages()))
	}
	s.want(0, "outbox", "confirm", "1", "--sent")
}

// TestNothingIsAnsweredByItself: no receipt, no key, no unsubscription without a
// click (RFC 8098 §2.1, RFC 8058 §3.2).
func TestNothingIsAnsweredByItself(t *testing.T) {
	for _, mode := range []string{"imap", "pop"} {
		s, v := newShell(t), startServers(t, 0)
		for i, fields := range []string{
			"Disposition-Notification-To: spy@example.net", "Disposition-Notification-To: a@example.net, b@example.net\r\nReturn-Path: <c@example.net>",
			"Return-Receipt-To: spy@example.net", "X-Confirm-Reading-To: spy@example.net", "Generate-Delivery-Report: yes",
			"List-Unsubscribe: <mailto:out@example.net>, <https://example.net/out>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
			"Autocrypt: addr=spy@example.net; keydata=AAAA", "Auto-Submitted: no\r\nPrecedence: urgent",
		} {
			v.user.Deliver(fmt.Appendf(nil, "From: spy@example.net\r\nTo: anna@example.org\r\nSubject: answer me\r\nMessage-ID: <%d@example.net>\r\n%s\r\n\r\nDid you read it?\r\n", i, fields), fakeserver.Epoch)
		}
		if mode == "imap" {
			s.add(v, mode, "--policy", "all")
		} else {
			s.add(v, mode, "--pop-delete", "now")
		}
		s.want(0, "sync")
		var list messagesJSON
		s.json(&list, "list", "INBOX")
		for _, m := range list.Messages {
			s.want(0, "show", fmt.Sprint(m.ID))
			s.want(0, "flag", fmt.Sprint(m.ID), "--set", "seen")
		}
		s.want(0, "sync")
		if len(list.Messages) != 8 || len(s.outbox()) != 0 || len(v.smtp.Accepted()) != 0 {
			t.Errorf("%s: %d mails, %d letters, %d accepted", mode, len(list.Messages), len(s.outbox()), len(v.smtp.Accepted()))
		}
	}
}
