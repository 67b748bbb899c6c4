package localstore

import "testing"

func TestCorrespondents(t *testing.T) {
	f := newFixture(t, IMAP)
	sent := f.role(RoleSent)
	f.mail(f.inbox, "first", "Bob <bob@example.org>")
	f.mail(f.inbox, "second", "Eve <eve@example.org>")
	f.mail(f.inbox, "third", "Tom <tom@example.org>")
	f.mail(f.trash, "junk", "Mallory <mallory@example.org>")
	f.mail(sent, "mine", "Ann <ann@example.org>")
	var got []Correspondents
	f.read(func(v *View) (err error) {
		got, err = v.Correspondents(2)
		return err
	})
	ours, theirs := 0, []string{}
	for _, c := range got {
		if c.Ours {
			ours++
		} else {
			theirs = append(theirs, c.Sender)
		}
	}
	if ours != 1 || len(theirs) != 2 || theirs[0] != "Tom <tom@example.org>" || theirs[1] != "Eve <eve@example.org>" {
		t.Errorf("%d of ours, %v", ours, theirs)
	}
}
