package wire

import (
	"errors"
	"math"
	"strings"

	"github.com/emersion/go-imap/v2"
)

var errForm = errors.New("not in the expected form")

// list rewrites the arguments of LIST (RFC 3501 §7.2.2). Extended data is left
// out: nobody here asks for it.
func (r *repairer) list(out, args []byte) ([]byte, error) {
	vs, err := r.parse(args)
	if err != nil {
		return out, err
	}
	if len(vs) < 3 || vs[2].kind == list {
		return out, errForm
	}
	attrs, bad := flagNames(nil, vs[0])
	if bad > 0 {
		r.damaged("LIST", "attribute", "unusable attributes left out", args)
	}
	name, err := mailboxName(vs[2].b)
	if err != nil {
		return out, err
	}
	if name == "" && !hasFold(attrs, `\Noselect`) {
		return out, errForm // only LIST "" "" is answered with an empty name
	}
	out = append(appendFlags(append(out, "* LIST "...), attrs), ' ')
	switch d := vs[1]; {
	case d.isNil():
		out = append(out, "NIL"...)
	case d.kind == list || len(d.b) != 1 || d.b[0] <= ' ' || d.b[0] >= 0x7f:
		r.damaged("LIST", "delimiter", "unusable hierarchy delimiter", args)
		out = append(out, "NIL"...)
	default:
		out = appendQuoted(out, d.b)
	}
	out = appendQuoted(append(out, ' '), vs[2].b)
	return append(out, "\r\n"...), nil
}

func hasFold(words [][]byte, w string) bool {
	for _, b := range words {
		if strings.EqualFold(string(b), w) {
			return true
		}
	}
	return false
}

// statusItems are the items of STATUS the library reads, with the range of
// their numbers.
var statusItems = map[string]struct{ min, max uint64 }{
	"MESSAGES":        {0, math.MaxUint32},
	"UIDNEXT":         {1, math.MaxUint32},
	"UIDVALIDITY":     {1, math.MaxUint32},
	"UNSEEN":          {0, math.MaxUint32},
	"DELETED":         {0, math.MaxUint32},
	"SIZE":            {0, math.MaxInt64},
	"APPENDLIMIT":     {0, math.MaxUint32},
	"DELETED-STORAGE": {0, math.MaxInt64},
	"HIGHESTMODSEQ":   {0, math.MaxInt64},
}

// mailboxStatus rewrites the arguments of STATUS (RFC 3501 §7.2.4), and
// returns what they say.
func (r *repairer) mailboxStatus(out, args []byte) ([]byte, MailboxStatus, error) {
	var e MailboxStatus
	vs, err := r.parse(args)
	if err != nil {
		return out, e, err
	}
	if len(vs) < 2 || vs[0].kind == list || vs[1].kind != list {
		return out, e, errForm
	}
	if e.Mailbox, err = mailboxName(vs[0].b); err != nil {
		return out, e, err
	}
	out = appendQuoted(append(out, "* STATUS "...), vs[0].b)
	out = append(out, " ("...)
	first := true
	for items := vs[1].list; len(items) > 1; items = items[2:] {
		name := strings.ToUpper(string(items[0].b))
		bounds, known := statusItems[name]
		if !known {
			continue
		}
		n, ok := items[1].number(bounds.max)
		if !ok || n < bounds.min {
			r.damaged("STATUS", name, errNumber.Error(), args)
			continue
		}
		e.set(name, n)
		if !first {
			out = append(out, ' ')
		}
		first = false
		out = appendUint(append(append(out, name...), ' '), n)
	}
	return append(out, ")\r\n"...), e, nil
}

func (e *MailboxStatus) set(name string, n uint64) {
	n32, n64 := uint32(n), int64(n)
	switch name {
	case "MESSAGES":
		e.Data.NumMessages = &n32
	case "UIDNEXT":
		e.Data.UIDNext = imap.UID(n)
	case "UIDVALIDITY":
		e.Data.UIDValidity = n32
	case "UNSEEN":
		e.Data.NumUnseen = &n32
	case "DELETED":
		e.Data.NumDeleted = &n32
	case "SIZE":
		e.Data.Size = &n64
	case "APPENDLIMIT":
		e.Data.AppendLimit = &n32
	case "DELETED-STORAGE":
		e.Data.DeletedStorage = &n64
	case "HIGHESTMODSEQ":
		e.Data.HighestModSeq = n
	}
	e.Data.Mailbox = e.Mailbox
}

