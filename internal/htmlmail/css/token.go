package css

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token (CSS Syntax 3 §4).
type kind uint8

const (
	tEnd kind = iota
	tSpace
	tIdent
	tFunction // its ( is part of it
	tAt
	tHash
	tString
	tURL // url(...) without quotes; with quotes it is a function
	tNumber
	tPercent
	tDimension
	tDelim
)

// token is a token. Text is lower case for identifiers, functions and units,
// escapes resolved; raw is as written.
type token struct {
	kind  kind
	text  string
	raw   string
	num   float32
	whole bool // a number without a point
}

func (t token) is(delim byte) bool { return t.kind == tDelim && t.text[0] == delim }

// scanner reads tokens. Comments are nothing, <!-- and --> too.
type scanner struct {
	s string
	i int
}

// tokens are all tokens of s.
func tokens(s string) []token {
	sc := scanner{s: s}
	var out []token
	for {
		t := sc.next()
		if t.kind == tEnd {
			return out
		}
		if n := len(out); t.kind == tSpace && n > 0 && out[n-1].kind == tSpace {
			continue
		}
		out = append(out, t)
	}
}

func (c *scanner) peek(k int) byte {
	if c.i+k < len(c.s) {
		return c.s[c.i+k]
	}
	return 0
}

func blank(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f' }
func digit(b byte) bool { return b >= '0' && b <= '9' }
func letter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b >= 0x80
}

// begins tells whether an identifier begins k bytes ahead.
func (c *scanner) begins(k int) bool {
	switch b := c.peek(k); {
	case b == '-':
		n := c.peek(k + 1)
		return letter(n) || n == '-' || n == '\\' && c.peek(k+2) != '\n'
	case b == '\\':
		return c.peek(k+1) != '\n' && c.i+k+1 < len(c.s)
	default:
		return letter(b)
	}
}

// number tells whether a number begins here.
func (c *scanner) number() bool {
	k := 0
	if b := c.peek(0); b == '+' || b == '-' {
		k = 1
	}
	return digit(c.peek(k)) || c.peek(k) == '.' && digit(c.peek(k+1))
}

func (c *scanner) next() token {
	for strings.HasPrefix(c.s[c.i:], "/*") {
		end := strings.Index(c.s[c.i+2:], "*/")
		if end < 0 {
			c.i = len(c.s)
			break
		}
		c.i += end + 4
	}
	if c.i >= len(c.s) {
		return token{}
	}
	switch b := c.s[c.i]; {
	case blank(b):
		for c.i < len(c.s) && blank(c.s[c.i]) {
			c.i++
		}
		return token{kind: tSpace, text: " "}
	case strings.HasPrefix(c.s[c.i:], "<!--"):
		c.i += 4
		return token{kind: tSpace, text: " "}
	case strings.HasPrefix(c.s[c.i:], "-->"):
		c.i += 3
		return token{kind: tSpace, text: " "}
	case b == '"' || b == '\'':
		return c.quoted(b)
	case b == '#':
		c.i++
		if letter(c.peek(0)) || digit(c.peek(0)) || c.peek(0) == '-' || c.peek(0) == '\\' {
			n := c.name()
			return token{kind: tHash, text: strings.ToLower(n), raw: n}
		}
		return token{kind: tDelim, text: "#"}
	case c.number():
		return c.numeric()
	case b == '@' && c.begins(1):
		c.i++
		n := c.name()
		return token{kind: tAt, text: strings.ToLower(n), raw: n}
	case c.begins(0):
		return c.ident()
	}
	c.i++
	return token{kind: tDelim, text: c.s[c.i-1 : c.i]}
}

// name reads an identifier, its escapes resolved.
func (c *scanner) name() string {
	start := c.i
	for c.i < len(c.s) && (letter(c.s[c.i]) || digit(c.s[c.i]) || c.s[c.i] == '-') {
		c.i++
	}
	if c.peek(0) != '\\' {
		return c.s[start:c.i]
	}
	b := []byte(c.s[start:c.i])
	for c.i < len(c.s) {
		switch ch := c.s[c.i]; {
		case letter(ch) || digit(ch) || ch == '-':
			b = append(b, ch)
			c.i++
		case ch == '\\' && c.i+1 < len(c.s) && c.s[c.i+1] != '\n':
			b = utf8.AppendRune(b, c.escape())
		default:
			return string(b)
		}
	}
	return string(b)
}

