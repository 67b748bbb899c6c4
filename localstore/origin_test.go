package localstore

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"paquebot.app/internal/fault"
)

func (f *fixture) recover() (restored bool) {
	f.t.Helper()
	restored, err := f.RecoverOrigin(context.Background())
	if err != nil {
		f.t.Fatal(err)
	}
	return restored
}

// copied opens a copy of the fixture's profile, with all its files.
func (f *fixture) copied() *fixture {
	f.t.Helper()
	dir := filepath.Join(f.t.TempDir(), "copy")
	copyProfile(f.t, f.Dir(), dir)
	for f.bornTogether(filepath.Join(dir, originName)) {
	}
	s, err := Open(context.Background(), dir, WithClock(f.clock))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { s.Close() })
	c := *f
	c.Store = s
	return &c
}

// bornTogether makes a file anew while it is as old as the profile's own: copies
// are not made within the same tick of the clock but in tests.
func (f *fixture) bornTogether(path string) bool {
	f.t.Helper()
	look := func(path string) traits {
		file, err := os.Open(path)
		if err != nil {
			f.t.Fatal(err)
		}
		defer file.Close()
		now, err := traitsOf(file)
		if err != nil {
			f.t.Fatal(err)
		}
		return now
	}
	if !look(filepath.Join(f.Dir(), originName)).same(look(path)) {
		return false
	}
	data, err := os.ReadFile(path)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := os.Rename(path, path+".old"); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		f.t.Fatal(err)
	}
	return true
}

func (f *fixture) stamp() {
	f.t.Helper()
	if err := f.StampOrigin(context.Background()); err != nil {
		f.t.Fatal(err)
	}
}

// TestACopyHoldsItsLetters until it is released; the original goes on.
func TestACopyHoldsItsLetters(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "bo@example.org", "cy@example.org")
	other := f.queue(func(l *NewLetter) { l.HoldReason = "undo" }, "bo@example.org")
	if f.recover() {
		t.Error("the profile takes itself for a copy")
	}
	c := f.copied()
	f.stamp()
	if f.recover() || len(f.due()) != 1 {
		t.Error("the original does not go on")
	}
	for range 2 {
		c.recover()
		if l := c.letter(n); !l.Restored() || l.HoldReason == "" || len(c.due()) != 0 {
			t.Errorf("the copy's letter is %s (%s)", l.State, l.HoldReason)
		}
	}
	if l := c.letter(other); l.State != OutHeld || l.Restored() {
		t.Errorf("what waited for another reason: %+v", l)
	}
	fresh := c.queue(nil, "dee@example.org")
	if due := c.due(); len(due) != 1 || due[0] != fresh {
		t.Errorf("what is written afterwards waits: %v", due)
	}
	c.write(func(tx *Tx) error {
		if released, err := tx.ReleaseRestored(); err != nil || released != 1 {
			t.Errorf("%d released, %v", released, err)
		}
		return nil
	})
	c.read(func(v *View) error {
		_, restored, err := v.Restored()
		if restored {
			t.Error("restored after the word")
		}
		return err
	})
	if due := c.due(); len(due) != 2 || c.recover() {
		t.Errorf("due after the word: %v", due)
	}
	err := c.Write(t.Context(), "test", func(tx *Tx) error { _, err := tx.ReleaseRestored(); return err })
	if e := fault.Of(err); e == nil || e.Cause != fault.Data {
		t.Errorf("released twice: %v", err)
	}
}

// TestWhatWentOutSinceIsNotSentAgain: the copy sees the letter in Sent.
func TestWhatWentOutSinceIsNotSentAgain(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "bo@example.org")
	c := f.copied()
	if !c.recover() {
		t.Fatal("the copy was not seen")
	}
	c.write(func(tx *Tx) error {
		_, err := tx.EvidenceOf(c.account, []string{c.letter(n).HeaderID})
		return err
	})
	if l := c.letter(n); l.State != OutSent || l.HoldReason != "" || !l.Recipients[0].Sent {
		t.Errorf("%+v", l)
	}
	c.write(func(tx *Tx) error { _, err := tx.ReleaseRestored(); return err })
	if due := c.due(); len(due) != 0 {
		t.Errorf("due: %v", due)
	}
}

