package fakeimap

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"paquebot.app/internal/fakeserver"
)

// criterion tells whether a message is searched for; n is its sequence number.
type criterion func(m fakeserver.Message, n uint32) bool

// search is SEARCH and UID SEARCH, also with RETURN (RFC 4731). Text is
// compared byte for byte but for the case of ASCII letters, in what was
// delivered: nothing is decoded.
func (x *session) search(args []value) bool {
	var returns []string
	extended := len(args) > 1 && args[0].is("RETURN") && args[1].isList
	if extended {
		if !x.offers("ESEARCH") {
			x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", "SEARCH RETURN")
		}
		returns, args = args[1].texts(), args[2:]
	}
	if len(args) > 1 && args[0].is("CHARSET") {
		args = args[2:]
	}
	r := &criteria{x: x, rest: args}
	all, err := r.all()
	if err != nil {
		x.bad("%v", err)
		return true
	}
	var found []uint32
	var highest uint64
	for i, e := range x.view.entries {
		m, ok := x.view.box.Message(e.uid)
		if !ok || !all(m, uint32(i+1)) {
			continue
		}
		highest = max(highest, m.ModSeq)
		if x.byUID {
			found = append(found, e.uid)
		} else {
			found = append(found, uint32(i+1))
		}
	}
	modSeq := ""
	if r.modSeq && len(found) > 0 {
		modSeq = fmt.Sprintf("MODSEQ %d", highest)
	}
	if extended {
		x.tellExtended(found, returns, modSeq)
	} else {
		line := "* SEARCH"
		for _, n := range found {
			line += " " + strconv.FormatUint(uint64(n), 10)
		}
		if modSeq != "" {
			line += " (" + modSeq + ")"
		}
		x.conn.Line("%s", line)
	}
	if !x.update(x.byUID) {
		return false
	}
	x.ok("done")
	return true
}

func (x *session) tellExtended(found []uint32, returns []string, modSeq string) {
	line := fmt.Sprintf(`* ESEARCH (TAG "%s")`, x.tag)
	if x.byUID {
		line += " UID"
	}
	if len(returns) == 0 {
		returns = []string{"ALL"}
	}
	for _, r := range returns {
		switch r = strings.ToUpper(r); {
		case r == "COUNT":
			line += fmt.Sprintf(" COUNT %d", len(found))
		case len(found) == 0:
		case r == "MIN":
			line += fmt.Sprintf(" MIN %d", found[0])
		case r == "MAX":
			line += fmt.Sprintf(" MAX %d", found[len(found)-1])
		case r == "ALL":
			line += " ALL " + formatSet(found)
		}
	}
	if modSeq != "" {
		line += " " + modSeq
	}
	x.conn.Line("%s", line)
}

// criteria reads search keys.
type criteria struct {
	x      *session
	rest   []value
	modSeq bool // a key was about MODSEQ
}

