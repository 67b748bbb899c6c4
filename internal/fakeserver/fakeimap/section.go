package fakeimap

import (
	"bytes"
	"strconv"
	"strings"
)

// section is what stands in the brackets of BODY[...] (RFC 3501 §6.4.5).
type section struct {
	path    []int
	what    string   // "", HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT, MIME
	fields  []string // of HEADER.FIELDS
	peek    bool
	partial bool // <offset.length>
	offset  int
	length  int
	label   string // as it is named in the answer
}

// parseSection reads a fetch item such as BODY.PEEK[1.MIME]<0.100>.
func parseSection(item string) (section, bool) {
	open, end := strings.IndexByte(item, '['), strings.LastIndexByte(item, ']')
	if open < 0 || end < open {
		return section{}, false
	}
	var s section
	switch strings.ToUpper(item[:open]) {
	case "BODY":
	case "BODY.PEEK":
		s.peek = true
	default:
		return section{}, false
	}
	inside := item[open+1 : end]
	s.label = "BODY[" + strings.ToUpper(inside) + "]"
	if !s.readPartial(item[end+1:]) {
		return section{}, false
	}
	spec, list, hasList := strings.Cut(inside, " ")
	for spec != "" && spec[0] >= '0' && spec[0] <= '9' {
		digits, rest, _ := strings.Cut(spec, ".")
		n, err := strconv.Atoi(digits)
		if err != nil {
			return section{}, false
		}
		s.path = append(s.path, n)
		spec = rest
	}
	switch s.what = strings.ToUpper(spec); s.what {
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		values, err := arguments([]string{list}, nil)
		if err != nil || len(values) != 1 || !values[0].isList {
			return section{}, false
		}
		s.fields = values[0].texts()
		return s, true
	case "", "HEADER", "TEXT":
		return s, !hasList
	case "MIME":
		return s, !hasList && len(s.path) > 0
	}
	return section{}, false
}

func (s *section) readPartial(text string) bool {
	if text == "" {
		return true
	}
	text, closed := strings.CutSuffix(strings.TrimPrefix(text, "<"), ">")
	offset, length, ok := strings.Cut(text, ".")
	var err1, err2 error
	s.offset, err1 = strconv.Atoi(offset)
	s.length, err2 = strconv.Atoi(length)
	s.partial = true
	s.label += "<" + offset + ">"
	return closed && ok && err1 == nil && err2 == nil && s.offset >= 0 && s.length >= 0
}

// of returns the section's bytes, and false where the mail has no such part.
func (s section) of(raw []byte, mail *part) ([]byte, bool) {
	b, ok := s.whole(raw, mail)
	if !s.partial || !ok {
		return b, ok
	}
	from := min(s.offset, len(b))
	return b[from:min(from+s.length, len(b))], true
}

func (s section) whole(raw []byte, mail *part) ([]byte, bool) {
	p := mail.find(s.path)
	if p == nil {
		return nil, false
	}
	if len(s.path) > 0 && s.what != "" && s.what != "MIME" {
		if p = p.message; p == nil {
			return nil, false
		}
	}
	switch s.what {
	case "":
		if len(s.path) == 0 {
			return raw, true
		}
		return p.body, true
	case "TEXT":
		return p.body, true
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		return s.choose(p.header), true
	}
	return p.header, true
}

// choose returns the fields asked for, unchanged, and a blank line.
func (s section) choose(header []byte) []byte {
	var b bytes.Buffer
	for _, f := range fields(header) {
		named := false
		for _, name := range s.fields {
			named = named || strings.EqualFold(fieldName(f), name)
		}
		if named == (s.what == "HEADER.FIELDS") {
			b.Write(f)
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
