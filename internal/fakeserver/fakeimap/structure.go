package fakeimap

import (
	"bytes"
	"fmt"
	"strings"
)

// literal returns bytes as a literal.
func literal(b []byte) string { return fmt.Sprintf("{%d}\r\n%s", len(b), b) }

// orNil returns text as a string, and NIL where there is none.
func orNil(text string) string {
	if text == "" {
		return "NIL"
	}
	return quote(text)
}

// envelope returns the ENVELOPE of a header (RFC 3501 §7.4.2).
func envelope(header []byte) string {
	from := addresses(field(header, "From"))
	orFrom := func(name string) string {
		if list := addresses(field(header, name)); list != "NIL" {
			return list
		}
		return from
	}
	return "(" + strings.Join([]string{
		orNil(field(header, "Date")), orNil(field(header, "Subject")),
		from, orFrom("Sender"), orFrom("Reply-To"),
		addresses(field(header, "To")), addresses(field(header, "Cc")), addresses(field(header, "Bcc")),
		orNil(field(header, "In-Reply-To")), orNil(field(header, "Message-ID")),
	}, " ") + ")"
}

// addresses returns an address list. It takes "Name <local@host>" and
// "local@host"; comments and groups are not told apart from names.
func addresses(text string) string {
	var b strings.Builder
	for _, one := range splitOutsideQuotes(text, ',') {
		name, address := "", strings.TrimSpace(one)
		if open := strings.LastIndexByte(one, '<'); open >= 0 {
			name = strings.Trim(strings.TrimSpace(one[:open]), `"`)
			address, _, _ = strings.Cut(one[open+1:], ">")
		}
		if address == "" {
			continue
		}
		local, host, _ := strings.Cut(address, "@")
		fmt.Fprintf(&b, "(%s NIL %s %s)", orNil(name), orNil(local), orNil(host))
	}
	if b.Len() == 0 {
		return "NIL"
	}
	return "(" + b.String() + ")"
}

// structure returns the BODYSTRUCTURE of a part, or its BODY without the
// extension data.
func (p *part) structure(extended bool) string {
	if len(p.children) > 0 {
		var b strings.Builder
		for _, c := range p.children {
			b.WriteString(c.structure(extended))
		}
		fmt.Fprintf(&b, " %s", quote(p.subtype))
		if extended {
			fmt.Fprintf(&b, " %s %s", parameterList(p.params), p.extension())
		}
		return "(" + b.String() + ")"
	}
	encoding := field(p.header, "Content-Transfer-Encoding")
	if encoding == "" {
		encoding = "7bit"
	}
	items := []string{
		quote(p.kind), quote(p.subtype), parameterList(p.params),
		orNil(field(p.header, "Content-ID")), orNil(field(p.header, "Content-Description")),
		quote(encoding), fmt.Sprint(len(p.body)),
	}
	lines := fmt.Sprint(bytes.Count(p.body, []byte("\n")))
	switch {
	case p.message != nil:
		items = append(items, envelope(p.message.header), p.message.structure(extended), lines)
	case p.kind == "text":
		items = append(items, lines)
	}
	if extended {
		items = append(items, orNil(field(p.header, "Content-MD5")), p.extension())
	}
	return "(" + strings.Join(items, " ") + ")"
}

// extension returns disposition, language and location.
func (p *part) extension() string {
	disposition := "NIL"
	if value, params := parameters(field(p.header, "Content-Disposition")); value != "" {
		disposition = "(" + quote(value) + " " + parameterList(params) + ")"
	}
	return disposition + " " + orNil(field(p.header, "Content-Language")) + " " +
		orNil(field(p.header, "Content-Location"))
}

func parameterList(params [][2]string) string {
	if len(params) == 0 {
		return "NIL"
	}
	var all []string
	for _, kv := range params {
		all = append(all, quote(kv[0]), quote(kv[1]))
	}
	return "(" + strings.Join(all, " ") + ")"
}
