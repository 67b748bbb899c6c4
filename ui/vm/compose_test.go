package vm

import (
	"os"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// TestAutosave: two seconds after a key, what was typed is on the disk.
func TestAutosave(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("ana@exam")
	c.SetBody(richtext.FromText("Hello"))
	c.SetBody(richtext.FromText("Hello Ana"))
	if len(w.drafts()) != 0 {
		t.Fatal("saved before it was time")
	}
	w.clock.Advance(2 * time.Second)
	w.queue.Until(func() bool { return c.State() != "" })
	all := w.drafts()
	if len(all) != 1 || !strings.Contains(all[0].Text, "Hello Ana") || !strings.Contains(all[0].Text, "ana@exam") {
		t.Fatalf("drafts %+v", all)
	}
	if c.State() != "Saved 10:42" {
		t.Errorf("state %q", c.State())
	}
	c.SetBody(richtext.FromText("Hello Ana, all is well."))
	w.clock.Advance(2 * time.Second)
	w.queue.Until(func() bool { return strings.Contains(w.drafts()[0].Text, "well") })
	if n := len(w.drafts()); n != 1 {
		t.Errorf("%d drafts of one letter", n)
	}
}

func TestCloseKeepsTheDraft(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetBody(richtext.FromText("Half a thou"))
	c.Close()
	w.queue.Until(func() bool { return w.closed })
	if w.said != "Saved in Drafts" || len(w.drafts()) != 1 || len(w.desk.Open()) != 0 {
		t.Fatalf("%q, %d drafts", w.said, len(w.drafts()))
	}
	c = w.open(w.undo)
	if c.Writing().Text != "Half a thou" {
		t.Errorf("opened %+v", c.Writing())
	}
	again := w.open(func() { w.desk.Draft(w.drafts()[0].Draft) })
	if again != c {
		t.Error("one draft is open twice")
	}
}

func TestCloseUntouchedLeavesNothing(t *testing.T) {
	w := newWriter(t)
	id := w.mail(localstore.RoleInbox, "Ana <ana@example.org>", "mara@example.org")
	for _, how := range []func(){func() { w.desk.Compose(0, nil) }, func() { w.desk.Reply(id, false) }} {
		c := w.open(how)
		c.Close()
		w.queue.Until(func() bool { return w.closed })
	}
	if len(w.drafts()) != 0 || w.said != "" {
		t.Errorf("%d drafts, %q", len(w.drafts()), w.said)
	}
}

func TestSaveAllBeforeTheWindowCloses(t *testing.T) {
	w := newWriter(t)
	first := w.open(func() { w.desk.Compose(0, nil) })
	second := w.open(func() { w.desk.Compose(0, nil) })
	first.SetBody(richtext.FromText("one"))
	second.SetBody(richtext.FromText("two"))
	done := false
	w.desk.SaveAll(func(err error) { done = err == nil })
	w.queue.Until(func() bool { return done })
	if len(w.drafts()) != 2 {
		t.Errorf("%d drafts", len(w.drafts()))
	}
}

func TestSendAndUndo(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("Ana Lima <ana@example.org>")
	c.SetSubject("Figures\r\nBcc: eve@example.com")
	c.SetBody(richtext.FromText("All is well.\n\nMara"))
	c.Attach(w.file("figures.txt", "1 2 3"))
	w.queue.Until(func() bool { return c.Copying() == "" && c.State() != "" })
	c.Send()
	c.SetBody(richtext.FromText("typed while it goes"))
	w.queue.Until(func() bool { return w.closed })
	if w.said != "Waits in the Outbox until you are back online" {
		t.Errorf("said %q", w.said)
	}
	all := w.letters()
	if len(all) != 1 || len(w.drafts()) != 0 {
		t.Fatalf("%d letters, %d drafts", len(all), len(w.drafts()))
	}
	l := all[0]
	if len(l.Recipients) != 1 || l.State != localstore.OutQueued || l.NotBefore.Before(morning.Add(10*time.Second)) || l.NotBefore.After(morning.Add(11*time.Second)) {
		t.Errorf("letter %+v", l)
	}
	// The autosave that was due when it went must not bring back a draft.
	w.clock.Advance(5 * time.Second)
	again := w.open(w.undo)
	if got := again.Writing(); got.Text != "All is well.\n\nMara" || got.To != "Ana Lima <ana@example.org>" || got.Subject != "Figures Bcc: eve@example.com" || len(got.Files) != 1 {
		t.Errorf("reopened %+v", got)
	}
	if all = w.letters(); all[0].State != localstore.OutCancelled || len(w.drafts()) != 1 {
		t.Errorf("%s, %d drafts", all[0].State, len(w.drafts()))
	}
	again.Send()
	w.queue.Until(func() bool { return w.closed })
	if len(w.letters()) != 2 || len(w.drafts()) != 0 {
		t.Errorf("%d letters, %d drafts", len(w.letters()), len(w.drafts()))
	}
}

func TestSendOnline(t *testing.T) {
	w := newWriter(t)
	w.desk.setStatus([]AccountStatus{{Account: w.account, Phase: Idle}}, false)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("ana@example.org")
	if c.SendLabel() != "Send" {
		t.Errorf("label %q", c.SendLabel())
	}
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	if w.said != "Goes out now" {
		t.Errorf("said %q", w.said)
	}
}

func TestSendLater(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("ana@example.org")
	choices := c.LaterChoices()
	want := []Later{
		{"In an hour", morning.Add(time.Hour)}, {"This evening, 18:00", time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)},
		{"Tomorrow morning, 08:00", time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}, {"Monday morning, 08:00", time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)},
	}
	if len(choices) != len(want) {
		t.Fatalf("choices %v", choices)
	}
	for i := range want {
		if choices[i].Label != want[i].Label || !choices[i].At.Equal(want[i].At) {
			t.Errorf("choice %v, want %v", choices[i], want[i])
		}
	}
	c.SendLater(choices[2].At)
	w.queue.Until(func() bool { return w.closed })
	if w.said != "Goes out tomorrow at 08:00" || !w.letters()[0].NotBefore.Equal(choices[2].At) {
		t.Errorf("%q, %v", w.said, w.letters()[0].NotBefore)
	}
}

