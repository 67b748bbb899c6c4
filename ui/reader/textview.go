package reader

import (
	"image"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/internal/letter"
)

// atOnce is how much text is laid out before the window goes on; the rest of a
// longer letter follows in slices on another goroutine.
const (
	atOnce = 6 << 10
	slice  = 48 << 10
)

// Background runs f on another goroutine, and what it returns on the window's.
type Background func(f func() (then func()))

// TextView is a letter's text: only the lines in sight are objects.
type TextView struct {
	widget.BaseWidget

	// OnLink is called with a link that was tapped, and where.
	OnLink func(link string, at fyne.Position)
	// OnHover is told the link under the pointer, "" for none.
	OnHover func(link string)
	// OnHeight is called when the height changed after a layout of its own:
	// more of a long letter was laid out, or a quote was opened.
	OnHeight func()
	// OnMenu is called for a secondary click.
	OnMenu func(at fyne.Position)
	// OnRune and OnKey are given what is typed while the text has the keyboard.
	OnRune func(rune)
	OnKey  func(*fyne.KeyEvent)

	background Background
	document   *letter.Document
	pictures   map[string]image.Image
	folds      []fold
	open       map[int]bool
	flow       *flow
	turn       int // of the flow that is shown; slices of older ones are dropped
	working    bool

	top, bottom float32 // what is in sight, in the view's own coordinates
	views       []*lineView
	renderer    *textRenderer
	chosen      selection
	hover       string
}

// NewTextView gives an empty view.
func NewTextView(b Background) *TextView {
	t := &TextView{background: b, bottom: 900, OnLink: func(string, fyne.Position) {}, OnHover: func(string) {}, OnHeight: func() {}}
	t.ExtendBaseWidget(t)
	return t
}

// SetDocument shows a letter's text from its beginning, with its pictures by
// Content-ID.
func (t *TextView) SetDocument(d *letter.Document, pictures map[string]image.Image) {
	if d == nil {
		d = &letter.Document{}
	}
	t.document, t.pictures, t.folds, t.open = d, pictures, foldsOf(d), map[int]bool{}
	t.chosen = selection{}
	t.layOut(t.Size().Width)
	t.sync(true)
}

// HeightFor is the height at a width. Of a long letter it grows while the rest
// is laid out.
func (t *TextView) HeightFor(width float32) float32 {
	if t.document == nil || width <= 0 {
		return 0
	}
	if t.flow == nil || t.flow.width != max(width, 120) {
		t.layOut(width)
	}
	return t.height()
}

// height guesses that what is not laid out yet is like what is.
func (t *TextView) height() float32 {
	f := t.flow
	if f == nil {
		return 0
	}
	if f.done() || f.next == 0 {
		return f.height
	}
	return f.height * float32(len(f.document.Blocks)) / float32(f.next)
}

// layOut begins a layout: what is in sight at once, the rest behind it.
func (t *TextView) layOut(width float32) {
	if t.document == nil || width <= 0 {
		return
	}
	t.turn++
	if t.flow != nil {
		t.flow.stale.Store(true)
	}
	f := t.newFlow(width, fyne.MeasureText("0", monoSize, fyne.TextStyle{Monospace: true}).Width)
	t.flow, t.working = f, false
	t.guard(func() { f.fill(t.bottom+200, atOnce) })
	t.rest()
}

// guard keeps what a letter does to the layout away from the window: such a
// letter ends where it happened.
func (t *TextView) guard(f func()) {
	defer func() {
		if r := recover(); r != nil && t.flow != nil {
			t.flow.next = len(t.flow.document.Blocks)
		}
	}()
	f()
}

// rest lays out what is left, a slice at a time. The flow is given away
// meanwhile: the window shows a copy of what was ready.
func (t *TextView) rest() {
	f, turn := t.flow, t.turn
	if f.done() || t.working {
		return
	}
	t.working = true
	work := *f // slices grow behind what the window reads
	t.background(func() func() {
		broken := false
		func() {
			defer func() { broken = recover() != nil }()
			work.fill(endless*16, slice)
		}()
		if broken {
			work.next = len(work.document.Blocks)
		}
		return func() {
			t.working = false
			if turn != t.turn {
				return
			}
			t.flow = &work
			t.sync(false)
			t.OnHeight()
			t.rest()
		}
	})
}

// SetSight tells which part of the view can be seen.
func (t *TextView) SetSight(top, bottom float32) {
	if top != t.top || bottom != t.bottom {
		t.top, t.bottom = top, bottom
		t.sync(false)
	}
}

// toggle opens or closes a fold.
func (t *TextView) toggle(n int) {
	t.open[n] = !t.open[n]
	t.chosen = selection{}
	t.layOut(t.Size().Width)
	t.sync(true)
	t.OnHeight()
}

// sync makes the objects match the lines in sight. A line keeps its view while
// it is in sight.
func (t *TextView) sync(fresh bool) {
	r := t.renderer
	if r == nil || t.flow == nil {
		return
	}
	lines := t.flow.lines
	first := sort.Search(len(lines), func(i int) bool { return lines[i].y+lines[i].h >= t.top-40 })
	last := first
	for last < len(lines) && lines[last].y <= t.bottom+40 {
		last++
	}
	changed := false
	for len(t.views) < last-first {
		t.views = append(t.views, newLineView())
		changed = true
	}
	if changed { // another number of views means another view for each line
		for _, v := range t.views {
			v.hide()
		}
	}
	used := make([]bool, len(t.views))
	for i := first; i < last; i++ {
		v := t.views[i%len(t.views)]
		used[i%len(t.views)] = true
		changed = v.show(i, t.turn, &lines[i], t.Size().Width) || changed
		v.choose(t.chosenIn(i))
	}
	for i, v := range t.views {
		if !used[i] && v.at >= 0 {
			v.hide()
		}
	}
	if changed {
		r.objects = r.objects[:0]
		for _, v := range t.views {
			r.objects = append(r.objects, v.group...)
		}
	}
	if changed || fresh {
		canvas.Refresh(t)
	}
}

type textRenderer struct {
	t       *TextView
	objects []fyne.CanvasObject
}

// CreateRenderer implements fyne.Widget.
func (t *TextView) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	t.renderer = &textRenderer{t: t}
	return t.renderer
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *textRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, 0) }

func (r *textRenderer) Layout(s fyne.Size) {
	if r.t.document != nil && (r.t.flow == nil || r.t.flow.width != max(s.Width, 120)) {
		r.t.layOut(s.Width)
	}
	r.t.sync(false)
}

// Refresh is for a change of appearance: every line is drawn anew.
func (r *textRenderer) Refresh() {
	for _, v := range r.t.views {
		v.at = -1
	}
	r.t.sync(true)
}

// Complete tells whether all of the letter is laid out.
func (t *TextView) Complete() bool { return t.flow != nil && t.flow.done() }
