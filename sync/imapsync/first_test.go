package imapsync

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
)

// TestNobodyWaitsForMoreThanAPiece of what a policy asks for: a click in the
// midst of a large mail is served before its next piece, and the mail goes on
// where it was.
func TestNobodyWaitsForMoreThanAPiece(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.user.Mailbox("INBOX").Append(trip(0, 100, 10), fakeserver.Epoch)
	h.user.Mailbox("INBOX").Append(trip(1, 100, 5_000_000), fakeserver.Epoch)
	h.pass()
	h.policy(localstore.FetchAll)
	clicked := h.messages("INBOX")[1]
	from, done := len(h.server.Transcript()), false
	h.server.Watch(func(l fakeserver.Line) {
		if l.Client && !done && strings.Contains(l.Text, "BODY.PEEK[]<") {
			done = true
			h.write(func(tx *localstore.Tx) error { return tx.Want(clicked.Content, localstore.WishWhole) })
		}
	})
	h.bodies()
	var asked []string
	for _, l := range h.server.Transcript()[from:] {
		if _, command, ok := strings.Cut(l.Text, "UID FETCH "); ok && l.Client && strings.Contains(command, "BODY.PEEK") {
			asked = append(asked, strings.Fields(command)[0])
		}
	}
	if len(asked) < 5 || asked[0] != "2" || asked[1] != "1" || slices.Contains(asked[2:], "1") {
		t.Errorf("asked for %v", asked)
	}
	for _, m := range h.messages("INBOX") {
		if m.Body != localstore.BodyWhole {
			t.Errorf("%s: %v", m.Subject, m.Body)
		}
	}
	if moved := h.server.Stats().Out; moved > 7_300_000 {
		t.Errorf("%d bytes came", moved)
	}
}

// TestViewingChangesNothingOnTheServer reads 100 mails in every way and compares
// the server's own listing.
func TestViewingChangesNothingOnTheServer(t *testing.T) {
	v := newVoyage(t, realserver.Options{})
	v.policy(localstore.FetchHeaders)
	v.deliver("INBOX", 0, 50)
	for i := range 50 {
		v.dovecot.Append(t, v.user, "INBOX", "", fakeserver.Epoch, trip(100+i, 300, 300_000))
	}
	listing := func() string {
		var lines []string
		for _, m := range v.dovecot.Mails(t, v.user, "INBOX") {
			lines = append(lines, fmt.Sprintf("%d %v %x", m.UID, m.Flags, sha256.Sum256(m.Raw)))
		}
		return strings.Join(lines, "\n")
	}
	before := listing()
	v.pass()
	for n, m := range v.messages("INBOX") {
		v.write(func(tx *localstore.Tx) error {
			if n%3 == 0 {
				return tx.Want(m.Content, localstore.WishWhole)
			}
			return tx.Want(m.Content, localstore.WishText)
		})
	}
	v.bodies()
	v.policy(localstore.FetchAll)
	v.pass()
	whole := 0
	for _, m := range v.messages("INBOX") {
		if m.Body != localstore.BodyNone {
			whole++
		}
	}
	if whole != 100 {
		t.Errorf("%d of 100 were read", whole)
	}
	if after := listing(); after != before {
		t.Errorf("the server lists\n%s\nand before\n%s", after, before)
	}
}

// TestALiteralIsNotLargerThanTheMail: a body far larger than its size ends the
// connection, and the others come.
func TestALiteralIsNotLargerThanTheMail(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.deliver("INBOX", 0, 3)
	h.pass()
	h.policy(localstore.FetchText)
	big := []byte(strings.Repeat("x", 3<<20))
	h.user.Mailbox("Archive").Append(append(trip(9, 100, 10), big...), fakeserver.Epoch)
	l := h.link()
	if _, err := l.open(t.Context(), "Archive", false, false); err != nil {
		t.Fatal(err)
	}
	i := &item{at: target{size: 100}}
	i.at.UID = 1
	i.askWhole()
	if broken := l.fetchItems(t.Context(), []*item{i}); broken == nil || !strings.Contains(l.conn.Err().Error(), "literal") {
		t.Errorf("%v, %v", broken, l.conn.Err())
	}
	h.pass()
	for _, m := range h.messages("INBOX") {
		if m.Body != localstore.BodyWhole {
			t.Errorf("%s: %v", m.Subject, m.Body)
		}
	}
}

// TestTheInboxMayBeLeftUnread: its policy is none, and waiting for it is no hot
// loop.
func TestTheInboxMayBeLeftUnread(t *testing.T) {
	onAll(t, func(h *harness) {
		h.deliver("INBOX", 0, 3)
		h.policy(localstore.FetchNone)
		l := h.link()
		if err := l.Receive(t.Context()); err != nil {
			h.Fatal(err)
		}
		if n := len(h.messages("INBOX")); n != 0 {
			h.Errorf("%d messages", n)
		}
		ended := make(chan error, 1)
		go func() { ended <- l.Wait(t.Context()) }()
		for h.clock.Waiters() == 0 {
			select {
			case err := <-ended:
				h.Fatalf("Wait returned at once: %v", err)
			default:
			}
		}
		l.Close()
		<-ended
		h.write(func(tx *localstore.Tx) error { return tx.OpenFolder(h.folder("INBOX")) })
		h.pass()
		if n := len(h.messages("INBOX")); n != 3 {
			h.Errorf("%d messages, opened", n)
		}
	})
}

// TestAFlightIsGivenUpForAWish when it takes too long: what came of it is kept.
func TestAFlightIsGivenUpForAWish(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	for i := range 12 {
		h.user.Mailbox("INBOX").Append(trip(i, 100, 10_000), fakeserver.Epoch)
	}
	h.pass()
	h.policy(localstore.FetchText)
	wanted := h.messages("INBOX")[11]
	l, err := Open(t.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Yield: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	clicked := make(chan struct{})
	h.server.Watch(func(line fakeserver.Line) {
		if !line.Client && strings.Contains(line.Text, "UID 5 ") { // the line has become slow
			select {
			case <-clicked:
				return
			default:
			}
			close(clicked)
			h.clock.Advance(time.Second)
			h.write(func(tx *localstore.Tx) error { return tx.Want(wanted.Content, localstore.WishWhole) })
			for h.clock.Waiters() == 0 {
				runtime.Gosched()
			}
			h.clock.Advance(patience)
			<-l.client.Closed()
		}
	})
	if err := l.Bodies(t.Context()); !errors.Is(err, ErrYielded) {
		t.Fatalf("%v", err)
	}
	h.server.Watch(nil)
	from := len(h.server.Transcript())
	h.bodies()
	if got := h.asked(from); len(got) == 0 || !strings.HasPrefix(got[0], "1 ") {
		t.Errorf("asked for %q", got)
	}
	for _, m := range h.messages("INBOX") {
		if m.Body != localstore.BodyWhole {
			t.Errorf("%s: %v", m.Subject, m.Body)
		}
	}
	h.read(func(v *localstore.View) error {
		rf, _, err := v.RemoteFolderOf(h.folder("INBOX"))
		if err != nil {
			return err
		}
		if q, err := v.Quarantined(rf.ID, rf.UIDValidity, localstore.OfBody); len(q) != 0 || err != nil {
			t.Errorf("suspected: %+v, %v", q, err)
		}
		return nil
	})
}
