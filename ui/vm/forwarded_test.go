package vm

import (
	"testing"

	"paquebot.app/localstore"
)

func TestWhatWasForwardedIsMarked(t *testing.T) {
	w := newWriter(t)
	id := w.mail(localstore.RoleInbox, "ana@example.org", "mara@example.org")
	c := w.open(func() { w.desk.Forward(id) })
	c.SetTo("tom@example.org")
	forwarded := func() (yes bool) {
		w.read(func(v *localstore.View) error {
			m, err := v.Message(id)
			yes = m.Flags&localstore.Forwarded != 0
			return err
		})
		return yes
	}
	if forwarded() {
		t.Error("it is marked before it was sent")
	}
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	if !forwarded() {
		t.Error("it is not marked")
	}
	c = w.open(w.undo)
	if forwarded() {
		t.Error("it is marked though sending was undone")
	}
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	if !forwarded() {
		t.Error("it is not marked when it was sent after all")
	}
	o := NewOutbox(w.env, w.desk)
	said := ""
	o.Said = func(text string) { said = text }
	o.Cancel(w.letters()[len(w.letters())-1].N)
	w.queue.Until(func() bool { return said != "" })
	if forwarded() {
		t.Error("it is marked though the letter was cancelled")
	}
}
