package localstore

import "slices"

// mergeRanges sorts ranges and joins those that overlap or touch.
func mergeRanges(ranges []UIDRange) []UIDRange {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b UIDRange) int { return int(int64(a.Lo) - int64(b.Lo)) })
	var merged []UIDRange
	for _, r := range sorted {
		if r.Lo > r.Hi || r.Lo == 0 {
			continue
		}
		if n := len(merged); n > 0 && uint64(r.Lo) <= uint64(merged[n-1].Hi)+1 {
			merged[n-1].Hi = max(merged[n-1].Hi, r.Hi)
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// withoutUIDs returns sorted, disjoint ranges without the given UIDs.
func withoutUIDs(ranges []UIDRange, uids []uint32) []UIDRange {
	gone := slices.Clone(uids)
	slices.Sort(gone)
	var left []UIDRange
	for _, r := range ranges {
		lo, done := r.Lo, false
		i, _ := slices.BinarySearch(gone, r.Lo)
		for ; i < len(gone) && gone[i] <= r.Hi; i++ {
			if gone[i] > lo {
				left = append(left, UIDRange{lo, gone[i] - 1})
			}
			if gone[i] == r.Hi {
				done = true
				break
			}
			lo = max(lo, gone[i]+1)
		}
		if !done {
			left = append(left, UIDRange{lo, r.Hi})
		}
	}
	return left
}
