package fakeimap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"paquebot.app/internal/fakeserver"
)

// store is STORE and UID STORE, also the conditional one (RFC 7162 §3.1.3).
func (x *session) store(args []value) bool {
	uids, err := x.chosen(args)
	if err != nil {
		x.bad("%v", err)
		return true
	}
	args = args[1:]
	unchangedSince := uint64(1<<64 - 1)
	if len(args) > 0 && args[0].isList && len(args[0].list) == 2 && args[0].list[0].is("UNCHANGEDSINCE") {
		if unchangedSince, err = strconv.ParseUint(args[0].list[1].text, 10, 63); err != nil {
			x.bad("%v", errSyntax)
			return true
		}
		if !x.offers("CONDSTORE") {
			x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", "STORE UNCHANGEDSINCE")
		}
		x.condstore = true
		args = args[1:]
	}
	if len(args) < 2 {
		x.bad("%v", errSyntax)
		return true
	}
	what, silent := strings.CutSuffix(strings.ToUpper(args[0].text), ".SILENT")
	var flags []string
	for _, v := range args[1:] {
		flags = append(flags, v.texts()...)
	}
	var change func([]string) []string
	switch what {
	case "+FLAGS":
		change = func(old []string) []string { return append(slices.Clone(old), flags...) }
	case "-FLAGS":
		change = func(old []string) []string {
			return slices.DeleteFunc(slices.Clone(old), func(f string) bool { return slices.Contains(flags, f) })
		}
	case "FLAGS":
		x.conn.Sin("FLAGS-REPLACED", args[0].text)
		change = func([]string) []string { return flags }
	default:
		x.bad("%v", errSyntax)
		return true
	}
	if x.view.readOnly {
		x.no("[READ-ONLY] nothing changes here")
		return true
	}
	if x.fires("store-later") {
		x.no("[INUSE] somebody else is writing here")
		return true
	}
	if x.fires("store-no") {
		x.no("[CANNOT] these flags cannot be set")
		return true
	}
	if x.fires("store-ignored") || x.lies("permanentflags-none") {
		change = func(old []string) []string { return old }
	}
	modified := x.change(uids, change, unchangedSince, silent)
	if !x.update(x.byUID) {
		return false
	}
	if len(modified) > 0 {
		x.ok("[MODIFIED %s] some were changed by others", formatSet(modified))
	} else {
		x.ok("done")
	}
	return true
}

// change applies a STORE and returns the numbers of what was newer than the
// client thought.
func (x *session) change(uids []uint32, change func([]string) []string, unchangedSince uint64, silent bool) (modified []uint32) {
	for _, uid := range uids {
		i := x.view.index(uid)
		if m, ok := x.view.box.Message(uid); ok && m.ModSeq > unchangedSince {
			if x.byUID {
				modified = append(modified, uid)
			} else {
				modified = append(modified, uint32(i+1))
			}
			continue
		}
		m, ok := x.view.box.SetFlags(uid, change)
		if !ok {
			continue
		}
		x.view.entries[i].modSeq = m.ModSeq
		switch {
		case !silent:
			x.tellFlags(i, m)
		case x.condstore:
			x.conn.Line("* %d FETCH (UID %d MODSEQ (%d))", i+1, uid, m.ModSeq)
		}
	}
	return modified
}

// transfer is COPY and MOVE.
func (x *session) transfer(args []value, move bool) bool {
	uids, err := x.chosen(args)
	if err != nil || len(args) != 2 {
		x.bad("%v", errSyntax)
		return true
	}
	target, err := x.box(args[1])
	if err != nil {
		x.no("[TRYCREATE] no such mailbox")
		return true
	}
	if !move && len(uids) > 1 && x.lies("copy-several-no") {
		x.view.box.CopyTo(target, uids[0])
		x.no("[LIMIT] not all of them")
		return x.update(true)
	}
	partial := move && x.fires("move-partial")
	if partial && len(uids) > 1 {
		uids = uids[:1]
	}
	from, to := x.view.box.CopyTo(target, uids...)
	validity, _ := target.Version()
	code := fmt.Sprintf("[COPYUID %d %s %s] ", validity, formatSet(from), formatSet(to))
	if len(from) == 0 || !x.offers("UIDPLUS") || x.lies("no-appenduid") {
		code = ""
	}
	switch {
	case !move && x.fires("copy-drop"):
		x.conn.Drop(fakeserver.FIN)
		return false
	case move:
		if code != "" {
			x.conn.Line("* OK %sdone", code)
		}
		x.view.box.Expunge(from...)
		if !x.update(true) {
			return false
		}
		if partial {
			x.conn.Drop(fakeserver.FIN)
			return false
		}
		x.ok("moved")
		return true
	}
	if !x.update(true) {
		return false
	}
	x.ok("%scopied", code)
	return true
}

