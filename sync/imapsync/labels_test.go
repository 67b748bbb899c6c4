package imapsync

import (
	"context"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// label puts a mail into mailboxes, as a server shows one with labels.
func (h *harness) label(raw []byte, at time.Time, boxes ...string) {
	h.Helper()
	for _, box := range boxes {
		h.user.Mailbox(box).Append(raw, at)
	}
}

// TestAMailWithLabelsIsKeptOnce: its folders share one content, its body comes
// once, and what happens to one of them does not happen to the others.
func TestAMailWithLabelsIsKeptOnce(t *testing.T) {
	onAll(t, func(h *harness) {
		h.policy(localstore.FetchText)
		raw := trip(1, 60_000, 10)
		h.label(raw, fakeserver.Epoch, "INBOX", "Archive")
		h.label(trip(2, 100, 10), fakeserver.Epoch, "INBOX", "INBOX") // twice in one folder
		before := h.server.Stats().Out
		h.pass()
		if came := h.server.Stats().Out - before; came > int64(len(raw))*3/2 {
			h.Errorf("%d bytes came for %d", came, len(raw))
		}
		inbox, archive := h.messages("INBOX"), h.messages("Archive")
		if len(inbox) != 3 || len(archive) != 1 {
			h.Fatalf("%d and %d messages", len(inbox), len(archive))
		}
		shared := 0
		contents := map[localstore.ContentID]bool{}
		for _, m := range inbox {
			contents[m.Content] = true
			if m.Content == archive[0].Content {
				shared++
			}
			if m.Body != localstore.BodyWhole {
				h.Errorf("%+v", m)
			}
		}
		if shared != 1 || len(contents) != 3 || archive[0].Body != localstore.BodyWhole {
			h.Errorf("shared %d; %d contents in INBOX; Archive: %+v", shared, len(contents), archive[0])
		}
		// Another client takes the label of the inbox away.
		h.user.Mailbox("INBOX").Expunge(1)
		h.pass()
		if got := h.messages("Archive"); len(got) != 1 || got[0].Body != localstore.BodyWhole || got[0].ID != archive[0].ID {
			h.Errorf("Archive: %+v", got)
		}
	})
}

// TestEqualHeadersAreNotAlwaysOneMail: another size or time is another mail, and
// what turns out to be another one is taken apart.
func TestEqualHeadersAreNotAlwaysOneMail(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.label(trip(1, 100, 10), fakeserver.Epoch, "INBOX")
	h.label(trip(1, 200, 10), fakeserver.Epoch, "Archive")
	h.label(trip(1, 100, 10), fakeserver.Epoch.Add(-time.Second), "Sent")
	first := []byte("X-Way: one\r\n" + string(trip(2, 100, 10)))
	second := []byte("X-Way: two\r\n" + string(trip(2, 100, 10)))
	h.label(first, fakeserver.Epoch, "INBOX")
	h.label(second, fakeserver.Epoch, "Archive")
	h.pass()
	inbox, archive, sent := h.messages("INBOX"), h.messages("Archive"), h.messages("Sent")
	at := func(in []localstore.Message, subject string) localstore.Message {
		for _, m := range in {
			if m.Subject == subject {
				return m
			}
		}
		t.Fatalf("no %q in %+v", subject, in)
		return localstore.Message{}
	}
	one := at(inbox, "letter 1").Content
	if one == at(archive, "letter 1").Content || one == sent[0].Content {
		t.Error("mails of other sizes or times share a content")
	}
	two := at(inbox, "letter 2")
	if two.Content != at(archive, "letter 2").Content {
		t.Fatal("what looks like one mail in two folders is two contents")
	}
	c := h.content(second)
	h.write(func(tx *localstore.Tx) error { return tx.SetHeaderHash(two.Content, [32]byte{1}) })
	h.write(func(tx *localstore.Tx) error { return tx.SetWholeOf(at(archive, "letter 2").ID, two.Content, c) })
	h.write(func(tx *localstore.Tx) error { return tx.Want(two.Content, localstore.WishWhole) })
	if got := at(h.messages("Archive"), "letter 2"); got.Content == two.Content || got.Body != localstore.BodyWhole {
		t.Errorf("%+v", got)
	}
	l := h.link()
	if err := l.Bodies(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := at(h.messages("INBOX"), "letter 2"); got.Content != two.Content || got.Body != localstore.BodyWhole {
		t.Errorf("%+v", got)
	}
}

// TestAWishIsServedByAnyLabel: one folder has the mail no more, and nobody has
// told us yet.
func TestAWishIsServedByAnyLabel(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.label(trip(1, 100, 10), fakeserver.Epoch, "INBOX", "Archive")
	h.pass()
	h.user.Mailbox("INBOX").Expunge(1)
	h.write(func(tx *localstore.Tx) error { return tx.Want(h.messages("INBOX")[0].Content, localstore.WishWhole) })
	h.bodies()
	if m := h.messages("Archive")[0]; m.Body != localstore.BodyWhole {
		t.Errorf("%+v", m)
	}
}
