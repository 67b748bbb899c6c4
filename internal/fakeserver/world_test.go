package fakeserver_test

import (
	"fmt"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
)

func numbers(b *fakeserver.Mailbox) string {
	out := ""
	for _, m := range b.Messages() {
		out += fmt.Sprintf("%d:%s%v ", m.UID, m.Raw, m.Flags)
	}
	return out
}

func TestMailbox(t *testing.T) {
	w := fakeserver.NewWorld()
	hands := clock.NewFake(fakeserver.Epoch)
	w.SetClock(hands)
	u := w.AddUser("anna", "secret")
	hands.Advance(time.Hour)
	inbox := u.Mailbox("inbox")
	for _, raw := range []string{"a", "b", "c"} {
		u.Deliver([]byte(raw), time.Time{})
	}
	if m, ok := inbox.Message(2); !ok || !m.InternalDate.Equal(fakeserver.Epoch.Add(time.Hour)) {
		t.Errorf("message 2 = %+v, %v", m, ok)
	}
	changed := w.Changed()
	inbox.AddFlags(2, `\Seen`, "x", `\Seen`)
	<-changed
	_, before := inbox.Version()
	inbox.AddFlags(2, "x")
	if _, after := inbox.Version(); after != before {
		t.Error("a change that changes nothing counts")
	}
	inbox.RemoveFlags(2, "x")
	inbox.Expunge(1, 99)
	u.Deliver([]byte("d"), time.Time{})
	if got := numbers(inbox); got != `2:b[\Seen] 3:c[] 4:d[] ` {
		t.Errorf("inbox = %s", got)
	}
	if gone := inbox.Gone(before); len(gone) != 1 || gone[0].UID != 1 {
		t.Errorf("gone = %v", gone)
	}
	archive := u.Create("Archive/2026")
	inbox.CopyTo(archive, 4, 2)
	if got := numbers(archive); got != `1:b[\Seen] 2:d[] ` {
		t.Errorf("archive = %s", got)
	}
	old := inbox.Status()
	inbox.Revalidate(0, 10)
	if now := inbox.Status(); now.UIDValidity <= old.UIDValidity || now.UIDNext != 13 || now.Unseen != 2 {
		t.Errorf("status = %+v", now)
	}
	if !u.Rename("INBOX", "Old") || numbers(inbox) != "" || u.Mailbox("Old").Status().Messages != 3 {
		t.Error("INBOX was not emptied by its renaming")
	}
	if u.Rename("Old", "Archive/2026") || u.Delete("INBOX") || u.Create("inbox") != nil {
		t.Error("what must not be possible is")
	}
}

func TestRecipients(t *testing.T) {
	w := fakeserver.NewWorld()
	anna, other := w.AddUser("anna@demo.example", "1"), w.AddUser("bo", "2")
	for address, want := range map[string]*fakeserver.User{
		"anna@demo.example": anna, "ANNA@elsewhere.example": anna, "bo@demo.example": other, "cy@demo.example": nil,
	} {
		if got := w.Recipient(address); got != want {
			t.Errorf("%s is %v", address, got)
		}
	}
	if w.SignIn("bo", "1") != nil || w.SignIn("bo", "2") != other {
		t.Error("sign-in")
	}
	other.SetPassword("3")
	if w.SignIn("bo", "2") != nil {
		t.Error("the old password is still good")
	}
}

func TestWatchSeesALineBeforeItsEffect(t *testing.T) {
	s, _ := echo(t)
	s.Watch(func(l fakeserver.Line) {
		if l.Client && l.Text == "b" {
			s.Offline()
		}
	})
	if got, err := talk(t, s, "a\r\nb\r\n", len(whole)); err == nil || got == whole {
		t.Errorf("heard %q, %v", got, err)
	}
}
