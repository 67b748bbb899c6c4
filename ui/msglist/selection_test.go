package msglist

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func rowsOf(s *Selection) []int {
	out := []int{}
	s.Each(func(i int) bool { out = append(out, i); return true })
	return out
}

func expect(t *testing.T, s *Selection, cursor int, rows ...int) {
	t.Helper()
	if got := rowsOf(s); !slices.Equal(got, rows) && len(got)+len(rows) > 0 {
		t.Errorf("selected %v, want %v", got, rows)
	}
	if s.Count() != len(rows) {
		t.Errorf("count %d, want %d", s.Count(), len(rows))
	}
	if s.Cursor() != cursor {
		t.Errorf("cursor %d, want %d", s.Cursor(), cursor)
	}
}

func TestClickSelectsOne(t *testing.T) {
	s := NewSelection(10)
	s.Select(3)
	s.Select(5)
	expect(t, s, 5, 5)
	s.Select(10)
	s.Select(-1)
	expect(t, s, 5, 5)
}

func TestShiftClickSelectsTheRangeFromTheAnchor(t *testing.T) {
	s := NewSelection(10)
	s.Extend(2) // without an anchor a plain click
	expect(t, s, 2, 2)
	s.Extend(5)
	expect(t, s, 5, 2, 3, 4, 5)
	s.Extend(0)
	expect(t, s, 0, 0, 1, 2)
}

func TestCtrlClickToggles(t *testing.T) {
	s := NewSelection(10)
	s.Select(1)
	s.Toggle(3)
	s.Toggle(2)
	expect(t, s, 2, 1, 2, 3)
	if len(s.spans) != 1 {
		t.Errorf("neighbours are %d runs", len(s.spans))
	}
	s.Toggle(2)
	expect(t, s, 2, 1, 3)
	s.Extend(4)
	expect(t, s, 4, 2, 3, 4)
}

func TestKeyboard(t *testing.T) {
	s := NewSelection(4)
	s.MoveTo(s.Cursor()+1, false, false)
	expect(t, s, 0, 0)
	s.MoveTo(99, true, false)
	expect(t, s, 3, 0, 1, 2, 3)
	s.MoveTo(2, true, false)
	expect(t, s, 2, 0, 1, 2)
	s.MoveTo(-5, false, false)
	expect(t, s, 0, 0)
	s.MoveTo(2, false, true)
	expect(t, s, 2, 0)
	NewSelection(0).MoveTo(1, false, false)
}

func TestAMillionRowsAreOneRun(t *testing.T) {
	s := NewSelection(1_000_000)
	s.All()
	if s.Count() != 1_000_000 || len(s.spans) != 1 {
		t.Fatalf("%d rows in %d runs", s.Count(), len(s.spans))
	}
	s.Toggle(500_000)
	if s.Count() != 999_999 || len(s.spans) != 2 {
		t.Fatalf("%d rows in %d runs", s.Count(), len(s.spans))
	}
}

func TestNewMailDoesNotJoinTheSelection(t *testing.T) {
	s := NewSelection(3)
	s.All()
	s.Inserted(0, 2)
	expect(t, s, 2, 2, 3, 4)
	s.Inserted(3, 1)
	expect(t, s, 2, 2, 4, 5)
}

func TestRemovingMovesOnToTheNext(t *testing.T) {
	s := NewSelection(5)
	s.Select(2)
	s.Removed(2, 1)
	expect(t, s, 2, 2)
	s.Select(3)
	s.Removed(3, 1)
	expect(t, s, 2, 2)
	s.Removed(0, 3)
	expect(t, s, -1)
}

func TestRemovingAboveKeepsTheSelection(t *testing.T) {
	s := NewSelection(10)
	s.Select(4)
	s.Extend(6)
	s.Removed(1, 2)
	expect(t, s, 4, 2, 3, 4)
	s.Removed(3, 1)
	expect(t, s, 3, 2, 3)
}

// TestSelectionAgainstAPlainSet runs random histories against a map of ids.
func TestSelectionAgainstAPlainSet(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := NewSelection(0)
		var ids []int
		chosen := map[int]bool{}
		next := 0
		anchor := -1
		for range 60 {
			n := len(ids)
			switch k := r.IntN(6); {
			case k == 0 || n == 0:
				at, c := r.IntN(n+1), 1+r.IntN(4)
				fresh := make([]int, c)
				for i := range fresh {
					fresh[i] = next
					next++
				}
				ids = slices.Insert(ids, at, fresh...)
				s.Inserted(at, c)
			case k == 1:
				at := r.IntN(n)
				c := min(1+r.IntN(3), n-at)
				had := len(chosen) > 0
				for _, id := range ids[at : at+c] {
					delete(chosen, id)
				}
				ids = slices.Delete(ids, at, at+c)
				s.Removed(at, c)
				if had && len(chosen) == 0 && s.Cursor() >= 0 {
					chosen[ids[s.Cursor()]] = true
				}
				anchor = -1
			case k == 2:
				i := r.IntN(n)
				s.Select(i)
				chosen = map[int]bool{ids[i]: true}
				anchor = ids[i]
			case k == 3:
				i := r.IntN(n)
				s.Toggle(i)
				if chosen[ids[i]] {
					delete(chosen, ids[i])
				} else {
					chosen[ids[i]] = true
				}
				anchor = ids[i]
			case k == 4 && anchor >= 0:
				i, a := r.IntN(n), slices.Index(ids, anchor)
				s.Extend(i)
				chosen = map[int]bool{}
				for _, id := range ids[min(i, a) : max(i, a)+1] {
					chosen[id] = true
				}
			case k == 5 && r.IntN(4) == 0:
				s.All()
				for _, id := range ids {
					chosen[id] = true
				}
				anchor = -1
			}
			want := []int{}
			for i, id := range ids {
				if chosen[id] {
					want = append(want, i)
				}
			}
			if got := rowsOf(s); !slices.Equal(got, want) {
				t.Fatalf("seed %d: selected %v, want %v", seed, got, want)
			}
		}
	}
}