func TestInvalidAddresses(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.Send()
	if c.Problem(FieldTo) != "Say who the letter goes to." {
		t.Errorf("%q", c.Problem(FieldTo))
	}
	c.SetTo("ana@example.org\r\nBcc: eve@example.com")
	if to := c.Writing().To; strings.ContainsAny(to, "\r\n") {
		t.Errorf("%q could add a field", to)
	}
	c.SetTo("nobody")
	c.CheckField(FieldTo)
	if c.Problem(FieldTo) == "" {
		t.Error("not told that it is no address")
	}
	c.SetTo("ana@example.org")
	c.SetCc("tom at example")
	if c.Problem(FieldTo) != "" {
		t.Error("the problem stays though it is mended")
	}
	c.Send()
	if p := c.Problem(FieldCc); !strings.Contains(p, "tom at example") {
		t.Errorf("%q", p)
	}
	if len(w.letters()) != 0 || c.Busy() {
		t.Error("a letter went out")
	}
}

func TestForgottenAttachment(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("ana@example.org")
	c.SetBody(richtext.FromText("Die Zahlen findest du im Anhang."))
	c.Send()
	if !c.Asking() || c.SendLabel() != "Send without" {
		t.Fatalf("not asked; %q", c.SendLabel())
	}
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	if len(w.letters()) != 1 {
		t.Error("it did not go out")
	}
}

func TestAttachCopiesAtOnce(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	path := w.file("Report.pdf", strings.Repeat("x", 184_000))
	c.Attach(path, w.TempDir())
	w.queue.Until(func() bool { return c.Copying() == "" })
	os.Remove(path)
	if f := c.Files(); len(f) != 1 || f[0] != (ComposeFile{"pdf", "Report.pdf", "PDF · 184 KB"}) {
		t.Fatalf("files %v", f)
	}
	if !strings.Contains(c.Note(), "is a folder") {
		t.Errorf("note %q", c.Note())
	}
	w.queue.Until(func() bool { return c.State() != "" })
	if d := w.drafts(); len(d) != 1 || len(d[0].Files) != 1 {
		t.Fatalf("drafts %+v", d)
	}
	c.RemoveFile(0)
	if len(c.Files()) != 0 {
		t.Error("it is still there")
	}
	w.undo()
	if len(c.Files()) != 1 {
		t.Error("the undo did not bring it back")
	}
}

