package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

// TestAnAccountIsSwitchedAndBack from the command line: planned, begun only with
// a yes, scheduled while its server is away, cancelled, undone.
func TestAnAccountIsSwitchedAndBack(t *testing.T) {
	s, v := newShell(t), startServers(t, 8)
	s.add(v, "pop", "--pop-delete", "never")
	s.want(0, "sync")
	v.lose("INBOX", 2)
	imap := fmt.Sprintf("%s:%d", v.imap.Host(), v.imap.Port())
	to := []string{"account", "switch", "anna", "--to", "imap", "--incoming", imap, "--incoming-tls", "plain"}

	var plan switchJSON
	s.json(&plan, append(slices.Clone(to), "--plan")...)
	if plan.Here != 8 || *plan.OnServer != 6 || *plan.Recognised != 6 || *plan.OnlyHere != 2 || plan.State != "planned" || plan.Refused != nil {
		t.Errorf("%+v", plan)
	}
	if r := s.want(0, append(slices.Clone(to), "--plan")...); !strings.Contains(r.out, "Nothing will be deleted or uploaded.") {
		t.Errorf("the plan prints %q", r.out)
	}
	if r := s.want(0, append([]string{"--offline"}, append(slices.Clone(to), "--plan")...)...); !strings.Contains(r.out, "not known") {
		t.Errorf("offline the plan prints %q", r.out)
	}
	s.want(fault.ExitUsage, to...)
	s.want(fault.ExitUsage, append(slices.Clone(to), "--undo")...)
	s.want(fault.ExitData, "account", "switch", "anna", "--undo")
	s.want(fault.ExitData, "account", "switch", "anna", "--cancel")

	v.imap.Offline()
	yes := append(slices.Clone(to), "--yes")
	if r := s.want(fault.ExitOffline, yes...); !strings.Contains(r.out, "begins when the server is reached") {
		t.Errorf("%q", r.out)
	}
	s.want(fault.ExitData, yes...) // one is under way
	s.want(0, "account", "switch", "anna", "--cancel")
	s.want(fault.ExitOffline, yes...)
	if err := v.imap.Online(); err != nil {
		t.Fatal(err)
	}
	s.want(0, "sync")
	var show accountJSON
	if s.json(&show, "account", "show", "anna"); show.Mode != "imap" {
		t.Fatalf("%+v", show)
	}
	var list messagesJSON
	if s.json(&list, "list", "INBOX"); list.Total != 8 {
		t.Errorf("%d are shown", list.Total)
	}

	v.imap.Offline() // the way back needs no network
	v.pop.Offline()
	s.want(0, "account", "switch", "anna", "--undo")
	if s.json(&show, "account", "show", "anna"); show.Mode != "pop" || show.PopDelete != "never" {
		t.Errorf("%+v", show)
	}
	if s.json(&list, "list", "INBOX"); list.Total != 8 {
		t.Errorf("%d are shown", list.Total)
	}
	if err := v.pop.Online(); err != nil {
		t.Fatal(err)
	}
	s.want(0, "sync")
	if s.json(&list, "list", "INBOX"); list.Total != 8 || len(v.user.Mailbox("INBOX").Messages()) != 6 {
		t.Errorf("%d are shown, %d on the server", list.Total, len(v.user.Mailbox("INBOX").Messages()))
	}
}
