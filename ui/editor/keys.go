package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"paquebot.app/internal/richtext"
	"paquebot.app/ui/kit"
)

func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// TypedRune implements fyne.Focusable.
func (e *Editor) TypedRune(r rune) {
	if !e.disabled {
		e.doc.Type(string(r))
		e.edited()
	}
}

// AcceptsTab implements fyne.Tabbable: in a list Tab moves the item in and out;
// elsewhere it goes on to the next field.
func (e *Editor) AcceptsTab() bool {
	return item(e.doc.Para(e.doc.Sel().Caret.Para)) && !e.disabled
}

// TypedKey implements fyne.Focusable.
func (e *Editor) TypedKey(k *fyne.KeyEvent) {
	if e.OnKey(k) {
		return
	}
	shift := e.held()&fyne.KeyModifierShift != 0
	if !e.disabled && e.editKey(k.Name, shift) {
		e.edited()
		return
	}
	c, from, to := e.doc.Sel().Caret, richtext.Pos{}, richtext.Pos{}
	from, to = e.doc.Sel().Order()
	endOf, wish := false, float32(-1)
	switch k.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		right := k.Name == fyne.KeyRight
		switch {
		case from == to || shift:
			c = e.beside(c, right)
		case right == e.block(c.Para).text.RTL():
			c = from
		default:
			c = to
		}
	case fyne.KeyUp:
		c, endOf, wish = e.vertical(-1)
	case fyne.KeyDown:
		c, endOf, wish = e.vertical(1)
	case fyne.KeyPageUp:
		c, endOf, wish = e.vertical(-e.page())
	case fyne.KeyPageDown:
		c, endOf, wish = e.vertical(e.page())
	case fyne.KeyHome:
		b, n := e.caretLine(c, e.endOf)
		c.Off = b.text.Start(n)
	case fyne.KeyEnd:
		b, n := e.caretLine(c, e.endOf)
		l := b.text.Line(n)
		last := n == b.text.Len()-1 && b.text.Done()
		if last {
			c.Off = b.text.Start(n) + l.N
		} else {
			c.Off = b.text.Start(n) + l.End()
			endOf = l.End() == l.N
		}
	default:
		return
	}
	e.goTo(c, shift)
	e.endOf, e.wish = endOf, wish
	e.moved()
}

// editKey does what a key changes in the document.
func (e *Editor) editKey(k fyne.KeyName, shift bool) bool {
	caret := e.doc.Sel().Caret
	switch k {
	case fyne.KeyReturn, fyne.KeyEnter:
		switch {
		case e.doc.Sel().Empty() && e.doc.Para(caret.Para).Kind == richtext.Fold:
			e.doc.ToggleFold(caret.Para)
		case shift:
			e.doc.BreakLine()
		default:
			e.doc.Newline()
		}
	case fyne.KeyBackspace:
		e.doc.Backspace(false)
	case fyne.KeyDelete:
		e.doc.DeleteForward(false)
	case fyne.KeyTab:
		if !e.AcceptsTab() {
			return false
		}
		by := 1
		if shift {
			by = -1
		}
		e.doc.Indent(by)
	default:
		return false
	}
	return true
}

// chord is a key with what is held.
type chord struct {
	key   fyne.KeyName
	shift bool
}

// moves are what Ctrl with a key does with the caret; with Shift it selects.
var moves = map[fyne.KeyName]func(e *Editor, c richtext.Pos) richtext.Pos{
	fyne.KeyLeft:  func(e *Editor, c richtext.Pos) richtext.Pos { return e.word(c, false) },
	fyne.KeyRight: func(e *Editor, c richtext.Pos) richtext.Pos { return e.word(c, true) },
	fyne.KeyUp: func(_ *Editor, c richtext.Pos) richtext.Pos {
		if c.Off == 0 && c.Para > 0 {
			c.Para--
		}
		return richtext.Pos{Para: c.Para}
	},
	fyne.KeyDown: func(e *Editor, c richtext.Pos) richtext.Pos {
		if c.Para == e.doc.Len()-1 {
			return e.doc.End()
		}
		return richtext.Pos{Para: c.Para + 1}
	},
	fyne.KeyHome: func(*Editor, richtext.Pos) richtext.Pos { return richtext.Pos{} },
	fyne.KeyEnd:  func(e *Editor, _ richtext.Pos) richtext.Pos { return e.doc.End() },
}