// namespace rewrites the arguments of NAMESPACE (RFC 2342 §5).
func (r *repairer) namespace(out, args []byte) ([]byte, error) {
	vs, err := r.parse(args)
	if err != nil {
		return out, err
	}
	if len(vs) < 3 {
		return out, errForm
	}
	out = append(out, "* NAMESPACE"...)
	for _, space := range vs[:3] {
		out = append(out, ' ')
		n := 0
		for _, d := range space.list {
			if len(d.list) < 2 || d.list[0].kind == list || d.list[1].kind == list || !d.list[1].isNil() && len(d.list[1].b) != 1 {
				r.damaged("NAMESPACE", "namespace", errForm.Error(), args)
				continue
			}
			if n == 0 {
				out = append(out, '(')
			} else {
				out = append(out, ' ')
			}
			n++
			prefix, _ := d.list[0].text()
			out = appendQuoted(append(out, '('), prefix)
			out = append(out, ' ')
			if delim := d.list[1]; delim.isNil() || delim.b[0] <= ' ' || delim.b[0] >= 0x7f {
				out = append(out, "NIL)"...)
			} else {
				out = append(appendQuoted(out, delim.b), ')')
			}
		}
		if n == 0 {
			out = append(out, "NIL"...)
		} else {
			out = append(out, ')')
		}
	}
	return append(out, "\r\n"...), nil
}

// id rewrites the arguments of ID (RFC 2971 §3.2).
func (r *repairer) id(out, args []byte) ([]byte, error) {
	vs, err := r.parse(args)
	if err != nil {
		return out, err
	}
	out = append(out, "* ID "...)
	if len(vs) == 0 || vs[0].kind != list {
		return append(out, "NIL\r\n"...), nil
	}
	out = append(out, '(')
	first := true
	for kv := vs[0].list; len(kv) > 1; kv = kv[2:] {
		key, ok1 := kv[0].text()
		val, ok2 := kv[1].text()
		if !ok1 || !ok2 || len(key) == 0 {
			continue
		}
		if !first {
			out = append(out, ' ')
		}
		first = false
		out = appendQuoted(append(appendQuoted(out, key), ' '), val)
	}
	return append(out, ")\r\n"...), nil
}

// quota rewrites the arguments of QUOTA (RFC 9208 §4.2.1).
func (r *repairer) quota(out, args []byte) ([]byte, error) {
	vs, err := r.parse(args)
	if err != nil {
		return out, err
	}
	if len(vs) < 2 || vs[0].kind == list || vs[1].kind != list {
		return out, errForm
	}
	out = append(appendQuoted(append(out, "* QUOTA "...), vs[0].b), " ("...)
	first := true
	for res := vs[1].list; len(res) > 2; res = res[3:] {
		used, ok1 := res[1].number(math.MaxInt64)
		most, ok2 := res[2].number(math.MaxInt64)
		if !ok1 || !ok2 || res[0].kind == list || !isAtom(res[0].b) {
			r.damaged("QUOTA", "resource", errForm.Error(), args)
			continue
		}
		if !first {
			out = append(out, ' ')
		}
		first = false
		out = append(append(out, strings.ToUpper(string(res[0].b))...), ' ')
		out = appendUint(append(appendUint(out, used), ' '), most)
	}
	return append(out, ")\r\n"...), nil
}

// quotaRoot rewrites the arguments of QUOTAROOT (RFC 9208 §4.2.2).
func (r *repairer) quotaRoot(out, args []byte) ([]byte, error) {
	vs, err := r.parse(args)
	if err != nil {
		return out, err
	}
	if len(vs) == 0 || vs[0].kind == list {
		return out, errForm
	}
	if _, err := mailboxName(vs[0].b); err != nil {
		return out, err
	}
	out = appendQuoted(append(out, "* QUOTAROOT "...), vs[0].b)
	for _, root := range vs[1:] {
		if root.kind != list {
			out = appendQuoted(append(out, ' '), root.b)
		}
	}
	return append(out, "\r\n"...), nil
}
