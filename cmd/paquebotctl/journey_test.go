package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheJourneysReport: written offline, told after the next connection, as
// text and as JSON.
func TestTheJourneysReport(t *testing.T) {
	s, v := newShell(t), startServers(t, 2)
	s.add(v, "imap")
	s.want(0, "sync")
	s.want(66, "journey", "show")
	s.letter("good news", "bo@example.net", "cy@example.net")
	s.letter("to nobody", "refuse@demo.example")
	s.want(0, "--offline", "flag", s.newest("INBOX"), "--set", "flagged")
	v.deliverTo("INBOX", 3, 100)
	s.want(0, "sync")
	var list struct{ Journeys []journeyJSON }
	s.json(&list, "journey", "list")
	if len(list.Journeys) != 1 {
		t.Fatalf("%d reports", len(list.Journeys))
	}
	j := list.Journeys[0]
	if len(j.Sent) != 1 || len(j.Sent[0].QueueIDs) != 1 || len(j.Sent[0].Recipients) != 2 || j.Sent[0].Recipients[0].QueueID == "" || j.Sent[0].Subject != "good news" {
		t.Errorf("sent: %+v", j.Sent)
	}
	if len(j.Waiting) != 1 || j.Waiting[0].State != "refused" || j.Waiting[0].Reason != "no-such-user" || len(j.Conflicts) != 1 || len(j.Conflicts[0].Choices) == 0 {
		t.Errorf("waiting: %+v, conflicts: %+v", j.Waiting, j.Conflicts)
	}
	if len(j.Received) != 1 || j.Received[0] != (journeyFolderJSON{"INBOX", 3, 3}) || len(j.Applied) != 1 || j.Applied[0].Count != 1 {
		t.Errorf("received: %+v, applied: %+v", j.Received, j.Applied)
	}
	text := s.want(0, "journey", "show", fmt.Sprint(j.N)).out
	for _, part := range []string{"Sent 1 of 2, received 3, applied 1, 1 to decide.", "good news", "accepted as " + j.Sent[0].QueueIDs[0], "no such user", "INBOX: 3, 3 of them unread", "1 change of marks", "Edit · Send it · Take it back"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	file := filepath.Join(t.TempDir(), "report")
	s.want(0, "journey", "export", fmt.Sprint(j.N), file)
	s.want(65, "journey", "export", fmt.Sprint(j.N), file)
	s.want(64, "journey", "export", fmt.Sprint(j.N), file, "--format", "pdf")
	if data, err := os.ReadFile(file); err != nil || string(data) != text {
		t.Errorf("exported %q, %v", data, err)
	}
	s.want(0, "journey", "export", fmt.Sprint(j.N), file+".json", "--format", "json")
	var again journeyJSON
	if data, err := os.ReadFile(file + ".json"); err != nil || json.Unmarshal(data, &again) != nil || again.Text != j.Text {
		t.Errorf("exported %q, %v", data, err)
	}
	s.want(0, "sync")
	if s.json(&list, "journey", "list", "anna"); len(list.Journeys) != 1 {
		t.Errorf("%d reports after a pass with nothing in it", len(list.Journeys))
	}
}
