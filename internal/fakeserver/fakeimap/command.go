package fakeimap

import (
	"errors"
	"strconv"
	"strings"
)

// maxLiteral bounds what a client may send in one literal.
const maxLiteral = 256 << 20

// errSyntax is a command that cannot be read; it is answered BAD.
var errSyntax = errors.New("cannot parse this")

// value is an argument of a command: a list, or a text that came as atom,
// quoted string or literal.
type value struct {
	list   []value
	isList bool
	text   string
	quoted bool // a string, so not a keyword
}

// is tells whether the value is that keyword.
func (v value) is(keyword string) bool {
	return !v.isList && !v.quoted && strings.EqualFold(v.text, keyword)
}

// texts returns the texts of a list, or the one text of a value that is none.
func (v value) texts() []string {
	if !v.isList {
		return []string{v.text}
	}
	var all []string
	for _, item := range v.list {
		all = append(all, item.text)
	}
	return all
}

// scanner reads arguments from the pieces of a command: lines, with a literal
// between each two of them.
type scanner struct {
	line     string
	rest     []string // further lines
	literals []string
	depth    int
}

// arguments parses everything after the verb.
func arguments(lines, literals []string) ([]value, error) {
	s := &scanner{line: lines[0], rest: lines[1:], literals: literals}
	all, err := s.values()
	if err == nil && s.line != "" {
		err = errSyntax
	}
	return all, err
}

// values reads up to the end of the command or of the list.
func (s *scanner) values() ([]value, error) {
	var all []value
	for {
		s.line = strings.TrimLeft(s.line, " ")
		if s.line == "" || s.line[0] == ')' {
			return all, nil
		}
		v, err := s.value()
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
}

func (s *scanner) value() (value, error) {
	switch s.line[0] {
	case '(':
		if s.depth++; s.depth > 50 {
			return value{}, errSyntax
		}
		s.line = s.line[1:]
		list, err := s.values()
		if err != nil || !strings.HasPrefix(s.line, ")") {
			return value{}, errSyntax
		}
		s.depth--
		s.line = s.line[1:]
		return value{list: list, isList: true}, nil
	case '"':
		return s.quoted()
	case '{':
		if len(s.rest) == 0 || len(s.literals) == 0 {
			return value{}, errSyntax
		}
		v := value{text: s.literals[0], quoted: true}
		s.line, s.rest, s.literals = s.rest[0], s.rest[1:], s.literals[1:]
		return v, nil
	}
	return s.atom()
}

func (s *scanner) quoted() (value, error) {
	var b strings.Builder
	for i := 1; i < len(s.line); i++ {
		switch c := s.line[i]; c {
		case '"':
			s.line = s.line[i+1:]
			return value{text: b.String(), quoted: true}, nil
		case '\\':
			if i++; i == len(s.line) {
				return value{}, errSyntax
			}
			b.WriteByte(s.line[i])
		default:
			b.WriteByte(c)
		}
	}
	return value{}, errSyntax
}

// atom reads up to a blank or parenthesis that is not inside brackets, so that
// BODY[HEADER.FIELDS (FROM TO)]<0.100> is one atom.
func (s *scanner) atom() (value, error) {
	brackets, end := 0, len(s.line)
loop:
	for i := 0; i < len(s.line); i++ {
		switch s.line[i] {
		case '[':
			brackets++
		case ']':
			brackets--
		case ' ', '(', ')':
			if brackets <= 0 {
				end = i
				break loop
			}
		}
	}
	v := value{text: s.line[:end]}
	s.line = s.line[end:]
	if v.text == "" {
		return value{}, errSyntax
	}
	return v, nil
}

// literalAt returns the size of the literal that a line announces at its end.
func literalAt(line string) (size int, nonSync, ok bool) {
	open := strings.LastIndexByte(line, '{')
	if open < 0 || !strings.HasSuffix(line, "}") {
		return 0, false, false
	}
	digits := line[open+1 : len(line)-1]
	digits, nonSync = strings.CutSuffix(digits, "+")
	n, err := strconv.Atoi(digits)
	return n, nonSync, err == nil && n >= 0 && n <= maxLiteral
}

// span is a range of numbers, both ends included.
type span struct{ from, to uint32 }

// numberSet reads "1:4,7,9:*" (RFC 3501 §9, sequence-set); "*" is last.
func numberSet(text string, last uint32) ([]span, error) {
	var set []span
	for _, part := range strings.Split(text, ",") {
		a, b, isRange := strings.Cut(part, ":")
		from, err := number(a, last)
		if err != nil {
			return nil, err
		}
		to := from
		if isRange {
			if to, err = number(b, last); err != nil {
				return nil, err
			}
		}
		set = append(set, span{min(from, to), max(from, to)})
	}
	return set, nil
}

func number(text string, last uint32) (uint32, error) {
	if text == "*" {
		return last, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 {
		return 0, errSyntax
	}
	return uint32(n), nil
}

func within(set []span, n uint32) bool {
	for _, s := range set {
		if s.from <= n && n <= s.to {
			return true
		}
	}
	return false
}

// formatSet writes ascending numbers as a sequence-set.
func formatSet(numbers []uint32) string {
	var b strings.Builder
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(uint64(numbers[i]), 10))
		if j > i {
			b.WriteByte(':')
			b.WriteString(strconv.FormatUint(uint64(numbers[j]), 10))
		}
		i = j + 1
	}
	return b.String()
}
