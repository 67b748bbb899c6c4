package fakeimap

import (
	"bytes"
	"strings"
)

// part is a node of a mail's MIME tree. Header and body are slices of the
// mail, so that what is served is exact.
type part struct {
	header   []byte // with the blank line
	body     []byte
	kind     string // "text"
	subtype  string // "plain"
	params   [][2]string
	children []*part // of a multipart
	message  *part   // of message/rfc822
}

// maxDepth and maxParts bound the tree of a hostile mail; what lies deeper is
// served as one leaf.
const (
	maxDepth = 50
	maxParts = 5000
)

// parseMail reads a mail. It never fails: what is no MIME is one text part.
func parseMail(raw []byte) *part {
	left := maxParts
	return parsePart(raw, "text/plain; charset=us-ascii", 0, &left)
}

func parsePart(raw []byte, byDefault string, depth int, left *int) *part {
	*left--
	p := &part{}
	p.header, p.body = splitHeader(raw)
	contentType := field(p.header, "Content-Type")
	if contentType == "" {
		contentType = byDefault
	}
	value, params := parameters(contentType)
	kind, subtype, ok := strings.Cut(value, "/")
	if !ok {
		kind, subtype, params = "text", "plain", nil
	}
	p.kind, p.subtype, p.params = strings.ToLower(kind), strings.ToLower(subtype), params
	if depth >= maxDepth {
		return p
	}
	switch boundary := p.param("boundary"); {
	case p.kind == "multipart" && boundary != "":
		byDefault := "text/plain; charset=us-ascii"
		if p.subtype == "digest" {
			byDefault = "message/rfc822"
		}
		for _, piece := range splitParts(p.body, boundary) {
			if *left <= 0 {
				break
			}
			p.children = append(p.children, parsePart(piece, byDefault, depth+1, left))
		}
	case p.kind == "message" && p.subtype == "rfc822" && *left > 0:
		p.message = parsePart(p.body, "text/plain; charset=us-ascii", depth+1, left)
	}
	if p.kind == "multipart" && len(p.children) == 0 {
		p.kind, p.subtype, p.params = "text", "plain", nil
	}
	return p
}

// splitHeader cuts behind the blank line.
func splitHeader(raw []byte) (header, body []byte) {
	for at := 0; at < len(raw); {
		end := bytes.IndexByte(raw[at:], '\n')
		if end < 0 {
			break
		}
		line := raw[at : at+end+1]
		at += end + 1
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return raw[:at], raw[at:]
		}
	}
	return raw, nil
}

// splitParts returns what lies between the lines of a boundary, without the
// line end before each (RFC 2046 §5.1.1).
func splitParts(body []byte, boundary string) [][]byte {
	var pieces [][]byte
	start := -1
	for at := 0; at < len(body); {
		end := bytes.IndexByte(body[at:], '\n')
		next := len(body)
		if end >= 0 {
			next = at + end + 1
		}
		line := string(bytes.TrimRight(body[at:next], " \t\r\n"))
		if line == "--"+boundary || line == "--"+boundary+"--" {
			if start >= 0 {
				pieces = append(pieces, trimLineEnd(body[start:at]))
			}
			if start = next; strings.HasSuffix(line, "--") && line != "--"+boundary {
				return pieces
			}
		}
		at = next
	}
	if start >= 0 {
		pieces = append(pieces, body[start:])
	}
	return pieces
}

func trimLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// fields returns the fields of a header, each with its folded lines.
func fields(header []byte) [][]byte {
	var all [][]byte
	for len(header) > 0 {
		end := bytes.IndexByte(header, '\n') + 1
		if end == 0 {
			end = len(header)
		}
		line := header[:end]
		header = header[end:]
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		if n := len(all); n > 0 && (line[0] == ' ' || line[0] == '\t') {
			all[n-1] = all[n-1][:len(all[n-1])+len(line)] // they are neighbours
			continue
		}
		all = append(all, line)
	}
	return all
}

func fieldName(f []byte) string {
	name, _, _ := bytes.Cut(f, []byte(":"))
	return strings.TrimSpace(string(name))
}

// field returns the unfolded value of the first field of that name.
func field(header []byte, name string) string {
	for _, f := range fields(header) {
		if strings.EqualFold(fieldName(f), name) {
			_, v, _ := bytes.Cut(f, []byte(":"))
			v = bytes.ReplaceAll(bytes.ReplaceAll(v, []byte("\r"), nil), []byte("\n"), nil)
			return strings.TrimSpace(string(v))
		}
	}
	return ""
}

// parameters splits `text/plain; charset=x` into value and parameters.
func parameters(text string) (value string, params [][2]string) {
	pieces := splitOutsideQuotes(text, ';')
	for _, p := range pieces[1:] {
		name, v, ok := strings.Cut(p, "=")
		if !ok {
			continue
		}
		v = strings.TrimSpace(v)
		if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
			v = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(v[1 : len(v)-1])
		}
		params = append(params, [2]string{strings.TrimSpace(name), v})
	}
	return strings.TrimSpace(pieces[0]), params
}

// splitOutsideQuotes splits at a separator that stands in no quotes.
func splitOutsideQuotes(text string, separator byte) []string {
	var pieces []string
	quoted, start := false, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			pieces = append(pieces, text[start:i])
			start = i + 1
		}
	}
	return append(pieces, text[start:])
}

func (p *part) param(name string) string {
	for _, kv := range p.params {
		if strings.EqualFold(kv[0], name) {
			return kv[1]
		}
	}
	return ""
}

// find returns the part of a section number such as 1.2 (RFC 3501 §6.4.5), or
// nil.
func (p *part) find(path []int) *part {
	whole := true // p is a whole mail: if it is no multipart, its body is part 1
	for _, n := range path {
		if !whole && p.message != nil {
			p, whole = p.message, true
		}
		switch {
		case len(p.children) > 0:
			if n < 1 || n > len(p.children) {
				return nil
			}
			p = p.children[n-1]
		case !whole || n != 1:
			return nil
		}
		whole = false
	}
	return p
}
