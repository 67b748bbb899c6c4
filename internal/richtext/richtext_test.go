package richtext

import (
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/letter"
)

func typeAll(d *Doc, s string) {
	for _, r := range s {
		d.Type(string(r))
	}
}

func plain(d *Doc) string { return Text(d.Paras()) }

func TestAWordIsOneStepOfUndo(t *testing.T) {
	d := newDoc("")
	typeAll(d, "hello big world")
	for _, want := range []string{"hello big", "hello", ""} {
		if !d.Undo() || plain(d) != want {
			t.Fatalf("undo gave %q, want %q", plain(d), want)
		}
	}
	if d.Undo() {
		t.Error("a fourth step for three words")
	}
	d.Redo()
	d.Type("s")
	if d.CanRedo() || plain(d) != "hellos" {
		t.Errorf("typing after redo: %q, redo still there: %v", plain(d), d.CanRedo())
	}
	d.Undo()
	if plain(d) != "hello" {
		t.Errorf("what was typed after a redo is no step of its own: %q", plain(d))
	}
}

func TestMovingTheCaretAndPausingEndAStep(t *testing.T) {
	d := newDoc("")
	typeAll(d, "ab")
	d.Select(At(Pos{0, 1}))
	d.Select(At(Pos{0, 2}))
	typeAll(d, "cd")
	d.clock.(*ticking).now = d.clock.Now().Add(time.Minute)
	typeAll(d, "ef")
	for _, want := range []string{"abcd", "ab", ""} {
		if d.Undo(); plain(d) != want {
			t.Fatalf("undo gave %q, want %q", plain(d), want)
		}
	}
}

func TestTypingOverASelectionIsOneStep(t *testing.T) {
	d := newDoc("one two")
	d.Select(Sel{Pos{0, 4}, Pos{0, 7}})
	typeAll(d, "six")
	if plain(d) != "one six" {
		t.Fatalf("%q", plain(d))
	}
	if d.Undo(); plain(d) != "one two" || d.Sel() != (Sel{Pos{0, 4}, Pos{0, 7}}) {
		t.Fatalf("undo gave %q with selection %v", plain(d), d.Sel())
	}
}

func TestHistoryIsBoundedInBytes(t *testing.T) {
	d := newDoc(strings.Repeat("x", 100_000))
	for range 100 {
		d.Type(" y")
	}
	if b := d.history.bytes; b > historyBytes {
		t.Errorf("%d bytes of history, more than %d", b, historyBytes)
	}
	steps := 0
	for d.Undo() {
		steps++
	}
	if steps < 15 || steps > 25 {
		t.Errorf("%d steps kept of 400 kB each", steps)
	}
	for d.Redo() {
		steps--
	}
	if steps != 0 {
		t.Error("not every step could be redone")
	}
}

func TestItemsOfLists(t *testing.T) {
	d := newDoc("")
	typeAll(d, "- x")
	if p := d.Para(0); p.Kind != Bullet || string(p.Text) != "x" {
		t.Fatalf("\"- \" made no list: %s", whole(d))
	}
	d.Indent(1)
	d.Newline() // a new item
	d.Newline() // empty: moves out
	if p := d.Para(1); d.Len() != 2 || p.Kind != Bullet || p.Indent != 0 {
		t.Fatalf("an empty item did not move out: %s", whole(d))
	}
	d.Newline() // empty: ends the list
	if p := d.Para(1); d.Len() != 2 || p.Kind != Body {
		t.Fatalf("an empty item did not end the list: %s", whole(d))
	}
	d.Toggle(Bold) // nothing selected: for what comes next
	d.Type("b")
	if d.Para(1).Runs[0].Style.Bits != Bold {
		t.Error("the style chosen for what comes next was lost")
	}
	d.Type("c")
	if len(d.Para(1).Runs) != 1 {
		t.Error("typing on left the style")
	}
	d.Select(At(Pos{0, 0}))
	d.Backspace(false)
	d.Backspace(false)
	if p := d.Para(0); p.Kind != Body || string(p.Text) != "x" {
		t.Errorf("Backspace at the start of an item: %s", whole(d))
	}
}

