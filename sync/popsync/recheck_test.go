package popsync

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// alike mails differ in what a listing does not show.
func alike(n int) []byte {
	return []byte(fmt.Sprintf("Received: from a by b; Sat, 14 Mar 2026 09:00:00 +0000\r\nFrom: cron@demo.example\r\n"+
		"Message-ID: <%03d@demo.example>\r\nSubject: Report %03d\r\n\r\nAll is well.\r\n", n, n))
}

// ids are UIDLs that a test chooses.
type ids map[uint32]string

func (u ids) uidl(_ uint32, m fakeserver.Message) string {
	if id, ok := u[m.UID]; ok {
		return id
	}
	return fmt.Sprint("u", m.UID)
}

// said counts the commands of a kind since the last call.
func (r *rig) said(verb string) func() int {
	last := 0
	return func() int {
		n := 0
		for _, l := range r.server.Transcript() {
			if l.Client && strings.HasPrefix(l.Text, verb) {
				n++
			}
		}
		n, last = n-last, n
		return n
	}
}

// newAlike is a rig with mails of one size, kept on the server.
func newAlike(t *testing.T, mails int, u ids, o fakepop.Options) *rig {
	t.Helper()
	o.UIDL = u.uidl
	r := newRig(t, 0, o)
	r.policy(localstore.DeleteNever)
	for n := range mails {
		r.deliver(alike(n))
	}
	r.mustReceive()
	return r
}

// drop deletes here, for good, the mail of a UIDL: the n-th that was sent.
func (r *rig) drop(uidl string, n int) {
	r.t.Helper()
	for _, row := range r.rows() {
		if row.UIDL == uidl && row.Message != 0 {
			r.write(func(tx *localstore.Tx) error { return tx.DeleteNow([]localstore.MessageID{row.Message}) })
			r.sent = append(r.sent[:n:n], r.sent[n+1:]...)
			return
		}
	}
	r.t.Fatalf("no row has the UIDL %s", uidl)
}

// TestAUIDLIsUsedAgainForAMailOfTheSameSize while ours is kept: the new mail
// comes, whatever the policy, and none is removed unseen.
func TestAUIDLIsUsedAgainForAMailOfTheSameSize(t *testing.T) {
	for _, hide := range [][]string{nil, {"PIPELINING"}, {"CAPA"}} {
		u := ids{}
		r := newAlike(t, 20, u, fakepop.Options{Hide: hide})
		r.user.Mailbox("INBOX").Expunge(3, 17)
		r.deliver(alike(100))
		r.deliver(alike(101))
		u[21], u[22] = "u3", "u17"
		for range 20 {
			r.clock.Advance(2 * time.Hour)
			r.mustReceive()
		}
		r.wantAll(fmt.Sprint("without ", hide))
		if got := r.ledger(); got[localstore.PopKept] != 20 || got[localstore.PopGone] != 2 {
			t.Errorf("without %v: %v", hide, got)
		}
		r.allow()
		r.policy(localstore.DeleteNow)
		r.mustReceive()
		r.mustReceive()
		r.wantAll("in the end")
		r.wantOnServer("in the end", 0)
		r.wantNoSins("in the end")
	}
}

// TestOneUIDLUsedAgainPutsAllInDoubt: the others are found without waiting.
func TestOneUIDLUsedAgainPutsAllInDoubt(t *testing.T) {
	u := ids{}
	r := newAlike(t, 60, u, fakepop.Options{})
	var gone []uint32
	for n := range 10 {
		gone = append(gone, uint32(1+n*6))
		u[uint32(61+n)] = fmt.Sprint("u", 1+n*6)
	}
	r.user.Mailbox("INBOX").Expunge(gone...)
	for n := range gone {
		r.deliver(alike(100 + n))
	}
	r.clock.Advance(2 * time.Hour)
	r.mustReceive()
	r.mustReceive()
	r.wantAll("after two sessions")
	top := r.said("TOP")
	top()
	r.mustReceive()
	if n := top(); n != 0 {
		t.Errorf("%d TOPs after all is confirmed", n)
	}
}

// TestADueUIDLUsedAgainPutsAllInDoubt as well.
func TestADueUIDLUsedAgainPutsAllInDoubt(t *testing.T) {
	u := ids{}
	r := newAlike(t, 30, u, fakepop.Options{})
	r.policy(localstore.DeleteWhen)
	r.user.Mailbox("INBOX").Expunge(5, 25)
	r.deliver(alike(100))
	r.deliver(alike(101))
	u[31], u[32] = "u5", "u25"
	r.drop("u5", 4)
	r.clock.Advance(time.Minute)
	r.mustReceive()
	r.mustReceive()
	r.wantAll("after two sessions")
	r.wantOnServer("after two sessions", 30)
	r.wantNoSins("after two sessions")
}

