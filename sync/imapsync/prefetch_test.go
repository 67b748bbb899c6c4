package imapsync

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"paquebot.app/localstore"
)

func TestPolicyBringsMailUnasked(t *testing.T) {
	onAll(t, func(h *harness) {
		h.write(func(tx *localstore.Tx) error {
			h.account.Policy, h.account.PolicyDays = localstore.FetchText, 90
			return tx.SetAccount(h.account)
		})
		h.deliver("INBOX", 0, 60)
		h.pass()
		for _, m := range h.messages("INBOX") {
			var i int
			if _, err := fmt.Sscanf(m.Subject, "letter %d", &i); err != nil {
				h.Fatal(err)
			}
			if m.Body != localstore.BodyWhole || h.sum(m.Blob) != fmt.Sprintf("%x", sha256.Sum256(mail(i))) {
				h.Fatalf("%s: body %v, or other bytes", m.Subject, m.Body)
			}
		}
		for _, on := range h.onServer("INBOX") {
			if len(on) > len("letter 00") {
				h.Errorf("fetching left a mark on the server: %q", on)
			}
		}
	})
}
