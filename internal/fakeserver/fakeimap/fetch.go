package fakeimap

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// macros of RFC 3501 §6.4.5.
var macros = map[string]string{
	"ALL":  "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE",
	"FAST": "FLAGS INTERNALDATE RFC822.SIZE",
	"FULL": "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY",
}

// sectionsOf are the items that are sections under another name.
var sectionsOf = map[string]section{
	"RFC822":        {label: "RFC822"},
	"RFC822.HEADER": {label: "RFC822.HEADER", what: "HEADER", peek: true},
	"RFC822.TEXT":   {label: "RFC822.TEXT", what: "TEXT"},
}

// fetchPlan is what a FETCH asks for.
type fetchPlan struct {
	items    []string           // in upper case
	sections map[string]section // by item
	since    uint64             // CHANGEDSINCE; 0: none
	vanished bool
}

func (p fetchPlan) asks(item string) bool {
	for _, i := range p.items {
		if i == item {
			return true
		}
	}
	return false
}

// fetch is FETCH and UID FETCH.
func (x *session) fetch(args []value) bool {
	uids, err := x.chosen(args)
	if err != nil || len(args) < 2 {
		x.bad("%v", errSyntax)
		return true
	}
	plan, ok := x.fetchPlan(args[1:])
	if !ok {
		x.bad("%v", errSyntax)
		return true
	}
	if len(plan.sections) > 0 {
		switch {
		case x.fires("expungeissued"):
			x.no("[EXPUNGEISSUED] some are gone")
			return true
		case x.fires("fetch-empty-ok"):
			x.ok("done")
			return true
		case x.server.script.FiresOnce("expunge-race"):
			x.view.box.Expunge(uids...)
		}
	}
	if plan.vanished {
		if set, err := numberSet(args[0].text, 1<<32-1); err == nil {
			x.tellVanished(plan.since, set)
		}
	}
	for n, uid := range uids {
		if m, ok := x.view.box.Message(uid); ok && m.ModSeq > plan.since {
			if !x.tellMessage(m, plan) {
				return false
			}
		}
		if n == 0 && len(uids) > 1 && x.server.script.FiresOnce("expunge-during-fetch") {
			x.view.box.Expunge(x.view.entries[0].uid)
			x.update(true)
		}
	}
	if !x.update(x.byUID) {
		return false
	}
	x.ok("done")
	return true
}

// fetchPlan reads the items and modifiers of a FETCH.
func (x *session) fetchPlan(args []value) (fetchPlan, bool) {
	p := fetchPlan{sections: map[string]section{}}
	names := args[0].texts()
	if macro := macros[strings.ToUpper(args[0].text)]; macro != "" {
		names = strings.Fields(macro)
	}
	for _, name := range names {
		item := strings.ToUpper(name)
		if s, ok := sectionsOf[item]; ok {
			p.sections[item] = s
		} else if strings.Contains(item, "[") {
			s, ok := parseSection(name)
			if !ok {
				return p, false
			}
			p.sections[item] = s
		} else if item == "MODSEQ" {
			x.condstore = true
		} else if item == "X-GM-MSGID" && !x.announces("X-GM-EXT-1") || item == "EMAILID" && !x.announces("OBJECTID") {
			x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", "FETCH "+item)
			return p, false
		}
		p.items = append(p.items, item)
	}
	if len(args) > 1 {
		for i := 0; i < len(args[1].list); i++ {
			switch v := args[1].list[i]; {
			case v.is("VANISHED") && x.qresync && x.byUID:
				p.vanished = true
			case v.is("CHANGEDSINCE") && i+1 < len(args[1].list):
				i++
				n, err := strconv.ParseUint(args[1].list[i].text, 10, 63)
				if err != nil {
					return p, false
				}
				p.since, x.condstore = n, true
			default:
				return p, false
			}
		}
	}
	if (p.since > 0 || p.asks("MODSEQ")) && !x.offers("CONDSTORE") {
		x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", "FETCH MODSEQ")
		return p, false
	}
	if x.byUID && !p.asks("UID") {
		p.items = append([]string{"UID"}, p.items...)
	}
	if p.since > 0 && !p.asks("MODSEQ") {
		p.items = append(p.items, "MODSEQ")
	}
	return p, true
}

// answer is a FETCH response in the making, and what the transcript keeps.
type answer struct{ wire, note strings.Builder }

func (a *answer) text(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	a.wire.WriteString(s)
	a.note.WriteString(s)
}

