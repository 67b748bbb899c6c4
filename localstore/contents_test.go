package localstore

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

func TestContentIsWhatWasStored(t *testing.T) {
	f := newFixture(t, IMAP)
	c := f.content()
	c.Sent = time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 5*3600+1800))
	c.Recipients, c.Cc, c.ReplyTo, c.References = "a@x, b@x", "c@x", "d@x", []string{"1@x", "2@x"}
	c.Preview, c.Attachments = "first words", 2
	id, _ := f.bind(f.inbox, 1, c)
	m := f.message(id)
	if m.HeaderID != c.HeaderID || m.Subject != c.Subject || m.Sender != c.Sender || m.Recipients != c.Recipients || m.Cc != c.Cc ||
		m.ReplyTo != c.ReplyTo || !slices.Equal(m.References, c.References) || m.Preview != c.Preview || m.Attachments != 2 || m.Size != 1000 {
		t.Errorf("%+v", m)
	}
	if !m.Sent.Equal(c.Sent) || m.Sent.Format(time.RFC1123Z) != c.Sent.Format(time.RFC1123Z) || !m.Arrived.Equal(day) {
		t.Errorf("sent %v, arrived %v", m.Sent, m.Arrived)
	}
	f.read(func(v *View) error {
		by, err := v.ContentsByFields(f.account, c.FieldsHash)
		if len(by) != 1 || by[0].Content != m.Content || by[0].HeaderHash != [32]byte{} || by[0].FieldsHash != c.FieldsHash {
			t.Errorf("by fields: %+v", by)
		}
		by, err2 := v.ContentsByHeaderID(f.account, c.HeaderID)
		if len(by) != 1 || by[0].Content != m.Content || err2 != nil {
			t.Errorf("by header id: %+v, %v", by, err2)
		}
		by, err2 = v.ContentsByHeaderID(f.account, "")
		if len(by) != 0 || err2 != nil {
			t.Errorf("by no header id: %+v, %v", by, err2)
		}
		return err
	})
	f.write(func(tx *Tx) error { return tx.SetHeaderHash(m.Content, [32]byte{1}) })
	f.read(func(v *View) error {
		i, err := v.Identity(m.Content)
		if i.HeaderHash != [32]byte{1} {
			t.Errorf("%+v", i)
		}
		_, missing := v.Identity(999)
		wantCause(t, missing, fault.Missing)
		return err
	})
}

// TestBodiesComeInSteps: headers, then the text, then a part, then the whole.
func TestBodiesComeInSteps(t *testing.T) {
	f := newFixture(t, IMAP)
	id, _ := f.bind(f.inbox, 1, f.content())
	content := f.message(id).Content
	wishes := func() (sections []string) {
		f.read(func(v *View) error {
			all, err := v.Wishes(f.account)
			for _, w := range all {
				sections = append(sections, w.Section)
			}
			return err
		})
		return sections
	}
	want := func(section string) {
		f.clock.Advance(time.Second)
		f.write(func(tx *Tx) error { return tx.Want(content, section) })
	}
	indexed := func(level int) {
		f.write(func(tx *Tx) error { return tx.do(onMail(`UPDATE messages SET indexed = ? WHERE id = ?`), level, id) })
	}
	unindexed := func() bool {
		n := 0
		f.read(func(v *View) error {
			all, err := v.Unindexed(10)
			n = len(all)
			return err
		})
		return n == 1
	}
	want(WishText)
	want(WishWhole)
	want("1.2")
	if got := wishes(); !slices.Equal(got, []string{"1.2", WishWhole, WishText}) {
		t.Errorf("wishes: %q", got)
	}
	f.write(func(tx *Tx) error { return tx.FailWish(content, WishText, "too big") })
	want(WishText)
	f.read(func(v *View) error {
		all, err := v.Wishes(f.account)
		if all[0].Section != WishText || all[0].Error != "" || all[0].Content != content || all[0].Account != f.account {
			t.Errorf("asked again: %+v", all[0])
		}
		return err
	})
	indexed(1)
	text := f.blob("hello")
	f.write(func(tx *Tx) error {
		return tx.SetText(content, []Part{{Section: "1.1", Type: "text/plain", Size: 5, Blob: text},
			{Section: "1.10", Type: "image/png", Name: "b.png"}, {Section: "1.2", Type: "image/png", Name: "a.png"}}, "hello", 2)
	})
	m := f.message(id)
	if m.Body != BodyText || m.Preview != "hello" || m.Attachments != 2 || m.Where != WhereServer || m.Blob != 0 {
		t.Errorf("with its text: %+v", m)
	}
	if !unindexed() {
		t.Error("the index does not learn of the text")
	}
	want(WishText) // it is here
	if got := wishes(); !slices.Equal(got, []string{"1.2", WishWhole}) {
		t.Errorf("wishes after the text: %q", got)
	}
	part := f.blob("png")
	f.write(func(tx *Tx) error { return tx.SetPart(content, "1.2", part) })
	f.read(func(v *View) error {
		parts, err := v.Parts(content)
		if len(parts) != 3 || parts[0].Blob != text || parts[1].Section != "1.2" || parts[1].Blob != part || parts[2].Blob != 0 {
			t.Errorf("parts: %+v", parts)
		}
		return err
	})
	if got := wishes(); !slices.Equal(got, []string{WishWhole}) {
		t.Errorf("wishes after the part: %q", got)
	}
	whole := f.blob("all of it")
	f.write(func(tx *Tx) error {
		return tx.SetWhole(content, NewContent{Blob: whole, Size: 9, HeaderHash: sha256.Sum256(nil), Preview: "all", Attachments: 1,
			Parts: []Part{{Section: "1", Type: "text/plain"}}})
	})
	m = f.message(id)
	if m.Body != BodyWhole || m.Blob != whole || m.Where != WhereBoth || m.Size != 9 || m.Preview != "all" || m.Subject == "" {
		t.Errorf("whole: %+v", m)
	}
	want("1.2")
	want(WishWhole)
	if got := wishes(); len(got) != 0 {
		t.Errorf("wishes for what is here: %q", got)
	}
}

func TestSections(t *testing.T) {
	var parts []Part
	for _, s := range []string{"2", "1.10", "10", "1", "1.2", "1.1.1", "1.1"} {
		parts = append(parts, Part{Section: s})
	}
	sortSections(parts)
	var got []string
	for _, p := range parts {
		got = append(got, p.Section)
	}
	if want := []string{"1", "1.1", "1.1.1", "1.2", "1.10", "2", "10"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
