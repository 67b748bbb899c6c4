package kit

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// PickerItem is one choice of a picker.
type PickerItem struct {
	Section    string // heads it while nothing is typed, where it differs from the one before
	Icon, Text string
	Count      string // at the right edge
	Indent     int
	Action     func()
}

// Picker is an open list of many choices, found by typing: arrows and Enter
// choose, Escape or a press beside it closes.
type Picker struct {
	overlay
	items  []PickerItem
	found  []PickerItem
	rows   []*FolderRow
	at     int // of found
	entry  *Entry
	list   *fyne.Container
	scroll *container.Scroll
}

const (
	pickerWidth float32 = 300
	pickerHigh  float32 = 400
	pickerMost          = 200 // choices shown at once
)

// ShowPicker opens a picker with its corner at a position of the canvas, moved
// inward where it would leave it. hint stands in the empty field.
func ShowPicker(c fyne.Canvas, items []PickerItem, hint string, at fyne.Position) *Picker {
	p := &Picker{items: items, list: VStack(0)}
	p.begin(p, c)
	p.entry = NewSearch(hint)
	p.entry.OnChanged = p.find
	p.entry.OnKey = p.key
	p.scroll = container.NewVScroll(p.list)
	p.inside = Inset(8, 8, 8, 8, container.NewBorder(Inset(0, 0, 0, 6, p.entry), nil, nil, nil, p.scroll))
	p.find("")
	p.open(at, p.entry)
	return p
}

func (p *Picker) choose(i int) {
	if i >= 0 && i < len(p.found) {
		p.Close()
		p.found[i].Action()
	}
}

// find shows the choices that have every typed word.
func (p *Picker) find(typed string) {
	words := strings.Fields(strings.ToLower(typed))
	p.found, p.rows, p.at = nil, nil, 0
	p.list.RemoveAll()
	section, more := "", 0
	for _, it := range p.items {
		if !hasAll(strings.ToLower(it.Text+" "+it.Section), words) {
			continue
		}
		if len(p.found) == pickerMost {
			more++
			continue
		}
		indent, count := it.Indent, it.Count
		if len(words) > 0 {
			indent, count = 0, it.Section
		} else if it.Section != section {
			section = it.Section
			p.list.Add(SectionHeader(section))
		}
		i := len(p.found)
		row := NewFolderRow(FolderState{Icon: it.Icon, Name: it.Text, Count: count, Indent: indent}, func() { p.choose(i) }, nil)
		p.found, p.rows = append(p.found, it), append(p.rows, row)
		p.list.Add(row)
	}
	if more > 0 {
		p.list.Add(Inset(12, 8, 8, 8, NewText(fmt.Sprintf("%d more: type some letters of the name.", more), Small)))
	}
	if len(p.found) == 0 {
		p.list.Add(Inset(12, 8, 8, 8, NewText("Nothing has this name.", Small)))
	}
	p.light(0)
	p.fit()
	p.scroll.ScrollToTop()
	p.Refresh()
}

// fit makes the panel as high as what was found.
func (p *Picker) fit() {
	room := p.canvas.Size()
	p.size = fyne.NewSize(min(pickerWidth, room.Width-12), min(pickerHigh, p.list.MinSize().Height+p.entry.MinSize().Height+24, room.Height-12))
}

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// light highlights a choice and brings it into sight.
func (p *Picker) light(at int) {
	if len(p.rows) == 0 {
		return
	}
	p.at = (at + len(p.rows)) % len(p.rows)
	for i, r := range p.rows {
		s := r.State()
		s.Selected = i == p.at
		r.Set(s)
	}
	row := p.rows[p.at]
	top, bottom := row.Position().Y, row.Position().Y+row.Size().Height
	switch off := p.scroll.Offset.Y; {
	case p.at == 0:
		p.scroll.ScrollToTop()
	case top < off:
		p.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > off+p.scroll.Size().Height:
		p.scroll.ScrollToOffset(fyne.NewPos(0, bottom-p.scroll.Size().Height))
	}
}

func (p *Picker) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyDown:
		p.light(p.at + 1)
	case fyne.KeyUp:
		p.light(p.at - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		p.choose(p.at)
	case fyne.KeyEscape:
		p.Close()
	default:
		return false
	}
	return true
}
