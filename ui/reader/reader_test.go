package reader

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"paquebot.app/internal/letter"
	"paquebot.app/ui/theme"
)

// view shows a document in a window of 700 by 500; what it leaves to another
// goroutine runs when the test says so.
func view(t testing.TB, d *letter.Document) (*TextView, func()) {
	t.Helper()
	app := test.NewTempApp(t)
	theme.Install(app, theme.Light)
	var later []func() func()
	v := NewTextView(func(f func() func()) { later = append(later, f) })
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(700, 500))
	v.SetSight(0, 500)
	v.SetDocument(d, nil)
	return v, func() {
		for len(later) > 0 {
			f := later[0]
			later = later[1:]
			f()()
		}
	}
}

func words(blocks ...letter.Block) *letter.Document { return &letter.Document{Blocks: blocks} }

func plain(s string) letter.Block { return letter.Block{Runs: []letter.Run{{Text: s}}} }

func (v *TextView) shownText() string {
	var lines []string
	for i := range v.flow.lines {
		l := &v.flow.lines[i]
		text := ""
		if l.marker != nil {
			text = l.marker.text + " "
		}
		for _, p := range l.pieces {
			text += p.text
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

func TestLinesKeepAllTextAndFitTheWidth(t *testing.T) {
	mixed := letter.Block{Runs: []letter.Run{
		{Text: "The train leaves at "}, {Text: "9.39", Bold: true}, {Text: ", so we should meet on the platform by 9.20 at the latest, and "},
		{Text: "please", Italic: true}, {Text: " bring " + strings.Repeat("averyveryverylongword", 12) + " and the tickets.\nA second line of it."},
	}}
	same := plain(strings.Repeat("A line that is as long as many others are. ", 20) + "\n\n  end " + strings.Repeat("x", 300))
	for _, b := range []letter.Block{mixed, same, {Kind: letter.Preformatted, Runs: []letter.Run{{Text: "a\tb\n\n" + strings.Repeat("column ", 60)}}}} {
		v, _ := view(t, words(b))
		p := v.flow.paragraphs[0]
		at := 0
		for i, l := range v.flow.lines {
			if strings.Trim(p.text[at:l.from], " \n") != "" {
				t.Fatalf("between lines %d and %d text is lost: %q", i-1, i, p.text[at:l.from])
			}
			if w := l.width(); w > 701 {
				t.Errorf("line %d is %.0f wide: %q", i, w, p.text[l.from:l.to])
			}
			got := ""
			for _, q := range l.pieces {
				got += q.text
			}
			if got != p.text[l.from:l.to] {
				t.Errorf("line %d shows %q, stands for %q", i, got, p.text[l.from:l.to])
			}
			at = l.to
		}
		if strings.Trim(p.text[at:], " \n") != "" {
			t.Errorf("the end is lost: %q", p.text[at:])
		}
	}
}

func TestAMisleadingLinkNamesItsHost(t *testing.T) {
	v, _ := view(t, words(letter.Block{Runs: []letter.Run{
		{Text: "Go to "}, {Text: "https://bank.example/login", Link: "https://evil.example/x"}, {Text: " or "}, {Text: "here", Link: "https://fine.example"},
	}}))
	if got := v.shownText(); got != "Go to https://bank.example/login (leads to evil.example) or here" {
		t.Errorf("got %q", got)
	}
}

func TestALongQuoteIsFoldedAndOpens(t *testing.T) {
	d := words(plain("Yes, that works."))
	for range 10 {
		b := plain("We should meet on the platform by nine at the latest.")
		b.Quote = 1
		d.Blocks = append(d.Blocks, b)
	}
	v, _ := view(t, d)
	if got := v.shownText(); got != "Yes, that works.\nShow quoted text · 10 paragraphs" {
		t.Fatalf("folded: %q", got)
	}
	last := v.flow.lines[len(v.flow.lines)-1]
	v.Tapped(&fyne.PointEvent{Position: fyne.NewPos(20, last.y+8)})
	if got := v.shownText(); !strings.Contains(got, "Hide quoted text") || strings.Count(got, "platform") != 10 {
		t.Fatalf("opened: %q", got)
	}
	if only := foldsOf(words(d.Blocks[1:]...)); only != nil {
		t.Error("a letter that is only a quote is folded")
	}
}

func TestOnlyLinesInSightAreObjects(t *testing.T) {
	d := words()
	for range 3000 {
		d.Blocks = append(d.Blocks, plain("The ferry leaves at nine, and we should be at the pier before that with our tickets."))
	}
	v, finish := view(t, d)
	if v.Complete() {
		t.Fatal("all was laid out before the window went on")
	}
	guess := v.height()
	finish()
	if !v.Complete() || v.flow.height < 3000*20 {
		t.Fatalf("complete %v, height %.0f", v.Complete(), v.flow.height)
	}
	if guess < v.flow.height/2 || guess > v.flow.height*2 {
		t.Errorf("guessed %.0f, is %.0f", guess, v.flow.height)
	}
	for _, top := range []float32{0, 5000, 60000} {
		v.SetSight(top, top+500)
		if n := len(v.renderer.objects); n > 60*12 {
			t.Errorf("%d objects at %.0f", n, top)
		}
		found := false
		for _, l := range v.views {
			found = found || l.line != nil && l.line.y >= top && l.line.y < top+300
		}
		if !found {
			t.Errorf("nothing is shown at %.0f", top)
		}
	}
}

func TestSelectingAcrossParagraphs(t *testing.T) {
	v, _ := view(t, words(plain("Hi both,"), letter.Block{Kind: letter.Item, Level: 1, Runs: []letter.Run{{Text: "one "}, {Text: "thing", Bold: true}}},
		letter.Block{Kind: letter.Item, Level: 1, Runs: []letter.Run{{Text: "another"}}}, plain("Amélie")))
	v.SelectAll()
	if got := v.Selected(); got != "Hi both,\n\n• one thing\n• another\n\nAmélie" {
		t.Errorf("all: %q", got)
	}
	first, last := v.flow.lines[0], v.flow.lines[3]
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(v.xOf(&first, 3)+1, first.y+5)}, Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(v.xOf(&last, 4)+1, last.y+5)}})
	v.DragEnd()
	if got := v.Selected(); got != "both,\n\n• one thing\n• another\n\nAmé" {
		t.Errorf("drawn: %q", got)
	}
	v.DoubleTapped(&fyne.PointEvent{Position: fyne.NewPos(v.xOf(&first, 4), first.y+5)})
	if got := v.Selected(); got != "both" {
		t.Errorf("word: %q", got)
	}
	v.TypedShortcut(&fyne.ShortcutCopy{})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "both" {
		t.Errorf("copied %q", got)
	}
}

