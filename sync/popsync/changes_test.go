package popsync

import (
	"fmt"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// atCommit runs do once, behind the first commit that leaves n rows or more.
func (r *rig) atCommit(n int, do func()) {
	done := false
	r.options.batchMails = 3
	r.options.commit = func(write func() error) error {
		err := write()
		if !done && len(r.rows()) >= n {
			done = true
			do()
		}
		return err
	}
}

// TestThePolicyChangesWhileASessionRuns: from now to never nothing more is
// removed than QUIT had made real; the other way what is stored goes.
func TestThePolicyChangesWhileASessionRuns(t *testing.T) {
	r := newRig(t, 12, fakepop.Options{})
	r.atCommit(6, func() { r.policy(localstore.DeleteNever) })
	r.mustReceive()
	r.wantAll("from now to never")
	r.wantOnServer("from now to never", 12)
	r.options.commit = nil
	r.mustReceive()
	r.wantOnServer("from now to never, once more", 12)

	r = newRig(t, 12, fakepop.Options{})
	r.policy(localstore.DeleteNever)
	r.allow()
	r.atCommit(6, func() { r.policy(localstore.DeleteNow) })
	r.mustReceive()
	r.options.commit = nil
	r.mustReceive()
	r.wantAll("from never to now")
	r.wantOnServer("from never to now", 0)
	r.wantNoSins("in the end")
}

// TestTheUserDeletesWhileASessionRuns: what is deleted here for good does not
// come back, and leaves the server as the policy says.
func TestTheUserDeletesWhileASessionRuns(t *testing.T) {
	for policy, left := range map[localstore.DeletePolicy]int{localstore.DeleteNow: 0, localstore.DeleteWhen: 11, localstore.DeleteNever: 12} {
		for _, scenario := range []string{"", "rset-err", "quit-err", "quit-rst", "drop-before-quit-once", "uidl-changes"} {
			r := newRig(t, 12, fakepop.Options{})
			r.policy(policy)
			if scenario != "" {
				r.play(scenario)
			}
			var doomed localstore.MessageID
			r.atCommit(6, func() {
				doomed = r.rows()[2].Message
				r.write(func(tx *localstore.Tx) error { return tx.DeleteNow([]localstore.MessageID{doomed}) })
			})
			r.receive()
			r.options.commit = nil
			r.play()
			r.mustReceive()
			r.mustReceive()
			when := fmt.Sprint(policy, " ", scenario)
			if n := len(r.inbox()); n != 11 {
				t.Errorf("%s: %d mails are here", when, n)
			}
			r.wantOnServer(when, left)
			r.wantNoSins(when)
		}
	}
}

// TestAKeptMailWhereRSETIsRefused: the session then ends without QUIT.
func TestAKeptMailWhereRSETIsRefused(t *testing.T) {
	r := newRig(t, 10, fakepop.Options{})
	r.play("rset-err")
	r.atCommit(6, func() {
		row := r.rows()[0]
		r.write(func(tx *localstore.Tx) error {
			return tx.KeepOnServer(row.Maildrop, []localstore.LocationID{row.ID}, true)
		})
	})
	r.receive()
	r.options.commit = nil
	r.mustReceive()
	r.wantAll("in the end")
	r.wantOnServer("in the end", 1)
}

// TestAnotherProgramAtTheSameMaildrop removes and delivers between our sessions.
func TestAnotherProgramAtTheSameMaildrop(t *testing.T) {
	i := 0
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNever, localstore.DeleteDays} {
		for _, scenario := range []string{"", "renumber", "uidl-changes", "uidl-missing", "uidl-equal", "uidl-reuse", "uidl-case", "list-odd"} {
			for _, hide := range [][]string{nil, {"TOP"}} {
				if i++; !oneOf(3, i) {
					continue
				}
				r := newRig(t, 8, fakepop.Options{Hide: hide})
				r.policy(policy)
				if scenario != "" {
					r.play(scenario)
				}
				for n := range 4 {
					r.mustReceive()
					r.user.Mailbox("INBOX").Expunge(uint32(n + 2))
					r.deliver(testMail(100 + n))
				}
				r.mustReceive()
				r.mustReceive()
				r.wantAll(strings.Join(append(hide, string(policy), scenario), " "))
				r.wantOnServer("in the end", 8)
				r.wantNoSins("in the end")
			}
		}
	}
}

// TestEqualMailsOfWhichAnotherProgramTakesOne, where UIDLs are hashes.
func TestEqualMailsOfWhichAnotherProgramTakesOne(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{UIDL: fakepop.UIDLHash})
	r.policy(localstore.DeleteNever)
	r.allow()
	for range 3 {
		r.deliver(testMail(1))
	}
	r.deliver(testMail(2))
	r.mustReceive()
	r.user.Mailbox("INBOX").Expunge(2)
	r.mustReceive()
	r.wantAll("when one was taken")
	if got := r.ledger(); got[localstore.PopKept] != 3 || got[localstore.PopGone] != 1 {
		t.Errorf("%v", got)
	}
	r.policy(localstore.DeleteNow)
	r.mustReceive()
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
}
