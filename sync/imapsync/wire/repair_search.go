package wire

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// search rewrites the arguments of SEARCH (RFC 3501 §7.2.5). The numbers are
// sorted: their order means nothing, and the library would take hours over
// many in the wrong one. One bad number spoils the answer, since a message
// that is missing in it would count as gone.
func (r *repairer) search(out, args []byte) ([]byte, error) {
	body, tail, hasTail := bytes.Cut(args, []byte("("))
	var nums []uint32
	for i := 0; ; {
		var w []byte
		if w, i = word(body, i); len(w) == 0 {
			if i < len(body) {
				return out, errForm
			}
			break
		}
		n, ok := number(w, math.MaxUint32-1)
		if !ok || n == 0 {
			return out, errNumber
		}
		if len(nums) >= r.lim.Numbers {
			return out, errNumbers
		}
		nums = append(nums, uint32(n))
	}
	slices.Sort(nums)
	out = append(out, "* SEARCH"...)
	for i, n := range nums {
		if i == 0 || n != nums[i-1] {
			out = appendUint(append(out, ' '), uint64(n))
		}
	}
	if hasTail {
		f := bytes.Fields(bytes.TrimRight(tail, ") "))
		if len(f) == 2 && bytes.EqualFold(f[0], []byte("MODSEQ")) {
			if n, ok := number(f[1], math.MaxInt64); ok {
				out = append(appendUint(append(out, " (MODSEQ "...), n), ')')
			} else {
				r.damaged("SEARCH", "MODSEQ", errNumber.Error(), tail)
			}
		}
	}
	return append(out, "\r\n"...), nil
}

// eSearchTag returns the tag an ESEARCH answers, "" if it names none.
func eSearchTag(args []byte) string {
	v, err := newParser(args, 2).value()
	if err != nil || v.kind != list || len(v.list) != 2 || v.list[1].kind == list {
		return ""
	}
	return string(v.list[1].b)
}

// eSearch rewrites the arguments of ESEARCH (RFC 4731 §3.1), the answer to the
// search with this tag, by UID or by number.
func (r *repairer) eSearch(out, args []byte, tag string, byUID bool) ([]byte, error) {
	vs, err := r.parse(args)
	if err != nil {
		return out, err
	}
	if len(vs) > 0 && vs[0].kind == list {
		vs = vs[1:]
	}
	uid := len(vs) > 0 && vs[0].kind == atom && bytes.EqualFold(vs[0].b, []byte("UID"))
	if uid {
		vs = vs[1:]
	}
	if uid != byUID && len(vs) > 0 {
		return out, errForm // numbers of one kind taken for the other
	}
	start := len(out)
	out = appendQuoted(append(out, "* ESEARCH (TAG "...), []byte(tag))
	out = append(out, ')')
	if byUID {
		out = append(out, " UID"...)
	}
	for ; len(vs) > 1; vs = vs[2:] {
		name := strings.ToUpper(string(vs[0].b))
		switch name {
		case "MIN", "MAX", "COUNT", "MODSEQ":
			limit := uint64(math.MaxUint32)
			if name == "MODSEQ" {
				limit = math.MaxInt64
			}
			n, ok := vs[1].number(limit)
			if !ok {
				return out[:start], errNumber
			}
			out = appendUint(append(append(append(out, ' '), name...), ' '), n)
		case "ALL":
			set, err := parseSet(vs[1].b, int64(r.lim.Numbers))
			if err != nil {
				return out[:start], err
			}
			out = append(append(out, " ALL "...), normal(set).String()...)
		}
	}
	if len(vs) > 0 {
		return out[:start], errForm
	}
	return append(out, "\r\n"...), nil
}

// vanished reads the arguments of VANISHED (RFC 7162 §3.2.10); into may be nil.
func (r *repairer) vanished(args []byte, into *Changes) error {
	w := bytes.Fields(args)
	e := Vanished{}
	if len(w) > 0 && bytes.EqualFold(w[0], []byte("(EARLIER)")) {
		e.Earlier, w = true, w[1:]
	}
	if len(w) != 1 {
		return errForm
	}
	// The set may name UIDs that never were, so its size says nothing.
	set, err := parseSet(w[0], math.MaxUint32)
	if err != nil {
		return err
	}
	e.UIDs = imap.UIDSet(normal(set))
	if into != nil && e.Earlier {
		into.Vanished.AddSet(e.UIDs)
	}
	r.tell(e)
	return nil
}
