package wire

import (
	"bytes"
	"errors"
	"math"
	"slices"

	"github.com/emersion/go-imap/v2"
)

var (
	errNumber  = errors.New("number out of range")
	errNumbers = errors.New("too many numbers")
)

// parseSet reads a sequence-set without "*" (RFC 3501 §9), in the order
// written. The number 2^32-1 is refused: the library would count on for ever.
func parseSet(b []byte, most int64) ([]imap.UIDRange, error) {
	var rs []imap.UIDRange
	total := uint64(0)
	for part := range bytes.SplitSeq(b, []byte(",")) {
		lo, hi, ranged := bytes.Cut(part, []byte(":"))
		if !ranged {
			hi = lo
		}
		a, ok1 := number(lo, math.MaxUint32-1)
		z, ok2 := number(hi, math.MaxUint32-1)
		if !ok1 || !ok2 || a == 0 || z == 0 {
			return nil, errNumber
		}
		if a > z {
			a, z = z, a
		}
		if total += z - a + 1; total > uint64(most) {
			return nil, errNumbers
		}
		rs = append(rs, imap.UIDRange{Start: imap.UID(a), Stop: imap.UID(z)})
	}
	return rs, nil
}

// parseCommandSet reads a sequence-set that we sent ourselves; "*" is 0, as in
// the library. "$" is every message.
func parseCommandSet(s string) imap.UIDSet {
	if s == "$" {
		return imap.UIDSet{{Start: 1, Stop: 0}}
	}
	var set imap.UIDSet
	for part := range bytes.SplitSeq([]byte(s), []byte(",")) {
		lo, hi, ranged := bytes.Cut(part, []byte(":"))
		a, _ := number(lo, math.MaxUint32)
		z := a
		if ranged {
			z, _ = number(hi, math.MaxUint32)
		}
		set = append(set, imap.UIDRange{Start: imap.UID(a), Stop: imap.UID(z)})
	}
	return set
}

// normal sorts ranges and joins those that touch.
func normal(rs []imap.UIDRange) imap.UIDSet {
	slices.SortFunc(rs, func(a, b imap.UIDRange) int {
		return int(int64(a.Start) - int64(b.Start))
	})
	var set imap.UIDSet
	for _, r := range rs {
		if n := len(set); n > 0 && uint64(r.Start) <= uint64(set[n-1].Stop)+1 {
			set[n-1].Stop = max(set[n-1].Stop, r.Stop)
			continue
		}
		set = append(set, r)
	}
	return set
}

// expand lists the numbers of rs in their order.
func expand(rs []imap.UIDRange) []imap.UID {
	var uids []imap.UID
	for _, r := range rs {
		for u := r.Start; u <= r.Stop; u++ {
			uids = append(uids, u)
		}
	}
	return uids
}
