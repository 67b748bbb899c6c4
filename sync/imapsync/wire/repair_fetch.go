package wire

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// fetched is what one FETCH says (RFC 3501 §7.4.2).
type fetched struct {
	seq      uint32
	uid      imap.UID
	hasFlags bool
	flags    [][]byte
	modSeq   uint64
	names    []string // of all items but UID, FLAGS and MODSEQ; sections as BODY[ and BINARY[
	items    []byte   // rewritten, each with a space before it; without the UID
	extra    []Extra
	streamed bool // items ends in the size of a literal that follows
}

var (
	errBeforeLiteral = errors.New("the literal belongs to nothing known")
	errUID           = errors.New("UID out of range")
)

// fetchItems reads the items of a FETCH, from behind the opening bracket or
// from behind a streamed literal. literal is the size of a literal that
// follows b and was not held, or -1.
func (r *repairer) fetchItems(f *fetched, b []byte, literal int64) error {
	p := newParser(b, r.lim.Depth)
	for {
		p.space()
		if p.i >= len(b) {
			return errCut
		}
		if b[p.i] == ')' {
			if literal >= 0 {
				return errBeforeLiteral
			}
			return nil
		}
		start := p.i
		name := itemName(p)
		if len(name) == 0 {
			return errForm
		}
		p.space()
		if literal >= 0 && endsInLiteral(b[p.i:]) {
			section, kind, ok := sectionName(name)
			if !ok {
				return errBeforeLiteral
			}
			f.names = append(f.names, kind)
			f.items = append(append(append(f.items, ' '), section...), " {"...)
			f.items = append(appendUint(f.items, uint64(literal)), "}\r\n"...)
			f.streamed = true
			return nil
		}
		v, err := p.value()
		if err != nil {
			return err
		}
		if err := r.fetchItem(f, name, v, b[start:p.i]); err != nil {
			return err
		}
	}
}

// endsInLiteral tells whether b is nothing but the size of a literal.
func endsInLiteral(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("~"))
	if len(b) == 0 || b[0] != '{' || bytes.IndexByte(b, ' ') >= 0 || bytes.IndexByte(b, '\n') >= 0 {
		return false
	}
	_, ok := literalSize(b)
	return ok
}

// fetchItem rewrites one item. It returns an error when nothing of the
// response can be trusted.
func (r *repairer) fetchItem(f *fetched, name []byte, v value, raw []byte) error {
	key := upper(name)
	bad := func(reason string) {
		r.tell(Damaged{Kind: "FETCH", SeqNum: f.seq, UID: f.uid, Item: key, Reason: reason, Raw: r.clip(raw)})
	}
	switch key {
	case "UID":
		n, ok := v.number(math.MaxUint32)
		if !ok || n == 0 || f.uid != 0 && f.uid != imap.UID(n) {
			return errUID
		}
		f.uid = imap.UID(n)
		return nil
	case "FLAGS":
		flags, n := flagNames(f.flags[:0], v)
		if n > 0 {
			bad("unusable flags left out")
		}
		if v.kind == list {
			f.hasFlags, f.flags = true, flags
			f.items = appendFlags(append(f.items, " FLAGS "...), flags)
		}
		return nil
	case "MODSEQ":
		if v.kind == list && len(v.list) == 1 {
			v = v.list[0]
		}
		n, ok := v.number(math.MaxInt64)
		if !ok {
			bad(errNumber.Error())
			return nil
		}
		f.modSeq = n
		f.items = append(appendUint(append(f.items, " MODSEQ ("...), n), ')')
		return nil
	}
	if section, kind, ok := sectionName(name); ok {
		f.names = append(f.names, kind)
		switch {
		case v.kind == list || v.kind == atom && !v.isNil():
			bad(errForm.Error())
		case v.isNil():
			f.items = append(append(append(f.items, ' '), section...), " NIL"...)
		default:
			f.items = append(append(append(f.items, ' '), section...), " {"...)
			f.items = append(appendUint(f.items, uint64(len(v.b))), "}\r\n"...)
			f.items = append(f.items, v.b...)
		}
		return nil
	}
	f.names = append(f.names, key)
	mark := len(f.items)
	f.items = append(append(append(f.items, ' '), key...), ' ')
	var ok bool
	switch key {
	case "RFC822.SIZE":
		var n uint64
		if n, ok = v.number(math.MaxInt64); ok {
			f.items = appendUint(f.items, n)
		}
	case "INTERNALDATE":
		f.items, ok = appendDate(f.items, v)
	case "ENVELOPE":
		f.items, ok = appendEnvelope(f.items, v)
	case "BODY", "BODYSTRUCTURE":
		f.items, ok = appendStructure(f.items, v)
	default:
		f.extra = append(f.extra, Extra{Name: key, Value: r.words(raw[len(name):])})
		f.items = f.items[:mark]
		return nil
	}
	if !ok {
		f.items = f.items[:mark]
		bad(errForm.Error())
	}
	return nil
}

