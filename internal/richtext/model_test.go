package richtext

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
)

// ticking is a clock that goes on by 100 ms whenever it is read.
type ticking struct {
	clock.Clock
	now time.Time
}

func (c *ticking) Now() time.Time {
	c.now = c.now.Add(100 * time.Millisecond)
	return c.now
}

func newDoc(text string) *Doc { return New(FromText(text), &ticking{}) }

func whole(d *Doc) string { return dump(d.Paras()) }

// dump writes everything there is in paragraphs.
func dump(paras []*Para) string {
	var b strings.Builder
	for _, p := range paras {
		fmt.Fprintf(&b, "%d q%d i%d %q", p.Kind, p.Quote, p.Indent, string(p.Text))
		for _, r := range p.Runs {
			fmt.Fprintf(&b, " %d:%v/%s", r.N, r.Style.Bits, r.Style.Link)
			if m := r.Style.Image; m != nil {
				fmt.Fprintf(&b, "/%+v", *m)
			}
		}
		if p.Kind == Fold {
			fmt.Fprintf(&b, " {%s}", dump(p.Hidden))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// check finds what no edit may ever leave behind.
func check(t *testing.T, d *Doc) {
	t.Helper()
	if d.Len() == 0 {
		t.Fatal("no paragraph left")
	}
	for i, p := range d.Paras() {
		n := 0
		for k, r := range p.Runs {
			n += r.N
			if r.N <= 0 || k > 0 && r.Style == p.Runs[k-1].Style && r.Style.Image == nil {
				t.Fatalf("paragraph %d: runs %v", i, p.Runs)
			}
		}
		if n != len(p.Text) {
			t.Fatalf("paragraph %d: runs of %d runes, text of %d", i, n, len(p.Text))
		}
		if fold := p.Kind == Fold; fold != (p.Hidden != nil) || fold && string(p.Text) != string(ObjectRune) {
			t.Fatalf("paragraph %d: a fold with text %q, %d hidden", i, string(p.Text), len(p.Hidden))
		}
		if p.Quote < 0 || p.Quote > MaxQuote || p.Indent < 0 || p.Indent > MaxIndent {
			t.Fatalf("paragraph %d: quote %d indent %d", i, p.Quote, p.Indent)
		}
	}
	for _, p := range []Pos{d.Sel().Anchor, d.Sel().Caret} {
		if p != d.clamp(p) {
			t.Fatalf("selection %v outside the document", d.Sel())
		}
	}
}

// follower keeps a copy of the document by nothing but the changes it is told.
type follower struct {
	t     *testing.T
	d     *Doc
	paras []*Para
}

func (f *follower) change(c Change) {
	old, now := f.paras[c.At], f.d.Para(c.At)
	if e := c.Edit; c.Old < 1 || c.New < 1 || !reflect.DeepEqual(cutRuns(old.Runs, 0, e.From), cutRuns(now.Runs, 0, e.From)) ||
		string(old.Text[:e.From]) != string(now.Text[:e.From]) ||
		string(old.Text[e.To:]) != string(now.Text[e.From+e.New:]) ||
		!reflect.DeepEqual(cutRuns(old.Runs, e.To, len(old.Text)), cutRuns(now.Runs, e.From+e.New, len(now.Text))) {
		f.t.Fatalf("edit %+v does not lead from %s to %s", e, dump([]*Para{old}), dump([]*Para{now}))
	}
	var out []*Para
	out = append(out, f.paras[:c.At]...)
	out = append(out, f.d.Paras()[c.At:c.At+c.New]...)
	f.paras = append(out, f.paras[c.At+c.Old:]...)
}

var bits = []string{"a", "wort ", "  ", "漢字", "é", "👍🏽", "\u200fאב", "\t", "🇫🇷", "-"}

// script makes one random edit.
func script(r *rand.Rand, d *Doc) {
	place := func() Pos {
		p := r.Intn(d.Len())
		return Pos{p, r.Intn(len(d.Para(p).Text) + 1)}
	}
	s := Sel{place(), place()}
	if r.Intn(2) == 0 {
		s.Anchor = s.Caret
	}
	if r.Intn(3) > 0 {
		d.Select(s)
	}
	switch r.Intn(20) {
	case 0:
		d.Newline()
	case 1:
		d.Delete(s.Anchor, s.Caret)
	case 2:
		d.Paste("p\nq r\r\n")
	case 3:
		d.Toggle(Bits(1 << r.Intn(5)))
	case 4:
		d.ToggleFold(d.Sel().Caret.Para)
	case 5:
		d.Backspace(r.Intn(3) == 0)
	case 6:
		d.DeleteForward(r.Intn(3) == 0)
	case 7:
		d.SetKind(Kind(r.Intn(4)))
	case 8:
		d.Indent(r.Intn(3) - 1)
	case 9:
		d.Quote(r.Intn(3) - 1)
	case 10:
		d.SetLink([]string{"", "https://example.org/", "javascript:x"}[r.Intn(3)])
	case 11:
		d.InsertImage(Image{ContentID: "i@x", Alt: "alt"})
	case 12:
		d.PasteHTML("<p>x <b>y</b><ul><li>z<ul><li>zz</ul></ul>")
	case 13:
		d.Insert(d.Slice(place(), place()))
	case 14:
		d.BreakLine()
	case 15:
		d.ClearStyle()
	default:
		d.Type(bits[r.Intn(len(bits))])
	}
}

const start = "one two\nthree\n> quoted a\n>> quoted b\n\nlast"

func TestUndoAllIsTheStartAndRedoAllTheEnd(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for round := range 300 {
		d := newDoc(start)
		f := &follower{t, d, d.Paras()}
		d.Watch(f.change)
		first := whole(d)
		for range 60 {
			script(r, d)
			check(t, d)
		}
		last := whole(d)
		for d.Undo() {
			check(t, d)
		}
		if got := whole(d); got != first {
			t.Fatalf("round %d: undoing all gave\n%s\nwant\n%s", round, got, first)
		}
		for d.Redo() {
			check(t, d)
		}
		if got := whole(d); got != last {
			t.Fatalf("round %d: redoing all gave\n%s\nwant\n%s", round, got, last)
		}
		if dump(f.paras) != last {
			t.Fatalf("round %d: the changes told do not add up", round)
		}
	}
}

func TestParagraphsNeverChange(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	d := newDoc(start)
	for range 400 {
		before := d.Paras()
		was := dump(before)
		script(r, d)
		if dump(before) != was {
			t.Fatal("an edit changed a paragraph in place")
		}
	}
}

func TestHTMLOutAndInIsTheSame(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for round := range 400 {
		d := newDoc(start)
		for range 30 {
			script(r, d)
		}
		var paras []*Para
		for _, p := range Unfolded(d.Paras()) { // tabs become blanks on the way
			q := *p
			q.Text = []rune(strings.ReplaceAll(string(p.Text), "\t", "-"))
			if q.Kind == Body || q.Kind == Heading {
				q.Indent = 0
			}
			paras = append(paras, &q)
		}
		source := HTML(paras)
		if got, want := dump(FromHTML(source)), dump(paras); got != want {
			t.Fatalf("round %d: read back as\n%s\nwant\n%s\nHTML:\n%s", round, got, want, source)
		}
	}
}

func TestTextOutAndInIsTheSame(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for round := range 300 {
		d := newDoc(start)
		for range 30 {
			script(r, d)
		}
		text := Text(d.Paras())
		if got := Text(FromText(text)); got != text {
			t.Fatalf("round %d: read back as\n%q\nwant\n%q", round, got, text)
		}
	}
}
