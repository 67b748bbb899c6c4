package msglist

import (
	"fyne.io/fyne/v2"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/theme"
)

// Columns and baselines of a row, in logical pixels from its upper left.
const (
	right        float32 = 20 // edge of the text column
	comfortLeft  float32 = 62
	plainLeft    float32 = 30
	discLeft     float32 = 23
	discTop      float32 = 12
	dotLeft      float32 = 12
	compactNames float32 = 168 // width of the sender's column
	leastPreview float32 = 64  // less is no preview but a stray dot
)

// names is the width of the sender's column in a compact row.
func names(room float32) float32 { return min(compactNames, room*0.34) }

// rest is the preview's room behind the subject, 0 where it is too little.
func (v *rowView) rest(room float32) float32 {
	if room -= v.subject.Width() + 10; room >= leastPreview {
		return room
	}
	return 0
}

func (v *rowView) left() float32 {
	if v.density == Comfortable {
		return comfortLeft
	}
	return plainLeft
}

func (v *rowView) marksWidth() float32 {
	w := float32(0)
	for _, on := range v.markOn {
		if on {
			w += markStep
		}
	}
	return w
}

// words cuts the texts to the room they have.
func (v *rowView) words() {
	r, room := &v.shown, v.width-v.left()-right
	sender, subject, date := v.styles()
	v.date.Set(r.Date, date, room/2)
	v.count.Set(v.threadCount(), kit.Caption, 60)
	count := float32(0)
	if v.count.Width() > 0 {
		count = v.count.Width() + 7
	}
	mw := v.marksWidth()
	v.initial.Set("", kit.InitialStyle(30), 0)
	switch v.density {
	case Comfortable:
		v.initial.Set(kit.Initial(r.Sender), kit.InitialStyle(30), 30)
		v.sender.Set(r.Sender, sender, room-v.date.Width()-12-count)
		room -= v.action.room()
		v.subject.Set(r.Subject, subject, room-mw-4)
		preview := kit.Small
		if r.Ink != "" {
			preview = preview.In(r.Ink)
		}
		v.preview.Set(r.Preview, preview, room)
	case Cozy:
		v.sender.Set(r.Sender, sender, room-v.date.Width()-12-count)
		v.subject.Set(r.Subject, subject, room-mw-4)
		v.preview.Set(r.Preview, kit.Small, v.rest(room-mw-4))
	case Compact:
		names := names(room)
		v.sender.Set(r.Sender, sender, names-count-8)
		subjects := max(0, room-names-v.date.Width()-16-mw)
		v.subject.Set(r.Subject, subject, subjects)
		v.preview.Set(r.Preview, kit.Small, v.rest(subjects))
	}
}

// place puts the row's upper edge at y.
func (v *rowView) place(y, width float32) {
	h := v.density.Height()
	move := func(o fyne.CanvasObject, x, dy, w, h float32) {
		o.Move(fyne.NewPos(x, y+dy))
		o.Resize(fyne.NewSize(w, h))
	}
	gap := float32(2)
	if v.density == Compact {
		gap = 1
	}
	move(v.ground, theme.Gutter, gap, width-2*theme.Gutter, h-2*gap)
	move(v.line, v.left(), h-0.5, width-v.left()-right+4, 1)
	if v.density == Comfortable {
		move(v.disc, discLeft, discTop, 30, 30)
		style := kit.InitialStyle(30)
		v.initial.Place(discLeft+(30-v.initial.Width())/2, y+discTop+style.Centred(30))
	}
	if !v.loaded {
		v.placeBlanks(move, width)
		return
	}
	end := width - right
	baselines := [3]float32{23, 43, 62}
	switch v.density {
	case Cozy:
		baselines = [3]float32{23, 43, 43}
	case Compact:
		baselines = [3]float32{20, 20, 20}
	}
	left := v.left()
	v.sender.Place(left, y+baselines[0])
	v.count.Place(left+v.sender.Width()+7, y+baselines[0])
	v.date.Place(end-v.date.Width(), y+baselines[0])
	subjectLeft, marksEnd := left, end
	if v.density == Compact {
		subjectLeft = left + names(width-left-right)
		marksEnd = end - v.date.Width() - 10
	}
	v.subject.Place(subjectLeft, y+baselines[1])
	if v.density == Comfortable {
		v.preview.Place(left, y+baselines[2])
	} else {
		v.preview.Place(subjectLeft+v.subject.Width()+10, y+baselines[2])
	}
	dotMiddle := [...]float32{Comfortable: discTop + 15, Cozy: 18, Compact: 15}[v.density]
	move(v.dot, dotLeft, dotMiddle-3.5, 7, 7)
	v.action.place(end, y)
	x := marksEnd - v.action.room() - markSize + 1
	for k, on := range v.markOn {
		if on {
			v.marks[k].Place(x, y+baselines[1]-12)
			x -= markStep
		}
	}
}

func (v *rowView) placeBlanks(move func(o fyne.CanvasObject, x, y, w, h float32), width float32) {
	left, room := v.left(), width-v.left()-right
	switch v.density {
	case Comfortable:
		move(v.blanks[0], left, 14, room*0.45, 9)
		move(v.blanks[1], left, 34, room*0.75, 9)
		move(v.blanks[2], left, 54, room*0.95, 8)
	case Cozy:
		move(v.blanks[0], left, 14, room*0.4, 9)
		move(v.blanks[1], left, 34, room*0.9, 9)
	case Compact:
		names := names(room)
		move(v.blanks[0], left, 11, names-30, 8)
		move(v.blanks[1], left+names, 11, (room-names)*0.8, 8)
	}
}
