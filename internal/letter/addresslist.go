package letter

import "bytes"

// addressScanner reads an address field from left to right, once.
type addressScanner struct {
	charset string // of 8-bit bytes that are no UTF-8
	decode  bool   // encoded words in names
	list    []Address

	all     []byte // the mailbox as it stands
	plain   []byte // without comments, quotes kept: an address without <>
	name    []byte // without comments and quotes
	comment []byte
	angle   []byte // between <>
	angles  int
}

// parseAddresses reads an address field (RFC 5322 §3.4 and §4.4) and what is
// found in its place. Groups give their members. It never drops a mailbox: what
// cannot be read is an Address with Raw.
func parseAddresses(b []byte, charset string, decode bool) []Address {
	s := addressScanner{charset: charset, decode: decode}
	room := min(len(b), 256)
	s.all, s.plain, s.name = make([]byte, 0, room), make([]byte, 0, room), make([]byte, 0, room)
	for i := 0; i < len(b) && len(s.list) < maxAddresses; {
		i += s.step(b[i:])
	}
	s.end()
	return s.list
}

// step reads one element at the start of b and returns its length.
func (s *addressScanner) step(b []byte) int {
	n := 1
	switch b[0] {
	case ',', ';':
		s.end()
		return 1
	case '"':
		text, rest := cutQuoted(b)
		n = len(b) - len(rest)
		s.plain = append(s.plain, b[:n]...)
		s.name = append(s.name, text...)
	case '(':
		n = commentEnd(b)
		if s.comment != nil {
			s.comment = append(s.comment, ' ')
		}
		s.comment = append(s.comment, bytes.Trim(b[1:n], ")")...)
	case '<':
		n = angleEnd(b)
		s.angle = bytes.Trim(b[1:n], "<> \t")
		s.angles++
		s.name = append(s.name, ' ')
	case ':':
		// The name of a group ends here, unless this is no group at all.
		if s.angles == 0 && bytes.IndexByte(s.plain, '@') < 0 || len(s.plain) > 0 && s.plain[0] == '"' && s.angles == 0 {
			s.reset()
			return 1
		}
		fallthrough
	default:
		s.plain = append(s.plain, b[0])
		s.name = append(s.name, b[0])
	}
	s.all = append(s.all, b[:n]...)
	return n
}

func commentEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// angleEnd returns the length of "<...>"; without a '>' it ends before a comma.
func angleEnd(b []byte) int {
	quoted := false
	for i := 1; i < min(len(b), 4*maxID); i++ {
		switch c := b[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == '>' && !quoted:
			return i + 1
		}
	}
	if i := bytes.IndexByte(b, ','); i > 0 {
		return i
	}
	return len(b)
}

func (s *addressScanner) reset() {
	s.all, s.plain, s.name = s.all[:0], s.plain[:0], s.name[:0]
	s.comment, s.angle, s.angles = nil, nil, 0
}

// end takes what was read since the last separator as one mailbox.
func (s *addressScanner) end() {
	defer s.reset()
	name, addr := s.name, s.angle
	if s.angles == 0 {
		name, addr = s.comment, bytes.Trim(s.plain, " \t")
	} else if i := bytes.LastIndexByte(addr, ':'); i > 0 && addr[0] == '@' {
		addr = addr[i+1:] // a source route
	}
	addr = []byte(rawText(addr, s.charset))
	if s.angles <= 1 && validAddr(addr) {
		s.list = append(s.list, Address{Name: cut(cleanName(s.text(name)), maxName), Addr: string(addr)})
	} else if raw := cut(cleanName(s.text(s.all)), maxName); raw != "" {
		s.list = append(s.list, Address{Raw: raw})
	}
}

func (s *addressScanner) text(b []byte) string {
	if s.decode {
		return decodeWords(b, s.charset)
	}
	return rawText(b, s.charset)
}
