package popsync

import (
	"errors"
	"strconv"
	"strings"
)

// Limits of a listing, far above honest maildrops.
const (
	listLimit   = 64 << 10 // bytes of the answer to LIST or UIDL, and for each mail…
	lineLimit   = uidlLimit + 50
	mostListed  = 32 << 20 // …but never more
	blindLimit  = 16 << 20 // where STAT names no number
	uidlLimit   = 1000     // bytes of a UIDL; RFC 1939 §7 allows 70
	countLimit  = 500_000  // mails
	maxMailSize = 1 << 31  // what LIST says beyond this is no size
)

// listed is a mail as the server lists it in this session.
type listed struct {
	number int
	uidl   string // "" where the server gives none that can be used
	shared bool   // another mail has the same UIDL, or none
	size   int64  // as LIST says, a hint; -1 where it does not
	// settled is true of a mail that was new when it was first listed: what was
	// removed since then says nothing about it.
	settled bool
}

// listing is what STAT, LIST and UIDL say of a maildrop.
type listing struct {
	mails []listed // ascending by number
	// exact is true when all three agree on which numbers there are: only
	// then may be concluded that a mail is not there.
	exact bool
	// uidls is false where the server has no UIDL at all, or does not survive it.
	uidls bool
	// carried is true of a listing of an earlier session, which STAT does not
	// contradict. Each of its numbers is proven by "UIDL n" before it is used.
	carried bool
	octets  int64 // as STAT says; -1 where it does not
}

// list asks what is in the maildrop. earlier is what the last session has left
// behind, nil where it is not known: where STAT says just that, the listing is
// not asked for again.
func (s *session) list(earlier *listing) (listing, error) {
	stat, asked := "", false
	if earlier != nil {
		text, err := s.command("STAT", nil)
		if err != nil {
			return listing{}, err
		}
		if count, octets, ok := statSays(text); ok && octets >= 0 && count == len(earlier.mails) && octets == earlier.octets {
			l := *earlier
			l.carried, l.exact = true, false
			return l, nil
		}
		stat, asked = text, true
	}
	sizes, uidls := newColumn(mailSize), newColumn(usableUIDL)
	var hasList, hasUIDL bool
	var refused error
	heard := func(text string, err error) error {
		stat, refused = text, err
		sizes.limit = blindLimit
		if count, _, ok := statSays(stat); ok {
			sizes.limit = min(listLimit+count*lineLimit, mostListed)
		}
		uidls.limit = sizes.limit
		return nil
	}
	var err error
	if asked {
		err = heard(stat, nil)
	} else {
		err = s.send("STAT", nil, heard)
	}
	err = errors.Join(err,
		s.send("LIST", sizes, func(_ string, err error) error { hasList = err == nil; return nil }),
	)
	if !s.deaf["UIDL"] {
		err = errors.Join(err, s.send("UIDL", uidls, func(_ string, err error) error { hasUIDL = err == nil; return nil }))
	}
	if err == nil {
		err = s.drain()
	}
	switch count, _, ok := statSays(stat); {
	case err != nil:
		return listing{}, err
	case hasList, hasUIDL, ok && count == 0:
		return newListing(stat, sizes, uidls, hasList, hasUIDL), nil
	case refused != nil:
		return listing{}, refused
	}
	return listing{}, errNoListing
}

// newListing reads the three answers. It never fails: what cannot be read
// makes the listing inexact. A number beyond those of STAT is believed where
// LIST and UIDL both have it.
func newListing(stat string, sizes *column[int64], uidls *column[string], hasList, hasUIDL bool) listing {
	count, octets, ok := statSays(stat)
	last := max(sizes.last, uidls.last)
	l := listing{uidls: hasUIDL, octets: octets}
	l.exact = ok && (hasList || count == 0) && !sizes.wrong && !uidls.wrong && last == count &&
		len(sizes.of) == count && (!hasUIDL || len(uidls.of) == count)
	times := map[string]int{}
	for _, id := range uidls.of {
		times[id]++
	}
	for n := 1; n <= last; n++ {
		size, inList := sizes.of[n]
		id, inUIDL := uidls.of[n]
		switch {
		case !inList && !inUIDL:
			continue
		case n > count && (hasList && !inList || hasUIDL && !inUIDL):
			continue
		case !inList:
			size = -1
		}
		l.mails = append(l.mails, listed{number: n, uidl: id, shared: id == "" || times[id] > 1, size: size})
	}
	return l
}

// without returns what is left of a listing when the server has removed some
// of its mails: the others move up (RFC 1939 §3). It returns nil where that
// cannot be foretold.
func (l listing) without(removed map[int]bool) *listing {
	if !l.exact && !l.carried || !l.uidls {
		return nil
	}
	left := listing{uidls: true, octets: l.octets}
	for _, m := range l.mails {
		if m.uidl == "" || m.size < 0 {
			return nil
		}
		if removed[m.number] {
			left.octets -= m.size
			continue
		}
		m.number = len(left.mails) + 1
		left.mails = append(left.mails, m)
	}
	return &left
}

// statSays reads the answer to STAT: number and octets of the mails.
func statSays(stat string) (count int, octets int64, ok bool) {
	words := strings.Fields(stat)
	if len(words) < 2 {
		return 0, -1, false
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 0 || n > countLimit {
		return 0, -1, false
	}
	octets, err = strconv.ParseInt(words[1], 10, 64)
	if err != nil || octets < 0 {
		octets = -1
	}
	return n, octets, true
}

// numbered splits a line into its message number and the rest.
func numbered(line string) (n int, rest string, ok bool) {
	number := strings.TrimLeft(line, " \t")
	if end := strings.IndexAny(number, " \t"); end >= 0 {
		number, rest = number[:end], strings.TrimSpace(number[end:])
	}
	n, err := strconv.Atoi(number)
	return n, rest, err == nil && n >= 1 && n <= countLimit
}

func mailSize(s string) int64 {
	words := strings.Fields(s)
	if len(words) == 0 {
		return -1
	}
	n, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil || n < 0 || n > maxMailSize {
		return -1
	}
	return n
}

// usableUIDL returns "" for what cannot serve as an id: such mail is known by
// its header alone. Length is not a reason, up to a limit.
func usableUIDL(s string) string {
	if len(s) > uidlLimit {
		return ""
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return ""
		}
	}
	return s
}
