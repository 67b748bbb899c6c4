package editor

import (
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/kit/kittest"
	"paquebot.app/ui/theme"
)

func TestTypingAndUndo(t *testing.T) {
	r := newRig(t, theme.Light, "")
	r.typed("Hello Ana, nice")
	r.press("Return")
	r.typed("to hear")
	if got := r.written(); got != "Hello Ana, nice\nto hear" {
		t.Fatalf("%q", got)
	}
	r.TypedShortcut(&fyne.ShortcutUndo{})
	if got := r.written(); got != "Hello Ana, nice\nto" {
		t.Errorf("undone: %q", got)
	}
	for range 9 {
		r.TypedShortcut(&fyne.ShortcutUndo{})
	}
	if got := r.written(); got != "" {
		t.Errorf("all undone: %q", got)
	}
	for range 9 {
		r.press("ctrl+shift+Z")
	}
	if got := r.written(); got != "Hello Ana, nice\nto hear" {
		t.Errorf("redone: %q", got)
	}
	if r.changes == 0 {
		t.Error("nobody was told")
	}
}

// TestOnlyEditsAreTold: a key that changes nothing makes no draft.
func TestOnlyEditsAreTold(t *testing.T) {
	r := newRig(t, theme.Light, "word")
	r.press("ctrl+Home", "BackSpace", "ctrl+BackSpace", "ctrl+B", "ctrl+End", "Delete", "ctrl+Delete", "shift+Left", "Escape")
	r.TypedShortcut(&fyne.ShortcutUndo{})
	r.TypedShortcut(&fyne.ShortcutRedo{})
	if r.changes != 0 {
		t.Errorf("%d changes are told", r.changes)
	}
	r.press("BackSpace")
	if r.changes != 1 {
		t.Errorf("%d changes are told, not one", r.changes)
	}
}

func TestKeysMoveAndSelect(t *testing.T) {
	r := newRig(t, theme.Light, "one two three\nfour five")
	for _, x := range []struct{ keys, want string }{
		{"Home shift+End", "one two three"}, {"ctrl+Home ctrl+Right shift+ctrl+Right", " two"}, {"ctrl+End shift+ctrl+Left", "five"},
		{"ctrl+Home shift+Down", "one two three"}, {"ctrl+Home Right Right shift+Right", "e"}, {"ctrl+Home Down shift+End", "four five"},
		{"ctrl+End shift+Up", ""}, {"ctrl+Home ctrl+Down shift+ctrl+End", "four five"},
	} {
		r.press(strings.Fields(x.keys)...)
		if got := strings.TrimSuffix(r.selected(), "\n"); got != x.want && x.want != "" {
			t.Errorf("%s: %q, want %q", x.keys, got, x.want)
		}
	}
	r.press("ctrl+Home", "shift+End", "Right")
	if got := r.doc.Sel(); got != richtext.At(richtext.Pos{Off: 13}) {
		t.Errorf("Right of a selection: %+v", got)
	}
	r.press("ctrl+Home", "shift+End", "Left")
	if got := r.doc.Sel(); got != richtext.At(richtext.Pos{}) {
		t.Errorf("Left of a selection: %+v", got)
	}
}

// TestArrowsGoWhereTheyPoint: in text that is read from right to left the key
// Left goes forward in it.
func TestArrowsGoWhereTheyPoint(t *testing.T) {
	r := newRig(t, theme.Light, "שלום עולם")
	r.press("ctrl+Home", "Left", "Left")
	if got := r.doc.Sel().Caret; got.Off != 2 {
		t.Errorf("two to the left: %+v", got)
	}
	r.press("Right")
	if got := r.doc.Sel().Caret; got.Off != 1 {
		t.Errorf("and back: %+v", got)
	}
	r.press("shift+ctrl+Left")
	if got := r.selected(); got != "לום" {
		t.Errorf("a word to the left: %q", got)
	}
}

