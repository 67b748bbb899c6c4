package imapsync

import (
	"slices"
	"strconv"
	"strings"

	"paquebot.app/localstore"
)

// contains tells whether a UID lies in one of the ranges.
func contains(in []localstore.UIDRange, uid uint32) bool {
	for _, r := range in {
		if r.Lo <= uid && uid <= r.Hi {
			return true
		}
	}
	return false
}

// ranges returns UIDs as ascending ranges. It sorts uids.
func ranges(uids []uint32) []localstore.UIDRange {
	slices.Sort(uids)
	var out []localstore.UIDRange
	for _, u := range uids {
		if n := len(out); n > 0 && out[n-1].Hi+1 == u {
			out[n-1].Hi = u
			continue
		}
		out = append(out, localstore.UIDRange{Lo: u, Hi: u})
	}
	return out
}

// newest returns up to n UIDs of the ranges, the highest first.
func newest(in []localstore.UIDRange, n int) []uint32 {
	var out []uint32
	for i := len(in) - 1; i >= 0 && len(out) < n; i-- {
		for u := in[i].Hi; u >= in[i].Lo && u > 0 && len(out) < n; u-- {
			out = append(out, u)
		}
	}
	return out
}

// below returns the parts of ranges that lie below a UID.
func below(in []localstore.UIDRange, uid uint32) []localstore.UIDRange {
	var out []localstore.UIDRange
	for _, r := range in {
		if r.Lo < uid {
			out = append(out, localstore.UIDRange{Lo: r.Lo, Hi: min(r.Hi, uid-1)})
		}
	}
	return out
}

// without returns the ranges less some UIDs.
func without(in []localstore.UIDRange, uids []uint32) []localstore.UIDRange {
	for _, u := range uids {
		var out []localstore.UIDRange
		for _, r := range in {
			if u < r.Lo || r.Hi < u {
				out = append(out, r)
				continue
			}
			if r.Lo < u {
				out = append(out, localstore.UIDRange{Lo: r.Lo, Hi: u - 1})
			}
			if u < r.Hi {
				out = append(out, localstore.UIDRange{Lo: u + 1, Hi: r.Hi})
			}
		}
		in = out
	}
	return in
}

// arrived returns the UIDs of a batch less those that are missing.
func arrived(batch, missing []uint32) []uint32 {
	left := make([]uint32, 0, len(batch))
	for _, u := range batch {
		if !slices.Contains(missing, u) {
			left = append(left, u)
		}
	}
	return left
}

// count returns how many UIDs the ranges hold.
func count(in []localstore.UIDRange) int {
	n := 0
	for _, r := range in {
		n += int(r.Hi-r.Lo) + 1
	}
	return n
}

// joinSection writes part numbers as IMAP does: "1.2".
func joinSection(path []int) string {
	words := make([]string, len(path))
	for i, n := range path {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ".")
}
