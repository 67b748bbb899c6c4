package fakeimap

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"paquebot.app/internal/fakeserver"
)

// view is what a session has been told of the selected mailbox. It lags behind
// the mailbox until update.
type view struct {
	box      *fakeserver.Mailbox
	readOnly bool
	validity uint32
	modSeq   uint64  // of the mailbox when the view was last brought up to date
	entries  []entry // sequence number n is entries[n-1]; ascending by UID
}

type entry struct {
	uid    uint32
	modSeq uint64 // of the flags last told
}

// last returns the largest UID, which "*" stands for.
func (v *view) last() uint32 {
	if len(v.entries) == 0 {
		return 0
	}
	return v.entries[len(v.entries)-1].uid
}

// index returns the place of a UID, or -1.
func (v *view) index(uid uint32) int {
	i := sort.Search(len(v.entries), func(i int) bool { return v.entries[i].uid >= uid })
	if i < len(v.entries) && v.entries[i].uid == uid {
		return i
	}
	return -1
}

// chosen returns the UIDs that the first argument of a command names, by UID
// or by sequence number.
func (x *session) chosen(args []value) ([]uint32, error) {
	if len(args) == 0 {
		return nil, errSyntax
	}
	last := uint32(len(x.view.entries))
	if x.byUID {
		last = x.view.last()
	} else if len(args) < 2 || !slices.ContainsFunc(args[1].list, func(v value) bool { return v.is("UID") }) {
		x.conn.Sin("SEQUENCE-NUMBERS", args[0].text) // nobody knows which messages are meant by the answer
	}
	set, err := numberSet(args[0].text, last)
	if err != nil {
		return nil, err
	}
	var uids []uint32
	for i, e := range x.view.entries {
		n := uint32(i + 1)
		if x.byUID {
			n = e.uid
		}
		if within(set, n) {
			uids = append(uids, e.uid)
		}
	}
	return uids, nil
}

// update tells what others have changed. Losses are told only where RFC 3501
// §7.4.1 allows it, else they wait. It is false where the mailbox is no longer
// what the client thinks it is, and the connection must end.
func (x *session) update(losses bool) bool {
	v := x.view
	if v == nil {
		return true
	}
	x.nonsense()
	validity, modSeq := v.box.Version()
	if validity != v.validity {
		x.conn.Line("* BYE the mailbox has been rebuilt, come again")
		x.conn.Drop(fakeserver.FIN)
		return false
	}
	if modSeq == v.modSeq || x.lies("wipe") {
		return true
	}
	now := map[uint32]fakeserver.Message{}
	var fresh []entry
	for _, m := range v.box.Messages() {
		now[m.UID] = m
		if m.UID > v.last() {
			fresh = append(fresh, entry{m.UID, m.ModSeq})
		}
	}
	complete := x.tellLosses(now, losses)
	for i, e := range v.entries {
		if m, ok := now[e.uid]; ok && m.ModSeq > e.modSeq {
			v.entries[i].modSeq = m.ModSeq
			x.tellFlags(i, m)
		}
	}
	if len(fresh) > 0 {
		v.entries = append(v.entries, fresh...)
		x.conn.Line("* %d EXISTS", len(v.entries))
	}
	if complete {
		v.modSeq = modSeq
	}
	return true
}

// tellLosses says what is gone and tells whether nothing was kept back.
func (x *session) tellLosses(now map[uint32]fakeserver.Message, allowed bool) bool {
	v := x.view
	var left []entry
	var gone []uint32
	for _, e := range v.entries {
		if _, ok := now[e.uid]; ok {
			left = append(left, e)
			continue
		}
		if allowed && !x.qresync {
			x.conn.Line("* %d EXPUNGE", len(left)+1)
		}
		gone = append(gone, e.uid)
	}
	if len(gone) == 0 || !allowed {
		return len(gone) == 0
	}
	if x.qresync {
		x.conn.Line("* VANISHED %s", formatSet(gone))
	}
	v.entries = left
	return true
}

// tellFlags is the FETCH that nobody asked for.
func (x *session) tellFlags(i int, m fakeserver.Message) {
	extra := ""
	if x.condstore {
		extra = fmt.Sprintf(" MODSEQ (%d)", m.ModSeq)
	}
	x.conn.Line("* %d FETCH (UID %d FLAGS (%s)%s)", i+1, m.UID, strings.Join(m.Flags, " "), extra)
}

// systemFlags are those a client may set (RFC 3501 §2.3.2).
const systemFlags = `\Answered \Flagged \Deleted \Seen \Draft`

