package popsync

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// again delivers the mails of a backup: all that were ever delivered.
func (r *rig) again() {
	for _, m := range r.sent {
		r.user.Deliver(m, time.Time{})
	}
}

// TestABackupIsRestored: the server's keeper restores the maildrop after all was
// removed, under the old UIDLs or others. Nothing is here twice, what the user
// has deleted here for good does not come back, no pass fails, and in the end
// the policy has its will again.
func TestABackupIsRestored(t *testing.T) {
	byNumber := func(_ uint32, m fakeserver.Message) string { return fmt.Sprint("u", (m.UID-1)%6) }
	for name, uidl := range map[string]func(uint32, fakeserver.Message) string{"the same UIDLs": byNumber, "other UIDLs": nil} {
		for _, hide := range [][]string{nil, {"TOP"}} {
			for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteDays, localstore.DeleteWhen, localstore.DeleteNever} {
				when := fmt.Sprintf("%s, policy %s, without %v", name, policy, hide)
				r := newRig(t, 6, fakepop.Options{UIDL: uidl, Hide: hide})
				r.policy(policy)
				r.mustReceive()
				var uids []uint32
				for _, m := range r.user.Mailbox("INBOX").Messages() {
					uids = append(uids, m.UID)
				}
				r.user.Mailbox("INBOX").Expunge(uids...) // by another program, where not by us
				r.mustReceive()
				doomed := []localstore.MessageID{r.inbox()[1].ID, r.inbox()[2].ID}
				r.write(func(tx *localstore.Tx) error { return tx.DeleteNow(doomed) })
				r.again()
				for range 3 {
					if report := r.mustReceive(); report.Received != 0 {
						t.Errorf("%s: %+v", when, report)
					}
					if n := len(r.inbox()); n != 4 {
						t.Errorf("%s: %d mails are here", when, n)
					}
				}
				left := map[localstore.DeletePolicy]int{localstore.DeleteDays: 6, localstore.DeleteWhen: 4, localstore.DeleteNever: 6}
				r.wantOnServer(when, left[policy])
				if policy == localstore.DeleteDays {
					r.clock.Advance(8 * 24 * time.Hour)
					r.mustReceive()
					r.wantOnServer(when+", after its days", 0)
				}
			}
		}
	}
}

// TestAPinnedMailThatComesBackStays.
func TestAPinnedMailThatComesBackStays(t *testing.T) {
	r := newRig(t, 4, fakepop.Options{})
	r.policy(localstore.DeleteNever)
	r.allow()
	r.mustReceive()
	row := r.rows()[1]
	r.write(func(tx *localstore.Tx) error {
		return tx.KeepOnServer(row.Maildrop, []localstore.LocationID{row.ID}, true)
	})
	r.play("wipe")
	r.mustReceive()
	r.play()
	r.policy(localstore.DeleteNow)
	r.mustReceive()
	r.mustReceive()
	r.wantOnServer("in the end", 1)
	r.wantAll("in the end")
}

// TestASkippedMailThatGoesAndComesBack: what was never here whole is fetched,
// not taken for stored.
func TestASkippedMailThatGoesAndComesBack(t *testing.T) {
	for _, hide := range [][]string{nil, {"TOP"}, {"UIDL"}} {
		for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteNever} {
			r := newRig(t, 4, fakepop.Options{Hide: hide})
			r.policy(policy)
			r.play("retr-err")
			r.mustReceive()
			r.play("wipe")
			r.mustReceive()
			r.play()
			r.mustReceive()
			r.wantAll(fmt.Sprint(policy, " without ", hide))
			r.mustReceive()
			r.wantAll(fmt.Sprint(policy, " without ", hide, ", once more"))
		}
	}
}

// TestADeletedHeaderDoesNotComeBack: the user has deleted the header of a mail
// that could not be fetched. It is not fetched later, and never removed there.
func TestADeletedHeaderDoesNotComeBack(t *testing.T) {
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteWhen} {
		r := newRig(t, 4, fakepop.Options{})
		r.policy(policy)
		r.play("retr-err")
		r.mustReceive()
		for _, m := range r.inbox() {
			if m.Body != localstore.BodyWhole {
				r.write(func(tx *localstore.Tx) error { return tx.DeleteNow([]localstore.MessageID{m.ID}) })
			}
		}
		r.play()
		for range 2 {
			r.mustReceive()
			if n := len(r.inbox()); n != 3 {
				t.Errorf("%s: %d mails are here", policy, n)
			}
		}
		r.wantOnServer(string(policy), map[localstore.DeletePolicy]int{localstore.DeleteNow: 1, localstore.DeleteWhen: 4}[policy])
	}
}

// TestMailWhoseBytesAreLostIsFetchedAgain: before a mail is removed in another
// session than that of its RETR, it must still be here.
func TestMailWhoseBytesAreLostIsFetchedAgain(t *testing.T) {
	r := newRig(t, 4, fakepop.Options{})
	dir := r.store.Dir()
	bodies := filepath.Join(dir, "bodies.db")
	r.store.Close()
	older, err := os.ReadFile(bodies)
	if err != nil {
		t.Fatal(err)
	}
	r.open(dir)
	r.play("drop-before-quit")
	r.mustReceive()
	r.store.Close()
	if err := os.WriteFile(bodies, older, 0o600); err != nil {
		t.Fatal(err)
	}
	r.open(dir)
	r.play()
	r.deliver(testMail(40)) // whose bytes take the place of others
	r.mustReceive()
	r.mustReceive()
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
}

// TestEqualMailAfterAMove: mail that is here from elsewhere stands for one mail
// of the maildrop, not for every equal one.
func TestEqualMailAfterAMove(t *testing.T) {
	r := newRig(t, 1, fakepop.Options{})
	r.policy(localstore.DeleteNever)
	r.mustReceive()
	second := fakepop.Start(t, r.world, fakepop.Options{UIDL: fakepop.UIDLCyrus})
	r.server, r.account.POP.Port = second, second.Port()
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
	r.mustReceive()
	r.wantAll("after the move")
	r.deliver(testMail(5))
	r.mustReceive()
	r.wantAll("after one more")
}

// TestUIDLsThatAreNumbers: UIDLs that are message numbers, and mails of one size:
// that another program removed some and others came is seen.
func TestUIDLsThatAreNumbers(t *testing.T) {
	same := func(n int) []byte {
		return []byte(fmt.Sprintf("From: cron@demo.example\r\nMessage-ID: <%03d@demo.example>\r\nSubject: Report %03d\r\n\r\nAll is well.\r\n", n, n))
	}
	for _, gone := range [][]uint32{{1}, {2, 3}, {1, 5}, {5}} {
		r := newRig(t, 0, fakepop.Options{})
		r.policy(localstore.DeleteNever)
		r.allow()
		r.play("uidl-reuse")
		for n := range 5 {
			r.deliver(same(n))
		}
		r.mustReceive()
		r.user.Mailbox("INBOX").Expunge(gone...)
		for n := range gone {
			r.deliver(same(10 + n))
		}
		r.mustReceive()
		r.wantAll(fmt.Sprint("without ", gone))
		r.policy(localstore.DeleteNow)
		r.mustReceive()
		r.mustReceive()
		r.wantAll(fmt.Sprint("without ", gone))
		r.wantOnServer(fmt.Sprint("without ", gone), 0)
		r.wantNoSins("in the end")
	}
}
