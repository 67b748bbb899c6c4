package localstore

import (
	"maps"
	"slices"
)

// wordsSet is a set of keywords.
type wordsSet map[string]struct{}

func wordSet(words []string) wordsSet {
	s := wordsSet{}
	s.add(words)
	return s
}

func (s wordsSet) add(words []string) {
	for _, w := range words {
		s[w] = struct{}{}
	}
}

func (s wordsSet) remove(words []string) {
	for _, w := range words {
		delete(s, w)
	}
}

func (s wordsSet) equal(t wordsSet) bool { return maps.Equal(s, t) }

func (s wordsSet) sorted() []string { return slices.Sorted(maps.Keys(s)) }
