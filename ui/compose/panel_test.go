package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
	"paquebot.app/ui/kit"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
	"paquebot.app/ui/vm"
)

// written is the text as it stands.
func (p *panel) written() string { return richtext.Text(p.text.Paras()) }

func key(k fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: k} }

func (r *rig) letters() (all []localstore.Letter) {
	r.Helper()
	if err := r.env.Store.Read(r.env.Ctx, func(v *localstore.View) (err error) { all, err = v.Outbox(0, true); return err }); err != nil {
		r.Fatal(err)
	}
	return all
}

func TestWritingByKeyboard(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	r.queue.Until(func() bool { return len(r.desk.Model().Suggest("an")) == 2 })
	canvas := r.window.Canvas()
	if canvas.Focused() != p.to.entry {
		t.Error("the address is not what is written first")
	}
	test.Type(p.to.entry, "an")
	if !p.to.entry.completer.open() {
		t.Fatal("nobody is offered")
	}
	p.to.entry.TypedKey(key(fyne.KeyDown))
	p.to.entry.TypedKey(key(fyne.KeyTab))
	if p.to.text() != "Anton Berg <anton@example.net>" || len(p.to.whole) != 1 || canvas.Focused() != p.to.entry {
		t.Errorf("to %q", p.to.text())
	}
	p.to.entry.TypedKey(key(fyne.KeyTab))
	if canvas.Focused() != p.subject {
		t.Error("Tab does not go to the subject")
	}
	test.Type(p.subject, "Figures")
	p.subject.TypedKey(key(fyne.KeyReturn))
	if canvas.Focused() != p.text {
		t.Error("Enter does not go to the text")
	}
	test.Type(p.text, "All is well.")
	p.sendNow() // Ctrl+Enter; the test driver knows no shortcuts of a canvas
	r.queue.Until(func() bool { return len(r.desk.panels) == 0 })
	if l := r.letters(); len(l) != 1 || len(l[0].Recipients) != 1 || l[0].Recipients[0].Address != "anton@example.net" {
		t.Errorf("letters %+v", l)
	}
	p = r.letter(r.action) // undo
	if p.written() != "All is well." || p.subject.Text != "Figures" || canvas.Focused() != p.text {
		t.Errorf("%q, %q", p.subject.Text, p.written())
	}
}

func TestEscapeKeepsTheDraft(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	test.Type(p.text, "Half a thou")
	p.text.TypedKey(key(fyne.KeyEscape))
	r.queue.Until(func() bool { return len(r.desk.panels) == 0 })
	if p = r.letter(r.action); p.written() != "Half a thou" {
		t.Errorf("%q", p.written())
	}
}

// TestAnotherPanelKeepsTheDraft: what takes the composer's place loses nothing.
func TestAnotherPanelKeepsTheDraft(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	test.Type(p.text, "Half a thou")
	r.closed()
	r.queue.Until(func() bool { return len(r.desk.panels) == 0 })
	if p = r.letter(r.action); p.written() != "Half a thou" {
		t.Errorf("%q", p.written())
	}
}

func TestDroppedFilesAreAttached(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	path := filepath.Join(t.TempDir(), "figures.csv")
	if err := os.WriteFile(path, []byte("1,2"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI(path)})
	r.queue.Until(func() bool { return len(p.files.Objects) == 1 && p.model.Copying() == "" })
}

func TestWrongAddressGetsTheKeyboard(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	test.Type(p.to.entry, "ana@example.org")
	p.reveal(vm.FieldCc)
	test.Type(p.cc.entry, "nobody")
	r.window.Canvas().Focus(p.text)
	p.sendNow()
	if r.window.Canvas().Focused() != p.cc.entry || p.model.Problem(vm.FieldCc) == "" {
		t.Error("the wrong field does not have the keyboard")
	}
}