// escape reads what stands behind a backslash.
func (c *scanner) escape() rune {
	c.i++
	start := c.i
	for c.i < len(c.s) && c.i-start < 6 && strings.IndexByte("0123456789abcdefABCDEF", c.s[c.i]) >= 0 {
		c.i++
	}
	if c.i > start {
		v, _ := strconv.ParseUint(c.s[start:c.i], 16, 32)
		if c.i < len(c.s) && blank(c.s[c.i]) {
			c.i++
		}
		if v == 0 || v > utf8.MaxRune {
			return utf8.RuneError
		}
		return rune(v)
	}
	r, n := utf8.DecodeRuneInString(c.s[c.i:])
	c.i += max(n, 1)
	return r
}

func (c *scanner) quoted(q byte) token {
	c.i++
	var b strings.Builder
	for c.i < len(c.s) {
		switch ch := c.s[c.i]; {
		case ch == q:
			c.i++
			return token{kind: tString, text: b.String()}
		case ch == '\n': // a bad string ends with its line
			return token{kind: tString, text: b.String()}
		case ch == '\\' && c.i+1 < len(c.s) && c.s[c.i+1] == '\n':
			c.i += 2
		case ch == '\\' && c.i+1 < len(c.s):
			b.WriteRune(c.escape())
		default:
			b.WriteByte(ch)
			c.i++
		}
	}
	return token{kind: tString, text: b.String()}
}

func (c *scanner) numeric() token {
	start := c.i
	whole := true
	if b := c.s[c.i]; b == '+' || b == '-' {
		c.i++
	}
	for digit(c.peek(0)) {
		c.i++
	}
	if c.peek(0) == '.' && digit(c.peek(1)) {
		whole = false
		for c.i++; digit(c.peek(0)); c.i++ {
		}
	}
	if e := c.peek(0); e == 'e' || e == 'E' {
		k := 1
		if b := c.peek(1); b == '+' || b == '-' {
			k = 2
		}
		if digit(c.peek(k)) {
			whole = false
			for c.i += k; digit(c.peek(0)); c.i++ {
			}
		}
	}
	v, err := strconv.ParseFloat(c.s[start:c.i], 32)
	if err != nil || v != v || v > 1e7 || v < -1e7 {
		v = min(max(v, -1e7), 1e7)
		if v != v {
			v = 0
		}
	}
	t := token{kind: tNumber, num: float32(v), whole: whole, raw: c.s[start:c.i]}
	switch {
	case c.peek(0) == '%':
		c.i++
		t.kind = tPercent
	case c.begins(0):
		t.kind = tDimension
		n := c.name()
		t.text = strings.ToLower(n)
		t.raw += n
	}
	return t
}

func (c *scanner) ident() token {
	n := c.name()
	low := strings.ToLower(n)
	if c.peek(0) != '(' {
		return token{kind: tIdent, text: low, raw: n}
	}
	c.i++
	if low != "url" {
		return token{kind: tFunction, text: low, raw: n}
	}
	j := c.i
	for j < len(c.s) && blank(c.s[j]) {
		j++
	}
	if j < len(c.s) && (c.s[j] == '"' || c.s[j] == '\'') {
		return token{kind: tFunction, text: low, raw: n}
	}
	c.i = j
	var b strings.Builder
	for c.i < len(c.s) && c.s[c.i] != ')' {
		if c.s[c.i] == '\\' && c.i+1 < len(c.s) {
			b.WriteRune(c.escape())
			continue
		}
		b.WriteByte(c.s[c.i])
		c.i++
	}
	if c.i < len(c.s) {
		c.i++
	}
	return token{kind: tURL, text: strings.TrimSpace(b.String())}
}
