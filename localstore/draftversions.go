package localstore

import "slices"

// version is what decides whether a version of a draft is kept.
type version struct {
	at     int64 // Unix seconds
	length int
}

// keptVersions is how many versions of a draft are kept for their time, and as
// many again for the big deletions that came after them.
const keptVersions = 50

// thin returns which of the versions, newest first, go: of the last minute all
// stay, then one a minute for ten minutes, one in ten minutes for an hour, one
// an hour for a day and one a day. The newest 50 of these stay, and the newest
// 50 versions before a big deletion, together with what was left by it: else
// nobody could tell later that something was deleted.
func thin(versions []version, now int64) (gone []int64) {
	keep := map[int64]bool{}
	last := int64(-1)
	for i, v := range versions {
		slot := slotOf(v.at, now)
		if i == 0 || slot != last && len(keep) < keptVersions {
			keep[v.at] = true
		}
		last = slot
	}
	deletions := 0
	for i := 0; i+1 < len(versions) && deletions < keptVersions; i++ {
		if bigDeletion(versions[i+1].length, versions[i].length) {
			deletions++
			keep[versions[i].at], keep[versions[i+1].at] = true, true
		}
	}
	for _, v := range versions {
		if !keep[v.at] {
			gone = append(gone, v.at)
		}
	}
	slices.Sort(gone)
	return gone
}

// slotOf returns the span of time of which one version is kept, as its first
// second. Spans are of the clock, not of the age, so that a version that is
// kept once is not dropped by the next second.
func slotOf(at, now int64) int64 {
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	switch age := now - at; {
	case age <= minute:
		return at
	case age <= 10*minute:
		return at / minute * minute
	case age <= hour:
		return at / (10 * minute) * (10 * minute)
	case age <= day:
		return at / hour * hour
	}
	return at / day * day
}

// bigDeletion tells whether a text lost so much that it may have been a
// mistake: 500 bytes, or half of it.
func bigDeletion(before, after int) bool {
	lost := before - after
	return lost >= 500 || lost >= 20 && lost*2 >= before
}
