package kit

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// MenuItem is one line of a menu. The zero value is a separating line.
type MenuItem struct {
	Icon     string // optional; a column is kept where any item has one
	Text     string
	Shortcut string // shown at the right edge, not bound
	Danger   bool
	Disabled bool
	Checked  bool
	Action   func()
}

// Menu is an open pop-up menu: it holds the keyboard until an item is chosen,
// Escape is pressed or something beside it is clicked.
type Menu struct {
	widget.BaseWidget
	canvas fyne.Canvas
	items  []MenuItem
	at     int // highlighted item, -1: none
	panel  fyne.Position
	size   fyne.Size
	rows   []*menuRow
	closed func()
}

const (
	menuRowHeight   float32 = 30
	menuLineHeight  float32 = 9
	menuPad         float32 = 5
	menuIconColumn  float32 = 36
	menuPlainColumn float32 = 12
)

type menuRow struct {
	y               float32
	veil            *canvas.Rectangle
	mark            *IconMark
	text, shortcuts *TextLine
}

// ShowMenu opens a menu with its corner at a position of the canvas, moved
// inward where it would leave it; closed is called when it goes, and may be nil.
func ShowMenu(c fyne.Canvas, items []MenuItem, at fyne.Position, closed func()) *Menu {
	m := &Menu{canvas: c, items: items, at: -1, closed: closed}
	m.ExtendBaseWidget(m)
	m.size = m.measure()
	room := c.Size()
	if at.Y+m.size.Height > room.Height-6 && at.Y-m.size.Height > 6 {
		at.Y -= m.size.Height
	}
	m.panel = fyne.NewPos(max(6, min(at.X, room.Width-m.size.Width-6)), max(6, min(at.Y, room.Height-m.size.Height-6)))
	m.Resize(room)
	c.Overlays().Add(m)
	c.Focus(m)
	return m
}

// Close takes the menu away without choosing.
func (m *Menu) Close() {
	m.canvas.Overlays().Remove(m)
	if m.closed != nil {
		m.closed()
		m.closed = nil
	}
}

func (m *Menu) choose(i int) {
	if i < 0 || i >= len(m.items) || !m.usable(i) {
		return
	}
	m.Close()
	if f := m.items[i].Action; f != nil {
		f()
	}
}

func (m *Menu) usable(i int) bool { return m.items[i].Text != "" && !m.items[i].Disabled }

func (m *Menu) iconColumn() float32 {
	for _, it := range m.items {
		if it.Icon != "" || it.Checked {
			return menuIconColumn
		}
	}
	return menuPlainColumn
}

func menuStyles() (text, shortcut TextStyle) {
	return TextStyle{glyph.Regular, theme.SizeSmall, theme.Text}, TextStyle{glyph.Regular, theme.SizeCaption, theme.Faint}
}

func (m *Menu) measure() fyne.Size {
	ts, ss := menuStyles()
	var text, keys float32
	h := 2 * menuPad
	for _, it := range m.items {
		if it.Text == "" {
			h += menuLineHeight
			continue
		}
		h += menuRowHeight
		text = max(text, ts.Width(it.Text))
		if it.Shortcut != "" {
			keys = max(keys, ss.Width(it.Shortcut)+28)
		}
	}
	return fyne.NewSize(max(170, 2*menuPad+m.iconColumn()+ceil(text)+ceil(keys)+14), h)
}

