package popsync

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
	if got := r.ledger(); got[localstore.PopDeleting] != 20 {
		t.Errorf("ledger %v", got)
	}
	before := r.server.Stats()
	if report := r.mustReceive(); report.Received != 0 || report.Removed != 0 {
		t.Errorf("second pass: %+v", report)
	}
	if got := r.ledger(); got[localstore.PopGone] != 20 {
		t.Errorf("ledger after the second pass %v", got)
	}
	if turns := r.server.Stats().Turns - before.Turns; turns > 4 {
		t.Errorf("an empty pass costs %d turns", turns)
	}
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

// TestLotsOfToday: mail of the last hours, shown in lots, comes in one pass,
// although all that was listed has left the server by our own doing.
func TestLotsOfToday(t *testing.T) {
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteNever} {
		r := newRig(t, 200, fakepop.Options{Lot: 60})
		r.policy(policy)
		r.allow()
		r.play("recent")
		if report := r.mustReceive(); report.Received != 200 {
			t.Errorf("%s: %+v", policy, report)
		}
		r.wantAll(string(policy))
		r.play()
		r.mustReceive()
		r.mustReceive()
		r.wantAll(string(policy) + ", all are listed again")
		r.wantOnServer(string(policy), map[localstore.DeletePolicy]int{localstore.DeleteNow: 0, localstore.DeleteNever: 200}[policy])
		r.wantNoSins(string(policy))
	}
}

// TestAMaildropThatIsShownInLots: a server that lists the next mails only when
// these were fetched is asked until it has shown them all, where that can be
// seen; what it lists no more stays here, and is fetched but once.
func TestAMaildropThatIsShownInLots(t *testing.T) {
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNever, localstore.DeleteNow} {
		r := newRig(t, 23, fakepop.Options{})
		r.addAccount(policy)
		r.allow()
		r.clock.Advance(48 * time.Hour)
		r.play("recent")
		r.mustReceive()
		r.wantAll(string(policy))
		if report := r.mustReceive(); report.Received != 0 {
			t.Errorf("%s: %+v", policy, report)
		}
		r.play()
		if report := r.mustReceive(); report.Received != 0 {
			t.Errorf("%s, all are listed again: %+v", policy, report)
		}
		r.wantAll(string(policy) + ", all are listed again")
	}
}
