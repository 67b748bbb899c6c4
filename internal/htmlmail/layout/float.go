package layout

import (
	"math"

	"paquebot.app/internal/htmlmail/css"
)

const far = float32(math.MaxFloat32)

// float is the margin box of a float in its formatting context.
type float struct {
	x, y, w, h float32
	right      bool
}

// floats are those of a formatting context.
type floats struct{ list []float }

// maxPush bounds how often something is moved down to find room.
const maxPush = 1000

// room is what floats leave of x0 to x1 in a stretch of height h from y, and
// where the first of them ends.
func (f *floats) room(y, h, x0, x1 float32) (left, right, next float32) {
	next = far
	for i := range f.list {
		k := &f.list[i]
		if y >= k.y+k.h-0.01 || y+max(h, 0.1) <= k.y {
			continue
		}
		if k.right {
			x1 = min(x1, k.x)
		} else {
			x0 = max(x0, k.x+k.w)
		}
		next = min(next, k.y+k.h)
	}
	return x0, x1, next
}

// below is where y is below the floats of a side.
func (f *floats) below(y float32, s css.Side) float32 {
	if s == css.NoSide {
		return y
	}
	for i := range f.list {
		if k := &f.list[i]; s == css.Both || k.right == (s == css.FloatRight) {
			y = max(y, k.y+k.h)
		}
	}
	return y
}

// placeFloat lays a float out and puts it as high as it may stand, at y or
// below, between x0 and x1. The box it is in begins at ox, oy of the
// formatting context.
func (l *layouter) placeFloat(k *box, fc *floats, ox, oy, x0, x1, y float32) {
	s := k.style
	avail := x1 - x0
	l.atom(k, avail)
	w := k.w + outset(s, avail)
	h := k.h + s.Margin[css.Top].Of(avail) + s.Margin[css.Bottom].Of(avail)
	right := s.Float == css.FloatRight
	if n := len(fc.list); n > 0 { // never above one before it
		y = max(y, fc.list[n-1].y-oy)
	}
	y = fc.below(y+oy, s.Clear) - oy
	for range maxPush {
		a, b, next := fc.room(y+oy, h, x0+ox, x1+ox)
		if b-a >= w-0.01 || next == far {
			if k.x = a - ox; right {
				k.x = b - ox - w
			}
			break
		}
		y = next - oy
	}
	fc.list = append(fc.list, float{k.x + ox, y + oy, w, h, right})
	k.x += s.Margin[css.Left].Of(avail)
	k.y = y + s.Margin[css.Top].Of(avail)
}
