package outgoing

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/content"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// desk is a store with one account that can send.
type desk struct {
	*testing.T
	ctx     context.Context
	store   *localstore.Store
	clock   *clock.Fake
	account localstore.AccountID
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, ctx: context.Background(), clock: clock.NewFake(noon)}
	var err error
	if d.store, err = localstore.Open(d.ctx, testprofile.Dir(t), localstore.WithClock(d.clock)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.store.Close() })
	d.write(func(tx *localstore.Tx) (err error) {
		d.account, err = tx.AddAccount(localstore.Account{Name: "work", Address: "mara@example.org", FullName: "Mara Lind", Mode: localstore.IMAP,
			IMAP: localstore.Server{Host: "imap.example.org", Port: 993, Security: localstore.TLS, User: "mara"},
			SMTP: localstore.Server{Host: "smtp.example.org", Port: 465, Security: localstore.TLS, User: "mara"}})
		return err
	})
	return d
}

func (d *desk) write(f func(tx *localstore.Tx) error) {
	d.Helper()
	if err := d.store.Write(d.ctx, "test", f); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) read(f func(v *localstore.View) error) {
	d.Helper()
	if err := d.store.Read(d.ctx, f); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) work() (a localstore.Account) {
	d.read(func(v *localstore.View) (err error) { a, err = v.Account(d.account); return err })
	return a
}

// deliver puts a mail into the inbox.
func (d *desk) deliver(raw string) (id localstore.MessageID) {
	d.Helper()
	w := d.store.NewBlob(d.ctx)
	io.WriteString(w, strings.ReplaceAll(raw, "\n", "\r\n"))
	blobs, err := d.store.CompleteBlobs(d.ctx, w)
	if err != nil {
		d.Fatal(err)
	}
	r, err := d.store.OpenBlob(d.ctx, blobs[0].ID)
	if err != nil {
		d.Fatal(err)
	}
	defer r.Close()
	row, err := intake.FromBlob(d.account, r, r.Size())
	if err != nil {
		d.Fatal(err)
	}
	row.Blob = blobs[0].ID
	d.write(func(tx *localstore.Tx) error {
		inbox, err := tx.FolderByRole(d.account, localstore.RoleInbox)
		if err != nil {
			return err
		}
		c, err := tx.AddContent(row)
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(localstore.NewMessage{Folder: inbox.ID, Content: c, Arrived: noon})
		return err
	})
	return id
}

func (d *desk) queue(w Writing, saved localstore.DraftID) localstore.OutboxID {
	d.Helper()
	n, err := Queue(d.ctx, d.store, Letter{Account: d.work(), Draft: d.draft(w), Answers: w.Answers, Saved: saved})
	if err != nil {
		d.Fatal(err)
	}
	return n
}

func (d *desk) attach(name, text string) localstore.DraftFile {
	d.Helper()
	f, err := Attach(d.ctx, d.store, name, "", strings.NewReader(text))
	if err != nil {
		d.Fatal(err)
	}
	return f
}

func (d *desk) blob(id localstore.BlobID) string {
	d.Helper()
	r, err := d.store.OpenBlob(d.ctx, id)
	if err != nil {
		d.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r.Reader())
	if err != nil {
		d.Fatal(err)
	}
	return string(b)
}

const words = "  Hello Ana,\n\nthe figures are attached; grüße aus Zürich.\n> not a quote of yours\n\nFrom here on: all well.\n-- \nMara"

