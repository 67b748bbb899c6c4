package vm

import (
	"strings"
	"testing"

	"paquebot.app/localstore"
)

func sidebarText(s *Sidebar) string {
	var lines []string
	for _, r := range s.Rows() {
		line := strings.Repeat("  ", r.Indent) + r.Name
		if r.Section != "" {
			line = "[" + r.Section + "]"
		}
		if r.Count != "" {
			line += " " + r.Count
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestSidebarInItsUsualOrder(t *testing.T) {
	f := newFixture(t)
	var own []localstore.FolderID
	f.write(func(tx *localstore.Tx) error {
		if _, err := tx.AddAccount(localstore.Account{Name: "home", Address: "home@example.net", Mode: localstore.POP}); err != nil {
			return err
		}
		for _, p := range []string{"Projects", "Projects/Lisbon trip", "Projects-old", "Clients/North/Bids", "Clients/North"} {
			id, err := tx.EnsureFolder(f.account, p, localstore.RoleNone)
			if err != nil {
				return err
			}
			own = append(own, id)
		}
		return nil
	})
	f.add(localstore.RoleInbox, 7)
	for _, id := range own {
		f.addTo(id, 1)
	}
	s := NewSidebar(f.env)
	s.Load()
	f.settle()
	want := `[robin@example.org]
Inbox 7
Flagged
Drafts
Outbox
Sent
Archive
Clients/North 1
  Bids 1
Projects 1
  Lisbon trip 1
Projects-old 1
Junk
Trash
[home@example.net · POP]
Inbox
Sent
Trash`
	if got := sidebarText(s); got != want {
		t.Errorf("got\n%s\n\nwant\n%s", got, want)
	}
	p, ok := s.First()
	if !ok || p.Role != localstore.RoleInbox || p.Account != f.account {
		t.Errorf("first place %+v", p)
	}
	if r, ok := s.Row(p); !ok || !r.Accent || !r.Takes {
		t.Errorf("row %+v", r)
	}
}

func TestTheSidebarFollows(t *testing.T) {
	f := newFixture(t)
	s := NewSidebar(f.env)
	s.Load()
	f.settle()
	f.changes()
	f.add(localstore.RoleInbox, 2)
	s.Follow(f.changes())
	f.settle()
	if p, _ := s.First(); true {
		if r, _ := s.Row(p); r.Count != "2" {
			t.Errorf("count %q", r.Count)
		}
	}
}

func TestOutboxInAccentWords(t *testing.T) {
	letter := func(states ...localstore.OutboxState) (all []localstore.Letter) {
		for _, s := range states {
			all = append(all, localstore.Letter{State: s})
		}
		return all
	}
	for _, c := range []struct {
		letters []localstore.Letter
		want    string
	}{
		{nil, ""},
		{letter(localstore.OutQueued, localstore.OutHeld, localstore.OutSending), "3 waiting"},
		{letter(localstore.OutSent), ""},
		{letter(localstore.OutQueued, localstore.OutUnsure), "1 to settle"},
	} {
		if got, accent := outboxCount(c.letters); got != c.want || accent != (c.want != "") {
			t.Errorf("%v: %q, accent %v", c.letters, got, accent)
		}
	}
}

func TestOnlyThisComputerIsHiddenWhileEmpty(t *testing.T) {
	f := newFixture(t)
	s := NewSidebar(f.env)
	s.Load()
	f.settle()
	if strings.Contains(sidebarText(s), "On this computer") {
		t.Error("it is shown")
	}
	var local localstore.Folder
	f.write(func(tx *localstore.Tx) error {
		id, err := tx.LocalAccount()
		if err != nil {
			return err
		}
		folder, err := tx.EnsureFolder(id, "Imported", localstore.RoleNone)
		if err != nil {
			return err
		}
		local, err = tx.Folder(folder)
		if err != nil {
			return err
		}
		c, err := tx.AddContent(localstore.NewContent{Account: id, Subject: "Old"})
		if err != nil {
			return err
		}
		_, err = tx.AddMessage(localstore.NewMessage{Folder: local.ID, Content: c})
		return err
	})
	s.Load()
	f.settle()
	if !strings.Contains(sidebarText(s), "[On this computer]\nImported 1") {
		t.Errorf("got\n%s", sidebarText(s))
	}
}