func TestNumbers(t *testing.T) {
	var ps []*Para
	for _, x := range []struct {
		k Kind
		i int
	}{{Number, 0}, {Number, 0}, {Number, 1}, {Bullet, 1}, {Number, 0}, {Body, 0}, {Number, 0}} {
		ps = append(ps, &Para{Kind: x.k, Indent: x.i})
	}
	for i, want := range []int{1, 2, 1, 0, 3, 0, 1} {
		if want > 0 && NumberOf(ps, i) != want {
			t.Errorf("item %d has number %d, want %d", i, NumberOf(ps, i), want)
		}
	}
}

func TestFolds(t *testing.T) {
	d := newDoc("mine\n> a\n> b")
	d.ToggleFold(1)
	if d.Len() != 2 || d.Para(1).Kind != Fold || plain(d) != "mine\n> a\n> b" {
		t.Fatalf("folding gave %s", whole(d))
	}
	d.Select(At(Pos{1, 1}))
	d.Type("z")
	if plain(d) != "mine\n> a\n> b\nz" || d.Para(1).Kind != Fold {
		t.Fatalf("typing beside a fold gave %s", whole(d))
	}
	d.Delete(Pos{1, 1}, Pos{2, 0})
	if d.Len() != 3 {
		t.Fatalf("text was glued to a fold: %s", whole(d))
	}
	d.Delete(Pos{1, 0}, Pos{1, 1})
	if plain(d) != "mine\n\nz" {
		t.Fatalf("deleting a fold gave %q", plain(d))
	}
	d.Undo()
	if plain(d) != "mine\n> a\n> b\nz" {
		t.Fatalf("undoing that gave %q", plain(d))
	}
	if got := d.Text(Pos{1, 0}, Pos{1, 1}); got != "> a\n> b" {
		t.Errorf("a fold is copied as %q", got)
	}
	d.ToggleFold(1)
	if d.Len() != 4 || d.Para(1).Kind != Body {
		t.Errorf("opening gave %s", whole(d))
	}
	d.Undo()
	if d.Para(1).Kind != Fold {
		t.Error("undo did not close the fold")
	}
}

func TestQuotesAreFoldedForAReply(t *testing.T) {
	text := "Yes.\n\nOn Monday, Ana wrote:\n> one\n>> two\n> three\n\n> short"
	paras := FoldQuotes(FromText(text), 3)
	if len(paras) != 6 || paras[3].Kind != Fold || len(paras[3].Hidden) != 3 || paras[3].About != "On Monday, Ana wrote" || paras[5].Kind == Fold {
		t.Errorf("folded into %s", dump(paras))
	}
	if Text(paras) != text {
		t.Errorf("written as %q", Text(paras))
	}
}

func TestALinkEndsWhereItEnds(t *testing.T) {
	d := newDoc("see here now")
	d.Select(Sel{Pos{0, 4}, Pos{0, 8}})
	if d.SetLink("javascript:alert(1)") || !d.SetLink("www.example.org") {
		t.Fatal("wrong links taken or refused")
	}
	if s, u := d.LinkAt(Pos{0, 6}); u != "https://www.example.org" || s != (Sel{Pos{0, 4}, Pos{0, 8}}) {
		t.Errorf("link at its middle: %v %q", s, u)
	}
	for off, want := range map[int]bool{4: false, 6: true, 8: false} {
		if got := d.Para(0).typedStyle(off).Link != ""; got != want {
			t.Errorf("typing at %d goes on with the link: %v", off, got)
		}
	}
}

func TestGraphemeSteps(t *testing.T) {
	d := newDoc("e\u0301👨‍👩‍👧🇫🇷🇩🇪x")
	var stops []int
	for p := (Pos{}); p != d.End(); {
		p = d.Right(p)
		stops = append(stops, p.Off)
	}
	want := []int{2, 7, 9, 11, 12}
	if len(stops) != len(want) {
		t.Fatalf("stops %v, want %v", stops, want)
	}
	for i := range want {
		if stops[i] != want[i] {
			t.Fatalf("stops %v, want %v", stops, want)
		}
	}
	d.Select(At(Pos{0, 7}))
	d.Backspace(false)
	if plain(d) != "e\u0301🇫🇷🇩🇪x" {
		t.Errorf("Backspace left %q", plain(d))
	}
}

