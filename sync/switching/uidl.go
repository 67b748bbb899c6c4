package switching

import (
	"strconv"
	"strings"
)

// pattern is a way in which servers make UIDLs of UIDVALIDITY and UID.
type pattern struct {
	name string
	read func(uidl string) (validity, uid uint32, ok bool)
}

// patterns are those of Dovecot (pop3_uidl_format %08Xu%08Xv, its default), of
// UW ipop3d (%08Xv%08Xu), Cyrus (%v.%u) and Courier (UID%u-%v). None is believed
// before samples have proven it.
var patterns = []pattern{
	{"dovecot", func(s string) (uint32, uint32, bool) {
		uid, validity, ok := twoHex(s)
		return validity, uid, ok
	}},
	{"uw", twoHex},
	{"cyrus", func(s string) (uint32, uint32, bool) {
		v, u, ok := strings.Cut(s, ".")
		return two(v, u, ok)
	}},
	{"courier", func(s string) (uint32, uint32, bool) {
		s, is := strings.CutPrefix(s, "UID")
		u, v, ok := strings.Cut(s, "-")
		return two(v, u, is && ok)
	}},
}

func twoHex(s string) (a, b uint32, ok bool) {
	if len(s) != 16 {
		return 0, 0, false
	}
	x, err := strconv.ParseUint(s[:8], 16, 32)
	y, err2 := strconv.ParseUint(s[8:], 16, 32)
	return uint32(x), uint32(y), err == nil && err2 == nil
}

func two(v, u string, ok bool) (validity, uid uint32, _ bool) {
	x, err := strconv.ParseUint(v, 10, 32)
	y, err2 := strconv.ParseUint(u, 10, 32)
	return uint32(x), uint32(y), ok && err == nil && err2 == nil
}

// Samples by which a pattern is proven: at least so many, all of them equal.
const (
	leastSamples = 3
	mostSamples  = 5
)

// spread returns up to mostSamples of n indices: the first, the last, and some
// between.
func spread(n int) (at []int) {
	k := min(n, mostSamples)
	for i := range k {
		if k == 1 {
			return []int{0}
		}
		at = append(at, i*(n-1)/(k-1))
	}
	return at
}
