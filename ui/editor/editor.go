package editor

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/richtext"
	"paquebot.app/internal/text/line"
	"paquebot.app/ui/kit"
)

// Editor shows a document and edits it.
type Editor struct {
	widget.BaseWidget

	// OnChanged is called after every edit, OnState when the selection, or the
	// style of what is typed next, may have changed.
	OnChanged, OnState func()
	// OnKey sees every key first; true means that it was used.
	OnKey func(*fyne.KeyEvent) bool
	// OnShortcut sees what the text has no use for before the window does; true
	// means that it was used.
	OnShortcut func(*desktop.CustomShortcut) bool
	// OnMenu is told of a secondary click, with its place on the canvas.
	OnMenu func(fyne.Position)
	// OnLink is told of a click with Ctrl on a link.
	OnLink func(url string)
	// OnPaste sees what is to be pasted, "" where that is no text; true means that
	// it was used.
	OnPaste func(text string) bool
	// Later runs a function on the window's goroutine after a while, for the
	// caret; nil: it does not blink.
	Later func(after time.Duration, f func())
	// Hint is shown while nothing is written.
	Hint string
	// Left and Right are the margins; the text is at most Widest wide.
	Left, Right, Widest float32

	doc    *richtext.Doc
	clock  clock.Clock
	set    *typesetting
	colour palette

	blocks []*block  // one a paragraph; nil: not laid out
	rough  []float32 // estimates of the heights of paragraphs; 0: none yet
	width  float32   // of the column; 0: not yet known
	top    anchor
	scale  float32

	tiles    map[*line.Line]*tile
	spare    []*slot
	turn     int
	shown    []fyne.CanvasObject
	placed   []placedLine
	rects    []*canvas.Rectangle
	rectsOut int
	labels   []*kit.TextLine
	hint     *kit.TextLine
	caret    *canvas.Rectangle
	bar      *canvas.Rectangle // of scrolling
	barTop   float32           // what the bar shows, for dragging it
	pictures map[string]image.Image
	objects  map[*richtext.Image]*line.Object

	altered  bool    // the document changed since OnChanged was called
	endOf    bool    // the caret stands at the end of a line, not at the start of the next
	wish     float32 // the x that Up and Down keep to; negative: that of the caret
	focused  bool
	disabled bool
	blinking int // the run of blinking that counts
	active   time.Time
	clicks   clicks
	pointer  desktop.Cursor
	held     func() fyne.KeyModifier
}

// anchor says what is at the upper edge: a paragraph, and how much of it is
// scrolled away. A sum of heights would drift, as those out of sight are
// estimates.
type anchor struct {
	para int
	away float32
}

// New returns an empty Editor.
func New(c clock.Clock) *Editor {
	e := &Editor{clock: c, set: fonts(), Left: 24, Right: 24, Widest: 720, scale: 1, wish: -1, tiles: map[*line.Line]*tile{},
		pictures: map[string]image.Image{}, objects: map[*richtext.Image]*line.Object{}, pointer: desktop.TextCursor, held: modifiers}
	e.OnChanged, e.OnState, e.OnKey = func() {}, func() {}, func(*fyne.KeyEvent) bool { return false }
	e.OnShortcut = func(*desktop.CustomShortcut) bool { return false }
	e.OnMenu, e.OnLink, e.OnPaste = func(fyne.Position) {}, func(string) {}, func(string) bool { return false }
	e.colour = colours()
	e.caret, e.bar = canvas.NewRectangle(e.colour.caret), canvas.NewRectangle(e.colour.bar)
	e.caret.Hide()
	e.bar.CornerRadius = 3
	e.hint = kit.NewTextLine(kit.Reading)
	e.ExtendBaseWidget(e)
	e.Set(nil)
	return e
}