func TestMouse(t *testing.T) {
	r := newRig(t, theme.Light, "The packet boat leaves\non Monday")
	r.click(r.where(0, 6), 0)
	if got := r.doc.Sel(); got != richtext.At(richtext.Pos{Off: 6}) {
		t.Errorf("click: %+v", got)
	}
	r.click(r.where(0, 6), 0)
	if got := r.selected(); got != "packet" {
		t.Errorf("double click: %q", got)
	}
	r.click(r.where(0, 6), 0)
	if got := r.selected(); got != "The packet boat leaves" {
		t.Errorf("triple click: %q", got)
	}
	r.clock.Advance(time.Second)
	r.drag(r.where(0, 4), r.where(1, 2))
	if got := r.selected(); got != "packet boat leaves\non" {
		t.Errorf("drag: %q", got)
	}
	r.clock.Advance(time.Second)
	r.click(r.where(0, 4), 0)
	r.clock.Advance(time.Second)
	r.click(r.where(0, 10), fyne.KeyModifierShift)
	if got := r.selected(); got != "packet" {
		t.Errorf("click with Shift: %q", got)
	}
	r.clock.Advance(time.Second)
	r.click(r.where(0, 6), 0)
	r.drag(r.where(0, 6), r.where(1, 4))
	if got := r.selected(); got != "packet boat leaves\non Monday" {
		t.Errorf("drag by words: %q", got)
	}
}

func TestClipboard(t *testing.T) {
	r := newRig(t, theme.Light, "one two")
	c := fyne.CurrentApp().Clipboard()
	r.press("ctrl+Home", "shift+ctrl+Right", "ctrl+B")
	r.TypedShortcut(&fyne.ShortcutCopy{Clipboard: c})
	r.press("ctrl+End")
	r.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
	if p := r.Paras()[0]; r.written() != "one twoone" || p.StyleAt(8).Bits != richtext.Bold {
		t.Errorf("%q, %+v", r.written(), p.Runs)
	}
	c.SetContent("from\r\nelsewhere")
	r.TypedShortcut(&fyne.ShortcutSelectAll{})
	r.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
	if got := r.written(); got != "from\nelsewhere" {
		t.Errorf("%q", got)
	}
	r.TypedShortcut(&fyne.ShortcutSelectAll{})
	r.TypedShortcut(&fyne.ShortcutCut{Clipboard: c})
	if r.written() != "" || c.Content() != "from\nelsewhere" {
		t.Errorf("cut: %q, %q", r.written(), c.Content())
	}
	r.Disable()
	r.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
	r.typed("x")
	r.press("Return", "ctrl+B")
	if r.written() != "" {
		t.Errorf("written into what is disabled: %q", r.written())
	}
}

// TestShortcutsAreNamed: each command is reached, and nothing else is taken.
func TestShortcutsAreNamed(t *testing.T) {
	r := newRig(t, theme.Light, "word")
	seen := ""
	r.OnShortcut = func(s *desktop.CustomShortcut) bool { seen += string(s.KeyName); return true }
	r.press("ctrl+Return", "ctrl+N", "ctrl+B", "ctrl+shift+8")
	if seen != "ReturnN" {
		t.Errorf("not taken: %s", seen)
	}
	if s := r.State(); s.Kind != richtext.Bullet {
		t.Errorf("%+v", s)
	}
	if !r.AcceptsTab() {
		t.Error("Tab does not move an item in")
	}
	r.press("Tab")
	if p := r.Paras()[0]; p.Indent != 1 {
		t.Errorf("%+v", p)
	}
	r.press("shift+Tab", "ctrl+shift+8")
	if r.AcceptsTab() || r.Paras()[0].Kind != richtext.Body {
		t.Error("Tab does not leave the text")
	}
}

func TestAQuoteIsOpenedByClickAndByKey(t *testing.T) {
	r := newRig(t, theme.Light, "")
	hidden := richtext.FromText("Ana wrote:\n> one\n> two")
	r.Set(append(richtext.FromText("Hello"), richtext.NewFold(hidden, "Ana Lima")))
	at := r.where(1, 0)
	r.click(at.AddXY(30, 0), 0)
	if got := r.written(); got != "Hello\nAna wrote:\n> one\n> two" || len(r.Paras()) != 4 {
		t.Fatalf("opened: %q", got)
	}
	r.TypedShortcut(&fyne.ShortcutUndo{})
	if len(r.Paras()) != 2 {
		t.Fatal("the undo does not fold it")
	}
	r.press("ctrl+End", "Return")
	if len(r.Paras()) != 4 {
		t.Error("Enter does not open it")
	}
}

