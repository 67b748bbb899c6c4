package wire

import (
	"bytes"
	"math"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// CodeDamaged is the response code of a NO that this package made of an OK:
// the command succeeded on the server, but its answer arrived damaged and must
// not be taken for complete.
const CodeDamaged imap.ResponseCode = "X-DAMAGED"

// statusText is the part of a status response behind OK, NO, BAD, BYE or
// PREAUTH (RFC 3501 §7.1).
type statusText struct {
	code string // upper case; empty: none, or unusable
	args []byte // of the code, rewritten
	text string
}

// append writes s for the library, which looks at codes by their exact name
// and must find a text where it finds a space.
func (s statusText) append(o []byte) []byte {
	if s.code != "" {
		o = append(append(o, " ["...), s.code...)
		if len(s.args) > 0 {
			o = append(append(o, ' '), s.args...)
		}
		o = append(o, ']')
	}
	if s.text != "" {
		o = append(o, ' ')
		if s.code == "" && s.text[0] == '[' {
			o = append(o, "- "...) // or it would be read as a code
		}
		o = append(o, s.text...)
	}
	return append(o, "\r\n"...)
}

// status reads b, what follows OK, NO, BAD, BYE or PREAUTH. tag is that of a
// tagged response.
func (r *repairer) status(kind, tag string, b []byte) statusText {
	b = bytes.TrimLeft(b, " ")
	if len(b) == 0 || b[0] != '[' {
		return statusText{text: r.words(b)}
	}
	end := codeEnd(b)
	if end < 0 {
		r.damaged(kind, "code", "unclosed response code", b)
		return statusText{text: r.words(b)}
	}
	name, i := word(b[:end], 1)
	s := statusText{code: strings.ToUpper(string(name)), text: r.words(b[end+1:])}
	if !isAtom(name) {
		r.damaged(kind, "code", "not a response code", b)
		s.code = ""
		return s
	}
	reason := r.code(&s, kind, tag, bytes.TrimSpace(b[i:end]))
	if reason != "" {
		r.damaged(kind, s.code, reason, b)
		s.code, s.args = "", nil
	}
	return s
}

// codeEnd returns the offset of the bracket that closes the code b begins
// with. A bracket in quotes does not count, unless the quotes never end.
func codeEnd(b []byte) int {
	quoted := false
	for i := 1; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case b[i] == ']' && !quoted:
			return i
		}
	}
	return bytes.IndexByte(b, ']')
}

// code rewrites the arguments of s.code; the library skips those of codes that
// are not named here. It returns why the code is unusable, or "".
func (r *repairer) code(s *statusText, kind, tag string, args []byte) string {
	one := func(min, max uint64) string {
		n, ok := number(args, max)
		if !ok || n < min {
			return errNumber.Error()
		}
		s.args = appendUint(nil, n)
		return ""
	}
	switch s.code {
	case "ALERT":
		r.tell(Alert{Text: s.text})
	case "CAPABILITY":
		s.args = r.capabilities(kind, args)
	case "UIDNEXT", "UIDVALIDITY":
		return one(1, math.MaxUint32)
	case "HIGHESTMODSEQ":
		return one(1, math.MaxInt64)
	case "PERMANENTFLAGS":
		v, err := newParser(args, r.lim.Depth).value()
		if err != nil {
			return err.Error()
		}
		s.args = r.flags("FLAGS", v, args)
		if len(bytes.Trim(s.args, "() ")) == 0 {
			r.tell(NoPermanentFlags{})
		}
	case "READ-ONLY", "READ-WRITE":
		r.tell(Access{ReadOnly: s.code == "READ-ONLY"})
	case "UIDNOTSTICKY":
		r.tell(UIDNotSticky{})
	case "APPENDUID":
		f := bytes.Fields(args)
		if len(f) != 2 {
			return "two numbers expected"
		}
		validity, ok1 := number(f[0], math.MaxUint32)
		uid, ok2 := number(f[1], math.MaxUint32)
		if !ok1 || !ok2 || validity == 0 || uid == 0 {
			return errNumber.Error()
		}
		s.args = appendUint(append(appendUint(nil, validity), ' '), uid)
	case "COPYUID":
		return r.copyUID(s, args)
	case "MODIFIED":
		set, err := parseSet(args, int64(r.lim.Numbers))
		if err != nil {
			return err.Error()
		}
		r.tell(Modified{Tag: tag, Numbers: normal(set)})
	}
	return ""
}

func (r *repairer) copyUID(s *statusText, args []byte) string {
	f := bytes.Fields(args)
	if len(f) != 3 {
		return "a number and two sets expected"
	}
	validity, ok := number(f[0], math.MaxUint32)
	from, err1 := parseSet(f[1], int64(r.lim.Numbers))
	to, err2 := parseSet(f[2], int64(r.lim.Numbers))
	if !ok || validity == 0 || err1 != nil || err2 != nil {
		return errNumber.Error()
	}
	e := CopyUID{UIDValidity: uint32(validity), Source: expand(from), Dest: expand(to)}
	if len(e.Source) != len(e.Dest) {
		return "sets of different size"
	}
	r.tell(e)
	s.args = appendUint(nil, validity)
	s.args = append(append(s.args, ' '), normal(from).String()...)
	s.args = append(append(s.args, ' '), normal(to).String()...)
	return ""
}

// flags rewrites a list of flags.
func (r *repairer) flags(kind string, v value, raw []byte) []byte {
	flags, bad := flagNames(nil, v)
	if bad > 0 {
		r.damaged(kind, "FLAGS", "unusable flags left out", raw)
	}
	return appendFlags(nil, flags)
}

// capabilities rewrites a list of capabilities. IMAP4rev2 is left out where
// IMAP4rev1 is offered too: until it is enabled it is not in force (RFC 9051
// §6.3.1), but the library would already spell mailbox names in UTF-8.
func (r *repairer) capabilities(kind string, args []byte) []byte {
	words := bytes.Fields(args)
	rev1 := false
	for _, w := range words {
		rev1 = rev1 || bytes.EqualFold(w, []byte(imap.CapIMAP4rev1))
	}
	var o []byte
	for _, w := range words {
		switch {
		case !isAtom(w):
			r.damaged(kind, "CAPABILITY", "unusable capability left out", w)
		case rev1 && bytes.EqualFold(w, []byte(imap.CapIMAP4rev2)):
		default:
			if len(o) > 0 {
				o = append(o, ' ')
			}
			o = append(o, w...)
		}
	}
	return o
}
