package popsync

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

func TestDownloadAndDelete(t *testing.T) {
	r := newRig(t, 20, fakepop.Options{})
	report := r.mustReceive()
	if report.Received != 20 || report.Removed != 20 {
		t.Errorf("%+v", report)
	}
	r.wantAll("after the first pass")
	r.wantOnServer("after the first pass", 0)
	if got := r.ledger(); got[localstore.PopGone] != 20 {
		t.Errorf("ledger %v: at first sight a second session looks whether there is more", got)
	}
	before := r.server.Stats()
	if report := r.mustReceive(); report.Received != 0 || report.Removed != 0 {
		t.Errorf("second pass: %+v", report)
	}
	t.Logf("an empty pass costs %d turns", r.server.Stats().Turns-before.Turns)
	r.wantAll("after the second pass")
	r.wantNoSins("at the end")
	r.wantSound("at the end")
}

func TestMailOfOneSecondIsListedAsTheMaildropIs(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	deliver := func(from, to int) {
		for n := from; n < to; n++ {
			_, rest, _ := strings.Cut(string(testMail(n)), "\r\n")
			r.deliver([]byte("Received: from a by b; Sat, 14 Mar 2026 09:00:00 +0000\r\n" + rest))
		}
	}
	deliver(0, 2*batchMails+10)
	r.mustReceive()
	r.read(func(v *localstore.View) error {
		inbox, err := v.FolderByRole(r.account.ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: inbox.ID}, 0, 1000)
		if err != nil {
			return err
		}
		messages, err := v.Messages(ids)
		if len(messages) != 2*batchMails+10 {
			t.Errorf("%d mails", len(messages))
		}
		for i, m := range messages {
			if want := fmt.Sprint("Mail ", len(messages)-1-i); m.Subject != want {
				t.Fatalf("place %d of the list: %q, want %q", i, m.Subject, want)
			}
		}
		return err
	})
}
