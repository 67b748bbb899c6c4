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
	uidlLimit   = 1000 // bytes of a UIDL; RFC 1939 §7 allows 70
	countLimit  = 2_000_000
	maxMailSize = 1 << 40 // what LIST says beyond this is no size
)

// listed is a mail as the server lists it in this session.
type listed struct {
	number int
	uidl   string // "" where the server gives none that can be used
	size   int64  // as LIST says, a hint; -1 where it does not
}

// listing is what STAT, LIST and UIDL say of a maildrop.
type listing struct {
	mails []listed // ascending by number
	// exact is true when all three agree on which numbers there are: only
	// then may be concluded that a mail is not there.
	exact bool
	// uidls is false where the server has no UIDL at all.
	uidls bool
}

// list asks what is in the maildrop.
func (s *session) list() (listing, error) {
	list, uidl := &bounded{limit: listLimit}, &bounded{limit: listLimit}
	var stat string
	var hasUIDL bool
	err := errors.Join(
		s.send("STAT", nil, func(text string, err error) error {
			stat = text
			count, _ := statCount(stat)
			list.limit += count * lineLimit
			uidl.limit += count * lineLimit
			return err
		}),
		s.send("LIST", list, func(_ string, err error) error { return err }),
		s.send("UIDL", uidl, func(_ string, err error) error {
			hasUIDL = err == nil
			return nil
		}),
	)
	if err == nil {
		err = s.drain()
	}
	if err != nil {
		return listing{}, err
	}
	return newListing(stat, list.lines(), uidl.lines(), hasUIDL), nil
}

// newListing reads the three answers. It never fails: what cannot be read
// makes the listing inexact.
func newListing(stat string, list, uidl []string, hasUIDL bool) listing {
	l := listing{uidls: hasUIDL}
	count, ok := statCount(stat)
	l.exact = ok
	sizes, uidls := map[int]int64{}, map[int]string{}
	for _, line := range list {
		n, rest, ok := numbered(line, count)
		if _, again := sizes[n]; !ok || again {
			l.exact = false
			continue
		}
		sizes[n] = mailSize(rest)
	}
	for _, line := range uidl {
		n, rest, ok := numbered(line, count)
		if _, again := uidls[n]; !ok || again {
			l.exact = false
			continue
		}
		uidls[n] = usableUIDL(rest)
	}
	l.exact = l.exact && len(sizes) == count && (!hasUIDL || len(uidls) == count)
	for n := 1; n <= count; n++ {
		size, inList := sizes[n]
		id, inUIDL := uidls[n]
		if !inList && !inUIDL {
			continue
		}
		if !inList {
			size = -1
		}
		l.mails = append(l.mails, listed{number: n, uidl: id, size: size})
	}
	return l
}

func statCount(stat string) (int, bool) {
	words := strings.Fields(stat)
	if len(words) == 0 {
		return 0, false
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 0 || n > countLimit {
		return 0, false
	}
	return n, true
}

// numbered splits a line into its message number, which must be one of count,
// and the rest.
func numbered(line string, count int) (n int, rest string, ok bool) {
	number, rest, _ := strings.Cut(strings.TrimLeft(line, " \t"), " ")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	return n, strings.TrimSpace(rest), err == nil && n >= 1 && n <= count
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
