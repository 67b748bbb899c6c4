package main

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/letter"
)

func TestSendKeepsTheLetterAsItIsGiven(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "imap")
	const given = "From: Anna <anna@example.org>\nTo: Bo <bo@example.net>\nBcc: hidden@example.net\nMessage-ID: <job.7@example.org>\nDate: Sat, 14 Mar 2026 10:42:00 +0100\n" +
		"In-Reply-To: <6@example.net>\nReferences: <5@example.net> <6@example.net>\nX-Job: 7\nSubject: Größe\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" +
		"--b\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße</p>\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--b--\n"
	r := s.run(given, "--json", "send", "-t")
	s.checkCode(r, 0, []string{"send"})
	if !strings.Contains(r.out, `"message_id": "<job.7@example.org>"`) {
		t.Errorf("%s", r.out)
	}
	s.checkCode(s.run(given, "send", "-t"), 65, []string{"send again"})
	s.want(0, "sync")
	all := v.smtp.Accepted()
	if len(all) != 1 || strings.Join(all[0].To, " ") != "bo@example.net hidden@example.net" {
		t.Fatalf("accepted %+v", all)
	}
	raw := string(all[0].Raw)
	for _, field := range []string{"Message-ID: <job.7@example.org>", "Date: Sat, 14 Mar 2026 10:42:00 +0100", "In-Reply-To: <6@example.net>", "References: <5@example.net> <6@example.net>", "X-Job: 7", "Content-Type: multipart/mixed; boundary=b"} {
		if strings.Count(raw, field+"\r\n") != 1 {
			t.Errorf("no %s in\n%s", field, raw)
		}
	}
	l := letter.Parse(all[0].Raw)
	if l.HTML() != "<p>Grüße</p>" || l.Header.Subject != "Größe" || len(l.Attachments()) != 1 || strings.Contains(raw, "hidden") {
		t.Errorf("%s", raw)
	}
	for _, e := range v.smtp.Events() {
		t.Errorf("%v", e)
	}
}

func TestSendToThoseOnTheCommandLine(t *testing.T) {
	const given = "To: bo@example.net\nBcc: hidden@example.net\nSubject: whom\n\ntext\n"
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"header":       {[]string{"send", "-t"}, "bo@example.net hidden@example.net"},
		"no -t":        {[]string{"send"}, "bo@example.net hidden@example.net"},
		"command line": {[]string{"send", "-", "cy@example.net"}, "cy@example.net"},
		"both":         {[]string{"send", "-t", "-", "cy@example.net"}, "bo@example.net cy@example.net hidden@example.net"},
	} {
		s, v := newShell(t), startServers(t, 0)
		s.add(v, "pop")
		s.checkCode(s.run(given, c.args...), 0, c.args)
		s.want(0, "sync")
		all := v.smtp.Accepted()
		if len(all) != 1 || strings.Join(all[0].To, " ") != c.want || strings.Contains(string(all[0].Raw), "hidden") || strings.Contains(string(all[0].Raw), "cy@") {
			t.Errorf("%s: %+v", name, all)
		}
	}
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "pop")
	s.checkCode(s.run("Resent-To: cy@example.net\n"+given, "send", "-t"), 65, []string{"resent"})
	s.checkCode(s.run("To: nobody\n\ntext\n", "send", "-t"), 65, []string{"no address"})
	s.checkCode(s.run("", "send"), 65, []string{"nothing"})
}

func TestSendOfALongTextLosesNothing(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "pop")
	var long strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&long, "line %d that must not be lost\n", i)
	}
	s.checkCode(s.run("To: bo@example.net\n\n"+long.String(), "send"), 0, []string{"send"})
	s.want(0, "sync")
	all := v.smtp.Accepted()
	if len(all) != 1 || !strings.HasSuffix(string(all[0].Raw), "\r\n\r\n"+strings.ReplaceAll(long.String(), "\n", "\r\n")) {
		t.Errorf("%d letters were accepted, or not whole", len(all))
	}
}
