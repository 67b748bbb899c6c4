package fakeimap

import (
	"fmt"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// delimiter returns what separates levels in names on the wire; in the World
// it is "/".
func (x *session) delimiter() string {
	if x.lies("delimiter-odd") {
		return `\`
	}
	if x.lies("names-below-inbox") {
		return "."
	}
	return "/"
}

// spelled returns a mailbox name as the server has it, not encoded.
func (x *session) spelled(name string) string {
	name = strings.ReplaceAll(name, "/", x.delimiter())
	if name != "INBOX" && x.lies("names-below-inbox") {
		name = "INBOX." + name
	}
	return name
}

// wireName returns a mailbox name as it is said.
func (x *session) wireName(name string) string {
	return quote(encodeName(x.spelled(name)))
}

// box returns the mailbox that an argument names.
func (x *session) box(v value) (*fakeserver.Mailbox, error) {
	name, ok := x.worldName(v.text)
	if !ok {
		return nil, errMissing
	}
	if b := x.user.Mailbox(name); b != nil {
		return b, nil
	}
	return nil, errMissing
}

func (x *session) worldName(wire string) (string, bool) {
	name, ok := decodeName(wire)
	if x.lies("names-below-inbox") && !strings.EqualFold(name, "INBOX") {
		below, is := strings.CutPrefix(name, "INBOX.")
		name, ok = below, ok && is
	}
	return strings.ReplaceAll(name, x.delimiter(), "/"), ok
}

// list is LIST with RETURN and STATUS (RFC 5258, 5819), and LSUB; every
// mailbox counts as subscribed.
func (x *session) list(verb string, args []value) bool {
	var selection, returns []string
	var status []value
	if len(args) > 0 && args[0].isList {
		selection, args = args[0].texts(), args[1:]
	}
	if len(args) == 4 && args[2].is("RETURN") {
		for i, v := range args[3].list {
			if v.is("STATUS") && i+1 < len(args[3].list) {
				status = args[3].list[i+1].list
			} else if !v.isList {
				returns = append(returns, strings.ToUpper(v.text))
			}
		}
		args = args[:2]
	}
	if len(args) != 2 {
		x.bad("%v", errSyntax)
		return true
	}
	if (selection != nil || returns != nil) && !x.offers("LIST-EXTENDED") ||
		status != nil && !x.offers("LIST-STATUS") {
		x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", "LIST")
	}
	if x.lies("mailbox-endless") {
		x.conn.Flood("* LIST (\\HasNoChildren) \"/\" again\r\n")
		return false
	}
	x.listLies(verb)
	patterns := args[1].texts()
	if len(patterns) == 1 && patterns[0] == "" {
		x.conn.Line(`* %s (\Noselect) %s ""`, verb, quote(x.delimiter()))
		x.ok("done")
		return true
	}
	for _, b := range x.user.Mailboxes() {
		s := b.Status()
		if !x.listed(s, args[0].text, patterns, selection) {
			continue
		}
		attributes, name := x.attributes(s), x.wireName(s.Name)
		if verb == "XLIST" {
			attributes, name = x.xlistLine(s)
		}
		for _, r := range returns {
			if r == "SUBSCRIBED" {
				attributes = append(attributes, `\Subscribed`)
			}
		}
		x.conn.Line("* %s (%s) %s %s", verb, strings.Join(attributes, " "), quote(x.delimiter()), name)
		if status != nil {
			x.tellStatus(b, status)
		}
	}
	x.ok("done")
	return true
}

func (x *session) listed(s fakeserver.Status, reference string, patterns, selection []string) bool {
	for _, only := range selection {
		if strings.EqualFold(only, "SPECIAL-USE") && len(s.Attributes) == 0 {
			return false
		}
	}
	name := encodeName(x.spelled(s.Name))
	for _, p := range patterns {
		if matches(reference+p, name, x.delimiter()) || strings.EqualFold(reference+p, name) {
			return true
		}
	}
	return false
}

// matches tells whether a name fits a pattern: "*" stands for anything, "%"
// for anything within a level (RFC 3501 §6.3.8).
func matches(pattern, name, delimiter string) bool {
	switch {
	case pattern == "":
		return name == ""
	case pattern[0] == '*' || pattern[0] == '%':
		if matches(pattern[1:], name, delimiter) {
			return true
		}
		return name != "" && !(pattern[0] == '%' && strings.HasPrefix(name, delimiter)) &&
			matches(pattern, name[1:], delimiter)
	}
	return name != "" && name[0] == pattern[0] && matches(pattern[1:], name[1:], delimiter)
}

func (x *session) attributes(s fakeserver.Status) []string {
	var all []string
	if x.offers("SPECIAL-USE") {
		all = append(all, s.Attributes...)
		if x.lies("special-use-dup") {
			switch s.Name {
			case "INBOX":
				all = append(all, `\Trash`)
			case "Archive":
				all = append(all, `\Sent`)
			}
		}
	}
	if s.Name == "INBOX" && x.lies("noselect-inbox") {
		all = append(all, `\Noselect`)
	}
	if x.offers("CHILDREN") {
		child := `\HasNoChildren`
		for _, b := range x.user.Mailboxes() {
			if strings.HasPrefix(b.Status().Name, s.Name+"/") {
				child = `\HasChildren`
			}
		}
		all = append(all, child)
	}
	return all
}

// listLies says and does what scenarios want before a LIST is answered.
func (x *session) listLies(verb string) {
	if x.server.script.FiresOnce("mailbox-renamed") {
		for _, b := range x.user.Mailboxes() {
			if name := b.Status().Name; name != "INBOX" {
				x.user.Rename(name, name+" (renamed)")
				break
			}
		}
	}
	if x.lies("mailbox-many") {
		for i := range 20000 {
			x.conn.Line(`* %s (\HasNoChildren) "/" "many/%05d"`, verb, i)
		}
	}
	if x.lies("mailbox-evil") {
		for _, name := range []string{"../../evil", "/etc/passwd", "nul\x00nul", "cr\r\nlf", "&bad utf7", "&AAA",
			"Inbox ", "inbox/", "", strings.Repeat("long", 1250), "caf\xe9", "&2D3cAA-", "a//b", "%", "*"} {
			x.conn.Line(`* %s () "/" %s`, verb, quote(name))
		}
		x.conn.Line(`* %s (\Noselect \NonExistent {3}) NIL INBOX.twin`, verb)
		x.conn.Line(`* %s () "/" iNbOx`, verb)
	}
}

// status is STATUS.
func (x *session) status(args []value) bool {
	if len(args) != 2 || !args[1].isList {
		x.bad("%v", errSyntax)
		return true
	}
	b, err := x.box(args[0])
	if err != nil {
		x.no("%v", err)
		return true
	}
	x.tellStatus(b, args[1].list)
	x.ok("done")
	return true
}

func (x *session) tellStatus(b *fakeserver.Mailbox, items []value) {
	s := b.Status()
	var all []string
	for _, item := range items {
		var n uint64
		switch name := strings.ToUpper(item.text); name {
		case "MESSAGES":
			n = uint64(s.Messages)
		case "RECENT":
		case "UIDNEXT":
			n = uint64(s.UIDNext)
		case "UIDVALIDITY":
			n = uint64(s.UIDValidity)
		case "UNSEEN":
			n = uint64(s.Unseen)
		case "HIGHESTMODSEQ":
			if n = s.ModSeq; x.lies("modseq-backwards") {
				n = 1
			}
		default:
			continue
		}
		all = append(all, fmt.Sprintf("%s %d", strings.ToUpper(item.text), n))
	}
	x.conn.Line("* STATUS %s (%s)", x.wireName(s.Name), strings.Join(all, " "))
}

// manage is CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE.
func (x *session) manage(verb string, args []value) bool {
	want := 1
	if verb == "RENAME" {
		want = 2
	}
	if verb == "CREATE" && len(args) == 2 { // RFC 6154 §3
		want = 2
	}
	if len(args) != want {
		x.bad("%v", errSyntax)
		return true
	}
	name, ok := x.worldName(args[0].text)
	if !ok || name == "" {
		x.no("[CANNOT] no such name")
		return true
	}
	if x.fires(strings.ToLower(verb) + "-no") {
		x.no("[NOPERM] this is not yours to change")
		return true
	}
	switch verb {
	case "CREATE":
		var uses []string
		if len(args) == 2 && len(args[1].list) == 2 {
			uses = args[1].list[1].texts()
		}
		ok = x.user.Create(strings.TrimSuffix(name, "/"), uses...) != nil
	case "DELETE":
		ok = x.user.Delete(name)
	case "RENAME":
		to, valid := x.worldName(args[1].text)
		ok = valid && x.user.Rename(name, to)
	}
	switch {
	case ok:
		x.ok("done")
	case verb == "CREATE":
		x.no("[ALREADYEXISTS] there is one")
	default:
		x.no("%v", errMissing)
	}
	return true
}

func (x *session) namespace([]value) bool {
	switch {
	case x.lies("names-below-inbox"):
		x.conn.Line(`* NAMESPACE (("INBOX." ".")) NIL (("" "."))`)
	case x.lies("others-folders"):
		x.conn.Line(`* NAMESPACE (("" "/")) (("Other Users/" "/")) (("&AOk-quipe/" "/"))`)
	default:
		x.conn.Line(`* NAMESPACE (("" %s)) NIL NIL`, quote(x.delimiter()))
	}
	x.ok("done")
	return true
}

// enable is ENABLE (RFC 5161).
func (x *session) enable(args []value) bool {
	var done []string
	for _, v := range args {
		switch {
		case v.is("CONDSTORE") && x.offers("CONDSTORE"):
			x.condstore = true
		case v.is("QRESYNC") && x.offers("QRESYNC"):
			x.condstore, x.qresync = true, true
		default:
			continue
		}
		done = append(done, strings.ToUpper(v.text))
	}
	x.conn.Line("* ENABLED %s", strings.Join(done, " "))
	x.ok("done")
	return true
}
