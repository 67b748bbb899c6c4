package letter

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
)

// structured is a header value with parameters: Content-Type,
// Content-Disposition and the like.
type structured struct {
	value  string // lower case, cleaned
	params []param
}

type param struct {
	name  string // lower case, without the marks of RFC 2231
	text  []byte
	piece int  // its number, -1 when there is one piece only
	coded bool // percent-coded, RFC 2231
}

// parseValue reads "value; name=text; ...". It takes what it finds: blanks in
// texts that should be quoted, missing quotes, doubled semicolons.
func parseValue(b []byte) structured {
	head, rest, _ := bytes.Cut(b, []byte{';'})
	if i := bytes.IndexAny(bytes.TrimLeft(head, " \t"), " \t("); i >= 0 {
		head = bytes.TrimLeft(head, " \t")[:i]
	}
	s := structured{value: strings.ToLower(cleanName(toUTF8(bytes.TrimSpace(head), "")))}
	if len(s.value) > 255 {
		s.value = ""
	}
	for len(rest) > 0 && len(s.params) < 20000 {
		var p param
		if p, rest = cutParam(rest); p.name != "" {
			s.params = append(s.params, p)
		}
	}
	return s
}

// cutParam reads one parameter from the start of b and returns what follows.
func cutParam(b []byte) (param, []byte) {
	b = bytes.TrimLeft(b, " \t;")
	end := bytes.IndexAny(b, "=;")
	switch {
	case end < 0:
		return param{}, nil
	case b[end] == ';':
		return param{}, b[end:]
	}
	p := param{name: strings.ToLower(string(bytes.Trim(b[:end], " \t"))), piece: -1}
	b = bytes.TrimLeft(b[end+1:], " \t")
	if len(b) > 0 && b[0] == '"' {
		p.text, b = cutQuoted(b)
		if i := bytes.IndexByte(b, ';'); i >= 0 {
			b = b[i:]
		} else {
			b = nil
		}
	} else {
		i := bytes.IndexByte(b, ';')
		if i < 0 {
			i = len(b)
		}
		p.text, b = bytes.TrimRight(b[:i], " \t"), b[i:]
	}
	p.marks()
	return p, b
}

// cutQuoted reads a quoted string from the start of b; without an end quote it
// is all of b.
func cutQuoted(b []byte) (text, rest []byte) {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '"':
			return text, b[i+1:]
		case '\\':
			if i+1 < len(b) && (b[i+1] == '"' || b[i+1] == '\\') {
				i++
			}
		}
		text = append(text, b[i])
	}
	return text, nil
}

// marks takes "*", "*3" and "*3*" off the name.
func (p *param) marks() {
	if strings.HasSuffix(p.name, "*") {
		p.coded, p.name = true, strings.TrimSuffix(p.name, "*")
	}
	if i := strings.IndexByte(p.name, '*'); i >= 0 {
		if n, err := strconv.Atoi(p.name[i+1:]); err == nil && n >= 0 && n < 100000 {
			p.name, p.piece = p.name[:i], n
		} else {
			p.name = "" // not a name of RFC 2231
		}
	}
}

// param returns the first parameter of that name as it stands, "" when there
// is none.
func (s structured) param(name string) string {
	for _, p := range s.params {
		if p.name == name && p.piece < 0 && !p.coded {
			return string(p.text)
		}
	}
	return s.extended(name)
}

// words returns a parameter meant for people, such as a file name, as UTF-8:
// RFC 2231 where it is used, else with the encoded words that RFC 2047 forbids
// here and everybody writes.
func (s structured) words(name, charset string) string {
	if t := s.extended(name); t != "" {
		return t
	}
	return decodeWords([]byte(s.param(name)), charset)
}

// extended joins and decodes the pieces of RFC 2231 §3 and §4.
func (s structured) extended(name string) string {
	var pieces []param
	for _, p := range s.params {
		if p.name == name && (p.piece >= 0 || p.coded) {
			pieces = append(pieces, p)
		}
	}
	if len(pieces) == 0 {
		return ""
	}
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].piece < pieces[j].piece })
	var charset string
	var out []byte
	for i, p := range pieces {
		if i > 0 && p.piece == pieces[i-1].piece {
			continue
		}
		text := p.text
		if p.coded && i == 0 {
			if f := bytes.SplitN(text, []byte{'\''}, 3); len(f) == 3 {
				charset, text = string(f[0]), f[2]
			}
		}
		if p.coded {
			text = percentDecode(text)
		}
		if out = append(out, text...); len(out) > 64<<10 {
			break
		}
	}
	return toUTF8(out, charset)
}

func percentDecode(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '%' && i+2 < len(b) && hexValue(b[i+1]) < 16 && hexValue(b[i+2]) < 16 {
			out = append(out, hexValue(b[i+1])<<4|hexValue(b[i+2]))
			i += 2
			continue
		}
		out = append(out, b[i])
	}
	return out
}
