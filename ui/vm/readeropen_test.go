package vm

import (
	"os"
	"path/filepath"
	"testing"
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
