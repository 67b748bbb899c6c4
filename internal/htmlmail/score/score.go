// Package score says how near a page is to what Chromium makes of the same
// mail: words, where they stand, their colours and sizes, and what the page
// looks like. It is test support and no part of a program.
package score

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"strings"
)

// Word is a word and its box, in CSS pixels.
type Word struct {
	Text       string
	X, Y, W, H float64
	Colour     string // rgb(r, g, b)
	Size       float64
}

// MarshalJSON writes [word, x, y, width, height, colour, size].
func (w Word) MarshalJSON() ([]byte, error) {
	return json.Marshal([7]any{w.Text, w.X, w.Y, w.W, w.H, w.Colour, w.Size})
}

// UnmarshalJSON reads it.
func (w *Word) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[7]any{&w.Text, &w.X, &w.Y, &w.W, &w.H, &w.Colour, &w.Size})
}

// Page is a page as it is compared.
type Page struct {
	Height float64 `json:"h"`
	View   float64 `json:"v"` // the least height: that of the view
	Words  []Word  `json:"w"`
}

// Result is how much two pages have in common, each from 0 to 1.
type Result struct {
	Found, Order, Near4, Near16, Colour, Size, Height, Look float64
}

// Total is the score of 100.
func (r Result) Total() float64 {
	return 100 * (0.20*r.Order + 0.25*r.Near16 + 0.15*r.Near4 + 0.10*r.Colour + 0.05*r.Size + 0.10*r.Height + 0.15*max(0, r.Look))
}

// Head is the title of the columns of String.
const Head = "found order  pos4 pos16 colour  size height look | score"

func (r Result) String() string {
	return fmt.Sprintf("%5.2f %5.2f %5.2f %5.2f %6.2f %5.2f %6.2f %4.2f | %5.1f", r.Found, r.Order, r.Near4, r.Near16, r.Colour, r.Size, r.Height, r.Look, r.Total())
}

// maxWords is how many words are compared.
const maxWords = 6000

// Compare compares a page of ours with a reference, and their pictures in
// grey.
func Compare(ref, our Page, refImage, ourImage *image.Gray) Result {
	a, b := ref.Words[:min(len(ref.Words), maxWords)], our.Words[:min(len(our.Words), maxWords)]
	var r Result
	n := float64(max(1, len(a)))
	counts := map[string]int{}
	for _, w := range b {
		counts[text(w)]++
	}
	for _, w := range a {
		if counts[text(w)] > 0 {
			counts[text(w)]--
			r.Found++
		}
	}
	for _, p := range aligned(a, b) {
		x, y := &a[p[0]], &b[p[1]]
		r.Order++
		dx, dy := abs(x.X-y.X), abs(x.Y+x.H/2-y.Y-y.H/2)
		if dx <= 4 && dy <= 4 {
			r.Near4++
		}
		if dx <= 16 && dy <= 16 {
			r.Near16++
		}
		if apart(x.Colour, y.Colour) <= 24 {
			r.Colour++
		}
		if abs(x.Size-y.Size) <= 0.6 {
			r.Size++
		}
	}
	for _, v := range []*float64{&r.Found, &r.Order, &r.Near4, &r.Near16, &r.Colour, &r.Size} {
		*v /= n
	}
	if len(a) == 0 {
		r.Found, r.Order, r.Near4, r.Near16, r.Colour, r.Size = 1, 1, 1, 1, 1, 1
	}
	h := max(our.Height, ref.View)
	r.Height = min(ref.Height, h) / max(ref.Height, h)
	r.Look = similar(refImage, ourImage)
	return r
}

// text is what is compared of a word: a style may change its case.
func text(w Word) string {
	return strings.ToLower(strings.Trim(w.Text, "\u200b\u2060\u200c\u200d\u200e\u200f"))
}

func abs(v float64) float64 { return max(v, -v) }

// apart is how far two colours are apart in their farthest channel.
func apart(a, b string) float64 {
	x, y := channels(a), channels(b)
	return max(abs(x[0]-y[0]), abs(x[1]-y[1]), abs(x[2]-y[2]))
}

func channels(s string) (v [3]float64) {
	_, in, _ := strings.Cut(s, "(")
	for i, p := range strings.SplitN(strings.TrimRight(in, ")"), ",", 4) {
		if i < 3 {
			fmt.Sscanf(strings.TrimSpace(p), "%g", &v[i])
		}
	}
	return v
}

// aligned pairs words that both have in the same order, as many as there are
// (Myers' greedy difference).
func aligned(a, b []Word) [][2]int {
	n, m := len(a), len(b)
	const most = 4000 // differences; beyond them what is paired so far counts
	v := map[int]int{1: 0}
	var trace []map[int]int
	end := -1
	for d := 0; d <= min(n+m, most) && end < 0; d++ {
		next := make(map[int]int, d+2)
		for k := -d; k <= d; k += 2 {
			x := v[k-1] + 1
			if k == -d || k != d && v[k-1] < v[k+1] {
				x = v[k+1]
			}
			for x < n && x-k < m && x-k >= 0 && text(a[x]) == text(b[x-k]) {
				x++
			}
			next[k] = x
			if x >= n && x-k >= m {
				end = d
				break
			}
		}
		trace = append(trace, v)
		v = next
	}
	if end < 0 {
		return nil
	}
	var out [][2]int
	x, y := n, m
	for d := end; d >= 0; d-- {
		w := trace[d]
		k := x - y
		from := k - 1
		if k == -d || k != d && w[k-1] < w[k+1] {
			from = k + 1
		}
		px := w[from]
		py := px - from
		for x > px && y > py && x > 0 && y > 0 {
			x, y = x-1, y-1
			out = append(out, [2]int{x, y})
		}
		x, y = px, py
	}
	var good [][2]int
	for _, p := range out {
		if text(a[p[0]]) == text(b[p[1]]) {
			good = append(good, p)
		}
	}
	return good
}

// maxRows is how much of the pictures is compared, from the top.
const maxRows = 3000

// similar is the structural similarity of two pictures in blocks of 8 by 8.
// What one of them has not is as its corner is.
func similar(a, b *image.Gray) float64 {
	w, h := a.Rect.Dx(), min(a.Rect.Dy(), maxRows)
	at := func(img *image.Gray, x, y int) float64 {
		if p := image.Pt(x, y).Add(img.Rect.Min); p.In(img.Rect) {
			return float64(img.Pix[img.PixOffset(p.X, p.Y)])
		}
		return float64(img.Pix[0])
	}
	sum, blocks := 0.0, 0.0
	for by := 0; by+8 <= h; by += 8 {
		for bx := 0; bx+8 <= w; bx += 8 {
			var sa, sb, saa, sbb, sab float64
			for y := by; y < by+8; y++ {
				for x := bx; x < bx+8; x++ {
					p, q := at(a, x, y), at(b, x, y)
					sa, sb, saa, sbb, sab = sa+p, sb+q, saa+p*p, sbb+q*q, sab+p*q
				}
			}
			ma, mb := sa/64, sb/64
			va, vb, c := saa/64-ma*ma, sbb/64-mb*mb, sab/64-ma*mb
			sum += (2*ma*mb + 6.5) * (2*c + 58.5) / ((ma*ma + mb*mb + 6.5) * (va + vb + 58.5))
			blocks++
		}
	}
	return sum / max(1, blocks)
}

// Grey is a picture in 32 shades of grey.
func Grey(img image.Image) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			g := color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y
			out.Pix[y*out.Stride+x] = min(g/8*8+g/8/4, 255)
		}
	}
	return out
}