const dateTime = "_2-Jan-2006 15:04:05 -0700" // RFC 3501 §9, date-time

func appendDate(o []byte, v value) ([]byte, bool) {
	if v.kind != str {
		return o, false
	}
	t, err := time.Parse(dateTime, string(bytes.TrimSpace(v.b)))
	if err != nil || t.Year() < 1 || t.IsZero() {
		return o, false
	}
	return appendQuoted(o, []byte(t.Format(dateTime))), true
}

// itemName reads the name of a FETCH item, its section and origin included.
func itemName(p *parser) []byte {
	s := p.i
	for ; p.i < len(p.b); p.i++ {
		switch p.b[p.i] {
		case ' ', '(', ')', '"', '{', '\r', '\n':
			return p.b[s:p.i]
		case '[':
			end := bytes.IndexByte(p.b[p.i:], ']')
			if end < 0 {
				return nil
			}
			p.i += end
		}
	}
	return p.b[s:p.i]
}

// sectionName rewrites names such as BODY[1.HEADER.FIELDS (TO)]<0>, and
// returns BODY[ or BINARY[ as their kind.
func sectionName(name []byte) (section []byte, kind string, ok bool) {
	open := bytes.IndexByte(name, '[')
	if open < 0 {
		return nil, "", false
	}
	shut := open + bytes.IndexByte(name[open:], ']')
	if shut < open {
		return nil, "", false
	}
	inside, origin := name[open+1:shut], name[shut+1:]
	parts, spec := sectionParts(inside)
	switch strings.ToUpper(string(name[:open])) {
	case "BINARY":
		if len(origin) > 0 || len(spec) > 0 {
			return nil, "", false
		}
		return append(append([]byte("BINARY["), parts...), ']'), "BINARY[", true
	case "BODY":
	default:
		return nil, "", false
	}
	o := append([]byte("BODY["), parts...)
	if len(parts) > 0 && len(spec) > 0 {
		o = append(o, '.')
	}
	w, i := word(spec, 0)
	fields := bytes.TrimSpace(spec[i:])
	switch s := strings.ToUpper(string(w)); s {
	case "", "HEADER", "TEXT", "MIME":
		if len(fields) > 0 {
			return nil, "", false
		}
		o = append(o, s...)
	case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
		v, err := newParser(fields, 1).value()
		if err != nil || v.kind != list || len(v.list) == 0 {
			return nil, "", false
		}
		o = append(append(o, s...), " ("...)
		for i, field := range v.list {
			if field.kind == list {
				return nil, "", false
			}
			if i > 0 {
				o = append(o, ' ')
			}
			o = appendQuoted(o, field.b)
		}
		o = append(o, ')')
	default:
		return nil, "", false
	}
	o = append(o, ']')
	if len(origin) > 0 {
		n, ok := number(bytes.TrimSuffix(bytes.TrimPrefix(origin, []byte("<")), []byte(">")), math.MaxUint32)
		if !ok {
			return nil, "", false
		}
		o = append(appendUint(append(o, '<'), n), '>')
	}
	return o, "BODY[", true
}

// sectionParts splits "1.2.MIME" into "1.2", rewritten, and "MIME".
func sectionParts(b []byte) (parts, spec []byte) {
	spec = bytes.TrimSpace(b)
	for len(spec) > 0 && spec[0] >= '0' && spec[0] <= '9' {
		digits, rest, _ := bytes.Cut(spec, []byte("."))
		n, ok := number(digits, math.MaxInt32)
		if !ok {
			return parts, spec
		}
		if len(parts) > 0 {
			parts = append(parts, '.')
		}
		parts, spec = appendUint(parts, n), rest
	}
	return parts, spec
}
