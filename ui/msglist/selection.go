package msglist

import "sort"

// span is a run of selected rows, to exclusive.
type span struct{ from, to int }

// Selection is which of n rows are selected, with a cursor (where the keyboard
// is) and an anchor (where a range began); both are -1 when there is none. It
// holds runs of rows, so that selecting a million costs as much as one.
type Selection struct {
	n              int
	spans          []span // sorted, apart from each other
	cursor, anchor int
}

// NewSelection is empty over n rows.
func NewSelection(n int) *Selection { return &Selection{n: n, cursor: -1, anchor: -1} }

// Cursor is the row the keyboard is on, -1 for none.
func (s *Selection) Cursor() int { return s.cursor }

// Count is the number of selected rows.
func (s *Selection) Count() int {
	c := 0
	for _, r := range s.spans {
		c += r.to - r.from
	}
	return c
}

// Has reports whether row i is selected.
func (s *Selection) Has(i int) bool {
	k := sort.Search(len(s.spans), func(k int) bool { return s.spans[k].to > i })
	return k < len(s.spans) && s.spans[k].from <= i
}

// Each calls f for the selected rows in order until it returns false.
func (s *Selection) Each(f func(i int) bool) {
	for _, r := range s.spans {
		for i := r.from; i < r.to; i++ {
			if !f(i) {
				return
			}
		}
	}
}

// Clear selects nothing; the cursor stays.
func (s *Selection) Clear() { s.spans = s.spans[:0] }

// Select makes row i the only one.
func (s *Selection) Select(i int) {
	if i < 0 || i >= s.n {
		return
	}
	s.spans = append(s.spans[:0], span{i, i + 1})
	s.cursor, s.anchor = i, i
}

// Toggle adds row i or takes it away, and begins a range there.
func (s *Selection) Toggle(i int) {
	if i < 0 || i >= s.n {
		return
	}
	if s.Has(i) {
		s.cut(i, i+1)
	} else {
		s.add(i, i+1)
	}
	s.cursor, s.anchor = i, i
}

// Extend makes the selection the range from the anchor to row i.
func (s *Selection) Extend(i int) {
	if i < 0 || i >= s.n {
		return
	}
	if s.anchor < 0 {
		s.Select(i)
		return
	}
	s.spans = append(s.spans[:0], span{min(s.anchor, i), max(s.anchor, i) + 1})
	s.cursor = i
}

// All selects every row.
func (s *Selection) All() {
	s.spans = s.spans[:0]
	if s.n > 0 {
		s.spans = append(s.spans, span{0, s.n})
		s.cursor = max(s.cursor, 0)
		s.anchor = max(s.anchor, 0)
	}
}

// MoveTo brings the cursor to row i, kept within the rows: alone, extending
// the range (shift), or without selecting (ctrl).
func (s *Selection) MoveTo(i int, extend, only bool) {
	if s.n == 0 {
		return
	}
	i = min(max(i, 0), s.n-1)
	switch {
	case extend:
		s.Extend(i)
	case only:
		s.cursor = i
	default:
		s.Select(i)
	}
}

func (s *Selection) add(from, to int) {
	out := make([]span, 0, len(s.spans)+1)
	for _, r := range s.spans {
		if r.to < from || r.from > to {
			out = append(out, r)
			continue
		}
		from, to = min(from, r.from), max(to, r.to)
	}
	out = append(out, span{from, to})
	sort.Slice(out, func(i, j int) bool { return out[i].from < out[j].from })
	s.spans = out
}

func (s *Selection) cut(from, to int) {
	out := make([]span, 0, len(s.spans)+1)
	for _, r := range s.spans {
		if r.from < from {
			out = append(out, span{r.from, min(r.to, from)})
		}
		if r.to > to {
			out = append(out, span{max(r.from, to), r.to})
		}
	}
	kept := out[:0]
	for _, r := range out {
		if r.from < r.to {
			kept = append(kept, r)
		}
	}
	s.spans = kept
}

// Inserted says that count rows came in before row at; they are not selected.
func (s *Selection) Inserted(at, count int) {
	if count <= 0 {
		return
	}
	s.n += count
	out := make([]span, 0, len(s.spans)+1)
	for _, r := range s.spans {
		switch {
		case r.to <= at:
			out = append(out, r)
		case r.from >= at:
			out = append(out, span{r.from + count, r.to + count})
		default:
			out = append(out, span{r.from, at}, span{at + count, r.to + count})
		}
	}
	s.spans = out
	shift := func(i int) int {
		if i >= at {
			return i + count
		}
		return i
	}
	s.cursor, s.anchor = shift(s.cursor), shift(s.anchor)
}

// Removed says that count rows went, from row at on. A cursor among them
// stands on the row that followed, or on the last; a selection that is left
// empty follows the cursor, so that deleting a letter shows the next.
func (s *Selection) Removed(at, count int) {
	count = min(count, s.n-at)
	if count <= 0 {
		return
	}
	had := len(s.spans) > 0
	s.cut(at, at+count)
	out := s.spans[:0]
	for _, r := range s.spans {
		if r.from >= at+count {
			r = span{r.from - count, r.to - count}
		}
		if k := len(out) - 1; k >= 0 && out[k].to == r.from {
			out[k].to = r.to
			continue
		}
		out = append(out, r)
	}
	s.spans = out
	s.n -= count
	shift := func(i int) int {
		switch {
		case i >= at+count:
			return i - count
		case i >= at:
			return min(at, s.n-1)
		}
		return i
	}
	s.cursor, s.anchor = shift(s.cursor), shift(s.anchor)
	if had && len(s.spans) == 0 && s.cursor >= 0 {
		s.Select(s.cursor)
	}
}

// Replace sets everything at once over n rows; rows need not be sorted, and
// those outside are left out.
func (s *Selection) Replace(n int, rows []int, cursor, anchor int) {
	sort.Ints(rows)
	s.n, s.spans = n, s.spans[:0]
	for _, i := range rows {
		if i < 0 || i >= n {
			continue
		}
		if k := len(s.spans) - 1; k >= 0 && s.spans[k].to >= i {
			s.spans[k].to = i + 1
			continue
		}
		s.spans = append(s.spans, span{i, i + 1})
	}
	s.cursor, s.anchor = min(cursor, n-1), min(anchor, n-1)
}
