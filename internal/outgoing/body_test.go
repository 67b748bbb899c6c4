package outgoing

import (
	"strings"
	"testing"

	"paquebot.app/internal/content"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// styled is a letter with style and a picture.
func (d *desk) styled() Writing {
	f := d.attach("boat.png", "\x89PNG")
	w := Writing{Account: d.account, To: "ana@example.org", Subject: "Figures", Quote: "On Mon, 23 November 2026 at 09:00, Ana Lima wrote:\n> Well?\n>\n>> Yes.",
		Pictures: []Picture{{"boat@example.org", f.Blob, f.Name, "image/png", f.Size}, {"old@example.org", d.attach("old.png", "old").Blob, "old.png", "image/png", 3}},
		Files:    []localstore.DraftFile{d.attach("a.txt", "one")}}
	paras := richtext.FromHTML(`<div>Hello <b>Ana</b>,</div><div><br></div><ul><li>one</li></ul><div>  two <img src="cid:boat@example.org" alt="boat"></div>`)
	w.SetParas(append(paras, w.Paras()[1]), nil)
	return w
}

func TestStyleIsKeptInDraftsAndLetters(t *testing.T) {
	d := newDesk(t)
	w := d.styled()
	if w.HTML == "" || w.Text != "Hello Ana,\n\n- one\ntwo [boat]" || !strings.HasPrefix(w.Quote, "On Mon") {
		t.Fatalf("%+v", w)
	}
	saved, err := SaveDraft(d.ctx, d.store, 0, w, noon)
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenDraft(d.ctx, d.store, saved)
	if err != nil || got.HTML != w.HTML || len(got.Pictures) != 2 || len(got.Files) != 1 || got.Files[0].Name != "a.txt" {
		t.Fatalf("draft %+v, %v", got, err)
	}
	n := d.queue(got, saved)
	var l localstore.Letter
	d.read(func(v *localstore.View) (err error) { l, err = v.Letter(n); return err })
	m, err := content.Open(d.ctx, d.store, l.Message)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if html := m.Letter.HTML(); !strings.Contains(html, "<b>Ana</b>") || !strings.Contains(html, "blockquote") || m.Letter.Inline("boat@example.org") == nil || m.Letter.Inline("old@example.org") != nil {
		t.Errorf("letter %s", html)
	}
	if text := m.Letter.Text(); !strings.Contains(text, "two [boat]\n\nOn Mon") || !strings.Contains(text, ">> Yes.") {
		t.Errorf("text %q", text)
	}
	// An undo gives the same back.
	_, again, _, err := Reopen(d.ctx, d.store, n, noon)
	if err != nil || again.HTML != w.HTML || again.Text != w.Text || again.Quote != w.Quote {
		t.Errorf("reopened %+v, %v\nwant %+v", again, err, w)
	}
	if len(again.Pictures) != 1 || d.blob(again.Pictures[0].Blob) != "\x89PNG" || len(again.Files) != 1 {
		t.Errorf("reopened with %+v and %+v", again.Pictures, again.Files)
	}
}

func TestPlainWordsGoOutAsTextAlone(t *testing.T) {
	d := newDesk(t)
	for _, html := range []string{"<div>Hello</div>", "<ul><li>one</li></ul><blockquote>two</blockquote>", `<div>see <a href="https://example.org/">example.org</a></div>`} {
		w := Writing{Account: d.account, To: "ana@example.org"}
		w.SetParas(richtext.FromHTML(html), nil)
		if l := d.draft(w); l.HTML != "" {
			t.Errorf("%s goes out as %s", html, l.HTML)
		}
		if got := richtext.HTML(w.Paras()); got != richtext.HTML(richtext.FromHTML(html)) && w.HTML == "" && strings.Contains(html, "<ul>") {
			t.Errorf("%s comes back as %s", html, got)
		}
	}
}

func TestAbout(t *testing.T) {
	for quote, want := range map[string]string{
		"On Mon, 23 November 2026 at 09:00, Ana Lima wrote:\n> x":  "Ana Lima, 23 Nov",
		"On Mon, 23 November 2026 at 09:00, Lima, Ana wrote:\n> x": "Lima, Ana, 23 Nov",
		"Ana Lima wrote:\n> x": "Ana Lima",
		forwardMark + "\nFrom: Ana Lima <ana@example.org>\n\nHello": "Forwarded: Ana Lima",
		forwardMark: "Forwarded message", "> x": "", "": "", "On some day, somebody wrote:": "somebody",
	} {
		if got := About(quote); got != want {
			t.Errorf("%q: %q, want %q", quote, got, want)
		}
	}
}

// FuzzFromHTML: whatever a draft of another program holds, no word of it gets
// lost between the two forms, and what is written is read the same again.
func FuzzFromHTML(f *testing.F) {
	f.Add("<div><b>own</b></div><div>Ana wrote:</div><blockquote>a</blockquote>")
	f.Fuzz(func(t *testing.T, source string) {
		w := Writing{}
		w.fromHTML(source, false)
		if w.HTML == "" {
			return
		}
		again := Writing{Quote: w.Quote}
		paras := w.Paras()
		again.SetParas(paras, paras[len(paras)-1])
		if w.Quote != "" && again.Quote != w.Quote || again.HTML != w.HTML {
			t.Errorf("%q: %+v became %+v", source, w, again)
		}
	})
}
