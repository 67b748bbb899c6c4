package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
)

// TestAnAccountByAccessToken: both servers are told a token that the password
// command prints, and after it has expired the next one.
func TestAnAccountByAccessToken(t *testing.T) {
	for _, mode := range []string{"pop", "imap"} {
		for auth, mechanism := range map[string]string{"xoauth2": "XOAUTH2", "oauthbearer": "OAUTHBEARER"} {
			t.Run(mode+" "+auth, func(t *testing.T) { signInByToken(t, mode, auth, []string{"PLAIN", mechanism}) })
		}
	}
}

func signInByToken(t *testing.T, mode, auth string, mechanisms []string) {
	w := fakeserver.NewWorld()
	u := w.AddUser("anna", "token-1")
	u.CreateUsual()
	v := servers{u, fakeimap.Start(t, w, fakeimap.Options{Mechanisms: mechanisms}), fakepop.Start(t, w, fakepop.Options{Mechanisms: mechanisms}),
		fakesmtp.Start(t, w, fakesmtp.Options{Mechanisms: mechanisms})}
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token-1")
	s := newShell(t)
	s.add(v, mode, "--auth", auth, "--password-command", "cat '"+file+"'")
	var shown accountJSON
	if s.json(&shown, "account", "show", "anna"); shown.Auth != auth {
		t.Errorf("%+v", shown)
	}
	s.checkCode(s.run("To: anna@example.org\nSubject: to myself\n\nHello\n", "send", "-t"), 0, []string{"send"})
	u.Deliver([]byte("From: bo@example.org\r\nSubject: one\r\n\r\n1\r\n"), fakeserver.Epoch)
	s.want(0, "sync")
	if n := len(v.smtp.Accepted()); n != 1 {
		t.Errorf("%d letters accepted", n)
	}

	u.SetPassword("token-2") // it has expired
	if r := s.want(77, "sync"); !strings.Contains(r.err, "password") && !strings.Contains(r.err, "token") {
		t.Errorf("%s", r.err)
	}
	write("token-2")
	s.want(0, "sync")

	// A password is never sent as a token, nor the reverse.
	s.want(0, "account", "set", "anna", "auth=password")
	s.want(0, "sync") // the fake's token is its password: PLAIN takes it
	s.want(64, "account", "set", "anna", "auth=kerberos")
	for kind, events := range map[string][]fakeserver.Event{"imap": v.imap.Events(), "pop": v.pop.Events(), "smtp": v.smtp.Events()} {
		for _, e := range events {
			t.Errorf("%s: %v", kind, e)
		}
	}
}

// TestAServerThatWantsNoTokenIsSaidSo: nothing is sent to it.
func TestAServerThatWantsNoTokenIsSaidSo(t *testing.T) {
	v := startServers(t, 1)
	for mode, incoming := range map[string]string{"pop": v.pop.Addr(), "imap": v.imap.Addr()} {
		r := newShell(t).want(77, "account", "add", "anna", "--address", "anna@example.org", "--mode", mode, "--user", "anna", "--auth", "xoauth2",
			"--incoming", incoming, "--incoming-tls", "plain", "--password-command", "echo secret")
		if !strings.Contains(r.err, "does not offer sign-in by access token (XOAUTH2)") {
			t.Errorf("%s: %s", mode, r.err)
		}
	}
}

// TestAWrongPortIsASetting: a server of another protocol is named.
func TestAWrongPortIsASetting(t *testing.T) {
	v := startServers(t, 1)
	add := func(code int, words, mode, incoming, outgoing string) {
		t.Helper()
		r := newShell(t).want(code, "account", "add", "anna", "--address", "anna@example.org", "--mode", mode, "--user", "anna",
			"--incoming", incoming, "--incoming-tls", "plain", "--outgoing", outgoing, "--outgoing-tls", "plain", "--password-command", "echo secret")
		if !strings.Contains(r.err, words) {
			t.Errorf("%s at %s: %s", mode, incoming, r.err)
		}
	}
	question := "answers as %s server: is this the right port?"
	add(78, fmt.Sprintf(question, "a POP"), "imap", v.pop.Addr(), v.smtp.Addr())
	add(78, fmt.Sprintf(question, "an SMTP"), "imap", v.smtp.Addr(), v.smtp.Addr())
	add(78, fmt.Sprintf(question, "an IMAP"), "imap", v.imap.Addr(), v.imap.Addr())
	add(78, fmt.Sprintf(question, "a POP"), "pop", v.pop.Addr(), v.pop.Addr())
	add(78, fmt.Sprintf(question, "an IMAP"), "pop", v.imap.Addr(), v.smtp.Addr())
	add(78, fmt.Sprintf(question, "an SMTP"), "pop", v.smtp.Addr(), v.smtp.Addr())
}
