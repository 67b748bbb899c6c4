package main

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

type heldAnswer struct {
	Held []struct {
		ID                  int64
		Folder, State       string
		Subject, Since, Why string
		Until               string
	}
	Total  int
	Paused []struct {
		Account, Folder, Why    string
		Waiting, Whole, Headers int
	}
}

// lose has another client expunge the first n mails of a mailbox.
func (v servers) lose(box string, n int) {
	m := v.user.Mailbox(box)
	for _, one := range m.Messages()[:n] {
		m.Expunge(one.UID)
	}
}

// fetched has an account by IMAP with n mails, all of them here whole.
func fetched(t *testing.T, n int) (*shell, servers) {
	t.Helper()
	s, v := newShell(t), startServers(t, n)
	s.add(v, "imap", "--policy", "all")
	s.want(0, "sync")
	return s, v
}

func TestHeldMailIsListedPutBackKeptAndRemoved(t *testing.T) {
	s, v := fetched(t, 10)
	v.lose("INBOX", 3)
	s.want(0, "sync")
	var held heldAnswer
	s.json(&held, "held", "list")
	if held.Total != 3 || len(held.Held) != 3 || len(held.Paused) != 0 {
		t.Fatalf("%+v", held)
	}
	one := held.Held[0]
	if one.Folder != "INBOX" || one.State != "held" || one.Since == "" || one.Until == "" || one.Why == "" {
		t.Errorf("%+v", one)
	}
	if r := s.want(0, "held", "list"); strings.Count(r.out, "until 20") != 3 {
		t.Errorf("held list prints %q", r.out)
	}
	var done settledJSON
	s.json(&done, "--offline", "held", "putback", fmt.Sprint(one.ID))
	if done.PutBack != 1 || done.Kept+done.Removed != 0 {
		t.Errorf("%+v", done)
	}
	s.json(&done, "held", "keep", fmt.Sprint(held.Held[1].ID))
	s.json(&done, "held", "remove", "anna/INBOX")
	if done.Removed != 1 {
		t.Errorf("%+v", done)
	}
	s.want(fault.ExitData, "held", "keep", fmt.Sprint(held.Held[1].ID)) // it is not held any more
	s.want(fault.ExitMissing, "held", "keep", fmt.Sprint(held.Held[2].ID))
	s.want(fault.ExitMissing, "held", "keep", "INBOX")
	s.want(fault.ExitMissing, "held", "keep", "Nowhere")
	s.want(fault.ExitUsage, "held", "remove")
	s.want(0, "sync")
	if n := len(v.user.Mailbox("INBOX").Messages()); n != 8 {
		t.Errorf("%d on the server, want 8", n)
	}
	var list messagesJSON
	s.json(&list, "list", "INBOX")
	if list.Total != 9 {
		t.Errorf("%d here, want 9", list.Total)
	}
}

func TestAPausedFolderAsksAndIsAnswered(t *testing.T) {
	for verb, want := range map[string]struct{ here, there, held int }{
		"keep": {30, 0, 0}, "putback": {30, 30, 0}, "remove": {0, 0, 30},
	} {
		t.Run(verb, func(t *testing.T) {
			s, v := fetched(t, 30)
			v.lose("INBOX", 30)
			r := s.want(0, "sync")
			if !strings.Contains(r.err, "held keep, held putback or held remove") {
				t.Errorf("sync says %q", r.err)
			}
			var held heldAnswer
			s.json(&held, "held", "list")
			if held.Total != 0 || len(held.Paused) != 1 || held.Paused[0].Waiting != 30 || held.Paused[0].Whole != 30 {
				t.Fatalf("%+v", held)
			}
			if s.json(&held, "held", "list", "INBOX"); held.Total != 30 || held.Held[0].Until != "" {
				t.Errorf("%+v", held)
			}
			s.want(0, "--offline", "held", verb, "INBOX")
			s.want(0, "sync")
			var list messagesJSON
			s.json(&list, "list", "INBOX")
			s.json(&held, "held", "list")
			if n := len(v.user.Mailbox("INBOX").Messages()); list.Total != want.here || n != want.there || held.Total != want.held || len(held.Paused) != 0 {
				t.Errorf("%d here, %d there, %+v", list.Total, n, held)
			}
		})
	}
}

