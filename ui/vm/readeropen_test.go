package vm

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"paquebot.app/localstore"
)

func TestWhatCanActByItselfIsNotOpened(t *testing.T) {
	for name, want := range map[string]bool{
		"plan.pdf": true, "PLAN.PDF": true, "photo.jpeg": true, "table.xlsx": true, "letter.odt": true, "files.zip": true,
		"run.exe": false, "run.sh": false, "app.desktop": false, "app.AppImage": false, "page.html": false, "drawing.svg": false,
		"macro.docm": false, "invoice.pdf.js": false, "jar.jar": false, "noextension": false, "": false,
	} {
		if got := (Attachment{Name: name, Type: "application/pdf"}).Opens(); got != want {
			t.Errorf("%q opens: %v", name, got)
		}
	}
}

func TestACopyForAnotherProgramIsPrivateAndGoneInTheEnd(t *testing.T) {
	f := newFixture(t)
	r := newReading(f)
	r.open(f.letter(letterWithFile))
	var path string
	r.TempCopy(r.Letter().Attachments[0], func(p string, err error) {
		if err != nil {
			t.Error(err)
		}
		path = p
	})
	r.until(func() bool { return path != "" })
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(path) != "plan.pdf" || info.Mode().Perm() != 0o400 {
		t.Errorf("%s with mode %o", path, info.Mode().Perm())
	}
	if dir, err := os.Stat(filepath.Dir(path)); err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("its folder: %v, %v", dir.Mode(), err)
	}
	f.env.RemoveCopies()
	if _, err := os.Stat(filepath.Dir(filepath.Dir(path))); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestCopiesOfAKilledWindowAreSwept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	f, other := newFixture(t), newFixture(t)
	for _, e := range []*Env{f.env, other.env} {
		dir, err := e.copies.place(copiesOf(e.Store.Dir()))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "plan.pdf"), []byte("x"), 0o400)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	killed, theirs := f.env.copies.dir, other.env.copies.dir
	f.env.copies.dir = "" // as a process that begins knows
	f.env.SweepCopies()
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Errorf("another profile's copies: %v", err)
	}
	own, err := f.env.copies.place(copiesOf(f.env.Store.Dir()))
	if err != nil {
		t.Fatal(err)
	}
	f.env.SweepCopies()
	if _, err := os.Stat(own); err != nil {
		t.Errorf("our own copies: %v", err)
	}
}

// TestAnAttachmentThatWasOpenedOpensOnceItIsHere opens one that is on the
// server; when it has come it is told once, and not to another letter.
func TestAnAttachmentThatWasOpenedOpensOnceItIsHere(t *testing.T) {
	f := newFixture(t)
	r := newReading(f)
	var came []string
	r.Came = func(a Attachment) { came = append(came, a.Name) }
	for _, leaves := range []bool{false, true} {
		came = nil
		id := f.add(localstore.RoleInbox, 1, func(_ *localstore.NewContent, m *localstore.NewMessage) { m.Flags = localstore.Seen })[0]
		m := f.message(id)
		parts := []localstore.Part{{Section: "TEXT", Type: "multipart/mixed"}, {Section: "1", Type: "text/plain", Size: 4, Blob: f.blob("Hi\r\n")},
			{Section: "2", Type: "application/pdf", Name: "plan.pdf", Size: 4}}
		f.write(func(tx *localstore.Tx) error { return tx.SetText(m.Content, parts, "Hi", 1) })
		r.open(id)
		f.settle()
		if a := r.Letter().Attachments; len(a) != 1 || a[0].Here {
			t.Fatalf("%+v", a)
		}
		r.OpenWhenHere(r.Letter().Attachments[0])
		f.settle()
		if leaves {
			r.Open(nil)
			r.open(id)
			f.settle()
		}
		f.changes()
		blob := f.blob("%PDF")
		f.write(func(tx *localstore.Tx) error { return tx.SetPart(m.Content, "2", blob) })
		for range 2 {
			r.Follow(Changes{Overflow: true})
			f.settle()
		}
		if want := map[bool]int{false: 1, true: 0}[leaves]; len(came) != want {
			t.Errorf("left meanwhile %v: %v came", leaves, came)
		}
	}
}

// blob stores bytes.
func (f *fixture) blob(s string) localstore.BlobID {
	f.t.Helper()
	ctx := context.Background()
	w := f.env.Store.NewBlob(ctx)
	if _, err := w.Write([]byte(s)); err != nil {
		f.t.Fatal(err)
	}
	blobs, err := f.env.Store.CompleteBlobs(ctx, w)
	if err != nil {
		f.t.Fatal(err)
	}
	return blobs[0].ID
}