func TestDiscardAndUndo(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetBody(richtext.FromText("Never mind."))
	c.Discard()
	w.queue.Until(func() bool { return w.closed })
	if w.said != "Draft discarded" || w.folder(localstore.RoleDrafts).Total != 0 || w.folder(localstore.RoleTrash).Total != 1 {
		t.Fatalf("%q", w.said)
	}
	c = w.open(w.undo)
	w.queue.Until(func() bool { return c.State() != "" })
	if c.Writing().Text != "Never mind." || w.folder(localstore.RoleDrafts).Total != 1 || w.folder(localstore.RoleTrash).Total != 0 {
		t.Errorf("%+v", c.Writing())
	}
}

// TestAccountGoes: whatever becomes of the account, the words stay.
func TestAccountGoes(t *testing.T) {
	for _, keep := range []bool{true, false} {
		w := newWriter(t)
		c := w.open(func() { w.desk.Compose(0, nil) })
		c.SetBody(richtext.FromText("Precious words"))
		c.Save()
		w.queue.Until(func() bool { return c.State() != "" })
		w.write(func(tx *localstore.Tx) error { return tx.RemoveAccount(w.account, keep) })
		w.desk.Follow(Changes{Overflow: true})
		w.queue.Until(func() bool { return c.Problem(FieldFrom) != "" && len(w.drafts()) == 1 })
		if d := w.drafts()[0]; !strings.Contains(d.Text, "Precious words") {
			t.Errorf("keep %v: %+v", keep, d)
		}
		c.SetTo("ana@example.org")
		c.Send()
		if len(w.letters()) != 0 || c.Busy() {
			t.Error("it goes out from nowhere")
		}
		w.addAccount("home", "mara@example.net")
		w.desk.Follow(Changes{Overflow: true})
		w.queue.Until(func() bool { names, _ := c.From(); return len(names) == 1 })
		c.SetFrom(0)
		c.Send()
		w.queue.Until(func() bool { return w.closed })
		if l := w.letters(); len(l) != 1 || l[0].EnvelopeFrom != "mara@example.net" || len(w.drafts()) != 0 {
			t.Errorf("letters %+v, %d drafts", l, len(w.drafts()))
		}
	}
}

func TestReplyOfStub(t *testing.T) {
	w := newWriter(t)
	id := w.mail(localstore.RoleInbox, "Ana <ana@example.org>", "mara@example.org")
	c := w.open(func() { w.desk.Reply(id, true) })
	if c.Writing().Quote != "" || !strings.Contains(c.Note(), "on the server") || c.Writing().To != "Ana <ana@example.org>" || !c.Reply() {
		t.Errorf("%+v, %q", c.Writing(), c.Note())
	}
}

// TestWhatIsQuotedIsFolded: it stays as it was while nobody opens it, and goes
// out as it was left.
func TestWhatIsQuotedIsFolded(t *testing.T) {
	w := newWriter(t)
	quote := "On Mon, 23 November 2026 at 09:00, Ana Lima wrote:\n> Well?\n>> and  so on"
	id, err := outgoing.SaveDraft(t.Context(), w.env.Store, 0, outgoing.Writing{Account: w.account, Text: "Yes.", Quote: quote}, morning)
	if err != nil {
		t.Fatal(err)
	}
	c := w.open(func() { w.desk.Draft(id) })
	body := c.Body()
	if len(body) != 2 || body[1].Kind != richtext.Fold || body[1].About != "Ana Lima, 23 Nov" {
		t.Fatalf("%+v", body)
	}
	c.SetBody(append(richtext.FromText("No."), body[1]))
	if got := c.Writing(); got.Text != "No." || got.Quote != quote {
		t.Errorf("%+v", got)
	}
	c.SetBody(append(richtext.FromText("No."), richtext.Unfolded(body[1:])...))
	if got := c.Writing(); got.Text != "No.\n\n"+quote || got.Quote != "" {
		t.Errorf("opened: %+v", got)
	}
	c.SetBody(richtext.FromText("No."))
	if got := c.Writing(); got.Text != "No." || got.Quote != "" {
		t.Errorf("taken out: %+v", got)
	}
}