// all reads keys up to the end; all of them must hold.
func (r *criteria) all() (criterion, error) {
	keys := []criterion{}
	for len(r.rest) > 0 {
		key, err := r.one()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return func(m fakeserver.Message, n uint32) bool {
		for _, key := range keys {
			if !key(m, n) {
				return false
			}
		}
		return true
	}, nil
}

// flagKeys are keys that ask for a flag; with UN before them, for its lack.
var flagKeys = map[string]string{
	"ANSWERED": `\Answered`, "DELETED": `\Deleted`, "DRAFT": `\Draft`, "FLAGGED": `\Flagged`, "SEEN": `\Seen`,
}

// headerKeys are keys that look into one header field.
var headerKeys = map[string]string{
	"FROM": "From", "TO": "To", "CC": "Cc", "BCC": "Bcc", "SUBJECT": "Subject",
}

func (r *criteria) one() (criterion, error) {
	v := r.rest[0]
	r.rest = r.rest[1:]
	if v.isList {
		inner := &criteria{x: r.x, rest: v.list}
		key, err := inner.all()
		r.modSeq = r.modSeq || inner.modSeq
		return key, err
	}
	name := strings.ToUpper(v.text)
	if flag, ok := flagKeys[name]; ok {
		return func(m fakeserver.Message, _ uint32) bool { return m.Has(flag) }, nil
	}
	if flag, ok := flagKeys[strings.TrimPrefix(name, "UN")]; ok {
		return func(m fakeserver.Message, _ uint32) bool { return !m.Has(flag) }, nil
	}
	if field, ok := headerKeys[name]; ok {
		return r.header(field)
	}
	switch name {
	case "ALL":
		return func(fakeserver.Message, uint32) bool { return true }, nil
	case "NEW", "RECENT":
		return func(fakeserver.Message, uint32) bool { return false }, nil
	case "OLD":
		return func(fakeserver.Message, uint32) bool { return true }, nil
	case "NOT", "OR":
		return r.combined(name)
	}
	if set, err := numberSet(v.text, uint32(len(r.x.view.entries))); err == nil {
		return func(_ fakeserver.Message, n uint32) bool { return within(set, n) }, nil
	}
	return r.withArgument(name)
}

func (r *criteria) combined(name string) (criterion, error) {
	if len(r.rest) == 0 {
		return nil, errSyntax
	}
	a, err := r.one()
	if err != nil || name == "NOT" {
		return func(m fakeserver.Message, n uint32) bool { return !a(m, n) }, err
	}
	if len(r.rest) == 0 {
		return nil, errSyntax
	}
	b, err := r.one()
	return func(m fakeserver.Message, n uint32) bool { return a(m, n) || b(m, n) }, err
}

// next takes an argument.
func (r *criteria) next() (string, error) {
	if len(r.rest) == 0 || r.rest[0].isList {
		return "", errSyntax
	}
	text := r.rest[0].text
	r.rest = r.rest[1:]
	return text, nil
}

func (r *criteria) header(name string) (criterion, error) {
	text, err := r.next()
	return func(m fakeserver.Message, _ uint32) bool {
		head, _ := splitHeader(m.Raw)
		for _, f := range fields(head) {
			if strings.EqualFold(fieldName(f), name) && contains(f, text) {
				return true
			}
		}
		return false
	}, err
}

func contains(b []byte, text string) bool {
	return bytes.Contains(bytes.ToLower(b), bytes.ToLower([]byte(text)))
}

// withArgument reads the keys that have one.
func (r *criteria) withArgument(name string) (criterion, error) {
	arg, err := r.next()
	if err != nil {
		return nil, err
	}
	switch name {
	case "HEADER":
		if r.x.lies("search-blind") {
			_, err := r.header(arg)
			return func(fakeserver.Message, uint32) bool { return false }, err
		}
		return r.header(arg)
	case "UID":
		set, err := numberSet(arg, r.x.view.last())
		return func(m fakeserver.Message, _ uint32) bool { return within(set, m.UID) }, err
	case "KEYWORD":
		return func(m fakeserver.Message, _ uint32) bool { return m.Has(arg) }, nil
	case "UNKEYWORD":
		return func(m fakeserver.Message, _ uint32) bool { return !m.Has(arg) }, nil
	case "TEXT":
		return func(m fakeserver.Message, _ uint32) bool { return contains(m.Raw, arg) }, nil
	case "BODY":
		return func(m fakeserver.Message, _ uint32) bool {
			_, body := splitHeader(m.Raw)
			return contains(body, arg)
		}, nil
	case "LARGER", "SMALLER":
		size, err := strconv.Atoi(arg)
		return func(m fakeserver.Message, _ uint32) bool {
			return name == "LARGER" && len(m.Raw) > size || name == "SMALLER" && len(m.Raw) < size
		}, err
	case "MODSEQ":
		since, err := strconv.ParseUint(arg, 10, 63)
		r.modSeq, r.x.condstore = true, true
		return func(m fakeserver.Message, _ uint32) bool { return m.ModSeq >= since }, err
	case "SINCE", "BEFORE", "ON", "SENTSINCE", "SENTBEFORE", "SENTON":
		day, err := time.Parse("2-Jan-2006", arg)
		return func(m fakeserver.Message, _ uint32) bool { return onDay(name, m, day) }, err
	}
	return nil, errSyntax
}

// onDay compares days without time and zone (RFC 3501 §6.4.4).
func onDay(name string, m fakeserver.Message, day time.Time) bool {
	at := m.InternalDate
	if strings.HasPrefix(name, "SENT") {
		head, _ := splitHeader(m.Raw)
		var err error
		if at, err = time.Parse(time.RFC1123Z, field(head, "Date")); err != nil {
			return false
		}
		name = strings.TrimPrefix(name, "SENT")
	}
	on := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	switch name {
	case "SINCE":
		return !on.Before(day)
	case "BEFORE":
		return on.Before(day)
	}
	return on.Equal(day)
}
