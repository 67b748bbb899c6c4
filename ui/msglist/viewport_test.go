package msglist

import "testing"

func TestTheLastOfAMillionRowsStandsExactly(t *testing.T) {
	v := &viewport{n: 1_000_000, rowH: 78, height: 700}
	v.offset = 1e12
	v.clamp()
	if end := v.top(v.n-1) + v.rowH - v.offset; end != 700 {
		t.Errorf("the last row ends at %v of 700", end)
	}
	v.offset -= 0.25
	if y := v.top(v.n-1) - v.offset; y != 700-78+0.25 {
		t.Errorf("a quarter of a pixel is lost: %v", y)
	}
}

func TestRowsAndTitlesUnderAPoint(t *testing.T) {
	v := &viewport{n: 10, rowH: 50, height: 200, groups: []Group{{0, "Today"}, {3, "Yesterday"}}}
	for _, c := range []struct {
		y    float64
		row  int
		head bool
	}{
		{0, 0, true}, {33, 0, true}, {34, 0, false}, {84, 1, false}, {183, 2, false},
		{184, 3, true}, {217, 3, true}, {218, 3, false}, {567, 9, false}, {568, -1, false},
	} {
		if row, head := v.at(c.y); row != c.row || head != c.head {
			t.Errorf("at %v: row %d, title %v, want %d, %v", c.y, row, head, c.row, c.head)
		}
	}
	for i := range 10 {
		if row, head := v.at(v.top(i)); row != i || head {
			t.Errorf("the top of row %d belongs to %d", i, row)
		}
	}
}

func TestRevealScrollsNoFurtherThanNeeded(t *testing.T) {
	v := &viewport{n: 100, rowH: 50, height: 200}
	v.reveal(3)
	if v.offset != 0 {
		t.Errorf("offset %v for a row in sight", v.offset)
	}
	v.reveal(4)
	if v.offset != 50 {
		t.Errorf("offset %v, want 50", v.offset)
	}
	v.reveal(0)
	if v.offset != 0 {
		t.Errorf("offset %v, want 0", v.offset)
	}
}

func TestThumbReachesBothEnds(t *testing.T) {
	v := &viewport{n: 1_000_000, rowH: 30, height: 600}
	at, length := v.thumb(600)
	if at != 0 || length != 34 {
		t.Errorf("thumb %v %v at the top", at, length)
	}
	v.scrollThumb(600-34, 600)
	if v.offset != v.most() {
		t.Errorf("offset %v, want %v", v.offset, v.most())
	}
	if at, _ := v.thumb(600); at != 600-34 {
		t.Errorf("thumb at %v at the end", at)
	}
	v.n = 3
	if _, length := v.thumb(600); length != 0 {
		t.Error("a thumb where nothing scrolls")
	}
}
