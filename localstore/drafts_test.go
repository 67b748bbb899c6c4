package localstore

import (
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

func TestDraftVersions(t *testing.T) {
	f := newFixture(t, IMAP)
	var id DraftID
	f.write(func(tx *Tx) (err error) {
		id, err = tx.NewDraft(f.account, 7)
		return err
	})
	file := DraftFile{Blob: f.blob("a file"), Name: "a.txt", Type: "text/plain", Size: 6}
	save := func(at time.Time, text string, files ...DraftFile) {
		f.write(func(tx *Tx) error {
			return tx.SaveDraft(id, at, text, files, NewContent{Subject: text, Recipients: "bob@example.org"})
		})
	}
	save(day, "one")
	save(day.Add(2*time.Second), "two", file)
	save(day.Add(-time.Hour), "three", file) // the clock was set back
	save(day.Add(-time.Hour), "four", file)
	var d DraftText
	f.read(func(v *View) error {
		var err error
		if d, err = v.Draft(id); err != nil {
			return err
		}
		times, err := v.DraftVersions(id)
		if err != nil {
			return err
		}
		if len(times) != 4 {
			t.Errorf("versions of %v", times)
		}
		for i, want := range []string{"four", "three", "two", "one"} {
			old, err := v.DraftAt(id, times[i])
			if err != nil || old.Text != want {
				t.Errorf("version %d is %q (%v), want %q", i, old.Text, err, want)
			}
		}
		_, err = v.DraftAt(id, day.Add(time.Hour))
		wantCause(t, err, fault.Missing)
		all, err := v.Drafts()
		if len(all) != 1 || all[0].Text != "four" || len(all[0].Files) != 1 {
			t.Errorf("Drafts = %+v", all)
		}
		return err
	})
	if d.Text != "four" || d.Answers != 7 || d.Account != f.account || len(d.Files) != 1 || d.Files[0] != file {
		t.Fatalf("the draft is %+v", d)
	}
	m := f.message(d.Message)
	if m.Folder != f.role(RoleDrafts) || m.Subject != "four" || m.Flags != Draft|Seen || m.Pending {
		t.Errorf("its message is %+v", m)
	}
	f.read(func(v *View) error {
		of, ok, err := v.DraftOf(d.Message)
		if of != id || !ok {
			t.Errorf("DraftOf = %d, %v", of, ok)
		}
		return err
	})
	// Deleted by mistake and written on.
	f.write(func(tx *Tx) error { return tx.Delete([]MessageID{d.Message}) })
	save(day.Add(time.Minute), "five")
	if m := f.message(d.Message); m.Folder != f.role(RoleDrafts) || m.Subject != "five" {
		t.Errorf("written again, its message is %+v", m)
	}
	f.write(func(tx *Tx) error { return tx.DeleteDraft(id) })
	if !f.gone(d.Message) {
		t.Error("the message of a deleted draft is there")
	}
	f.read(func(v *View) error {
		_, err := v.Draft(id)
		wantCause(t, err, fault.Missing)
		return nil
	})
}

func TestDeletingADraftsMessageDeletesTheDraft(t *testing.T) {
	f := newFixture(t, Local)
	var d DraftText
	f.write(func(tx *Tx) error {
		id, err := tx.NewDraft(f.account, 0)
		if err != nil {
			return err
		}
		if err := tx.SaveDraft(id, day, "text", nil, NewContent{}); err != nil {
			return err
		}
		d, err = tx.Draft(id)
		return err
	})
	f.write(func(tx *Tx) error { return tx.DeleteNow([]MessageID{d.Message}) })
	f.read(func(v *View) error {
		all, err := v.Drafts()
		if len(all) != 0 {
			t.Errorf("left: %+v", all)
		}
		return err
	})
}