func TestPastedHTML(t *testing.T) {
	for source, want := range map[string]string{
		"":                                       "",
		"<p>a<p>b":                               "a\nb",
		"a<script>x</script><style>p{}</style>b": "ab",
		"<div>a<br></div><div><br></div>b":       "a\n\nb",
		" a \n b <b> c</b>":                      "a b c",
		"<ul><li>x<li>y<ol><li>z</ol></ul>":      "- x\n- y\n  1. z",
		"<blockquote>q<blockquote>qq</blockquote></blockquote>r": "> q\n>> qq\nr",
		"<pre>a\n  b</pre>":                               "a\n  b",
		"<table><tr><td>1<td>2<tr><td>3</table>":          "1\t2\n3",
		`<img src="https://example.org/x.png" alt="pic">`: "[pic]",
		`<img src="cid:a@b" alt="pic">`:                   "[pic]",
		"<span style='display:none'>x</span>y":            "y",
		"a&lt;b&amp;nbsp;":                                "a<b&nbsp;",
		"a\x00\x01\ufffc\ufeffb":                          "ab",
		"</div></b></ul>x":                                "x",
	} {
		d := New(FromHTML(source), &ticking{})
		check(t, d)
		if got := plain(d); got != want {
			t.Errorf("%q gives %q, want %q", source, got, want)
		}
	}
}

func TestHTMLHoldsNothingButText(t *testing.T) {
	d := newDoc(`<script>alert("x")</script> & "quotes"`)
	d.InsertImage(Image{ContentID: `a"><script>`, Alt: `"onerror="x`})
	for _, bad := range []string{"<script", `"onerror`, "javascript"} {
		if out := HTML(d.Paras()); strings.Contains(out, bad) {
			t.Errorf("%q in %s", bad, out)
		}
	}
}

func TestTextSurvivesFormatFlowed(t *testing.T) {
	long := strings.Repeat("words that flow ", 30) + "end"
	d := newDoc("Hello\n\n" + long + "\n> " + long + "\n>> deeper\n\n-- \nAna")
	draft := letter.Draft{From: letter.Address{Addr: "a@example.org"}, Text: plain(d)}
	var b strings.Builder
	if err := draft.Write(&b); err != nil {
		t.Fatal(err)
	}
	text, err := letter.Parse([]byte(b.String())).WholeText()
	if err != nil {
		t.Fatal(err)
	}
	back := Text(FromText(text))
	if !strings.Contains(back, "> "+long) || !strings.Contains(back, "\n"+long+"\n") {
		t.Errorf("read back as %q", back)
	}
}

func FuzzFromHTML(f *testing.F) {
	f.Add("<p>x<b>y<ul><li>z<blockquote><a href='http://x/'>l")
	f.Add(strings.Repeat("<div>", 300) + "x" + strings.Repeat("</div>", 300) + "<p>y")
	f.Add("&nbsp;<br><br>a&nbsp; b<br>")
	f.Fuzz(func(t *testing.T, s string) {
		d := New(FromHTML(s), &ticking{})
		check(t, d)
		once := HTML(d.Paras())
		if again := HTML(FromHTML(once)); again != once {
			t.Fatalf("%q\nthen\n%q", once, again)
		}
	})
}

func FuzzPaste(f *testing.F) {
	f.Add("a\r\nb\x00\u2028c\ufffc")
	f.Add(">> x\n> > y")
	f.Fuzz(func(t *testing.T, s string) {
		d := newDoc("ab")
		d.Select(At(Pos{0, 1}))
		d.Paste(s)
		check(t, d)
		for _, p := range d.Paras() {
			for _, r := range p.Text {
				if r < ' ' && r != '\t' && r != LineBreak || r == ObjectRune {
					t.Fatalf("%q in the document", r)
				}
			}
		}
		check(t, New(FromText(s), &ticking{}))
		d.Undo()
		if plain(d) != "ab" {
			t.Fatalf("undo gave %q", plain(d))
		}
	})
}
