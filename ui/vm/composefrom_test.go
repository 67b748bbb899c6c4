package vm

import (
	"strings"
	"testing"

	"paquebot.app/internal/content"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// TestFromBringsItsSignature: each identity has its own, and one that was left
// out stays out.
func TestFromBringsItsSignature(t *testing.T) {
	w := newWriter(t)
	_, err := outgoing.SaveSender(t.Context(), w.env.Store, localstore.Sender{Account: w.account, Name: "Captain", Address: "captain@example.org", Signature: "Mara, master of the packet boat"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = outgoing.SaveSender(t.Context(), w.env.Store, localstore.Sender{Account: w.account, Name: "Agent", Address: "agent@example.org", Signature: "Mara, agent"})
	if err != nil {
		t.Fatal(err)
	}
	c := w.open(func() { w.desk.Compose(0, nil) })
	names, at := c.From()
	if strings.Join(names, " ") != "Mara Lind <mara@example.org> Captain <captain@example.org> Agent <agent@example.org>" || at != 0 || c.Signature() != "" {
		t.Fatalf("%q, %d, %q", names, at, c.Signature())
	}
	c.SetFrom(1)
	if _, at := c.From(); at != 1 || c.Signature() != "Mara, master of the packet boat" {
		t.Errorf("%d, %q", at, c.Signature())
	}
	if !c.Writing().Empty() {
		t.Error("a signature makes a letter")
	}
	c.DropSignature()
	if c.SetFrom(2); c.Signature() != "" {
		t.Errorf("it came back: %q", c.Signature())
	}
	c.SetFrom(1)
	w.undo()
	c.SetFrom(2)
	c.SetFrom(1)
	c.SetTo("ana@example.org")
	c.SetBody(richtext.FromHTML("<div>All is <b>well</b>.</div>"))
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	l := w.letters()[0]
	if l.EnvelopeFrom != "captain@example.org" {
		t.Errorf("from %s", l.EnvelopeFrom)
	}
	m, err := content.Open(t.Context(), w.env.Store, l.Message)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if text := m.Letter.Text(); text != "All is well.\n\n-- \nMara, master of the packet boat" {
		t.Errorf("text %q", text)
	}
	if html := m.Letter.HTML(); !strings.Contains(html, "Mara, master") || strings.Count(html, "--") != 1 {
		t.Errorf("HTML %q", html)
	}
	c = w.open(w.undo)
	if got := c.Writing(); got.HTML != "<div>All is <b>well</b>.</div>\n" || c.Signature() != "Mara, master of the packet boat" {
		t.Errorf("reopened %+v", got)
	}
}

// TestWeightIsToldBeforeItIsSent: by what the server has said, else by what many
// servers do.
func TestWeightIsToldBeforeItIsSent(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.Attach(w.file("film.bin", strings.Repeat("x", 2_000_000)))
	w.queue.Until(func() bool { return c.Copying() == "" })
	if c.Weight() != "" {
		t.Errorf("%q", c.Weight())
	}
	w.write(func(tx *localstore.Tx) error {
		a, err := tx.Account(w.account)
		if err == nil {
			err = tx.SetSubmission(a, localstore.Submission{SizeLimit: 1_000_000})
		}
		return err
	})
	w.desk.Follow(Changes{Overflow: true})
	w.queue.Until(func() bool { return c.Weight() != "" })
	if got := c.Weight(); got != "With these files the letter has about 2.8 MB, and mail.example.org takes 1.0 MB at most." {
		t.Errorf("%q", got)
	}
	c.RemoveFile(0)
	if c.Weight() != "" {
		t.Errorf("%q", c.Weight())
	}
}
