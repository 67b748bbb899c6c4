package localstore

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// sortSections sorts parts as they follow each other in the mail: 1.2 before
// 1.10.
func sortSections(parts []Part) {
	slices.SortFunc(parts, func(a, b Part) int { return compareSections(a.Section, b.Section) })
}

func compareSections(a, b string) int {
	for {
		headA, tailA, moreA := strings.Cut(a, ".")
		headB, tailB, moreB := strings.Cut(b, ".")
		numberA, errA := strconv.Atoi(headA)
		numberB, errB := strconv.Atoi(headB)
		order := cmp.Compare(numberA, numberB)
		if errA != nil || errB != nil {
			order = cmp.Compare(headA, headB)
		}
		switch {
		case order != 0:
			return order
		case !moreA || !moreB:
			return cmp.Compare(oneIf(moreA), oneIf(moreB))
		}
		a, b = tailA, tailB
	}
}
