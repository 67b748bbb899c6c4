package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// deliverTo puts n mails of some size into a mailbox of the server.
func (s servers) deliverTo(box string, n, bytes int) {
	for i := range n {
		s.user.Mailbox(box).Append(fmt.Appendf(nil, "From: a@example.org\r\nSubject: mail %d\r\nMessage-ID: <%s%d@example.org>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\n%s\r\n",
			i, box, i, strings.Repeat("line of text\r\n", bytes/14)), time.Now().Add(time.Duration(i-n)*time.Minute))
	}
}

type folderSet struct {
	Total int
	Fetch *fetchJSON
}

// TestAFolderOfPolicyNoneIsReadWhenItIsOpened, and what of a folder's mail is
// fetched is the folder's own affair.
func TestAFolderOfPolicyNoneIsReadWhenItIsOpened(t *testing.T) {
	s := newShell(t)
	on := startServers(t, 3)
	s.add(on, "imap", "--policy", "text:9000")
	var f folderSet
	s.want(0, "sync")
	s.json(&f, "folder", "set", "Archive", "policy=none")
	if f.Fetch == nil || *f.Fetch != (fetchJSON{"none", 0, true}) {
		t.Fatalf("%+v", f.Fetch)
	}
	on.deliverTo("Archive", 4, 100)
	on.deliverTo("Junk", 2, 100)
	s.want(0, "sync")
	bodies := func(folder string) (total, here int) {
		t.Helper()
		var list struct{ Messages []messageJSON }
		s.json(&list, "list", "anna/"+folder)
		for _, m := range list.Messages {
			total++
			if m.Body != "none" {
				here++
			}
		}
		return total, here
	}
	if n, _ := bodies("Archive"); n != 0 {
		t.Errorf("%d mails of a folder that is only to be listed", n)
	}
	if n, here := bodies("INBOX"); n != 3 || here != 3 {
		t.Errorf("INBOX: %d of %d here", here, n)
	}
	if n, here := bodies("Junk"); n != 2 || here != 0 {
		t.Errorf("Junk: %d of %d here", here, n)
	}
	s.want(0, "folder", "open", "Archive")
	if n, here := bodies("Archive"); n != 4 || here != 0 {
		t.Errorf("Archive, opened: %d of %d here", here, n)
	}
	s.want(0, "folder", "set", "anna/Junk", "policy=all", "limit=5k")
	s.want(0, "folder", "set", "anna/Archive", "policy=account")
	s.want(0, "sync")
	for _, folder := range []string{"Archive", "Junk"} {
		if n, here := bodies(folder); here != n {
			t.Errorf("%s: %d of %d here", folder, here, n)
		}
	}
	s.want(64, "folder", "set", "Archive")
	s.want(64, "folder", "set", "Archive", "policy=some")
	s.want(64, "folder", "set", "Archive", "colour=red")
	s.want(66, "folder", "set", "Nowhere", "policy=all")
	s.want(65, "folder", "set", "anna/Outbox", "policy=all")
}

// TestTheQuotaOfAnAccountHolds: what was read longest ago leaves, what is
// pinned stays, and nothing of it comes again unasked.
func TestTheQuotaOfAnAccountHolds(t *testing.T) {
	s := newShell(t)
	on := startServers(t, 0)
	s.add(on, "imap", "--policy", "text:9000")
	on.deliverTo("INBOX", 20, 10_000)
	s.want(0, "account", "set", "anna", "policy=all")
	s.want(0, "sync")
	var list struct{ Messages []messageJSON }
	s.json(&list, "list", "INBOX")
	oldest := fmt.Sprint(list.Messages[19].ID)
	s.want(0, "pin", oldest)
	var account struct{ Quota, Used, Limit int64 }
	s.json(&account, "account", "set", "anna", "quota=100k", "limit=1M")
	if account.Quota != 100_000 || account.Used < 200_000 || account.Limit != 1_000_000 {
		t.Fatalf("%+v", account)
	}
	s.want(0, "sync")
	here := func() (ids []string) {
		s.json(&list, "list", "INBOX")
		for _, m := range list.Messages {
			if m.Body != "none" {
				ids = append(ids, fmt.Sprint(m.ID))
			}
		}
		return ids
	}
	kept := here()
	if s.json(&account, "account", "show", "anna"); account.Used > 100_000 || len(kept) < 6 || kept[len(kept)-1] != oldest {
		t.Errorf("%+v, %v", account, kept)
	}
	in := on.imap.Stats().Out
	s.want(0, "sync")
	if again := on.imap.Stats().Out - in; again > 5000 {
		t.Errorf("%d bytes came again", again)
	}
	gone := fmt.Sprint(list.Messages[15].ID)
	if r := s.want(0, "show", gone); !strings.Contains(r.out, "line of text") {
		t.Errorf("asked for: %q", r.out)
	}
	if r := s.want(0, "search", "line"); !strings.Contains(r.out, "mail 1") {
		t.Errorf("search: %q", r.out)
	}
	on.deliverTo("INBOX", 1, 10_000)
	s.want(0, "sync")
	s.json(&list, "list", "INBOX")
	if list.Messages[0].Body == "none" {
		t.Error("new mail does not come to a full account")
	}
	s.want(64, "account", "set", "anna", "quota=lots")
}