// TestUIDLsAreExchanged between two mails that are kept: none comes twice, and
// what leaves is what was meant.
func TestUIDLsAreExchanged(t *testing.T) {
	for _, last := range []uint32{3, 20} {
		u := ids{}
		r := newAlike(t, 20, u, fakepop.Options{})
		u[2], u[last] = fmt.Sprint("u", last), "u2"
		for range 6 {
			r.clock.Advance(2 * time.Hour)
			r.mustReceive()
		}
		r.wantAll("exchanged")
		r.policy(localstore.DeleteWhen)
		r.drop(fmt.Sprint("u", last), 1)
		u[5], u[6] = "u6", "u5"
		r.mustReceive()
		r.mustReceive()
		r.wantAll("after one was deleted")
		for _, m := range r.user.Mailbox("INBOX").Messages() {
			if m.UID == 2 {
				t.Error("another mail was removed")
			}
		}
		r.wantOnServer("after one was deleted", 19)
	}
}

// TestKeptMailIsShownNowAndThen: within the hour nothing is asked for, then a
// few headers in one flight, and a session of other work brings no more.
func TestKeptMailIsShownNowAndThen(t *testing.T) {
	r := newAlike(t, 30, ids{}, fakepop.Options{})
	top := r.said("TOP")
	turns := func() int {
		before := r.server.Stats().Turns
		r.mustReceive()
		return r.server.Stats().Turns - before
	}
	bare := turns()
	if n := top(); n != 0 {
		t.Errorf("%d headers at once", n)
	}
	r.clock.Advance(time.Hour)
	if n := turns(); n > bare+1 {
		t.Errorf("%d turns, %d without", n, bare)
	}
	if n := top(); n != sampleRows {
		t.Errorf("%d headers after an hour", n)
	}
	if turns() != bare || top() != 0 {
		t.Error("asked again at once")
	}
	r.clock.Advance(30 * time.Minute)
	r.deliver(alike(40))
	if r.mustReceive(); top() != sampleRows {
		t.Error("a session of other work asks for the next")
	}
	seen := map[time.Time]int{}
	for _, row := range r.rows() {
		seen[row.CheckedAt]++
	}
	if len(seen) != 4-1 {
		t.Errorf("confirmed %v", seen)
	}
}

// TestAHeaderThatTheServerRewritesIsNoOtherMail.
func TestAHeaderThatTheServerRewritesIsNoOtherMail(t *testing.T) {
	r := newAlike(t, 12, ids{}, fakepop.Options{})
	r.drop("u1", 0)
	r.play("status-header")
	retr := r.said("RETR")
	r.mustReceive() // sizes change
	retr()
	for range 4 {
		r.clock.Advance(2 * time.Hour)
		r.mustReceive()
	}
	if n := retr(); n != 0 {
		t.Errorf("%d were fetched again", n)
	}
	r.wantAll("in the end")
}

// TestTheUIDLOfAMailThatWasNotFetched is used for another: that one does not
// take the other's place.
func TestTheUIDLOfAMailThatWasNotFetched(t *testing.T) {
	u := ids{}
	r := newRig(t, 0, fakepop.Options{UIDL: u.uidl})
	r.policy(localstore.DeleteNever)
	for n := range 3 {
		r.deliver(alike(n))
	}
	r.play("retr-err")
	r.mustReceive()
	r.play()
	r.user.Mailbox("INBOX").Expunge(2)
	r.deliver(alike(100))
	u[4] = "u2"
	r.clock.Advance(48 * time.Hour)
	r.mustReceive()
	r.mustReceive()
	here, stubs := r.localMails()
	if len(here) != 3 || stubs != 1 {
		t.Errorf("%d mails and %d stubs are here", len(here), stubs)
	}
	for _, m := range r.inbox() {
		if m.Body == localstore.BodyWhole == (m.Subject == "Report 001") {
			t.Errorf("%q is here: %v", m.Subject, m.Body == localstore.BodyWhole)
		}
	}
	if got := r.ledger(); got[localstore.PopForeign] != 1 || got[localstore.PopKept] != 3 {
		t.Errorf("%v", got)
	}
}
