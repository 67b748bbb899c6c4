package vm

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

const letterWithFile = "From: =?utf-8?q?Am=C3=A9lie_Fournier?= <amelie@fournier.example>\r\n" +
	"To: robin@example.org\r\nSubject: Itinerary\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain\r\n\r\nHi both,\r\n\r\nthe train leaves at 9.39.\r\n" +
	"--b\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n"

// reading is a reader under test.
type reading struct {
	*Reader
	f       *fixture
	changes int
}

func newReading(f *fixture) *reading {
	r := &reading{Reader: NewReader(f.env), f: f}
	r.Changed = func(bool) { r.changes++ }
	return r
}

func (r *reading) until(done func() bool) {
	r.f.t.Helper()
	r.f.queue.Until(done)
}

func (r *reading) open(ids ...localstore.MessageID) {
	r.f.t.Helper()
	was := r.changes
	r.Open(ids)
	r.until(func() bool { return r.changes > was })
}

func TestReaderShowsALetterAndMarksItRead(t *testing.T) {
	f := newFixture(t)
	id := f.letter(letterWithFile, func(c *localstore.NewContent, m *localstore.NewMessage) {
		c.Sent = noon.Add(-78 * 60e9)
		m.Arrived = noon
	})
	r := newReading(f)
	r.open(id)
	l := r.Letter()
	if l == nil || l.State != Readable {
		t.Fatalf("letter %+v", l)
	}
	if l.Name != "Amélie Fournier" || l.Address != "amelie@fournier.example" || l.ReplyTo != "Amélie" || l.To != "to me, Tom Bannister" || l.Date != "Today, 10:42" || l.Doubt != "" {
		t.Errorf("head: %q <%s>, reply %q, %q, %q, doubt %q", l.Name, l.Address, l.ReplyTo, l.To, l.Date, l.Doubt)
	}
	if text := l.Document.String(); !strings.Contains(text, "the train leaves at 9.39.") {
		t.Errorf("text %q", text)
	}
	if len(l.Attachments) != 1 || l.Attachments[0].Note(true) != "PDF · 6 bytes · saved offline" || l.Attachments[0].Name != "plan.pdf" {
		t.Errorf("attachments %+v", l.Attachments)
	}
	if f.message(id).Flags&localstore.Seen != 0 {
		t.Fatal("it counts as read before it was shown")
	}
	f.changes()
	f.advance(seenAfter)
	f.settle()
	if f.message(id).Flags&localstore.Seen == 0 {
		t.Fatal("it is not marked read")
	}
	r.Follow(f.changes())
	r.until(func() bool { return r.Letter().Message.Flags&localstore.Seen != 0 })
}

func TestWhatIsMarkedUnreadStaysUnread(t *testing.T) {
	f := newFixture(t)
	id := f.letter(letterWithFile)
	r := newReading(f)
	r.open(id)
	r.KeepUnread([]localstore.MessageID{id})
	f.advance(seenAfter)
	f.settle()
	if f.message(id).Flags&localstore.Seen != 0 {
		t.Error("it was marked read")
	}
}

func TestALateLetterIsDropped(t *testing.T) {
	f := newFixture(t)
	seen := func(_ *localstore.NewContent, m *localstore.NewMessage) { m.Flags = localstore.Seen }
	a, b := f.letter(letterWithFile, seen), f.letter("From: b@b.example\r\nSubject: B\r\n\r\nSecond\r\n", seen)
	r := newReading(f)
	r.Open([]localstore.MessageID{a})
	r.Open([]localstore.MessageID{b})
	f.settle()
	if l := r.Letter(); l == nil || l.Message.ID != b || r.changes != 1 {
		t.Fatalf("shown %+v after %d changes", l, r.changes)
	}
	r.Open([]localstore.MessageID{a, b})
	if r.State() != Several || r.Chosen() != 2 || r.Letter() != nil {
		t.Errorf("state %v, %d chosen", r.State(), r.Chosen())
	}
	r.Open(nil)
	if r.State() != Nothing {
		t.Errorf("state %v", r.State())
	}
}

