package msglist

// Changed says that rows of the source look different or have been loaded:
// nothing moved.
func (l *List) Changed() {
	l.asked = span{}
	l.update()
}

// Inserted says that count rows came in before row at of the source. The rows
// in sight stay where they are, unless the list is at its very top: there new
// mail is shown.
func (l *List) Inserted(at, count int) {
	row, px := l.place()
	atTop := l.view.offset <= 0
	l.selection.Inserted(at, count)
	l.view.n = l.source.Len()
	if row >= at && !atTop {
		row += count
	}
	if !atTop {
		l.goTo(row, px)
	}
	l.moved()
}

// Removed says that count rows are gone from the source, from row at on.
func (l *List) Removed(at, count int) {
	row, px := l.place()
	l.selection.Removed(at, count)
	l.view.n = l.source.Len()
	switch {
	case row >= at+count:
		row -= count
	case row >= at:
		row = at
	}
	l.goTo(row, px)
	l.moved()
}

// Change runs apply, which may change the source in any way, and finds place,
// cursor and selection again by id. Without a Finder only rows that are loaded
// are found, near where they were.
func (l *List) Change(apply func()) {
	row, px := l.place()
	atTop := l.view.offset <= 0
	first, okFirst := l.id(row)
	cursor, okCursor := l.id(l.selection.cursor)
	anchor, okAnchor := l.id(l.selection.anchor)
	ids := l.SelectedIDs(0)
	was := l.selection.cursor

	apply()

	n := l.source.Len()
	l.view.n = n
	rows := make([]int, 0, len(ids))
	for _, id := range ids {
		if i, ok := l.find(id, was, n); ok {
			rows = append(rows, i)
		}
	}
	back := func(id int64, ok bool, near int) int {
		if ok {
			if i, found := l.find(id, near, n); found {
				return i
			}
		}
		return min(near, n-1)
	}
	l.selection.Replace(n, rows, back(cursor, okCursor, was), back(anchor, okAnchor, l.selection.anchor))
	if len(ids) > 0 && len(rows) == 0 && l.selection.cursor >= 0 {
		l.selection.Select(l.selection.cursor)
	}
	if !atTop {
		l.goTo(back(first, okFirst, row), px)
	}
	l.moved()
}

// look is how far from its old place a row is looked for without a Finder.
const look = 400

func (l *List) find(id int64, near, n int) (int, bool) {
	if f, ok := l.source.(Finder); ok {
		return f.Index(id)
	}
	for d := 0; d <= look; d++ {
		for _, i := range [2]int{near + d, near - d} {
			if i >= 0 && i < n {
				if r, ok := l.source.Row(i); ok && r.ID == id {
					return i, true
				}
			}
		}
	}
	return 0, false
}

func (l *List) moved() {
	l.asked, l.hover = span{}, -1
	l.view.clamp()
	l.update()
}
