package fakepop_test

import (
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
)

// wholeSession is what a client sends to empty a maildrop of two.
const wholeSession = "USER anna\r\nPASS secret\r\nRETR 1\r\nRETR 2\r\nDELE 1\r\nDELE 2\r\nQUIT\r\n"

// run says the whole session at once and listens until the end.
func run(t *testing.T, s *fakepop.Server) {
	t.Helper()
	c := dial(t, s)
	c.nc.Write([]byte(wholeSession))
	for !strings.HasPrefix(c.line(), "<") {
	}
}

// TestMailGoesOnlyWithAWholeQuit cuts a session after every byte that the
// client sends: mail is deleted when the whole QUIT has arrived, and never
// before.
func TestMailGoesOnlyWithAWholeQuit(t *testing.T) {
	for after := range len(wholeSession) + 1 {
		for _, how := range []fakeserver.Failure{fakeserver.FIN, fakeserver.RST} {
			w, u := world(2)
			s := fakepop.Start(t, w, fakepop.Options{})
			s.Fail(fakeserver.Fault{Direction: fakeserver.FromClient, After: int64(after), Failure: how})
			run(t, s)
			s.Close()
			want := 2
			if after == len(wholeSession) {
				want = 0
			}
			if got := count(u); got != want {
				t.Errorf("cut after %d bytes: %d mails left, want %d", after, got, want)
			}
		}
	}
}

// TestACutAnswerLeavesTheMaildropFree cuts a session after every 7th byte that
// the server sends; the next session must find the lock free.
func TestACutAnswerLeavesTheMaildropFree(t *testing.T) {
	w, _ := world(2)
	clean := fakepop.Start(t, w, fakepop.Options{})
	run(t, clean)
	for after := int64(0); after < clean.Stats().Out; after += 7 {
		w, u := world(2)
		s := fakepop.Start(t, w, fakepop.Options{})
		s.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: after})
		run(t, s)
		if s.Heal() {
			t.Errorf("the cut after %d bytes never struck", after)
		}
		if left := count(u); left != 2 && left != 0 {
			t.Errorf("cut after %d bytes: %d mails left", after, left)
		}
		run(t, s)
		if left := count(u); left != 0 {
			t.Errorf("after the cut at %d: %d mails left", after, left)
		}
	}
}
