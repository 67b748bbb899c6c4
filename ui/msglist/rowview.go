package msglist

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// rowState is how a row looks beside its content.
type rowState struct {
	selected, focused, hovered bool
	last                       bool // no hairline below
	pointed                    bool // its button is under the pointer
}

// marks are the icons a row can carry, in the order they stand from the right.
var marks = [...]struct {
	icon  string
	color fyne.ThemeColorName
	on    func(*Row) bool
}{
	{"clip", theme.Faint, func(r *Row) bool { return r.Attachment }},
	{"star-filled", theme.Star, func(r *Row) bool { return r.Flagged }},
	{"outbox", theme.Accent, func(r *Row) bool { return r.OnItsWay }},
	{"computer", theme.Faint, func(r *Row) bool { return r.LocalOnly }},
	{"clock", theme.Faint, func(r *Row) bool { return r.Held }},
	{"reply", theme.Faint, func(r *Row) bool { return r.Answered }},
	{"forward", theme.Faint, func(r *Row) bool { return r.Forwarded }},
}

const markSize, markStep float32 = 14, 18

// rowView is the canvas objects of one row in sight. All of them are made
// once; a row shows what it needs.
type rowView struct {
	row     int // -1: nothing shown yet
	shown   Row
	loaded  bool
	state   rowState
	density Density
	width   float32

	ground, line, dot, disc                        *canvas.Rectangle
	blanks                                         [3]*canvas.Rectangle
	initial, sender, count, date, subject, preview *kit.TextLine
	marks                                          [len(marks)]*kit.IconMark
	markOn                                         [len(marks)]bool
	action                                         *rowAction // nil: the list's rows have none
	objects                                        []fyne.CanvasObject
	hidden                                         bool
}

// newRowView makes the objects of a row, with a button where rows have one.
func newRowView(action bool) *rowView {
	v := &rowView{row: -1, width: -1}
	rect := func(radius float32) *canvas.Rectangle {
		r := canvas.NewRectangle(theme.Color(theme.Clear))
		r.CornerRadius = radius
		return r
	}
	v.ground, v.line, v.dot, v.disc = rect(theme.RadiusRow), rect(0), rect(3.5), rect(15)
	v.objects = []fyne.CanvasObject{v.ground, v.line, v.dot, v.disc}
	for i := range v.blanks {
		v.blanks[i] = rect(4)
		v.objects = append(v.objects, v.blanks[i])
	}
	text := func(s kit.TextStyle) *kit.TextLine {
		t := kit.NewTextLine(s)
		v.objects = append(v.objects, t.Object())
		return t
	}
	v.initial = text(kit.InitialStyle(30))
	v.sender, v.count, v.date = text(kit.Name), text(kit.Caption), text(kit.Caption)
	v.subject, v.preview = text(kit.Body), text(kit.Small)
	for i, m := range marks {
		v.marks[i] = kit.NewIconMark(m.icon, markSize, m.color)
		v.marks[i].Hide()
		v.objects = append(v.objects, v.marks[i].Object())
	}
	if action {
		v.action = newRowAction()
		v.objects = append(v.objects, v.action.ground, v.action.label.Object())
	}
	return v
}

func (v *rowView) hide() {
	if v.hidden {
		return
	}
	for _, o := range v.objects {
		o.Hide()
	}
	v.hidden, v.row = true, -1
}

// show takes over a row's content and state, doing nothing for what is as it was.
func (v *rowView) show(i int, r Row, loaded bool, s rowState, d Density, width float32) {
	fresh := v.row < 0 || v.hidden
	content := fresh || v.shown != r || v.loaded != loaded || v.density != d || v.width != width
	if !content && v.row == i && v.state == s {
		return
	}
	v.row, v.shown, v.loaded, v.density, v.width, v.hidden = i, r, loaded, d, width, false
	if fresh || v.state != s {
		v.state = s
		v.paintState()
	}
	if content {
		v.paintContent()
	}
}

func (v *rowView) paintState() {
	ground := theme.Clear
	switch {
	case v.state.selected && v.state.focused:
		ground = theme.Selection
	case v.state.selected:
		ground = theme.SelectionIdle
	case v.state.hovered:
		ground = theme.Hover
	}
	v.ground.FillColor = theme.Color(ground)
	v.ground.Hidden = ground == theme.Clear
	v.line.FillColor = theme.Color(theme.Separator)
	v.line.Hidden = v.state.last || v.density == Compact
	v.action.paint(v.state.pointed)
}

func (v *rowView) paintContent() {
	r := &v.shown
	v.line.Hidden = v.state.last || v.density == Compact
	v.dot.FillColor = theme.Color(theme.Accent)
	v.dot.Hidden = !v.loaded || !r.Unread
	v.disc.FillColor = theme.Avatar(r.Avatar)
	v.disc.Hidden = !v.loaded || v.density != Comfortable
	for _, b := range v.blanks {
		b.FillColor = theme.Color(theme.Blank)
		b.Hidden = v.loaded
	}
	if v.density != Comfortable {
		v.blanks[2].Hidden = true
	}
	for k, m := range marks {
		v.markOn[k] = v.loaded && m.on(r)
		if v.markOn[k] {
			v.marks[k].Show()
		} else {
			v.marks[k].Hide()
		}
	}
	v.action.set(v.loaded && v.density == Comfortable, r.Action)
	if !v.loaded {
		for _, t := range []*kit.TextLine{v.initial, v.sender, v.count, v.date, v.subject, v.preview} {
			t.Hide()
		}
		return
	}
	v.words()
	for _, t := range []*kit.TextLine{v.sender, v.count, v.date, v.subject, v.preview} {
		t.Show()
	}
	if v.density == Comfortable {
		v.initial.Show()
	} else {
		v.initial.Hide()
	}
}

// senderStyle and its like say what weight and colour mean: strong is unread.
func (v *rowView) styles() (sender, subject, date kit.TextStyle) {
	sender, subject, date = kit.Name, kit.Body, kit.Caption
	if v.density == Compact {
		sender.Size = theme.SizeBody
	}
	if v.shown.Unread {
		sender.Face, subject.Face = kit.NameStrong.Face, kit.BodyMedium.Face
		date = kit.CaptionOn
	}
	return sender, subject, date
}

func (v *rowView) threadCount() string {
	if v.shown.Count > 1 {
		return strconv.Itoa(v.shown.Count)
	}
	return ""
}
