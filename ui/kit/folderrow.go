package kit

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit/glyph"
	"paquebot.app/ui/theme"
)

// FolderState is what a row of the sidebar shows.
type FolderState struct {
	Icon, Name string
	Count      string // "12", or words such as "3 waiting"
	Accent     bool   // the count calls for a look
	Indent     int    // levels below the account
	Selected   bool
	Keyboard   bool // arrow keys move from here
	Compact    bool // icon alone, for the narrow sidebar
}

// FolderRow is one folder, outbox or search of the sidebar.
type FolderRow struct {
	press
	state FolderState
	drop  bool
}

// NewFolderRow gives a row; menu is called for a secondary click with the
// position on the canvas, and may be nil.
func NewFolderRow(s FolderState, tapped func(), menu func(fyne.Position)) *FolderRow {
	r := &FolderRow{state: s}
	r.start(r, tapped)
	r.menu = menu
	r.nameTip()
	return r
}

// Set shows another state.
func (r *FolderRow) Set(s FolderState) {
	if r.state != s {
		r.state = s
		r.nameTip()
		r.Refresh()
	}
}

// State is what the row shows.
func (r *FolderRow) State() FolderState { return r.state }

// SetDrop marks the row as the place where what is dragged would land.
func (r *FolderRow) SetDrop(on bool) {
	if r.drop != on {
		r.drop = on
		r.changed()
	}
}

func (r *FolderRow) nameTip() {
	r.tip = ""
	if r.state.Compact {
		r.tip = r.state.Name
		if r.state.Count != "" {
			r.tip += " · " + r.state.Count
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (r *FolderRow) CreateRenderer() fyne.WidgetRenderer {
	bg := rectangle(theme.RadiusSmall)
	mark := NewIconMark(r.state.Icon, 18, theme.Muted)
	name, count := NewTextLine(Body), NewTextLine(CaptionOn)
	dot := rectangle(4)
	ring := r.newRing(theme.RadiusSmall)
	r.look = func() {
		rest := theme.Clear
		switch {
		case r.drop:
			rest = theme.Selection
		case r.state.Selected:
			rest = theme.Selection
		default:
			rest = r.ground(theme.Clear)
		}
		bg.FillColor = colour(rest)
		bg.StrokeColor, bg.StrokeWidth = colour(theme.Clear), 0
		if r.drop {
			bg.StrokeColor, bg.StrokeWidth = colour(theme.Accent), 1.5
		}
		bg.Refresh()
	}
	state := func() {
		s := r.state
		ink := theme.Muted
		if s.Selected || s.Accent && s.Compact {
			ink = theme.Accent
		}
		mark.Set(s.Icon, ink)
		dot.Hidden = !s.Compact || !s.Accent || s.Count == ""
		dot.FillColor = colour(theme.Accent)
		r.look()
		r.showRing()
		if s.Keyboard {
			ring.StrokeColor = colour(theme.Ring)
			ring.Refresh()
		}
	}
	state()
	return &renderer{
		widget: r, refresh: state,
		objects: []fyne.CanvasObject{bg, mark.Object(), name.Object(), count.Object(), dot, ring},
		min: func() fyne.Size {
			if r.state.Compact {
				return fyne.NewSize(40, theme.FolderHeight)
			}
			return fyne.NewSize(120, theme.FolderHeight)
		},
		layout: func(size fyne.Size) {
			s := r.state
			place(bg, 0, 0, size.Width, size.Height)
			place(ring, 0, 0, size.Width, size.Height)
			if s.Compact {
				name.Set("", Body, 0)
				count.Set("", CaptionOn, 0)
				mark.Place((size.Width-18)/2, (size.Height-18)/2)
				place(dot, size.Width/2+6, 5, 7, 7)
				return
			}
			left := 9 + 16*float32(s.Indent)
			mark.Place(left, (size.Height-18)/2)
			cs, ns := CaptionOn.In(theme.Faint), Body
			if s.Accent {
				cs = CaptionOn
			}
			if s.Selected {
				ns = TextStyle{glyph.SemiBold, theme.SizeBody, theme.Text}
			}
			count.Set(s.Count, cs, size.Width/2)
			count.Place(size.Width-11-count.Width(), cs.Centred(size.Height))
			room := size.Width - left - 28 - 14
			if s.Count != "" {
				room -= count.Width() + 8
			}
			name.Set(s.Name, ns, room)
			name.Place(left+28, ns.Centred(size.Height))
		},
	}
}
