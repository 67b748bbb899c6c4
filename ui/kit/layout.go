package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

type inset struct{ left, top, right, bottom float32 }

// Inset puts space round an object.
func Inset(left, top, right, bottom float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(inset{left, top, right, bottom}, o)
}

func (i inset) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m.AddWidthHeight(i.left+i.right, i.top+i.bottom)
}

func (i inset) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		place(o, i.left, i.top, s.Width-i.left-i.right, s.Height-i.top-i.bottom)
	}
}

type line struct {
	gap  float32
	down bool
}

// HStack sets objects side by side with a gap; a Spring takes the room left.
// All get the full height.
func HStack(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(line{gap, false}, objects...)
}

// VStack sets objects one below the other with a gap; all get the full width.
func VStack(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(line{gap, true}, objects...)
}

// Spring takes the room that is left in an HStack or VStack.
func Spring() fyne.CanvasObject { return layout.NewSpacer() }

// grow is a stack that behaves like a Spring.
type grow struct{ inset }

// Grow gives an object the room that is left in an HStack or VStack beyond
// what it needs.
func Grow(o fyne.CanvasObject) *fyne.Container { return container.New(grow{}, o) }

func springs(o fyne.CanvasObject, down bool) bool {
	if c, ok := o.(*fyne.Container); ok {
		_, grows := c.Layout.(grow)
		return grows
	}
	s, ok := o.(layout.SpacerObject)
	return ok && (down && s.ExpandVertical() || !down && s.ExpandHorizontal())
}

func (l line) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var along, across float32
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		n++
		m := o.MinSize()
		if l.down {
			m.Width, m.Height = m.Height, m.Width
		}
		along, across = along+m.Width, max(across, m.Height)
	}
	along += l.gap * float32(max(0, n-1))
	if l.down {
		along, across = across, along
	}
	return fyne.NewSize(along, across)
}

// heightAt is the height that an object needs at a width. A banner is as high as
// its sentence makes it there; all else does not depend on the width.
func heightAt(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case *Banner:
		return o.HeightFor(width)
	case *fyne.Container:
		h := float32(0)
		switch l := o.Layout.(type) {
		case inset:
			for _, c := range o.Objects {
				h = max(h, heightAt(c, width-l.left-l.right))
			}
			return h + l.top + l.bottom
		case line:
			if !l.down {
				break
			}
			n := 0
			for _, c := range o.Objects {
				if c.Visible() {
					h += heightAt(c, width)
					n++
				}
			}
			return h + l.gap*float32(max(0, n-1))
		}
	}
	return o.MinSize().Height
}

func (l line) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	total := s.Width
	if l.down {
		total = s.Height
	}
	n := 0
	var last *Text // of those that take what is left
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if springs(o, l.down) {
			n++
		}
		if t, ok := o.(*Text); ok && t.shrink && !l.down {
			last = t
		}
	}
	m := l.MinSize(objects)
	need := m.Width
	if l.down {
		need = m.Height
		for _, o := range objects {
			if o.Visible() {
				need += heightAt(o, s.Width) - o.MinSize().Height
			}
		}
	}
	// Shrinking texts come first, up to their own width; springs share the rest,
	// and without a spring the last text has it.
	extra := max(0, total-need)
	grown := map[*Text]float32{}
	for _, o := range objects {
		if t, ok := o.(*Text); ok && t.shrink && !l.down && o.Visible() {
			grown[t] = min(extra, ceil(t.style.Width(t.text)))
			extra -= grown[t]
		}
	}
	if n == 0 && last != nil {
		grown[last] += extra
	}
	at := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize().Width
		if l.down {
			size = heightAt(o, s.Width)
		}
		if springs(o, l.down) {
			size += extra / float32(n)
		} else if t, ok := o.(*Text); ok {
			size += grown[t]
		}
		if l.down {
			place(o, 0, at, s.Width, size)
		} else {
			place(o, at, 0, size, s.Height)
		}
		at += size + l.gap
	}
}

type fixed struct{ size fyne.Size }

// Sized asks for a fixed size and centres the object in it; along an axis of 0
// it asks for what the object needs and gives it all there is.
func Sized(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixed{fyne.NewSize(width, height)}, o)
}

// Gap is empty room.
func Gap(width, height float32) fyne.CanvasObject {
	return container.New(fixed{fyne.NewSize(width, height)})
}

func (f fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := f.size
	for _, o := range objects {
		if f.size.Width == 0 {
			m.Width = max(m.Width, o.MinSize().Width)
		}
		if f.size.Height == 0 {
			m.Height = max(m.Height, o.MinSize().Height)
		}
	}
	return m
}

func (f fixed) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		m := s
		if f.size.Width > 0 {
			m.Width = min(f.size.Width, s.Width)
		}
		if f.size.Height > 0 {
			m.Height = min(f.size.Height, s.Height)
		}
		place(o, (s.Width-m.Width)/2, (s.Height-m.Height)/2, m.Width, m.Height)
	}
}

type column struct{ most float32 }

// Column keeps its objects at most so wide, in the middle of the space.
func Column(most float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(column{most}, o)
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return fyne.NewSize(min(m.Width, c.most), m.Height)
}

func (c column) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	w := min(c.most, s.Width)
	for _, o := range objects {
		place(o, (s.Width-w)/2, 0, w, s.Height)
	}
}
