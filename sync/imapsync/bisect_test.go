package imapsync

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// breakAt makes the server break off at every command that would hand out the
// message of a UID; it answers for those before it.
func (h *harness) breakAt(uid int, what string) {
	h.server.Watch(func(l fakeserver.Line) {
		if l.Client || !strings.Contains(l.Text, fmt.Sprintf("UID %d ", uid)) || !strings.Contains(l.Text, what) {
			return
		}
		h.server.Offline() // at once, and back
		if err := h.server.Online(); err != nil {
			h.Error(err)
		}
	})
}

// TestAMessageAtWhichTheServerBreaksOffIsFound, told once and left alone, and
// everything else comes.
func TestAMessageAtWhichTheServerBreaksOffIsFound(t *testing.T) {
	for name, hide := range servers {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, hide...)
			h.policy(localstore.FetchHeaders)
			h.deliver("INBOX", 0, 40)
			h.deliver("Archive", 100, 3)
			h.breakAt(17, "HEADER.FIELDS")
			told := h.until(30, func() bool { return len(h.subjects("INBOX")) == 39 && len(h.subjects("Archive")) == 3 })
			if !slices.Equal(told, []string{"One message in INBOX cannot be had from the server (UID 17). It will be tried again."}) {
				t.Errorf("told: %q", told)
			}
			if err := h.try(); err != nil {
				t.Errorf("it is not left alone: %v", err)
			}
			h.server.Watch(nil)
			h.clock.Advance(time.Hour)
			h.pass()
			if n := len(h.subjects("INBOX")); n != 40 {
				t.Errorf("%d messages in the end", n)
			}
		})
	}
}

// TestABodyAtWhichTheServerBreaksOffIsFound: those behind it come.
func TestABodyAtWhichTheServerBreaksOffIsFound(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.deliver("INBOX", 0, 60)
	h.pass()
	h.policy(localstore.FetchText)
	h.breakAt(31, "BODY[]")
	here := func() (n int) {
		for _, m := range h.messages("INBOX") {
			if m.Body == localstore.BodyWhole {
				n++
			}
		}
		return n
	}
	told := h.until(30, func() bool { return here() == 59 })
	if !slices.Equal(told, []string{"One message in INBOX cannot be had from the server (UID 31). It will be tried again."}) {
		t.Errorf("told: %q", told)
	}
	h.server.Watch(nil)
	h.pass()
	if here() != 59 {
		t.Error("it is asked for again at once")
	}
	h.clock.Advance(time.Hour)
	h.pass()
	if here() != 60 {
		t.Error("it is not asked for again")
	}
}

// until runs passes, over a new connection each, until something holds and one
// ends well, and returns what they told.
func (h *harness) until(most int, holds func() bool) (told []string) {
	h.Helper()
	for n := 0; n < most; n++ {
		l, err := Open(context.Background(), h.store, h.account, h.secret, Options{Clock: h.clock})
		if err != nil {
			n-- // the server is not back yet
			continue
		}
		err = l.Receive(context.Background())
		if err == nil {
			err = l.Bodies(context.Background())
		}
		told = append(told, l.Report().Conflicts...)
		l.Close()
		if err == nil && holds() {
			h.Logf("after %d connections", n+1)
			return told
		}
	}
	h.Fatalf("not after %d connections; told %q", most, told)
	return nil
}

// TestAnotherMailThanAnnouncedIsNotAskedForAgainAtOnce, by policy.
func TestAnotherMailThanAnnouncedIsNotAskedForAgainAtOnce(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.deliver("INBOX", 0, 3)
	h.pass()
	changed, _ := h.user.Mailbox("INBOX").Message(2) // under its UID
	copy(changed.Raw, bytes.ReplaceAll(changed.Raw, []byte("<1@"), []byte("<8@")))
	h.policy(localstore.FetchText)
	h.pass()
	from := len(h.server.Transcript())
	h.pass()
	if got := h.asked(from); len(got) != 0 {
		t.Errorf("asked again: %q", got)
	}
	for _, m := range h.messages("INBOX") {
		if (m.Body == localstore.BodyWhole) != (m.Subject != "letter 1") {
			t.Errorf("%s: body %v", m.Subject, m.Body)
		}
	}
}