// TestOnlyWhatIsInSightIsLaidOut holds the promise of the package for long
// letters.
func TestOnlyWhatIsInSightIsLaidOut(t *testing.T) {
	r := newRig(t, theme.Light, strings.Repeat("The packet boat leaves on Monday.\n", 5000))
	laid := func() (n int) {
		for _, b := range r.blocks {
			if b != nil {
				n++
			}
		}
		return n
	}
	if n := laid(); n > 40 {
		t.Errorf("%d paragraphs laid out", n)
	}
	r.press("ctrl+End")
	r.typed("The end.")
	if n := laid(); n > 90 {
		t.Errorf("%d paragraphs laid out after the end was shown", n)
	}
	if x, y, h, ok := r.caretBox(); !ok || y < 0 || y+h > r.Size().Height {
		t.Errorf("the caret is at %v, %v", x, y)
	}
}

// TestSlotsAreUsedAgain: textures of objects that are gone stay with the
// toolkit for a minute.
func TestSlotsAreUsedAgain(t *testing.T) {
	r := newRig(t, theme.Light, strings.Repeat("The packet boat leaves on Monday.\n", 500))
	seen := map[*slot]bool{}
	for i := range 300 {
		r.typed("x")
		if i%20 == 0 {
			r.press("Next")
		}
		for _, t := range r.tiles {
			if t.slot != nil {
				seen[t.slot] = true
			}
		}
	}
	if len(seen) > 80 {
		t.Errorf("%d canvas objects for %d lines in sight", len(seen), len(r.placed))
	}
}

func TestPictures(t *testing.T) {
	r := newRig(t, theme.Light, "")
	m := richtext.Image{ContentID: "a@b", Alt: "boat", Width: 200, Height: 100}
	r.Edit(func(d *richtext.Doc) { d.InsertImage(m) })
	r.SetPicture("a@b", image.NewRGBA(image.Rect(0, 0, 400, 200)))
	if h := r.block(0).text.LineHeight(0); h < 100 || h > 120 {
		t.Errorf("the line is %v high", h)
	}
	r.typed("!")
	r.press("BackSpace", "BackSpace")
	if len(r.Paras()[0].Text) != 0 {
		t.Errorf("the picture cannot be deleted: %q", string(r.Paras()[0].Text))
	}
}

// script is a random session of writing.
func script(r *rig, rnd *rand.Rand, n int) {
	pieces := []string{"a", "word ", "שלום ", "مرحبا", "日本語", "👩‍👩‍👧 ", "é", "123 ", "\t", "- ", "ffi", "long-unbroken-word-without-end", ".", "नमस्ते "}
	keys := []string{"Left", "Right", "Up", "Down", "Home", "End", "Prior", "Next", "ctrl+Left", "ctrl+Right", "ctrl+Home", "ctrl+End", "shift+Left", "shift+Right",
		"shift+Up", "shift+Down", "BackSpace", "Delete", "Return", "Return", "shift+Return", "ctrl+BackSpace", "ctrl+B", "ctrl+I", "ctrl+shift+8", "ctrl+shift+7", "ctrl+shift+9",
		"ctrl+]", "ctrl+shift+Z"}
	for range n {
		switch k := rnd.IntN(20); {
		case k < 9:
			r.typed(pieces[rnd.IntN(len(pieces))])
		case k < 17:
			r.press(keys[rnd.IntN(len(keys))])
		case k == 17:
			r.TypedShortcut(&fyne.ShortcutUndo{})
		case k == 18:
			r.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(rnd.IntN(200)-100))})
		default:
			at := fyne.NewPos(rnd.Float32()*620, rnd.Float32()*400)
			r.click(at, 0)
			r.drag(at, fyne.NewPos(rnd.Float32()*620, rnd.Float32()*500-50))
		}
	}
}