func (a *answer) literal(b []byte) {
	a.wire.WriteString(literal(b))
	fmt.Fprintf(&a.note, "{%d octets}", len(b))
}

// tellMessage answers for one message and tells whether the session goes on.
func (x *session) tellMessage(m fakeserver.Message, p fetchPlan) bool {
	items := p.items
	if x.marksSeen(&m, p) && !p.asks("FLAGS") {
		items = append([]string{"FLAGS"}, items...)
	}
	if x.lies("uid-last") {
		items = uidLast(items)
	}
	i := x.view.index(m.UID)
	var a answer
	a.text("* %d %s (", i+1, x.keyword("FETCH"))
	var tree *part // parsed when it is needed
	for n, item := range items {
		if n > 0 {
			a.text(" ")
		}
		if s, ok := p.sections[item]; ok {
			if tree == nil && len(s.path) > 0 {
				tree = parseMail(m.Raw)
			}
			if !x.tellSection(&a, s, m, tree) {
				return false
			}
			continue
		}
		switch item {
		case "ENVELOPE", "BODY", "BODYSTRUCTURE":
			if tree == nil {
				tree = parseMail(m.Raw)
			}
			a.text("%s %s", item, x.structureOf(item, tree))
		default:
			a.text("%s %s", x.keyword(item), x.attribute(item, m))
		}
	}
	x.falseItems(&a)
	a.text(")")
	x.conn.Answer(a.note.String(), []byte(a.wire.String()+"\r\n"))
	x.view.entries[i].modSeq = m.ModSeq
	return true
}

// marksSeen sets \Seen where a section is fetched without PEEK.
func (x *session) marksSeen(m *fakeserver.Message, p fetchPlan) bool {
	for _, s := range p.sections {
		if s.peek || x.view.readOnly || m.Has(`\Seen`) {
			continue
		}
		x.conn.Sin("implicit-seen", s.label)
		x.view.box.AddFlags(m.UID, `\Seen`)
		*m, _ = x.view.box.Message(m.UID)
		return true
	}
	return false
}

// attribute returns the value of an item that needs no parsing.
func (x *session) attribute(item string, m fakeserver.Message) string {
	switch item {
	case "UID":
		return x.falseUID(m.UID)
	case "FLAGS":
		return "(" + x.falseFlags(strings.Join(m.Flags, " ")) + ")"
	case "X-GM-MSGID":
		return strconv.FormatUint(uint64(crc32.ChecksumIEEE(m.Raw)), 10)
	case "EMAILID":
		return fmt.Sprintf("(M%08x)", crc32.ChecksumIEEE(m.Raw))
	case "INTERNALDATE":
		if x.lies("internaldate-nil") {
			return "NIL"
		}
		return `"` + m.InternalDate.Format("_2-Jan-2006 15:04:05 -0700") + `"`
	case "RFC822.SIZE":
		switch {
		case x.lies("size-negative"):
			return "-1"
		case x.lies("size-lies"):
			return strconv.Itoa(len(m.Raw) / 2)
		}
		return strconv.Itoa(len(m.Raw))
	case "MODSEQ":
		return fmt.Sprintf("(%d)", m.ModSeq)
	}
	return "NIL"
}

func (x *session) structureOf(item string, tree *part) string {
	switch {
	case x.lies("deep-parens"):
		return strings.Repeat("(", 100000) + strings.Repeat(")", 100000)
	case item == "ENVELOPE" && x.lies("envelope-garbage"):
		return `(NIL "no closing \ (((NIL NIL) "x" 17 "Paul "the cat" Klee" NIL)`
	case item == "ENVELOPE":
		return envelope(tree.header)
	case x.lies("bodystructure-garbage"):
		return `(NIL NIL ("charset" NIL) NIL NIL NIL -1 "attachment")`
	}
	return tree.structure(item == "BODYSTRUCTURE")
}

// tellSection adds a section to an answer and tells whether the session goes
// on: a scenario may end it in the middle of the bytes.
func (x *session) tellSection(a *answer, s section, m fakeserver.Message, tree *part) bool {
	if tree == nil {
		tree = &part{}
		tree.header, tree.body = splitHeader(m.Raw)
	}
	b, ok := s.of(m.Raw, tree)
	a.text("%s ", s.label)
	if !ok {
		a.text("NIL")
		return true
	}
	if cut := x.falseLiteral(b); cut != nil {
		x.conn.Answer(a.note.String()+"...", []byte(a.wire.String()))
		cut()
		return false
	}
	a.literal(b)
	return true
}
