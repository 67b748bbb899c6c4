package letter

import "strings"

// WrittenTo returns which of our addresses a letter was written to, -1 for
// none: the one it is from where it is our own, else the first that stands in
// Delivered-To, X-Original-To, To, Cc or Bcc. An address with a tag
// (ann+shop@example.org) is also the one without, unless it is ours itself.
//
// mailbox is the address whose mailbox the letter lies in. What is sent to any
// of our other names is delivered there too: that a server wrote it on top says
// nothing where To or Cc name another of ours.
func WrittenTo(h *Header, ours []Address, mailbox Address) int {
	if len(h.From) > 0 {
		if i := indexOf(h.From[0], ours); i >= 0 {
			return i
		}
	}
	delivered := namedIn(h.DeliveredTo, ours)
	for _, list := range [][]Address{h.To, h.Cc, h.Bcc} {
		named := namedIn(list, ours)
		switch {
		case named < 0:
		case delivered < 0 || strings.EqualFold(ours[delivered].Addr, mailbox.Addr):
			return named
		}
	}
	return delivered
}

// namedIn returns which of ours a list names first, an address as it stands
// there before one without its tag.
func namedIn(list, ours []Address) int {
	for _, a := range list {
		if i := indexOf(a, ours); i >= 0 {
			return i
		}
	}
	for _, a := range list {
		if i := indexOf(untagged(a), ours); i >= 0 {
			return i
		}
	}
	return -1
}

// isOurs tells whether an address is one of ours, with a tag or without.
func isOurs(a Address, ours []Address) bool {
	return indexOf(a, ours) >= 0 || indexOf(untagged(a), ours) >= 0
}

// untagged returns an address without its tag (RFC 5233); {} where it has none.
func untagged(a Address) Address {
	local, domain, ok := splitAddr(a.Addr)
	if user, _, tagged := strings.Cut(local, "+"); ok && tagged && user != "" {
		return Address{Addr: user + "@" + domain}
	}
	return Address{}
}

// indexOf returns where an address stands in a list, -1 where it does not.
func indexOf(a Address, list []Address) int {
	for i, b := range list {
		if a.Addr != "" && strings.EqualFold(a.Addr, b.Addr) {
			return i
		}
	}
	return -1
}