// expunge is EXPUNGE, which removes what anybody marked \Deleted, and UID
// EXPUNGE (RFC 4315 §2.1), which removes what of that is named.
func (x *session) expunge(args []value) bool {
	named := func(uint32) bool { return true }
	switch {
	case x.byUID && !x.offers("UIDPLUS"):
		x.conn.Sin("COMMAND-WITHOUT-CAPABILITY", "UID EXPUNGE")
		x.bad("unknown command")
		return true
	case x.byUID:
		uids, err := x.chosen(args)
		if err != nil {
			x.bad("%v", err)
			return true
		}
		named = func(uid uint32) bool { return slices.Contains(uids, uid) }
	default:
		x.conn.Sin("EXPUNGE-WITHOUT-UID", "EXPUNGE")
	}
	if x.view.readOnly {
		x.no("[READ-ONLY] nothing changes here")
		return true
	}
	x.view.box.Expunge(x.marked(named)...)
	if !x.update(true) {
		return false
	}
	x.ok("done")
	return true
}

// marked returns the UIDs in view that carry \Deleted and are named.
func (x *session) marked(named func(uint32) bool) (uids []uint32) {
	for _, e := range x.view.entries {
		if m, ok := x.view.box.Message(e.uid); ok && m.Has(`\Deleted`) && named(e.uid) {
			uids = append(uids, e.uid)
		}
	}
	return uids
}

// leave is CLOSE, which expunges without a word, and UNSELECT.
func (x *session) leave(verb string) bool {
	if doomed := x.marked(func(uint32) bool { return true }); verb == "CLOSE" && !x.view.readOnly && len(doomed) > 0 {
		x.conn.Sin("CLOSE-EXPUNGES", formatSet(doomed))
		x.view.box.Expunge(doomed...)
	}
	x.view = nil
	x.ok("done")
	return true
}

// append is APPEND.
func (x *session) append(args []value) bool {
	if len(args) < 2 || len(args) > 4 {
		x.bad("%v", errSyntax)
		return true
	}
	var flags []string
	date := x.server.World().Clock().Now()
	for _, v := range args[1 : len(args)-1] {
		if v.isList {
			flags = v.texts()
			continue
		}
		var err error
		if date, err = time.Parse("_2-Jan-2006 15:04:05 -0700", v.text); err != nil {
			x.bad("that is no date")
			return true
		}
	}
	box, err := x.box(args[0])
	switch {
	case err != nil, x.fires("append-trycreate"):
		x.no("[TRYCREATE] no such mailbox")
		return true
	case x.fires("append-overquota"):
		x.no("[OVERQUOTA] the mailbox is full")
		return true
	case x.fires("append-toobig"):
		x.no("[TOOBIG] the letter is too big")
		return true
	}
	m := box.Append([]byte(args[len(args)-1].text), date, flags...)
	if x.fires("append-drop") {
		x.conn.Drop(fakeserver.FIN)
		return false
	}
	validity, _ := box.Version()
	if !x.update(true) {
		return false
	}
	switch {
	case !x.offers("UIDPLUS"), x.lies("no-appenduid"):
		x.ok("appended")
	case x.fires("appenduid-wrong"):
		x.ok("[APPENDUID %d %d] appended", validity, m.UID+100)
	default:
		x.ok("[APPENDUID %d %d] appended", validity, m.UID)
	}
	return true
}