// selectBox is SELECT and EXAMINE.
func (x *session) selectBox(args []value, examine bool) bool {
	if len(args) == 0 {
		x.bad("%v", errSyntax)
		return true
	}
	if x.view != nil && x.qresync {
		x.conn.Line("* OK [CLOSED] the mailbox before")
	}
	x.view = nil
	box, err := x.box(args[0])
	if err != nil && x.lies("missing-plain") {
		x.no("no")
		return true
	}
	if err != nil || x.lies("noselect-inbox") && box.Status().Name == "INBOX" {
		x.no("%v", errMissing)
		return true
	}
	if x.lies("select-no") && box.Status().Name != "INBOX" {
		x.no("[UNAVAILABLE] the disk of this mailbox is away")
		return true
	}
	switch {
	case x.server.script.FiresOnce("uidvalidity-change"), x.lies("uidnotsticky"):
		box.Revalidate(0, 2)
	case x.server.script.FiresOnce("uidvalidity-decrease"):
		validity, _ := box.Version()
		box.Revalidate(validity-100000, 2)
	}
	v := &view{box: box, readOnly: examine || x.lies("readonly")}
	v.validity, v.modSeq = box.Version()
	keywords := map[string]bool{}
	messages := box.Messages()
	if x.lies("wipe") {
		messages = nil
	}
	for _, m := range messages {
		v.entries = append(v.entries, entry{m.UID, m.ModSeq})
		for _, f := range m.Flags {
			if !strings.HasPrefix(f, `\`) {
				keywords[f] = true
			}
		}
	}
	x.view = v
	x.tellSelected(keywords, box.Status().UIDNext)
	if len(args) > 1 && !x.selectParameters(args[1]) {
		x.view = nil
		x.bad("%v", errSyntax)
		return true
	}
	if x.fires("uidnotsticky") {
		x.conn.Line("* NO [UIDNOTSTICKY] UIDs do not last here")
	}
	if v.readOnly {
		x.ok("[READ-ONLY] selected")
	} else {
		x.ok("[READ-WRITE] selected")
	}
	return true
}

func (x *session) tellSelected(keywords map[string]bool, uidNext uint32) {
	flags := systemFlags
	names := make([]string, 0, len(keywords))
	for k := range keywords {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		flags += " " + k
	}
	x.conn.Line("* FLAGS (%s)", flags)
	permanent := flags + ` \*`
	if x.view.readOnly || x.lies("permanentflags-none") {
		permanent = ""
	}
	x.conn.Line("* OK [PERMANENTFLAGS (%s)] kept", permanent)
	exists := strconv.Itoa(len(x.view.entries))
	if x.lies("exists-overflow") {
		exists = "4294967295"
	}
	x.conn.Line("* %s EXISTS", exists)
	x.conn.Line("* 0 RECENT")
	switch {
	case x.lies("uidvalidity-missing"):
	case x.lies("uidvalidity-zero"):
		x.conn.Line("* OK [UIDVALIDITY 0] none")
	default:
		x.conn.Line("* OK [UIDVALIDITY %d] valid", x.view.validity)
	}
	if x.lies("uidnext-lies") {
		uidNext = 1
	}
	x.conn.Line("* OK [UIDNEXT %d] predicted", uidNext)
	switch {
	case x.lies("modseq-overflow"):
		x.conn.Line("* OK [HIGHESTMODSEQ 18446744073709551616] highest")
	case !x.offers("CONDSTORE"):
	case x.lies("nomodseq"):
		x.conn.Line("* OK [NOMODSEQ] none here")
	case x.lies("modseq-backwards"):
		x.conn.Line("* OK [HIGHESTMODSEQ 1] highest")
	default:
		x.conn.Line("* OK [HIGHESTMODSEQ %d] highest", x.view.modSeq)
	}
}

// selectParameters is what stands in SELECT's parentheses: CONDSTORE, or
// QRESYNC and what the client knows (RFC 7162 §3.2.5).
func (x *session) selectParameters(v value) bool {
	for i := 0; i < len(v.list); i++ {
		switch p := v.list[i]; {
		case p.is("CONDSTORE") && x.offers("CONDSTORE"):
			x.condstore = true
		case p.is("QRESYNC") && x.qresync && !x.lies("qresync-bad") && i+1 < len(v.list) && len(v.list[i+1].list) >= 2:
			if i++; !x.resync(v.list[i].list) {
				return false
			}
		default:
			return false
		}
	}
	return v.isList
}

func (x *session) resync(known []value) bool {
	validity, err1 := strconv.ParseUint(known[0].text, 10, 32)
	modSeq, err2 := strconv.ParseUint(known[1].text, 10, 63)
	if err1 != nil || err2 != nil {
		return false
	}
	if uint32(validity) != x.view.validity || x.lies("nomodseq") {
		return true
	}
	set := []span{{1, 1<<32 - 1}}
	if len(known) > 2 && !known[2].isList {
		var err error
		if set, err = numberSet(known[2].text, 1<<32-1); err != nil {
			return false
		}
	}
	if x.lies("resync-wipe") {
		x.conn.Line("* VANISHED (EARLIER) 1:4294967295")
	}
	if x.lies("resync-garbage") {
		x.conn.Line("* VANISHED (EARLIER) everything")
		x.conn.Line("* 1 FETCH (UID x FLAGS ())")
		x.conn.Line(`* 1 FETCH (MODSEQ (7) FLAGS (\Seen))`)
		return true
	}
	x.tellVanished(modSeq, set)
	for i, e := range x.view.entries {
		if m, ok := x.view.box.Message(e.uid); ok && m.ModSeq > modSeq && within(set, e.uid) {
			x.tellFlags(i, m)
		}
	}
	return true
}

// tellVanished says what of set was expunged after modSeq.
func (x *session) tellVanished(modSeq uint64, set []span) {
	var uids []uint32
	for _, g := range x.view.box.Gone(modSeq) {
		if within(set, g.UID) {
			uids = append(uids, g.UID)
		}
	}
	sort.Slice(uids, func(i, j int) bool { return uids[i] < uids[j] })
	if len(uids) > 0 {
		x.conn.Line("* VANISHED (EARLIER) %s", formatSet(uids))
	}
}