func TestALinkIsToldNotOpened(t *testing.T) {
	v, _ := view(t, words(letter.Block{Runs: []letter.Run{{Text: "the timetable", Link: "https://ferry.example/t"}}}))
	told, hovered := "", ""
	v.OnLink = func(link string, _ fyne.Position) { told = link }
	v.OnHover = func(link string) { hovered = link }
	at := fyne.NewPos(20, v.flow.lines[0].y+8)
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
	if hovered != "https://ferry.example/t" || v.Cursor() != desktop.PointerCursor {
		t.Errorf("hovered %q", hovered)
	}
	v.Tapped(&fyne.PointEvent{Position: at})
	if told != "https://ferry.example/t" {
		t.Errorf("told %q", told)
	}
}

func TestAnotherWidthKeepsAllOfIt(t *testing.T) {
	v, finish := view(t, words(plain(strings.Repeat("One sentence after the other. ", 80)), plain("The end")))
	finish()
	wide := v.HeightFor(700)
	narrow := v.HeightFor(300)
	finish()
	if narrow <= wide || !strings.HasSuffix(v.shownText(), "The end") {
		t.Errorf("heights %.0f and %.0f, ends %q", wide, narrow, v.shownText()[len(v.shownText())-20:])
	}
}

func TestPicturesStandOnLinesOfTheirOwnWithinTheWidth(t *testing.T) {
	pictures := map[string]image.Image{"wide": image.NewGray(image.Rect(0, 0, 1400, 400)), "icon": image.NewGray(image.Rect(0, 0, 32, 32))}
	picture := func(id, alt string) letter.Run { return letter.Run{Image: true, ContentID: id, Text: alt} }
	d := words(letter.Block{Runs: []letter.Run{
		{Text: "Look: "}, picture("wide", "the harbour"), {Text: " "}, picture("icon", ""), picture("icon", "same again"), {Text: " and"}, picture("gone", "what is not here"),
	}})
	v, _ := view(t, d)
	v.SetDocument(d, pictures)
	lines := v.flow.lines
	if got := v.shownText(); got != "Look: \n[the harbour]\n[][same again]\nand[what is not here]" {
		t.Fatalf("%q", got)
	}
	if p := lines[1].pieces[0]; p.w != v.flow.width || p.h != v.flow.width*400/1400 || lines[2].y < lines[1].y+p.h {
		t.Errorf("the wide one is %v × %v at %v, what follows at %v", p.w, p.h, lines[1].y, lines[2].y)
	}
	if a, b := lines[2].pieces[0], lines[2].pieces[1]; a.w != 32 || b.x != a.x+32+pictureGap {
		t.Errorf("icons %+v %+v", a, b)
	}
	shown := 0
	for _, line := range v.views {
		for _, c := range line.pictures {
			if c.Visible() && c.Size().Width > 0 {
				shown++
			}
		}
	}
	if shown != 3 {
		t.Errorf("%d pictures are objects", shown)
	}
	v.SelectAll()
	if got := v.Selected(); !strings.Contains(got, "the harbour") {
		t.Errorf("selected %q", got)
	}
}