func TestATextOnTheServerIsAskedForOnce(t *testing.T) {
	f := newFixture(t)
	id := f.add(localstore.RoleInbox, 1)[0]
	r := newReading(f)
	r.open(id)
	if r.State() != Coming {
		t.Fatalf("state %v", r.State())
	}
	f.settle()
	wishes := func() (n int) {
		f.read(func(v *localstore.View) error {
			all, err := v.Wishes(f.account)
			n = len(all)
			return err
		})
		return n
	}
	if wishes() != 1 {
		t.Fatalf("%d wishes", wishes())
	}
	was := r.changes
	r.Follow(f.changes())
	r.until(func() bool { return r.changes > was })
	f.settle()
	if c := f.changes(); len(c.List) != 0 || c.Overflow {
		t.Errorf("following its own wish, the reader wrote again: %+v", c)
	}
	// The text arrives.
	m := f.message(id)
	w := f.env.Store.NewBlob(f.env.Ctx)
	if _, err := w.Write([]byte("Here I am")); err != nil {
		t.Fatal(err)
	}
	blobs, err := f.env.Store.CompleteBlobs(f.env.Ctx, w)
	if err != nil {
		t.Fatal(err)
	}
	f.write(func(tx *localstore.Tx) error {
		return tx.SetText(m.Content, []localstore.Part{{Section: "1", Type: "text/plain", Size: 9, Blob: blobs[0].ID}}, "Here I am", 0)
	})
	r.Follow(f.changes())
	r.until(func() bool { return r.State() == Readable })
	if text := r.Letter().Document.String(); text != "Here I am" {
		t.Errorf("text %q", text)
	}
}

func TestADoubtfulSenderIsToldCalmly(t *testing.T) {
	f := newFixture(t)
	raw := "From: \"service@bank.example\" <x@evil.example>\r\nSubject: Hello\r\n\r\nHi\r\n"
	id := f.letter(raw, func(c *localstore.NewContent, _ *localstore.NewMessage) {
		c.Sender = `"service@bank.example" <x@evil.example>`
	})
	r := newReading(f)
	r.open(id)
	l := r.Letter()
	if l.Address != "x@evil.example" || !strings.Contains(l.Doubt, "x@evil.example") {
		t.Errorf("address %q, doubt %q", l.Address, l.Doubt)
	}
}

func TestSavingNeverOverwrites(t *testing.T) {
	f := newFixture(t)
	r := newReading(f)
	r.open(f.letter(letterWithFile))
	dir := t.TempDir()
	path := filepath.Join(dir, "plan.pdf")
	for _, want := range []string{path, filepath.Join(dir, "plan (2).pdf")} {
		got, finished := "", false
		r.Save(r.Letter().Attachments[0].Section, path, func(written string, err error) {
			if err != nil {
				t.Error(err)
			}
			got, finished = written, true
		})
		r.until(func() bool { return finished })
		if got != want {
			t.Errorf("saved as %q, want %q", got, want)
		}
		if b, err := os.ReadFile(got); err != nil || string(b) != "hello" {
			t.Errorf("%q holds %q, %v", got, b, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".paquebot-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	var failed error
	finished := false
	r.Save("", filepath.Join(dir, "missing", "x.eml"), func(_ string, err error) { failed, finished = err, true })
	r.until(func() bool { return finished })
	var e *fault.Error
	if !errors.As(failed, &e) || e.Cause != fault.Disk {
		t.Errorf("a missing folder gives %v", failed)
	}
}

func TestALetterShownUnaskedStaysUnreadUntilTheUserTurnsToIt(t *testing.T) {
	f := newFixture(t)
	id := f.letter(letterWithFile)
	r := newReading(f)
	r.Glance(id)
	f.settle()
	if r.State() != Readable || f.clock.Waiters() != 0 {
		t.Fatalf("state %v, %d wait to mark it read", r.State(), f.clock.Waiters())
	}
	r.Attend()
	f.advance(seenAfter)
	f.settle()
	if f.message(id).Flags&localstore.Seen == 0 {
		t.Error("it is not marked read")
	}
}
