package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
)

// shell runs command lines on one profile.
type shell struct {
	*testing.T
	dir string
}

// result is what a command line left behind.
type result struct {
	code     int
	out, err string
}

func newShell(t *testing.T) *shell { return &shell{t, filepath.Join(t.TempDir(), "profile")} }

// run runs a command line with standard input.
func (s *shell) run(in string, args ...string) result {
	s.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), append([]string{"--profile", s.dir}, args...), strings.NewReader(in), &out, &errs)
	return result{code, out.String(), errs.String()}
}

// want runs a command line and checks its exit code and that it says one
// sentence when it fails.
func (s *shell) want(code int, args ...string) result {
	s.Helper()
	r := s.run("", args...)
	s.checkCode(r, code, args)
	return r
}

func (s *shell) checkCode(r result, code int, args []string) {
	s.Helper()
	if r.code != code {
		s.Fatalf("paquebotctl %v: exit %d, want %d\n%s%s", args, r.code, code, r.out, r.err)
	}
	if code != 0 && strings.TrimSpace(r.err) == "" {
		s.Errorf("paquebotctl %v: exit %d without a word", args, code)
	}
	if strings.Contains(r.out+r.err, "goroutine ") {
		s.Errorf("paquebotctl %v: a trace reached the user", args)
	}
}

// json runs a command line and decodes what it prints.
func (s *shell) json(into any, args ...string) {
	s.Helper()
	r := s.want(0, append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(r.out), into); err != nil {
		s.Fatalf("paquebotctl %v: %v\n%s", args, err, r.out)
	}
}

// servers are a user's servers, with n mails in the inbox.
type servers struct {
	user *fakeserver.User
	imap *fakeimap.Server
	pop  *fakepop.Server
	smtp *fakesmtp.Server
}

func startServers(t *testing.T, n int) servers {
	t.Helper()
	w := fakeserver.NewWorld()
	u := w.AddUser("anna", "secret")
	u.CreateUsual()
	for i := range n {
		u.Deliver(fmt.Appendf(nil, "From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: harbour %d\r\nMessage-ID: <%d@fournier.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nThe ferry leaves at %d.\r\n", i, i, i), fakeserver.Epoch)
	}
	return servers{u, fakeimap.Start(t, w, fakeimap.Options{}), fakepop.Start(t, w, fakepop.Options{}), fakesmtp.Start(t, w, fakesmtp.Options{})}
}

// add adds the account anna by a protocol.
func (s *shell) add(v servers, mode string, more ...string) {
	s.Helper()
	incoming := v.imap.Addr()
	if mode == "pop" {
		incoming = v.pop.Addr()
	}
	args := append([]string{"account", "add", "anna", "--address", "anna@example.org", "--full-name", "Anna", "--mode", mode, "--user", "anna",
		"--incoming", incoming, "--incoming-tls", "plain", "--outgoing", v.smtp.Addr(), "--outgoing-tls", "plain", "--password-command", "echo secret"}, more...)
	s.want(0, args...)
}

func TestPopAccountFromAddToEmptyMaildrop(t *testing.T) {
	s, v := newShell(t), startServers(t, 7)
	s.add(v, "pop", "--pop-delete", "now")
	var report struct {
		Accounts []struct {
			Received, Removed int
			Online            bool
			Error             *struct{ Text string }
		}
	}
	s.json(&report, "sync")
	if a := report.Accounts[0]; a.Received != 7 || !a.Online || a.Error != nil {
		t.Errorf("sync: %+v", a)
	}
	if n := len(v.user.Mailbox("INBOX").Messages()); n != 0 {
		t.Errorf("%d mails left on the server", n)
	}
	s.want(0, "sync") // this listing shows that the deletions became real
	var list messagesJSON
	s.json(&list, "list", "INBOX", "--limit", "3")
	if len(list.Messages) != 3 || list.Total != 7 || list.Messages[0].Body != "whole" || list.Messages[0].Where != "here" || list.Messages[0].Subject != "harbour 6" {
		t.Fatalf("list: %+v", list)
	}
	id := fmt.Sprint(list.Messages[0].ID)
	v.pop.Offline()
	if r := s.want(0, "--offline", "show", id); !strings.Contains(r.out, "The ferry leaves at") {
		t.Errorf("show: %s", r.out)
	}
	s.json(&list, "search", "ferry leaves")
	if list.Total != 7 {
		t.Errorf("search found %d", list.Total)
	}
	s.want(0, "flag", id, "--set", "flagged")
	s.want(0, "delete", id)
	s.json(&list, "list", "Trash")
	if list.Total != 1 {
		t.Errorf("Trash has %d", list.Total)
	}
	s.want(0, "verify")
	s.want(69, "sync")
	s.want(69, "--offline", "sync")
}

