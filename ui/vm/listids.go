package vm

import (
	"slices"
	"sort"

	"paquebot.app/localstore"
)

// keyStep is the room between the keys of neighbours.
const keyStep = 1 << 20

// spots are the messages of a list in order. Each has a key, and keys rise from
// row to row, so that the row of a message is found by halving and rows come
// and go without renumbering those below.
type spots struct {
	ids  []localstore.MessageID
	keys []int64
	key  map[localstore.MessageID]int64
}

// spotsOf makes spots of ids in order, each once.
func spotsOf(ids []localstore.MessageID) spots {
	var s spots
	s.add(ids)
	return s
}

// add puts messages below all others, leaving out those that are there.
func (s *spots) add(ids []localstore.MessageID) {
	if s.key == nil {
		s.key = make(map[localstore.MessageID]int64, len(ids))
	}
	last := int64(0)
	if n := len(s.keys); n > 0 {
		last = s.keys[n-1]
	}
	for _, id := range ids {
		if _, there := s.key[id]; there {
			continue
		}
		last += keyStep
		s.ids, s.keys = append(s.ids, id), append(s.keys, last)
		s.key[id] = last
	}
}

// index returns the row of a message.
func (s *spots) index(id localstore.MessageID) (int, bool) {
	k, ok := s.key[id]
	if !ok {
		return 0, false
	}
	return sort.Search(len(s.keys), func(i int) bool { return s.keys[i] >= k }), true
}

// insert puts a message at a row.
func (s *spots) insert(i int, id localstore.MessageID) {
	above, below := int64(0), int64(0)
	if i > 0 {
		above = s.keys[i-1]
	}
	switch {
	case i < len(s.keys):
		below = s.keys[i]
	default:
		below = above + 2*keyStep
	}
	if i == 0 {
		above = below - 2*keyStep
	}
	k := above + (below-above)/2
	if k == above { // no room: everything gets a new key
		ids := slices.Insert(s.ids, i, id)
		*s = spotsOf(ids)
		return
	}
	if s.key == nil {
		s.key = map[localstore.MessageID]int64{}
	}
	s.ids, s.keys = slices.Insert(s.ids, i, id), slices.Insert(s.keys, i, k)
	s.key[id] = k
}

// remove takes a message out.
func (s *spots) remove(id localstore.MessageID) {
	if i, ok := s.index(id); ok {
		s.ids, s.keys = slices.Delete(s.ids, i, i+1), slices.Delete(s.keys, i, i+1)
		delete(s.key, id)
	}
}
