package tour

import (
	"crypto/sha256"
	"io"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

func (t *tour) receiveByPOP() error {
	t.title("A POP account: everything comes here and leaves the server")
	sent := t.world.Home.Mailbox("INBOX").Messages()
	if err := t.store.Write(t.ctx, "tour", t.world.AddHome); err != nil {
		return err
	}
	r, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("the pass ends without an error", r.Error == nil, "%s", text(r))
	here, err := t.messages("home", localstore.Inbox)
	if err != nil {
		return err
	}
	t.check("every mail of the maildrop is here", len(here) == len(sent), "%d of %d", len(here), len(sent))
	same, err := t.sameBytes(here, sent)
	if err != nil {
		return err
	}
	t.check("byte for byte", same == len(sent), "%d of %d SHA-256 sums agree", same, len(sent))
	left := len(t.world.Home.Mailbox("INBOX").Messages())
	t.check("the maildrop is empty", left == 0, "%d left on the server", left)
	return nil
}

// sameBytes counts how many mails of the server are here with equal bytes, as
// multisets.
func (t *tour) sameBytes(here []localstore.Message, sent []fakeserver.Message) (int, error) {
	sums := map[[32]byte]int{}
	for _, m := range sent {
		sums[sha256.Sum256(m.Raw)]++
	}
	same := 0
	for _, m := range here {
		r, err := t.store.OpenBlob(t.ctx, m.Blob)
		if err != nil {
			return 0, err
		}
		h := sha256.New()
		_, err = io.Copy(h, r.Reader())
		r.Close()
		if err != nil {
			return 0, err
		}
		if sum := [32]byte(h.Sum(nil)); sums[sum] > 0 {
			sums[sum]--
			same++
		}
	}
	return same, nil
}