func TestFoldersAreMadeRenamedAndDeleted(t *testing.T) {
	s, v := fetched(t, 3)
	var f folderJSON
	s.json(&f, "--offline", "folder", "create", "anna/Projects/2026")
	if f.Path != "Projects/2026" || f.Account != "anna" {
		t.Errorf("%+v", f)
	}
	s.want(fault.ExitData, "folder", "create", "Projects/2026")
	s.want(fault.ExitData, "folder", "create", "a//b")
	s.want(fault.ExitMissing, "folder", "rename", "Nowhere", "Somewhere")
	s.want(fault.ExitData, "folder", "delete", "INBOX")
	s.want(0, "--offline", "move", s.newest("INBOX"), "Projects/2026")
	s.want(0, "sync")
	if n := len(v.user.Mailbox("Projects/2026").Messages()); n != 1 {
		t.Errorf("%d in the new folder", n)
	}
	s.json(&f, "--offline", "folder", "rename", "anna/Projects/2026", "anna/Done")
	if f.Path != "Done" {
		t.Errorf("%+v", f)
	}
	s.want(0, "sync")
	s.want(0, "--offline", "folder", "delete", "Done")
	s.want(0, "sync")
	s.want(0, "sync")
	for _, name := range []string{"Done", "Projects/2026"} {
		if v.user.Mailbox(name) != nil {
			t.Errorf("the server has %s", name)
		}
	}
	if n := len(v.user.Mailbox("Trash").Messages()); n != 1 {
		t.Errorf("%d in the Trash", n)
	}
}

func TestJunkAndUpload(t *testing.T) {
	s, v := fetched(t, 4)
	id := s.newest("INBOX")
	s.want(0, "junk", id)
	s.want(0, "sync")
	if n := len(v.user.Mailbox("Junk").Messages()); n != 1 {
		t.Errorf("%d in Junk", n)
	}
	s.want(0, "junk", "--not", id)
	v.lose("INBOX", 1)
	s.want(0, "sync")
	s.want(0, "held", "keep", "INBOX")
	s.want(fault.ExitUsage, "upload")
	s.want(fault.ExitMissing, "upload", "99999")
	var done settledJSON
	s.json(&done, "--offline", "upload", "--folder", "INBOX")
	if done.PutBack != 1 {
		t.Errorf("%+v", done)
	}
	s.want(0, "sync")
	if n := len(v.user.Mailbox("INBOX").Messages()); n != 4 {
		t.Errorf("%d in the inbox", n)
	}
}

// newest returns the id of a folder's newest message.
func (s *shell) newest(folder string) string {
	s.Helper()
	var list messagesJSON
	s.json(&list, "list", folder)
	if len(list.Messages) == 0 {
		s.Fatalf("%s is empty", folder)
	}
	return fmt.Sprint(list.Messages[0].ID)
}

// TestAServersAlertReachesTheUser with its origin, and what it refuses is told.
func TestAServersAlertReachesTheUser(t *testing.T) {
	s, v := fetched(t, 2)
	if err := v.imap.Scenario("alert-flood"); err != nil {
		t.Fatal(err)
	}
	var report struct {
		Accounts []struct{ Alerts []struct{ From, Text string } }
	}
	s.json(&report, "sync")
	if a := report.Accounts[0].Alerts; len(a) == 0 || a[0].From != v.imap.Host() || !strings.HasPrefix(a[0].Text, "alert 0") {
		t.Errorf("%+v", report)
	}
	if r := s.want(0, "sync"); !strings.Contains(r.out, v.imap.Host()+" says: “alert 0") {
		t.Errorf("sync prints %q", r.out)
	}
}