func TestDraftKeepsTheWords(t *testing.T) {
	d := newDesk(t)
	w := Writing{Account: d.account, To: "ana@example.org, unfinish", Subject: "Figures", Text: words, Quote: "On Monday, Ana wrote:\n> Well?", Files: []localstore.DraftFile{d.attach("a.txt", "one")}}
	id, err := SaveDraft(d.ctx, d.store, 0, w, noon)
	if err != nil {
		t.Fatal(err)
	}
	w.Text += " More."
	if _, err := SaveDraft(d.ctx, d.store, id, w, noon.Add(2*time.Second)); err != nil {
		t.Fatal(err)
	}
	got, err := OpenDraft(d.ctx, d.store, id)
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != w.Text || got.To != w.To || got.Quote != w.Quote || got.Account != d.account || len(got.Files) != 1 || d.blob(got.Files[0].Blob) != "one" {
		t.Errorf("opened %+v", got)
	}
	d.read(func(v *localstore.View) error {
		f, err := v.FolderByRole(d.account, localstore.RoleDrafts)
		if err == nil && f.Total != 1 {
			t.Errorf("%d messages in Drafts, want one", f.Total)
		}
		return err
	})
}

func TestDraftOutlivesItsAccount(t *testing.T) {
	for _, keep := range []bool{true, false} {
		d := newDesk(t)
		w := Writing{Account: d.account, Subject: "Figures", Text: words}
		id, err := SaveDraft(d.ctx, d.store, 0, w, noon)
		if err != nil {
			t.Fatal(err)
		}
		d.write(func(tx *localstore.Tx) error { return tx.RemoveAccount(d.account, keep) })
		if id, err = SaveDraft(d.ctx, d.store, id, w, noon.Add(time.Minute)); err != nil {
			t.Fatalf("keep %v: %v", keep, err)
		}
		if got, err := OpenDraft(d.ctx, d.store, id); err != nil || got.Text != words {
			t.Errorf("keep %v: opened %+v, %v", keep, got, err)
		}
	}
}

func TestReopenGivesTheSameWords(t *testing.T) {
	d := newDesk(t)
	w := Writing{Account: d.account, To: `"Ana Lima" <ana@example.org>`, Cc: "tom@example.net", Bcc: "boss@example.com", Subject: "Größe",
		Text: words, Quote: "On Monday, Ana wrote:\n> Well?\n>\n>> Yes.", InReplyTo: "x@example.org", References: []string{"w@example.org", "x@example.org"},
		Files: []localstore.DraftFile{d.attach("a.txt", "one"), d.attach("b.bin", "\x00\xff\r\n")}}
	saved, err := SaveDraft(d.ctx, d.store, 0, w, noon)
	if err != nil {
		t.Fatal(err)
	}
	n := d.queue(w, saved)
	if _, err := OpenDraft(d.ctx, d.store, saved); !missing(err) {
		t.Errorf("the draft of a queued letter: %v", err)
	}
	id, got, has, err := Reopen(d.ctx, d.store, n, noon)
	if err != nil || len(has) != 0 {
		t.Fatal(has, err)
	}
	if again, err := OpenDraft(d.ctx, d.store, id); err != nil || again.Text != got.Text {
		t.Errorf("saved %+v, %v", again, err)
	}
	for _, c := range [][3]string{{"to", got.To, `Ana Lima <ana@example.org>`}, {"cc", got.Cc, w.Cc}, {"bcc", got.Bcc, w.Bcc}, {"subject", got.Subject, w.Subject},
		{"text", got.Text, w.Text}, {"quote", got.Quote, w.Quote}, {"in reply to", got.InReplyTo, w.InReplyTo}} {
		if c[1] != c[2] {
			t.Errorf("%s: %q, want %q", c[0], c[1], c[2])
		}
	}
	if len(got.Files) != 2 || d.blob(got.Files[0].Blob) != "one" || d.blob(got.Files[1].Blob) != "\x00\xff\r\n" || got.Files[1].Name != "b.bin" {
		t.Errorf("files %+v", got.Files)
	}
	d.read(func(v *localstore.View) error {
		l, err := v.Letter(n)
		if l.State != localstore.OutCancelled {
			t.Errorf("the letter is %s", l.State)
		}
		return err
	})
	if m := d.queue(got, id); m == n {
		t.Error("the new letter has the number of the old one")
	}
}

