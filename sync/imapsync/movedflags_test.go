package imapsync

import (
	"fmt"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// TestFlagsOfWhatWeMovedAreNotMissed: another client marks a message that is
// moved here meanwhile. Wherever the connection ends, the mark is seen.
func TestFlagsOfWhatWeMovedAreNotMissed(t *testing.T) {
	for _, kind := range []string{"everything", "no qresync"} {
		t.Run(kind, func(t *testing.T) {
			first, step := cuts(t, 6000)
			for after := first; after < 6000; after += min(step, 500) {
				t.Run(fmt.Sprint(after), func(t *testing.T) {
					h := newHarness(t, servers[kind]...)
					defer h.end()
					h.deliver("INBOX", 0, 2)
					h.pass()
					h.write(func(tx *localstore.Tx) error { return tx.Move(ids(h.messages("INBOX")[0]), h.folder("Archive")) })
					h.user.Mailbox("INBOX").AddFlags(2, `\Flagged`)
					h.deliver("Archive", 2, 1)
					h.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: after, Failure: fakeserver.FIN})
					_ = h.try()
					h.server.Heal()
					for range 3 {
						h.pass()
					}
					h.sameAsServer("INBOX")
					h.sameAsServer("Archive")
				})
			}
		})
	}
}
