package wire

import (
	"bytes"
	"errors"
	"strconv"
)

// maxValues bounds the values of one response, so that "((((" or a list of a
// million flags cannot take a hundred times its own size in memory.
const maxValues = 100_000

type valueKind uint8

const (
	atom valueKind = iota // also a number, and NIL
	str                   // quoted or literal
	list
)

// value is an IMAP data item (RFC 3501 §4).
type value struct {
	kind valueKind
	b    []byte // of an atom or string, unescaped
	list []value
}

func (v value) isNil() bool {
	return v.kind == atom && len(v.b) == 3 && bytes.EqualFold(v.b, []byte("NIL"))
}

// text returns the bytes of a string, or of an atom where a string belongs;
// ok is false for lists. NIL is no bytes.
func (v value) text() (b []byte, ok bool) {
	if v.isNil() {
		return nil, true
	}
	return v.b, v.kind != list
}

// number returns the value of an atom (or string) of digits, at most max.
func (v value) number(max uint64) (uint64, bool) {
	if v.kind == list {
		return 0, false
	}
	return number(v.b, max)
}

func number(b []byte, max uint64) (uint64, bool) {
	if len(b) == 0 || len(b) > 20 || b[0] < '0' || b[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b), 10, 64)
	return n, err == nil && n <= max
}

var (
	errCut     = errors.New("cut short")
	errDepth   = errors.New("nested too deep")
	errValues  = errors.New("too many values")
	errLiteral = errors.New("bad literal")
	errMissing = errors.New("value missing")
)

// parser reads values from a response that is held as a whole.
type parser struct {
	b     []byte
	i     int
	depth int // lists within lists still allowed
	used  int // values so far
}

func newParser(b []byte, depth int) *parser { return &parser{b: b, depth: depth} }

// space skips spaces. Servers write too many and, before lists, too few.
func (p *parser) space() {
	for p.i < len(p.b) && p.b[p.i] == ' ' {
		p.i++
	}
}

// end tells whether only spaces are left.
func (p *parser) end() bool {
	p.space()
	return p.i >= len(p.b)
}

// value reads the next value.
func (p *parser) value() (value, error) {
	p.space()
	if p.used++; p.used > maxValues {
		return value{}, errValues
	}
	if p.i >= len(p.b) {
		return value{}, errMissing
	}
	switch p.b[p.i] {
	case '(':
		return p.list()
	case '"':
		return p.quoted()
	case '{':
		return p.literal()
	case '~':
		if p.i+1 < len(p.b) && p.b[p.i+1] == '{' {
			p.i++
			return p.literal()
		}
	case ')', '\r', '\n':
		return value{}, errMissing
	}
	s := p.i
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '(', ')', '"', '\r', '\n':
			return value{b: p.b[s:p.i]}, nil
		}
		p.i++
	}
	return value{b: p.b[s:p.i]}, nil
}

func (p *parser) list() (value, error) {
	if p.depth == 0 {
		return value{}, errDepth
	}
	p.depth--
	p.i++
	v := value{kind: list}
	for {
		p.space()
		if p.i >= len(p.b) {
			return value{}, errCut
		}
		if p.b[p.i] == ')' {
			p.i++
			p.depth++
			return v, nil
		}
		e, err := p.value()
		if err != nil {
			return value{}, err
		}
		v.list = append(v.list, e)
	}
}

func (p *parser) quoted() (value, error) {
	s := p.i + 1
	escaped := false
	for i := s; i < len(p.b); i++ {
		switch p.b[i] {
		case '\\':
			escaped = true
			i++
		case '\r', '\n':
			return value{}, errCut
		case '"':
			p.i = i + 1
			b := p.b[s:i]
			if escaped {
				b = unescape(b)
			}
			return value{kind: str, b: b}, nil
		}
	}
	return value{}, errCut
}

func unescape(b []byte) []byte {
	o := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
		}
		o = append(o, b[i])
	}
	return o
}

func (p *parser) literal() (value, error) {
	eol := bytes.IndexByte(p.b[p.i:], '\n')
	if eol < 0 {
		return value{}, errLiteral
	}
	s := p.i + eol + 1
	if bytes.IndexByte(p.b[p.i+1:s], '{') >= 0 {
		return value{}, errLiteral
	}
	n, ok := literalSize(p.b[p.i:s])
	if !ok || n > int64(len(p.b)-s) {
		return value{}, errLiteral
	}
	p.i = s + int(n)
	return value{kind: str, b: p.b[s:p.i]}, nil
}

// values reads all values up to the end.
func (p *parser) values() ([]value, error) {
	var vs []value
	for !p.end() {
		v, err := p.value()
		if err != nil {
			return vs, err
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// isAtom tells whether b can be written as an atom the library reads whole.
func isAtom(b []byte) bool {
	for _, ch := range b {
		if ch <= ' ' || ch >= 0x7f || bytes.IndexByte([]byte(`(){%*"\]`), ch) >= 0 {
			return false
		}
	}
	return len(b) > 0
}

// appendQuoted writes b as a quoted string. The library takes every byte in
// one, so that no string needs a literal.
func appendQuoted(o, b []byte) []byte {
	o = append(o, '"')
	for _, ch := range b {
		if ch == '"' || ch == '\\' {
			o = append(o, '\\')
		}
		o = append(o, ch)
	}
	return append(o, '"')
}

// appendNString writes v as a string or NIL; a list becomes NIL.
func appendNString(o []byte, v value) []byte {
	if v.kind == list || v.isNil() {
		return append(o, "NIL"...)
	}
	return appendQuoted(o, v.b)
}

func appendUint(o []byte, n uint64) []byte { return strconv.AppendUint(o, n, 10) }

const (
	maxFlags   = 1000 // flags in one list
	maxFlagLen = 255  // bytes in one flag
)

// flagNames appends the usable flags of a list to flags, and counts the others.
func flagNames(flags [][]byte, v value) (usable [][]byte, bad int) {
	if v.kind != list {
		return flags, 1
	}
	for _, f := range v.list {
		name := bytes.TrimPrefix(f.b, []byte(`\`))
		wild := string(f.b) == `\*`
		if f.kind == list || len(f.b) > maxFlagLen || len(flags) >= maxFlags || !wild && !isAtom(name) {
			bad++
			continue
		}
		flags = append(flags, f.b)
	}
	return flags, bad
}

func appendFlags(o []byte, flags [][]byte) []byte {
	o = append(o, '(')
	for i, f := range flags {
		if i > 0 {
			o = append(o, ' ')
		}
		o = append(o, f...)
	}
	return append(o, ')')
}