// commands are what Ctrl with a key does with the document.
var commands = map[chord]func(*richtext.Doc){
	{fyne.KeyBackspace, false}: func(d *richtext.Doc) { d.Backspace(true) },
	{fyne.KeyDelete, false}:    func(d *richtext.Doc) { d.DeleteForward(true) },
	{fyne.KeyB, false}:         func(d *richtext.Doc) { d.Toggle(richtext.Bold) },
	{fyne.KeyI, false}:         func(d *richtext.Doc) { d.Toggle(richtext.Italic) },
	{fyne.KeyU, false}:         func(d *richtext.Doc) { d.Toggle(richtext.Underline) },
	{fyne.KeyX, true}:          func(d *richtext.Doc) { d.Toggle(richtext.Strike) },
	{fyne.KeyBackslash, false}: func(d *richtext.Doc) { d.ClearStyle() },
	{fyne.Key7, true}:          func(d *richtext.Doc) { d.SetKind(richtext.Number) },
	{fyne.Key8, true}:          func(d *richtext.Doc) { d.SetKind(richtext.Bullet) },
	{fyne.Key9, true}:          ToggleQuote,
	{fyne.KeyRightBracket, false}: func(d *richtext.Doc) {
		if !d.Indent(1) {
			d.Quote(1)
		}
	},
	{fyne.KeyLeftBracket, false}: func(d *richtext.Doc) {
		if !d.Indent(-1) {
			d.Quote(-1)
		}
	},
	{fyne.KeyZ, true}: func(d *richtext.Doc) { d.Redo() },
}

// ToggleQuote makes the selected paragraphs a quote, or no quote where the
// caret stands in one.
func ToggleQuote(d *richtext.Doc) {
	if d.Para(d.Sel().Caret.Para).Quote > 0 {
		d.Quote(-richtext.MaxQuote)
	} else {
		d.Quote(1)
	}
}

// TypedShortcut implements fyne.Shortcutable. What the text has no use for goes
// on to the window.
func (e *Editor) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		e.copy(s.Clipboard)
	case *fyne.ShortcutSelectAll:
		e.SelectAll()
	case *fyne.ShortcutCut:
		if e.copy(s.Clipboard) && !e.disabled {
			e.Edit(func(d *richtext.Doc) { d.Delete(d.Sel().Anchor, d.Sel().Caret) })
		}
	case *fyne.ShortcutPaste:
		e.paste(s.Clipboard, false)
	case *fyne.ShortcutUndo:
		e.Edit(func(d *richtext.Doc) { d.Undo() })
	case *fyne.ShortcutRedo:
		e.Edit(func(d *richtext.Doc) { d.Redo() })
	case *desktop.CustomShortcut:
		if !e.custom(s) && !e.OnShortcut(s) {
			kit.PassShortcut(e, s)
		}
	default:
		kit.PassShortcut(e, s)
	}
}

func (e *Editor) custom(s *desktop.CustomShortcut) bool {
	if s.Modifier&^fyne.KeyModifierShift != fyne.KeyModifierShortcutDefault {
		return false
	}
	shift := s.Modifier&fyne.KeyModifierShift != 0
	if move := moves[s.KeyName]; move != nil {
		e.goTo(move(e, e.doc.Sel().Caret), shift)
		e.endOf, e.wish = false, -1
		e.moved()
		return true
	}
	if s.KeyName == fyne.KeyV && shift {
		e.paste(fyne.CurrentApp().Clipboard(), true)
		return true
	}
	f := commands[chord{s.KeyName, shift}]
	if f != nil {
		e.Edit(f)
	}
	return f != nil
}

// SelectAll selects the whole text.
func (e *Editor) SelectAll() {
	e.doc.Select(richtext.Sel{Caret: e.doc.End()})
	e.sync()
	e.OnState()
}