func TestSuggest(t *testing.T) {
	w := newWriter(t)
	w.mail(localstore.RoleInbox, "Ana Lima <ana@example.org>", "mara@example.org")
	w.mail(localstore.RoleInbox, "Anton Berg <anton@example.net>", "mara@example.org")
	w.mail(localstore.RoleInbox, "News <no-reply@shop.example>", "mara@example.org")
	w.mail(localstore.RoleSent, "mara@example.org", "Anton Berg <anton@example.net>, Žofie Nová <zofie@example.cz>")
	w.open(func() { w.desk.Compose(0, nil) })
	w.queue.Until(func() bool { return len(w.desk.people.known) > 0 })
	addresses := func(typed string) string {
		var all []string
		for _, s := range w.desk.Suggest(typed) {
			all = append(all, s.Address)
		}
		return strings.Join(all, " ")
	}
	for typed, want := range map[string]string{
		"an": "anton@example.net ana@example.org", "ber": "anton@example.net", "no": "zofie@example.cz", "": "", "ana@example.org, an": "anton@example.net",
		"žo": "zofie@example.cz", "ana@example.org": "", `"Lima, Ana" <x@y.z>, lim`: "ana@example.org",
	} {
		if got := addresses(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestPeopleAreThoseOfEveryMail: of every folder but those of junk, of thrown
// away and of unsent mail; who writes most often does not outdo whom the user
// writes to; what is new is added.
func TestPeopleAreThoseOfEveryMail(t *testing.T) {
	w := newWriter(t)
	for range 30 {
		w.mail(localstore.RoleArchive, "Loud Andy <andy@shop.example>", "mara@example.org")
	}
	w.mail(localstore.RoleSent, "mara@example.org", "Quiet Andrea <andrea@example.net>")
	w.mail(localstore.RoleJunk, "Andorra Prize <andorra@spam.example>", "mara@example.org")
	w.mail(localstore.RoleTrash, "Andor <andor@example.org>", "mara@example.org")
	w.mail(localstore.RoleDrafts, "mara@example.org", "Andrzej <andrzej@example.pl>")
	suggested := func() string {
		var all []string
		for _, s := range w.desk.Suggest("and") {
			all = append(all, s.Address)
		}
		return strings.Join(all, " ")
	}
	w.open(func() { w.desk.Compose(0, nil) })
	w.queue.Until(func() bool { return suggested() == "andrea@example.net andy@shop.example" && !w.desk.people.reading })
	w.mail(localstore.RoleInbox, "Anders And <and@example.dk>", "mara@example.org")
	w.clock.Advance(peopleAgain)
	w.open(func() { w.desk.Compose(0, nil) })
	w.queue.Until(func() bool { return strings.HasSuffix(suggested(), " and@example.dk") })
}

func TestOutboxMessageIsTakenBack(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("ana@example.org")
	c.SetBody(richtext.FromText("Hello"))
	c.Send()
	w.queue.Until(func() bool { return w.closed })
	c = w.open(func() { w.desk.Message(w.letters()[0].Message) })
	if c.Writing().Text != "Hello" || w.letters()[0].State != localstore.OutCancelled {
		t.Errorf("%+v", c.Writing())
	}
}

func TestALetterTooLongIsRefusedInASentence(t *testing.T) {
	w := newWriter(t)
	c := w.open(func() { w.desk.Compose(0, nil) })
	c.SetTo("ana@example.org")
	c.SetBody(richtext.FromText(strings.Repeat("long ", mostText/5+1)))
	c.Send()
	if c.Busy() || !strings.Contains(c.Note(), "too long") {
		t.Errorf("note %q, busy %v", c.Note(), c.Busy())
	}
}