// Set shows other paragraphs, the caret before the first, and forgets what
// could be undone.
func (e *Editor) Set(paras []*richtext.Para) {
	e.doc = richtext.New(paras, e.clock)
	e.doc.Watch(e.changed)
	e.blocks, e.rough = make([]*block, e.doc.Len()), make([]float32, e.doc.Len())
	e.top, e.endOf, e.wish = anchor{}, false, -1
	clear(e.objects)
	e.drop()
	e.sync()
}

// Paras returns what is written, a list that may go to another goroutine.
func (e *Editor) Paras() []*richtext.Para { return e.doc.Paras() }

// Select sets the selection and brings its caret into sight.
func (e *Editor) Select(s richtext.Sel) {
	e.doc.Select(s)
	e.endOf, e.wish = false, -1
	e.moved()
}

// Edit has f change the document, as the buttons of a bar do, and shows what
// came of it.
func (e *Editor) Edit(f func(*richtext.Doc)) {
	if !e.disabled {
		f(e.doc)
		e.edited()
	}
}

// State is what a bar of buttons shows.
type State struct {
	Style            richtext.Style
	Kind             richtext.Kind
	Quoted           bool
	Link             string
	Undo, Redo, Some bool // there is something to undo, to redo, selected
}

// State returns the state at the caret.
func (e *Editor) State() State {
	s := e.doc.Sel()
	p := e.doc.Para(s.Caret.Para)
	_, link := e.doc.LinkAt(s.Caret)
	return State{Style: e.doc.StyleNow(), Kind: p.Kind, Quoted: p.Quote > 0, Link: link,
		Undo: e.doc.CanUndo(), Redo: e.doc.CanRedo(), Some: !s.Empty()}
}

// SetPicture gives the picture that a Content-ID stands for.
func (e *Editor) SetPicture(contentID string, img image.Image) {
	e.pictures[contentID] = img
	clear(e.objects)
	for i := range e.blocks {
		if b := e.blocks[i]; b != nil && b.pictured {
			e.blocks[i] = nil
		}
	}
	e.sync()
}

// edited is called after everything that may have changed the document.
func (e *Editor) edited() {
	e.endOf, e.wish = false, -1
	e.moved()
	if e.altered {
		e.altered = false
		e.OnChanged()
	}
}

// moved is called after everything that may have moved the caret.
func (e *Editor) moved() {
	e.active = e.clock.Now()
	e.reveal()
	e.sync()
	e.OnState()
}

// Disable makes the text one that can be read and copied only.
func (e *Editor) Disable() { e.disabled = true; e.sync() }

// Enable undoes Disable.
func (e *Editor) Enable() { e.disabled = false; e.sync() }

// Disabled reports the state.
func (e *Editor) Disabled() bool { return e.disabled }

// Resize implements fyne.CanvasObject.
func (e *Editor) Resize(s fyne.Size) {
	if s == e.Size() {
		return
	}
	e.BaseWidget.Resize(s)
	if w := min(s.Width-e.Left-e.Right, e.Widest); w != e.width && w > 40 {
		e.width = w
		clear(e.blocks)
		clear(e.rough)
		clear(e.objects)
	}
	e.sync()
}

// Refresh implements fyne.Widget: it takes the colours of the theme.
func (e *Editor) Refresh() {
	if c := colours(); c != e.colour {
		e.colour = c
		e.drop()
	}
	e.sync()
}

// CreateRenderer implements fyne.Widget.
func (e *Editor) CreateRenderer() fyne.WidgetRenderer {
	e.ExtendBaseWidget(e)
	return renderer{e}
}

type renderer struct{ e *Editor }

func (r renderer) Layout(fyne.Size)             {}
func (r renderer) MinSize() fyne.Size           { return fyne.NewSize(160, 4*lineHeight) }
func (r renderer) Refresh()                     { r.e.Refresh() }
func (r renderer) Objects() []fyne.CanvasObject { return r.e.shown }
func (r renderer) Destroy()                     {}

// IsClip has the toolkit's driver cut what reaches over the edges.
func (r renderer) IsClip() {}
