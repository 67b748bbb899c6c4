package switching

import (
	"cmp"
	"slices"

	"paquebot.app/localstore"
)

var none [32]byte

// hashes are what is known of a mail's header; zero: not known.
type hashes struct{ fields, header [32]byte }

// mine is a message that is here and may be one that the server lists.
type mine struct {
	localstore.Recognisable
	rank int // of several equal ones the lower is taken first
}

// pair says that a message here is a mail there, by their indices.
type pair struct {
	mine, there int
	proven      bool // their complete headers are equal
}

// groups are the mails that have the same fields of the header.
type group struct{ mine, there []int }

func grouped(here []mine, there []hashes) map[[32]byte]*group {
	byFields := map[[32]byte]*group{}
	for j, h := range there {
		if h.fields == none {
			continue
		}
		g := byFields[h.fields]
		if g == nil {
			g = &group{}
			byFields[h.fields] = g
		}
		g.there = append(g.there, j)
	}
	for i, m := range here {
		if g := byFields[m.FieldsHash]; g != nil {
			g.mine = append(g.mine, i)
		}
	}
	for _, g := range byFields {
		slices.SortStableFunc(g.mine, func(a, b int) int {
			return cmp.Or(cmp.Compare(here[a].rank, here[b].rank), cmp.Compare(here[a].Ord, here[b].Ord))
		})
	}
	return byFields
}

// ambiguous returns the mails there whose complete header has to be seen, since
// several here or there have the same fields.
func ambiguous(here []mine, there []hashes) (ask []int) {
	for _, g := range grouped(here, there) {
		if len(g.mine) == 0 || len(g.mine) == 1 && len(g.there) == 1 {
			continue
		}
		for _, j := range g.there {
			if there[j].header == none {
				ask = append(ask, j)
			}
		}
	}
	slices.Sort(ask)
	return ask
}

// match pairs mails here with mails there. Equal fields once on each side bind,
// unless both complete headers are known and differ. Of several the complete
// headers decide; what is equal then is paired in the order of arrival, as many
// as there are on both sides. A message here whose complete header was never
// seen is paired last.
func match(here []mine, there []hashes) (pairs []pair) {
	for _, g := range grouped(here, there) {
		if len(g.mine) == 0 {
			continue
		}
		taken := map[int]bool{}
		var unseen []int // here
		for _, i := range g.mine {
			if here[i].HeaderHash == none {
				unseen = append(unseen, i)
				continue
			}
			for _, j := range g.there {
				if !taken[j] && there[j].header == here[i].HeaderHash {
					taken[j] = true
					pairs = append(pairs, pair{i, j, true})
					break
				}
			}
		}
		if len(g.mine) == 1 && len(g.there) == 1 && !taken[g.there[0]] && len(unseen) == 0 && there[g.there[0]].header == none {
			taken[g.there[0]] = true
			pairs = append(pairs, pair{g.mine[0], g.there[0], false})
		}
		for _, j := range g.there {
			if len(unseen) == 0 {
				break
			}
			if !taken[j] {
				pairs = append(pairs, pair{unseen[0], j, false})
				unseen = unseen[1:]
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.there, b.there) })
	return pairs
}