func TestReopenRefusedOnItsWay(t *testing.T) {
	d := newDesk(t)
	n := d.queue(Writing{Account: d.account, To: "ana@example.org", Text: words}, 0)
	d.write(func(tx *localstore.Tx) error { return tx.LetterSending(n, localstore.NewContent{}) })
	if _, _, _, err := Reopen(d.ctx, d.store, n, noon); fault.Of(err) == nil || fault.Of(err).Cause != fault.Data {
		t.Errorf("a letter on its way was taken back: %v", err)
	}
	d.read(func(v *localstore.View) error {
		all, err := v.Drafts()
		if len(all) != 0 {
			t.Errorf("%d drafts", len(all))
		}
		return err
	})
}

// TestReopenLeavesOutWhoHasIt: nobody gets a letter twice because another
// recipient was refused.
func TestReopenLeavesOutWhoHasIt(t *testing.T) {
	d := newDesk(t)
	n := d.queue(Writing{Account: d.account, To: "ana@example.org, tom@EXAMPLE.net", Text: words}, 0)
	d.write(func(tx *localstore.Tx) error {
		if err := tx.LetterSending(n, localstore.NewContent{}); err != nil {
			return err
		}
		err := tx.LetterDot(n, noon, []localstore.Recipient{{Address: "ana@example.org", State: localstore.RecipientAccepted}, {Address: "tom@example.net", State: localstore.RecipientQueued}})
		if err != nil {
			return err
		}
		return tx.LetterSent(n, noon, "250 ok")
	})
	_, w, has, err := Reopen(d.ctx, d.store, n, noon)
	if err != nil {
		t.Fatal(err)
	}
	if w.To != "tom@EXAMPLE.net" && w.To != "tom@example.net" || len(has) != 1 || has[0] != "ana@example.org" {
		t.Errorf("goes to %q, %v have it", w.To, has)
	}
}

const mail = `From: Ana Lima <ana@example.org>
To: mara@example.org, tom@example.net
Subject: Figures
Message-ID: <x@example.org>
Date: Mon, 23 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Well?
--b
Content-Type: text/plain; name=notes.txt
Content-Disposition: attachment; filename=notes.txt

the notes
--b--
`

func TestReplyAndForward(t *testing.T) {
	d := newDesk(t)
	id := d.deliver(mail)
	b, err := Reply(d.ctx, d.store, id, true)
	if err != nil {
		t.Fatal(err)
	}
	w, err := b.Writing(d.ctx, d.store)
	b.Close()
	if err != nil {
		t.Fatal(err)
	}
	if w.To != "Ana Lima <ana@example.org>" || w.Cc != "tom@example.net" || w.Text != "" || !strings.HasSuffix(w.Quote, "wrote:\n> Well?") || w.Answers == 0 || w.Account != d.account {
		t.Errorf("reply %+v", w)
	}
	if b, err = Forward(d.ctx, d.store, id); err != nil {
		t.Fatal(err)
	}
	w, err = b.Writing(d.ctx, d.store)
	b.Close()
	if err != nil {
		t.Fatal(err)
	}
	if w.To != "" || w.Text != "" || !strings.HasPrefix(w.Quote, forwardMark) || len(w.Files) != 1 || strings.TrimSpace(d.blob(w.Files[0].Blob)) != "the notes" {
		t.Errorf("forward %+v", w)
	}
}

func TestSplitQuote(t *testing.T) {
	for _, c := range [][3]string{
		{"own\n\nAna wrote:\n> a\n> b", "own", "Ana wrote:\n> a\n> b"},
		{"own\n\n> a", "own", "> a"},
		{"> a\nmy answer\n> b", "> a\nmy answer\n> b", ""},
		{"\n\nAna wrote:\n> a\n", "", "Ana wrote:\n> a"},
		{"look\n\n" + forwardMark + "\nFrom: x\n\ntext", "look", forwardMark + "\nFrom: x\n\ntext"},
		{"nothing quoted:\n\nhere", "nothing quoted:\n\nhere", ""},
		{"", "", ""},
	} {
		own, quote := splitQuote(c[0])
		if own != c[1] || quote != c[2] {
			t.Errorf("%q: %q and %q", c[0], own, quote)
		}
	}
}