// TestGolden shows a letter with everything it can have.
func TestGolden(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		r := newRig(t, a)
		file, err := outgoing.Attach(r.env.Ctx, r.env.Store, "Figures.pdf", "", strings.NewReader("0123456789"))
		if err != nil {
			t.Fatal(err)
		}
		w := outgoing.Writing{Account: 2, To: "Ana Lima <ana@example.org>", Cc: "tom@example.net, nobody", Subject: "Re: Figures before the ferry",
			Text:  "Hello Ana,\n\nthe figures are attached; I checked them twice. The short version follows, and the details are in the second sheet.\n\nMara",
			Quote: "On Monday, Ana Lima wrote:\n> Where are the figures?", Files: []localstore.DraftFile{file}}
		id, err := outgoing.SaveDraft(r.env.Ctx, r.env.Store, 0, w, r.env.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		p := r.letter(func() { r.desk.Model().Draft(id) })
		p.model.CheckField(vm.FieldCc)
		p.text.TypedRune('!')
		p.model.Save()
		r.queue.Until(func() bool { return p.model.State() != "" })
		r.window.Canvas().Unfocus()
		kittest.Golden(t, "letter-"+name, r.window.Canvas().Capture())
	}
}

func TestAddressesBecomePillsAndTextAgain(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	e := p.to.entry
	test.Type(e, "ana@example.org,tom@example.net; nob")
	if len(p.to.whole) != 2 || strings.TrimSpace(e.Text) != "nob" {
		t.Fatalf("%v and %q", p.to.whole, e.Text)
	}
	r.window.Canvas().Focus(p.subject)
	if len(p.to.whole) != 2 || p.model.Problem(vm.FieldTo) == "" {
		t.Error("what is no address is not said to be none")
	}
	r.window.Canvas().Focus(e)
	e.SetText("")
	e.TypedKey(key(fyne.KeyBackspace))
	if got := p.model.Writing().To; got != "ana@example.org" {
		t.Errorf("after Backspace %q", got)
	}
	p.to.edit(0)
	if e.Text != "ana@example.org" || len(p.to.whole) != 0 || p.model.Writing().To != "ana@example.org" {
		t.Errorf("being edited: %q and %v", e.Text, p.to.whole)
	}
	test.Type(e, ".au")
	r.window.Canvas().Focus(p.subject)
	if len(p.to.whole) != 1 || p.model.Writing().To != "ana@example.org.au" {
		t.Errorf("edited: %v", p.to.whole)
	}
}

func TestADraftIsGoneOnWithAtItsEnd(t *testing.T) {
	r := newRig(t, theme.Light)
	w := outgoing.Writing{Account: 2, To: "ana@example.org", Subject: "Figures", Text: "Hello Ana,\n\nthe figures"}
	id, err := outgoing.SaveDraft(r.env.Ctx, r.env.Store, 0, w, r.env.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := r.letter(func() { r.desk.Model().Draft(id) })
	p.text.TypedRune('!')
	if got := p.written(); got != w.Text+"!" {
		t.Errorf("typed on: %q", got)
	}
}

func TestAnyTimeCanBeChosenToSendAt(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	test.Type(p.to.entry, "ana@example.org")
	test.Type(p.text, "Later.")
	p.chooseWhen()
	day, ok := r.window.Canvas().Focused().(*kit.Entry)
	if !ok || day.Text != "24 November 2026" {
		t.Fatalf("the day is not asked for: %v", r.window.Canvas().Focused())
	}
	day.SetText("yesterday")
	day.OnSubmitted("")
	if len(p.ask.Objects) == 0 {
		t.Fatal("a day that cannot be read is taken")
	}
	day.SetText("Friday")
	day.OnSubmitted("")
	r.queue.Until(func() bool { return len(r.desk.panels) == 0 })
	if l := r.letters(); len(l) != 1 || !l[0].NotBefore.Equal(time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("letters %+v", l)
	}
}

func TestF6LeavesEveryField(t *testing.T) {
	r := newRig(t, theme.Light)
	p := r.letter(func() { r.desk.Compose(nil) })
	for _, e := range []interface{ TypedKey(*fyne.KeyEvent) }{p.to.entry, p.subject, p.text} {
		e.TypedKey(key(fyne.KeyF6))
	}
	if r.paned != 3 {
		t.Errorf("%d of 3 fields know F6", r.paned)
	}
}
