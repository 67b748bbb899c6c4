package localstore

import (
	"math"
	"testing"
)

func TestCorrespondents(t *testing.T) {
	f := newFixture(t, IMAP)
	sent := f.role(RoleSent)
	f.mail(f.inbox, "first", "Bob <bob@example.org>")
	f.mail(f.inbox, "second", "Eve <eve@example.org>")
	f.mail(f.trash, "junk", "Mallory <mallory@example.org>")
	f.mail(f.inbox, "third", "Tom <tom@example.org>")
	f.mail(sent, "mine", "Ann <ann@example.org>")
	var senders []string
	ours := 0
	var bob ContentID
	for before, calls := ContentID(math.MaxInt64), 0; ; calls++ {
		var got []Correspondents
		f.read(func(v *View) (err error) {
			got, err = v.Correspondents(0, before, 2)
			return err
		})
		if len(got) == 0 {
			if calls != 2 {
				t.Errorf("%d pages", calls)
			}
			break
		}
		for _, c := range got {
			before, bob = c.Content, c.Content
			senders = append(senders, c.Sender)
			if c.Ours {
				ours++
			}
		}
	}
	if ours != 1 || len(senders) != 4 || senders[3] != "Bob <bob@example.org>" || senders[0] != "Ann <ann@example.org>" {
		t.Errorf("%d of ours, %v", ours, senders)
	}
	f.read(func(v *View) error {
		got, err := v.Correspondents(bob, math.MaxInt64, 10)
		if len(got) != 3 {
			t.Errorf("%d mails after the first", len(got))
		}
		return err
	})
}