func FuzzSplitQuote(f *testing.F) {
	f.Add(words + "\n\n> a\n")
	f.Add("\n\n" + forwardMark)
	f.Fuzz(func(t *testing.T, text string) {
		w := Writing{}
		w.Text, w.Quote = splitQuote(text)
		if got := strings.TrimRight(w.Body(), "\n"); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(text), " ") {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func TestAttachUnreadable(t *testing.T) {
	d := newDesk(t)
	_, err := Attach(d.ctx, d.store, "../evil\r\n.txt", "", io.MultiReader(strings.NewReader("x"), broken{}))
	if f := fault.Of(err); f.Cause != fault.Data || f.Remedy != fault.User {
		t.Errorf("%v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("input/output error") }

func TestHeadersCannotBeAdded(t *testing.T) {
	d := newDesk(t)
	n := d.queue(Writing{Account: d.account, To: "ana@example.org", Subject: "a\r\nBcc: eve@example.com\r\n\r\nx", Text: "y"}, 0)
	d.read(func(v *localstore.View) error {
		l, err := v.Letter(n)
		if len(l.Recipients) != 1 {
			t.Errorf("recipients %v", l.Recipients)
		}
		return err
	})
	var l localstore.Letter
	d.read(func(v *localstore.View) (err error) { l, err = v.Letter(n); return err })
	m, err := content.Open(d.ctx, d.store, l.Message)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if h := m.Letter.Header; len(h.Bcc) != 0 || !strings.Contains(h.Subject, "Bcc") {
		t.Errorf("header %+v", h)
	}
}

func TestTheEnvelopeHasTheWireFormOfTheSender(t *testing.T) {
	d := newDesk(t)
	a := d.work()
	a.Address = "mara@bücher.example"
	d.write(func(tx *localstore.Tx) error { return tx.SetAccount(a) })
	n, err := Queue(d.ctx, d.store, Letter{Account: a, Draft: &letter.Draft{To: []letter.Address{{Addr: "jörg@bücher.example"}}}})
	if err != nil {
		t.Fatal(err)
	}
	d.read(func(v *localstore.View) error {
		l, err := v.Letter(n)
		if l.EnvelopeFrom != "mara@xn--bcher-kva.example" || l.Recipients[0].Address != "jörg@xn--bcher-kva.example" {
			t.Errorf("from %s to %+v", l.EnvelopeFrom, l.Recipients)
		}
		return err
	})
}

func TestALongTextIsNeverCut(t *testing.T) {
	d := newDesk(t)
	line := "A line that must not be lost.\n"
	for name, c := range map[string]struct {
		lines int
		cause fault.Cause
	}{"more than is shown": {100_000, fault.Unknown}, "too long": {700_000, fault.Data}} {
		id := d.deliver("From: Lars <lars@example.net>\nTo: mara@example.org\nSubject: long\n\n" + strings.Repeat(line, c.lines) + "The very end.\n")
		for what, begin := range map[string]func() (Writing, error){
			"answer":  func() (Writing, error) { return d.begun(Reply(d.ctx, d.store, id, true)) },
			"forward": func() (Writing, error) { return d.begun(Forward(d.ctx, d.store, id)) },
			"draft":   func() (Writing, error) { return FromMessage(d.ctx, d.store, id) },
		} {
			w, err := begin()
			if f := fault.Of(err); f != nil && f.Cause != c.cause || (f == nil) != (c.cause == fault.Unknown) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
			if err == nil && !strings.Contains(w.Body(), "The very end.") {
				t.Errorf("%s, %s: the end was lost, %d bytes are left", name, what, len(w.Body()))
			}
		}
	}
}

// begun returns what a composer gets of a beginning.
func (d *desk) begun(b Beginning, err error) (Writing, error) {
	if err != nil {
		return Writing{}, err
	}
	defer b.Close()
	return b.Writing(d.ctx, d.store)
}
