package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// SidebarMode is how much of the sidebar there is room for.
type SidebarMode int

// The modes, by the width of the window.
const (
	SidebarFull   SidebarMode = iota // 1100 and more
	SidebarIcons                     // 800 to 1100
	SidebarHidden                    // less
)

// Widths of the panes in logical pixels.
const (
	sidebarLeast, sidebarMost, sidebarIcons = 220, 260, 56
	listLeast, listMost                     = 340, 440
	fullFrom, iconsFrom, singleBelow        = 1100, 800, 760
)

// Panes sets sidebar, list and reader side by side with draggable borders.
// Where the window is too narrow for two panes it shows the list or, while
// SetReading(true) holds, the reader.
type Panes struct {
	widget.BaseWidget
	sidebar, list, reader fyne.CanvasObject
	sideWidth, listWidth  float32
	mode                  SidebarMode
	placed                bool
	reading, single       bool
	bars                  [2]*paneBar

	// OnMode is called when the sidebar gets another mode, and once at first.
	OnMode func(SidebarMode)
	// OnSingle is called when list and reader begin or cease to share one pane.
	OnSingle func(bool)
	// OnWidths is called after a border was dragged.
	OnWidths func(sidebar, list float32)
}

// NewPanes gives panes with their usual widths.
func NewPanes(sidebar, list, reader fyne.CanvasObject) *Panes {
	p := &Panes{sidebar: sidebar, list: list, reader: reader, sideWidth: 236, listWidth: 390}
	p.bars[0] = newPaneBar(func(dx float32) { p.SetWidths(p.sideWidth+dx, p.listWidth) }, p.dragged)
	p.bars[1] = newPaneBar(func(dx float32) { p.SetWidths(p.sideWidth, p.listWidth+dx) }, p.dragged)
	p.ExtendBaseWidget(p)
	return p
}

func (p *Panes) dragged() {
	if p.OnWidths != nil {
		p.OnWidths(p.sideWidth, p.listWidth)
	}
}

// SetWidths sets the widths of sidebar and list, kept within their bounds.
func (p *Panes) SetWidths(sidebar, list float32) {
	p.sideWidth = min(max(sidebar, sidebarLeast), sidebarMost)
	p.listWidth = min(max(list, listLeast), listMost)
	p.Refresh()
}

// Mode is the sidebar's mode now.
func (p *Panes) Mode() SidebarMode { return p.mode }

// Single tells that list and reader share one pane.
func (p *Panes) Single() bool { return p.single }

// SetReading chooses what a narrow window shows.
func (p *Panes) SetReading(on bool) {
	if p.reading != on {
		p.reading = on
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Panes) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{
		widget: p, objects: []fyne.CanvasObject{p.sidebar, p.list, p.reader, p.bars[0], p.bars[1]},
		min:    func() fyne.Size { return fyne.NewSize(360, 320) },
		layout: p.lay,
	}
}

func modeFor(width float32) SidebarMode {
	switch {
	case width >= fullFrom:
		return SidebarFull
	case width >= iconsFrom:
		return SidebarIcons
	}
	return SidebarHidden
}

func (p *Panes) lay(s fyne.Size) {
	if s.Width <= 0 {
		return
	}
	mode, single := modeFor(s.Width), s.Width < singleBelow
	if !p.placed || mode != p.mode {
		p.mode = mode
		if p.OnMode != nil {
			p.OnMode(mode)
		}
	}
	if single != p.single {
		p.single = single
		if p.OnSingle != nil {
			p.OnSingle(single)
		}
	}
	p.placed = true
	x := float32(0)
	show(p.sidebar, mode != SidebarHidden)
	if mode != SidebarHidden {
		w := p.sideWidth
		if mode == SidebarIcons {
			w = sidebarIcons
		}
		place(p.sidebar, 0, 0, w, s.Height)
		x = w + 1
	}
	show(p.bars[0], mode != SidebarHidden)
	p.bars[0].still = mode != SidebarFull
	place(p.bars[0], x-1-barReach, 0, 2*barReach+1, s.Height)
	if single {
		show(p.bars[1], false)
		show(p.list, !p.reading)
		show(p.reader, p.reading)
		place(p.list, x, 0, s.Width-x, s.Height)
		place(p.reader, x, 0, s.Width-x, s.Height)
		return
	}
	for _, o := range []fyne.CanvasObject{p.list, p.reader, p.bars[1]} {
		show(o, true)
	}
	w := min(p.listWidth, max(280, (s.Width-x)*0.55))
	place(p.list, x, 0, w, s.Height)
	x += w + 1
	place(p.bars[1], x-1-barReach, 0, 2*barReach+1, s.Height)
	place(p.reader, x, 0, s.Width-x, s.Height)
}

func show(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