// TestWhatIsShownIsWhatIsWritten: after any session the lines are those of a
// new layout of the same text, and the caret is in sight.
func TestWhatIsShownIsWhatIsWritten(t *testing.T) {
	for seed := range uint64(12) {
		r := newRig(t, theme.Light, strings.Repeat("The quick brown fox jumps over the lazy dog and goes on. ", 4)+"\n> quoted\n\nend")
		rnd := rand.New(rand.NewPCG(seed, 7))
		for step := range 12 {
			script(r, rnd, 15)
			r.typed("x")
			name := fmt.Sprintf("seed %d, step %d", seed, step)
			if _, y, h, ok := r.caretBox(); !ok || y < -1 || y > r.Size().Height-h+8 {
				t.Errorf("%s: the caret is at %v of %v", name, y, r.Size().Height)
			}
			fresh := newEditorLike(r)
			for i := range r.blocks {
				if r.blocks[i] == nil {
					continue
				}
				got, want := r.blocks[i].text, fresh.block(i).text
				got.FindHeight(1e9)
				want.FindHeight(1e9)
				if got.Len() != want.Len() {
					t.Fatalf("%s: paragraph %d has %d lines, not %d", name, i, got.Len(), want.Len())
				}
				for k := range got.Len() {
					if got.Start(k) != want.Start(k) || got.Y(k) != want.Y(k) || got.Line(k).Width != want.Line(k).Width {
						t.Fatalf("%s: paragraph %d, line %d differs", name, i, k)
					}
				}
			}
		}
		for range 2000 {
			if !r.doc.Undo() {
				break
			}
		}
		r.edited()
		if !strings.HasPrefix(r.written(), "The quick brown fox") || !strings.HasSuffix(r.written(), "end") {
			t.Errorf("seed %d: all undone is %q", seed, r.written())
		}
	}
}

func newEditorLike(r *rig) *Editor {
	e := New(r.clock)
	e.Set(r.Paras())
	e.Resize(r.Size())
	return e
}

// sample is a letter with everything.
func sample() []*richtext.Para {
	paras := richtext.FromHTML(`<div>Hello Ana,</div><div>the figures are attached; I checked them <b>twice</b>. The short version follows, and the details are in the <i>second sheet</i>.</div>` +
		`<ul><li>Revenue is up <b>4 %</b> on last year</li><li>Costs stayed flat, see the <a href="https://example.org/budget">budget page</a><ul><li>Two <u>open questions</u> for Horta</li></ul></li></ul>` +
		`<ol><li>first</li><li>second</li></ol><blockquote><div>Where are the figures?</div><div>And when?</div></blockquote><div>Code is <code>x := 1</code>, this is <s>gone</s>.</div><div>Best,</div><div>Mara</div>`)
	return append(paras, richtext.NewFold(richtext.FromText("On Monday, Ana wrote:\n> a\n> b"), "Ana Lima, 17 Nov"))
}

func TestGolden(t *testing.T) {
	for name, a := range map[string]theme.Appearance{"light": theme.Light, "dark": theme.Dark} {
		r := newRig(t, a, "")
		r.Set(sample())
		r.Select(richtext.Sel{Anchor: richtext.Pos{Para: 1, Off: 20}, Caret: richtext.Pos{Para: 3, Off: 12}})
		r.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -12)})
		kittest.Golden(t, "letter-"+name, r.window.Canvas().Capture())
	}
}

func TestCaretRestsAndBlinks(t *testing.T) {
	r := newRig(t, theme.Light, "word")
	var later []func()
	r.Later = func(_ time.Duration, f func()) { later = append(later, f) }
	r.FocusLost()
	r.FocusGained()
	tick := func(d time.Duration) bool {
		r.clock.Advance(d)
		f := later[0]
		later = later[1:]
		f()
		return r.caret.Visible()
	}
	if !tick(0) || tick(blink) || !tick(blink) || tick(blink) {
		t.Error("it does not blink")
	}
	r.typed("x")
	if !tick(0) {
		t.Error("it blinks while somebody types")
	}
	if tick(blink) || !tick(resting) || !tick(blink) {
		t.Error("it does not rest")
	}
	r.FocusLost()
	if tick(blink) || len(later) != 0 {
		t.Error("it goes on without the keyboard")
	}
}
