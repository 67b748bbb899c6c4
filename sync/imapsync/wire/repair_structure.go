package wire

import (
	"bytes"
	"math"
	"strings"
)

// appendEnvelope writes an ENVELOPE (RFC 3501 §7.4.2) from v; ok is false when
// v is none. Missing fields at the end become NIL, unusable addresses go.
func appendEnvelope(o []byte, v value) (out []byte, ok bool) {
	if v.kind != list || len(v.list) < 2 {
		return o, false
	}
	o = append(o, '(')
	for i := range 10 {
		var f value
		f.b = []byte("NIL")
		if i < len(v.list) {
			f = v.list[i]
		}
		if i > 0 {
			o = append(o, ' ')
		}
		if i >= 2 && i <= 7 {
			o = appendAddresses(o, f)
		} else if f.kind == list {
			return o, false
		} else {
			o = appendNString(o, f)
		}
	}
	return append(o, ')'), true
}

func appendAddresses(o []byte, v value) []byte {
	n := 0
	for _, a := range v.list {
		if len(a.list) != 4 {
			continue
		}
		if n == 0 {
			o = append(o, '(')
		} else {
			o = append(o, ' ')
		}
		n++
		o = append(o, '(')
		for i, f := range a.list {
			if i > 0 {
				o = append(o, ' ')
			}
			o = appendNString(o, f)
		}
		o = append(o, ')')
	}
	if n == 0 {
		return append(o, "NIL"...)
	}
	return append(o, ')')
}

// appendStructure writes a BODY or BODYSTRUCTURE (RFC 3501 §7.4.2) from v; ok
// is false when v is none. What servers are known to leave out is filled in:
// type, size, line count, the parts of a forwarded message. Depth is bounded
// by the parser.
func appendStructure(o []byte, v value) (out []byte, ok bool) {
	if v.kind != list || len(v.list) == 0 {
		return o, false
	}
	if v.list[0].kind == list {
		return appendMultipart(o, v.list)
	}
	return appendSinglePart(o, v.list)
}

func appendMultipart(o []byte, f []value) (out []byte, ok bool) {
	o = append(o, '(')
	i := 0
	for ; i < len(f) && f[i].kind == list; i++ {
		if o, ok = appendStructure(o, f[i]); !ok {
			return o, false
		}
	}
	o = append(o, ' ')
	o = appendType(o, f, i, "mixed")
	if i++; i < len(f) {
		o = appendParams(append(o, ' '), f[i])
		o = appendDispositionAndOn(o, f[i+1:])
	}
	return append(o, ')'), true
}

func appendSinglePart(o []byte, f []value) (out []byte, ok bool) {
	if len(f) < 2 || f[1].kind == list {
		return o, false
	}
	at := func(i int) value {
		if i < len(f) {
			return f[i]
		}
		return value{b: []byte("NIL")}
	}
	o = appendType(append(o, '('), f, 0, "application")
	o = appendType(append(o, ' '), f, 1, "octet-stream")
	o = appendParams(append(o, ' '), at(2))
	for i := 3; i <= 5; i++ { // id, description, encoding
		o = appendNString(append(o, ' '), at(i))
	}
	o = appendCount(append(o, ' '), at(6), math.MaxUint32)
	next := 7
	switch kind, sub := f[0].b, f[1].b; {
	case f[0].isNil():
	case bytes.EqualFold(kind, []byte("text")):
		o = appendCount(append(o, ' '), at(7), math.MaxInt64)
		next = 8
	case bytes.EqualFold(kind, []byte("message")) && (bytes.EqualFold(sub, []byte("rfc822")) || bytes.EqualFold(sub, []byte("global"))):
		var ok1, ok2 bool
		mark := len(o)
		o, ok1 = appendEnvelope(append(o, ' '), at(7))
		if ok1 {
			o, ok2 = appendStructure(append(o, ' '), at(8))
		}
		if !ok2 { // the library reads such a part up to its size
			return append(o[:mark], ')'), true
		}
		o = appendCount(append(o, ' '), at(9), math.MaxInt64)
		next = 10
	}
	if next < len(f) {
		o = appendNString(append(o, ' '), f[next]) // MD5
		o = appendDispositionAndOn(o, f[next+1:])
	}
	return append(o, ')'), true
}

// appendDispositionAndOn writes the extension fields that both kinds of parts
// share: disposition, language, location.
func appendDispositionAndOn(o []byte, f []value) []byte {
	if len(f) == 0 {
		return o
	}
	o = append(o, ' ')
	switch d := f[0]; {
	case d.kind == list && len(d.list) > 0 && d.list[0].kind != list && !d.list[0].isNil():
		o = appendQuoted(append(o, '('), d.list[0].b)
		params := value{b: []byte("NIL")}
		if len(d.list) > 1 {
			params = d.list[1]
		}
		o = append(appendParams(append(o, ' '), params), ')')
	case d.kind == list || d.isNil():
		o = append(o, "NIL"...)
	default: // a bare string, as some servers send it
		o = append(appendQuoted(append(o, '('), d.b), " NIL)"...)
	}
	if len(f) < 2 {
		return o
	}
	o = append(o, ' ')
	if lang := f[1]; lang.kind == list {
		n := 0
		o = append(o, '(')
		for _, l := range lang.list {
			if l.kind == list || l.isNil() {
				continue
			}
			if n++; n > 1 {
				o = append(o, ' ')
			}
			o = appendQuoted(o, l.b)
		}
		o = append(o, ')')
	} else {
		o = appendNString(o, lang)
	}
	if len(f) > 2 {
		o = appendNString(append(o, ' '), f[2])
	}
	return o
}

// appendType writes the type or subtype f[i], or what stands for it.
func appendType(o []byte, f []value, i int, missing string) []byte {
	if i >= len(f) || f[i].kind == list || f[i].isNil() || len(f[i].b) == 0 {
		return appendQuoted(o, []byte(missing))
	}
	return appendQuoted(o, f[i].b)
}

// appendParams writes pairs of names and values. The library takes an empty
// name for the lack of one.
func appendParams(o []byte, v value) []byte {
	n := 0
	for kv := v.list; len(kv) > 1; kv = kv[2:] {
		key, ok1 := kv[0].text()
		val, ok2 := kv[1].text()
		if !ok1 || !ok2 || strings.TrimSpace(string(key)) == "" {
			continue
		}
		if n == 0 {
			o = append(o, '(')
		} else {
			o = append(o, ' ')
		}
		n++
		o = appendQuoted(append(appendQuoted(o, key), ' '), val)
	}
	if n == 0 {
		return append(o, "NIL"...)
	}
	return append(o, ')')
}

// appendCount writes a size or a number of lines; what is none becomes 0.
func appendCount(o []byte, v value, most uint64) []byte {
	n, ok := v.number(math.MaxUint64)
	if !ok {
		n = 0
	}
	return appendUint(o, min(n, most))
}