// CreateRenderer implements fyne.Widget.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	ground := raised(theme.RadiusCard)
	objects := []fyne.CanvasObject{ground}
	ts, ss := menuStyles()
	y := menuPad
	left := m.iconColumn()
	var lines []*Fill
	var lineY []float32
	for _, it := range m.items {
		if it.Text == "" {
			l := NewFill(theme.Border, 0)
			lines, lineY = append(lines, l), append(lineY, y+menuLineHeight/2)
			objects = append(objects, l)
			m.rows = append(m.rows, nil)
			y += menuLineHeight
			continue
		}
		ink, icon := theme.Text, theme.Muted
		switch {
		case it.Disabled:
			ink, icon = theme.Faint, theme.Faint
		case it.Danger:
			ink, icon = theme.Danger, theme.Danger
		}
		r := &menuRow{y: y, veil: rectangle(6), text: NewTextLine(ts), shortcuts: NewTextLine(ss)}
		name := it.Icon
		if it.Checked {
			name = "check"
		}
		r.mark = NewIconMark(name, 16, icon)
		if name == "" {
			r.mark.Hide()
		}
		r.text.Set(it.Text, ts.In(ink), m.size.Width)
		r.shortcuts.Set(it.Shortcut, ss, m.size.Width)
		objects = append(objects, r.veil, r.mark.Object(), r.text.Object(), r.shortcuts.Object())
		m.rows = append(m.rows, r)
		y += menuRowHeight
	}
	return &renderer{
		widget: m, objects: objects, refresh: m.light,
		min: func() fyne.Size { return m.size },
		layout: func(fyne.Size) {
			p, s := m.panel, m.size
			place(ground, p.X, p.Y, s.Width, s.Height)
			for i, l := range lines {
				place(l, p.X+menuPad+6, p.Y+round(lineY[i]), s.Width-2*menuPad-12, 1)
			}
			for _, r := range m.rows {
				if r == nil {
					continue
				}
				top := p.Y + r.y
				place(r.veil, p.X+menuPad, top, s.Width-2*menuPad, menuRowHeight)
				r.mark.Place(p.X+menuPad+10, top+(menuRowHeight-16)/2)
				r.text.Place(p.X+menuPad+left, top+ts.Centred(menuRowHeight))
				r.shortcuts.Place(p.X+s.Width-menuPad-10-r.shortcuts.Width(), top+ss.Centred(menuRowHeight))
			}
		},
	}
}

func (m *Menu) light() {
	for i, r := range m.rows {
		if r != nil {
			r.veil.FillColor = colour(theme.Clear)
			if i == m.at {
				r.veil.FillColor = colour(theme.Selection)
			}
			r.veil.Refresh()
		}
	}
}

func (m *Menu) highlight(i int) {
	if i != m.at {
		m.at = i
		m.light()
	}
}

func (m *Menu) under(p fyne.Position) int {
	if p.X < m.panel.X || p.X > m.panel.X+m.size.Width {
		return -1
	}
	for i, r := range m.rows {
		if y := p.Y - m.panel.Y; r != nil && y >= r.y && y < r.y+menuRowHeight && m.usable(i) {
			return i
		}
	}
	return -1
}

func (m *Menu) inside(p fyne.Position) bool {
	q := p.Subtract(m.panel)
	return q.X >= 0 && q.Y >= 0 && q.X < m.size.Width && q.Y < m.size.Height
}

// Tapped implements fyne.Tappable.
func (m *Menu) Tapped(e *fyne.PointEvent) {
	if !m.inside(e.Position) {
		m.Close()
		return
	}
	m.choose(m.under(e.Position))
}

// TappedSecondary implements fyne.SecondaryTappable.
func (m *Menu) TappedSecondary(e *fyne.PointEvent) { m.Tapped(e) }

// MouseIn implements desktop.Hoverable.
func (m *Menu) MouseIn(e *desktop.MouseEvent) { m.highlight(m.under(e.Position)) }

// MouseMoved implements desktop.Hoverable.
func (m *Menu) MouseMoved(e *desktop.MouseEvent) { m.highlight(m.under(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (m *Menu) MouseOut() {}

// FocusGained implements fyne.Focusable.
func (m *Menu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (m *Menu) FocusLost() {}

// TypedRune jumps to the next item that begins with the letter.
func (m *Menu) TypedRune(r rune) {
	for n := 1; n <= len(m.items); n++ {
		i := (m.at + n + len(m.items)) % len(m.items)
		if first := []rune(m.items[i].Text); len(first) > 0 && m.usable(i) && unicode.ToLower(first[0]) == unicode.ToLower(r) {
			m.highlight(i)
			return
		}
	}
}

// TypedKey implements fyne.Focusable.
func (m *Menu) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		m.Close()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.choose(m.at)
	case fyne.KeyDown:
		m.step(m.at, 1)
	case fyne.KeyUp:
		m.step(max(m.at, 0), -1)
	case fyne.KeyHome:
		m.step(-1, 1)
	case fyne.KeyEnd:
		m.step(len(m.items), -1)
	}
}

func (m *Menu) step(from, by int) {
	for n := 1; n <= len(m.items); n++ {
		i := ((from+by*n)%len(m.items) + len(m.items)) % len(m.items)
		if m.usable(i) {
			m.highlight(i)
			return
		}
	}
}
