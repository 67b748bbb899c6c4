package msglist

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// listRenderer holds as many row views as fit the window. A row keeps its view
// while it is in sight (view = row modulo views), so that scrolling moves
// finished textures and draws only what comes in.
type listRenderer struct {
	l       *List
	views   []*rowView
	heads   []*kit.TextLine
	bar     *scrollBar
	ring    *canvas.Rectangle
	objects []fyne.CanvasObject
}

// CreateRenderer implements fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	r := &listRenderer{l: l, bar: newScrollBar(), ring: canvas.NewRectangle(theme.Color(theme.Clear))}
	r.ring.CornerRadius, r.ring.StrokeWidth = theme.RadiusRow, 2
	l.seen = r
	return r
}

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, 90) }
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.objects }

// IsClip makes the driver clip rows at the widget's edges.
func (r *listRenderer) IsClip() {}

func (r *listRenderer) Layout(s fyne.Size) {
	r.l.view.height = float64(s.Height)
	r.l.view.clamp()
	r.update()
}

// Refresh is for a change of appearance: every view is drawn anew.
func (r *listRenderer) Refresh() {
	for _, v := range r.views {
		v.row = -1
	}
	r.update()
	canvas.Refresh(r.l)
}

func (l *List) update() {
	if l.seen != nil {
		l.seen.update()
	}
}

// fit makes enough views for the height.
func (r *listRenderer) fit(height float32) {
	need := int(math.Ceil(float64(height)/r.l.view.rowH)) + 1
	heads := 0
	if len(r.l.view.groups) > 0 {
		heads = need + 1
	}
	if len(r.views) == need && len(r.heads) >= heads {
		return
	}
	for len(r.views) < need {
		r.views = append(r.views, newRowView(r.l.OnAction != nil))
	}
	// Another number of views means another view for each row.
	r.views = r.views[:need]
	for len(r.heads) < heads {
		r.heads = append(r.heads, kit.NewTextLine(kit.Section))
	}
	r.objects = nil
	for _, v := range r.views {
		v.row = -1
		r.objects = append(r.objects, v.objects...)
	}
	for _, h := range r.heads {
		r.objects = append(r.objects, h.Object())
	}
	r.objects = append(r.objects, r.ring)
	r.objects = append(r.objects, r.bar.rect)
}

func (r *listRenderer) update() {
	l, size := r.l, r.l.Size()
	if size.Height <= 0 || size.Width <= 0 {
		return
	}
	r.fit(size.Height)
	first, _ := l.view.at(l.view.offset)
	if first < 0 {
		first = 0
	}
	missing := span{-1, -1}
	ringAt := float32(-1)
	rowH := float32(l.view.rowH)
	for k := range r.views {
		i := first + k
		v := r.views[i%len(r.views)]
		y := float32(l.view.top(i) - l.view.offset)
		if i >= l.view.n || y > size.Height {
			v.hide()
			continue
		}
		row, loaded := l.source.Row(i)
		if !loaded {
			if missing.from < 0 {
				missing.from = i
			}
			missing.to = i + 1
		}
		state := rowState{selected: l.selection.Has(i), focused: l.focused, hovered: i == l.hover && !l.mouse.dragging}
		state.pointed = state.hovered && l.mouse.overAct
		state.last = state.selected || i+1 < l.view.n && l.selection.Has(i+1) || i+1 == l.view.n || l.view.heads(i+1) != l.view.heads(i)
		v.show(i, row, loaded, state, l.density, size.Width)
		v.place(y, size.Width)
		if i == l.selection.cursor && l.focused && l.byKeys && (!state.selected || l.selection.Count() > 1) {
			ringAt = y
		}
	}
	r.titles(first, size)
	r.ring.Hidden = ringAt < 0
	if ringAt >= 0 {
		r.ring.StrokeColor = theme.Color(theme.Ring)
		r.ring.Move(fyne.NewPos(theme.Gutter, ringAt+2))
		r.ring.Resize(fyne.NewSize(size.Width-2*theme.Gutter, rowH-4))
	}
	r.bar.place(&l.view, size, l.mouse.overBar || l.mouse.onBar)
	r.ask(missing)
	if r.bar.rect.Visible() { // has no texture of its own, so this only repaints
		r.bar.rect.Refresh()
	}
	r.ring.Refresh()
}

func (r *listRenderer) titles(first int, size fyne.Size) {
	l := r.l
	k := max(0, l.view.heads(first)-1)
	for _, h := range r.heads {
		if k < len(l.view.groups) {
			g := l.view.groups[k]
			y := float32(l.view.headTop(g.First) - l.view.offset)
			if y < size.Height && g.First < l.view.n {
				h.Set(g.Title, kit.Section, size.Width-40)
				h.Show()
				h.Place(20, y+headHeight-10)
				k++
				continue
			}
		}
		h.Hide()
		k = len(l.view.groups)
	}
}

// ask calls Need once for rows in sight that are missing, with a page round them.
func (r *listRenderer) ask(missing span) {
	l := r.l
	if missing.from < 0 || l.Need == nil {
		return
	}
	if l.asked.from <= missing.from && missing.to <= l.asked.to {
		return
	}
	page := len(r.views)
	l.asked = span{max(0, missing.from-page), min(l.view.n, missing.to+page)}
	l.Need(l.asked.from, l.asked.to-1)
}