func TestImapAccountShowsWantsAndAnswers(t *testing.T) {
	s, v := newShell(t), startServers(t, 4)
	s.add(v, "imap")
	s.want(0, "sync")
	var list messagesJSON
	s.json(&list, "list", "anna/INBOX")
	if len(list.Messages) != 4 || list.Messages[0].Body != "none" || list.Messages[0].Where != "server" {
		t.Fatalf("list: %+v", list)
	}
	id := fmt.Sprint(list.Messages[0].ID)
	s.want(69, "--offline", "show", id)
	var folders struct{ Folders []folderJSON }
	s.json(&folders, "folders")
	if f := folders.Folders[0]; f.Path != "INBOX" || f.Total != 4 || !f.Sync.Complete || f.Where != "both" {
		t.Errorf("folders: %+v", f)
	}
	var shown shownJSON
	s.json(&shown, "show", id)
	if !strings.Contains(shown.Text, "The ferry leaves") || len(shown.Headers) == 0 || !strings.Contains(shown.HTML, "<p>") {
		t.Errorf("show: %+v", shown)
	}
	r := s.run("I will be there.\n", "reply", id, "--body", "-")
	s.checkCode(r, 0, []string{"reply"})
	s.want(0, "move", id, "Archive")
	var pending struct{ Pending []pendingJSON }
	s.json(&pending, "pending", "list")
	if len(pending.Pending) == 0 || pending.Pending[0].Kind != "move" {
		t.Errorf("pending: %+v", pending)
	}
	var outbox struct{ Outbox []letterJSON }
	s.json(&outbox, "outbox", "list")
	if len(outbox.Outbox) != 1 || outbox.Outbox[0].State != "queued" || outbox.Outbox[0].Recipients[0].Address != "amelie@fournier.example" {
		t.Fatalf("outbox: %+v", outbox)
	}
	s.want(0, "sync")
	if n := len(v.smtp.Accepted()); n != 1 {
		t.Errorf("%d letters accepted", n)
	}
	if n := len(v.user.Mailbox("Sent").Messages()); n != 1 {
		t.Errorf("%d copies in Sent", n)
	}
	if n := len(v.user.Mailbox("Archive").Messages()); n != 1 {
		t.Errorf("%d in Archive", n)
	}
	s.json(&pending, "pending", "list")
	if len(pending.Pending) != 0 {
		t.Errorf("left over: %+v", pending.Pending)
	}
}

func TestBadInputGetsOneSentenceAndItsCode(t *testing.T) {
	s, v := newShell(t), startServers(t, 1)
	add := []string{"account", "add", "anna", "--address", "anna@example.org", "--mode", "imap", "--user", "anna", "--incoming-tls", "plain"}
	with := func(more ...string) []string { return append(append([]string{}, add...), more...) }
	s.want(64, "nonsense")
	s.want(64, "list")
	s.want(64, "list", "--no-such-flag")
	s.want(64, "account", "add", "x")
	s.want(64, with("--incoming", "no-port")...)
	s.want(77, with("--incoming", v.imap.Addr(), "--password-command", "echo wrong")...)
	s.want(78, "account", "add", "b", "--address", "b@example.org", "--mode", "pop", "--incoming", "mail.example.org:110", "--incoming-tls", "plain", "--password-command", "echo x")
	s.want(69, with("--incoming", "localhost:1", "--password-command", "echo secret")...)
	s.want(66, "list", "INBOX")
	s.add(v, "imap")
	s.want(65, with("--incoming", v.imap.Addr(), "--password-command", "echo secret")...)
	s.want(66, "show", "4711")
	s.want(64, "show", "one")
	s.want(66, "list", "No/Such")
	s.want(66, "sync", "nobody")
	s.want(66, "outbox", "cancel", "9")
	s.checkCode(s.run("To: anna@example.org\nSubject: taken back\n\nHello\n", "send", "-t"), 0, []string{"send"})
	s.want(0, "outbox", "cancel", "1")
	if r := s.want(65, "outbox", "cancel", "1"); !strings.Contains(r.err, "was cancelled already") {
		t.Errorf("%s", r.err)
	}
	s.checkCode(s.run("From: anna@example.org\nSubject: to nobody\n\nHello\n", "send", "-t"), 65, []string{"send"})
	long := "To: anna@example.org\nSubject: long\n\n" + strings.Repeat("A line that must not be lost.\n", 100_000)
	s.checkCode(s.run(long, "send", "-t"), 0, []string{"send, a text of 3 MB"})
	if r := s.want(0, "list", "INBOX"); r.out != "" {
		t.Errorf("something was stored: %s", r.out)
	}
}

func TestWrongCertificateIsRefused(t *testing.T) {
	w := fakeserver.NewWorld()
	w.AddUser("anna", "secret")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, fakeserver.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	for kind, code := range map[fakeserver.Certificate]int{fakeserver.Good: 0, fakeserver.Expired: 77, fakeserver.WrongHost: 77, fakeserver.SelfSigned: 77} {
		for tls, mode := range map[string]fakeserver.TLSMode{"tls": fakeserver.Implicit, "starttls": fakeserver.StartTLS} {
			srv := fakeimap.Start(t, w, fakeimap.Options{Transport: fakeserver.Transport{TLS: mode, Certificate: kind}})
			newShell(t).want(code, "account", "add", "anna", "--address", "anna@example.org", "--mode", "imap", "--user", "anna",
				"--incoming", srv.Addr(), "--incoming-tls", tls, "--ca-file", ca, "--password-command", "echo secret")
			for _, e := range srv.Events() {
				if e.Name == "PASSWORD-IN-CLEAR" {
					t.Errorf("%v %s: %v", kind, tls, e)
				}
			}
		}
	}
}

func TestAPanicIsOneSentence(t *testing.T) {
	var out, errs bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &out, err: &errs}
	root := a.root()
	root.AddCommand(&cobra.Command{Use: "break", RunE: func(*cobra.Command, []string) error { panic("boom") }})
	root.SetArgs([]string{"break"})
	err := a.execute(context.Background(), root)
	if fault.ExitCode(err) != fault.ExitBug || !strings.HasPrefix(fault.Of(err).Error(), "Something went wrong") || strings.Contains(errs.String(), "goroutine") {
		t.Errorf("%v\n%s", err, errs.String())
	}
}

func TestReadOnlyAndNewerProfiles(t *testing.T) {
	s := newShell(t)
	s.want(0, "account", "list")
	if err := os.WriteFile(filepath.Join(s.dir, "mail.db"), []byte("this is no database, and long enough to be read as one.............................................."), 0o600); err != nil {
		t.Fatal(err)
	}
	s.want(74, "account", "list")
}
