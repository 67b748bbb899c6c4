package msglist

import (
	"math"
	"sort"
)

// headHeight is the height of a group's title in logical pixels.
const headHeight = 34

// viewport is the place of the rows: pure arithmetic in float64, exact for any
// number of rows a folder can have (the toolkit's float32 is 8 px off at a
// million rows).
type viewport struct {
	n      int
	rowH   float64
	groups []Group // by First
	height float64 // of the window
	offset float64 // of the window's upper edge, in the whole list
}

// heads is the number of titles at or above row i.
func (v *viewport) heads(i int) int {
	return sort.Search(len(v.groups), func(k int) bool { return v.groups[k].First > i })
}

// top is the upper edge of row i, below its title if it has one.
func (v *viewport) top(i int) float64 {
	return float64(i)*v.rowH + float64(v.heads(i))*headHeight
}

func (v *viewport) total() float64 {
	return float64(v.n)*v.rowH + float64(len(v.groups))*headHeight
}

func (v *viewport) most() float64 { return math.Max(0, v.total()-v.height) }

func (v *viewport) clamp() { v.offset = math.Max(0, math.Min(v.offset, v.most())) }

// at is the row at a height of the list, title or row; -1 below the last.
// onHead reports the title above the row.
func (v *viewport) at(y float64) (row int, onHead bool) {
	if y < 0 {
		y = 0
	}
	if y >= v.total() {
		return -1, false
	}
	// The last row whose top with title is at or above y.
	i := sort.Search(v.n, func(i int) bool { return v.headTop(i) > y }) - 1
	return i, y < v.top(i)
}

// headTop is the upper edge of row i with its title.
func (v *viewport) headTop(i int) float64 {
	y := v.top(i)
	if k := v.heads(i); k > 0 && v.groups[k-1].First == i {
		y -= headHeight
	}
	return y
}

// reveal scrolls as little as needed to bring row i into sight.
func (v *viewport) reveal(i int) {
	if i < 0 || i >= v.n {
		return
	}
	if y := v.headTop(i); y < v.offset {
		v.offset = y
	} else if end := v.top(i) + v.rowH; end > v.offset+v.height {
		v.offset = end - v.height
	}
	v.clamp()
}

// page is the number of whole rows in sight, at least 1.
func (v *viewport) page() int { return max(1, int(v.height/v.rowH)) }

// thumb is where the scroll bar's handle stands in a track of a length.
func (v *viewport) thumb(track float64) (at, length float64) {
	total := v.total()
	if total <= v.height || track <= 0 {
		return 0, 0
	}
	length = math.Max(34, track*v.height/total)
	return (track - length) * v.offset / v.most(), length
}

// scrollThumb moves the handle's upper edge to at within a track.
func (v *viewport) scrollThumb(at, track float64) {
	if _, length := v.thumb(track); length > 0 && track > length {
		v.offset = at / (track - length) * v.most()
		v.clamp()
	}
}