// TestAnOlderStateIsKnown when it is put into the place of the newer one.
func TestAnOlderStateIsKnown(t *testing.T) {
	f := newFixture(t, IMAP)
	n := f.queue(nil, "bo@example.org")
	older := f.copied()
	f.stamp()
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{mailName, bodiesName} {
		data, err := os.ReadFile(filepath.Join(older.Dir(), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(f.Dir(), name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(t.Context(), f.Dir(), WithClock(f.clock))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f.Store = s
	if !f.recover() || !f.letter(n).Restored() {
		t.Errorf("%+v", f.letter(n))
	}
}

func TestAMovedProfileGoesOn(t *testing.T) {
	f := newFixture(t, IMAP)
	f.queue(nil, "bo@example.org")
	f.stamp()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(f.Dir(), to); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), to, WithClock(f.clock))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f.Store = s
	if f.recover() {
		t.Error("the moved profile is taken for a copy")
	}
	if err := os.Remove(filepath.Join(to, originName)); err != nil {
		t.Fatal(err)
	}
	if !f.recover() {
		t.Error("a profile of which only the databases were kept goes on")
	}
}

// TestOrigins is what mail.db and the file beside it say of each other.
func TestOrigins(t *testing.T) {
	seen := traits{Inode: 7, Born: 1e18 + 1, Changed: 2e18 + 1}
	there := origin{"a", 5, seen}
	for name, c := range map[string]struct {
		known, there origin
		want         bool
	}{
		"the same":                 {there, there, false},
		"no file":                  {there, origin{}, true},
		"another profile's":        {there, origin{"b", 5, seen}, true},
		"of a later state":         {origin{"a", 4, seen}, there, true},
		"of an earlier state":      {origin{"a", 6, seen}, there, false}, // interrupted before the file was written
		"a copy":                   {there, origin{"a", 5, traits{8, 1e18 + 2, 2e18 + 2}}, true},
		"written over in place":    {there, origin{"a", 5, traits{7, 1e18 + 1, 2e18 + 2}}, true},
		"another number":           {there, origin{"a", 5, traits{8, 1e18 + 1, 2e18 + 1}}, false},
		"another number, no birth": {there, origin{"a", 5, traits{8, 0, 2e18}}, false},
		"not seen":                 {origin{"a", 5, traits{7, 1e18 + 1, 0}}, origin{"a", 5, traits{7, 1e18 + 1, 2e18 + 2}}, false},
		"not seen, and a copy":     {origin{"a", 5, traits{7, 1e18 + 1, 0}}, origin{"a", 5, traits{8, 1e18 + 2, 2e18 + 2}}, true},
		"the first, interrupted":   {origin{"a", 1, traits{}}, there.with("a", 1), false},
		"Windows knows no change":  {origin{"a", 5, traits{7, 1e18 + 1, 0}}, origin{"a", 5, traits{7, 1e18 + 1, 0}}, false},
	} {
		if got := c.known.differs(c.there); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func (o origin) with(id string, count int64) origin {
	o.id, o.count = id, count
	return o
}

// TestTheOriginFileMayHoldAnything: it lies in the open.
func TestTheOriginFileMayHoldAnything(t *testing.T) {
	f := newFixture(t, IMAP)
	f.queue(nil, "bo@example.org")
	for _, text := range []string{"", "x", "x y", "\x00\x00\x00", string(make([]byte, 1<<20)), "a 99999999999999999999999999"} {
		if err := os.WriteFile(filepath.Join(f.Dir(), originName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if !f.recover() {
			t.Errorf("%.20q is taken for our own", text)
		}
	}
}
