package switching

import (
	"cmp"
	"context"
	"slices"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// inboxFound is what of an IMAP server's inbox is here.
type inboxFound struct {
	listing  Listing
	bindings []localstore.ImapBinding
	before   int      // mails that were bound already, in an earlier time
	unknown  []Listed // not recognised
}

// recogniseInbox finds out which messages of an account that is kept by POP the
// IMAP server's inbox lists. What another client has marked \Deleted is left
// alone.
func recogniseInbox(ctx context.Context, h here, box Mailbox) (f inboxFound, err error) {
	if f.listing, err = box.Mails(ctx, localstore.Inbox); err != nil {
		return f, err
	}
	slices.SortFunc(f.listing.Mails, func(a, b Listed) int { return cmp.Compare(a.UID, b.UID) })
	if h.validity != f.listing.UIDValidity { // it was numbered anew since
		for _, m := range h.inInbox {
			delete(h.located, m)
		}
	}
	open := map[uint32]int{} // UIDs that are not bound yet, by their place in the listing
	for i, m := range f.listing.Mails {
		switch {
		case h.validity == f.listing.UIDValidity && h.inInbox[m.UID] != 0:
			f.before++
		case m.Flags&localstore.ServerDeleted == 0:
			open[m.UID] = i
		}
	}
	taken := map[localstore.MessageID]bool{}
	bind := func(m localstore.MessageID, i int, proven bool) {
		l := f.listing.Mails[i]
		taken[m] = true
		delete(open, l.UID)
		f.bindings = append(f.bindings, localstore.ImapBinding{Message: m, UID: l.UID, Flags: l.Flags, Keywords: l.Keywords, Proven: proven})
	}
	for _, p := range patterns {
		if err := byPattern(ctx, h, p, f.listing, open, taken, box, bind); err != nil {
			return f, err
		}
	}
	if err := byHeaders(ctx, h, f.listing, open, taken, box, bind); err != nil {
		return f, err
	}
	for _, m := range f.listing.Mails {
		if _, left := open[m.UID]; left {
			f.unknown = append(f.unknown, m)
		}
	}
	return f, nil
}

// named is a message whose UIDL holds the UID of a listed mail.
type named struct {
	message localstore.MessageID
	header  [32]byte
	uid     uint32
}

// byPattern binds the messages whose UIDL holds UIDVALIDITY and UID, where the
// complete headers of at least three of them are those of the mails under these
// UIDs, and of none that was looked at another.
func byPattern(ctx context.Context, h here, p pattern, listing Listing, open map[uint32]int, taken map[localstore.MessageID]bool, box Mailbox, bind func(localstore.MessageID, int, bool)) error {
	var all []named
	used := map[uint32]bool{}
	for _, r := range h.ledger {
		validity, uid, ok := p.read(r.UIDL)
		_, listed := open[uid]
		if _, shown := h.byID[r.Message]; !ok || !shown || !listed || validity != listing.UIDValidity || used[uid] || taken[r.Message] || h.located[r.Message] || r.HeaderHash == none {
			continue
		}
		used[uid] = true
		all = append(all, named{r.Message, r.HeaderHash, uid})
	}
	if len(all) < leastSamples {
		return nil
	}
	var uids []uint32
	want := map[uint32][32]byte{}
	for _, i := range spread(len(all)) {
		uids = append(uids, all[i].uid)
		want[all[i].uid] = all[i].header
	}
	equal := map[uint32]bool{}
	differs := false
	err := box.Headers(ctx, uids, true, func(uid uint32, header []byte) {
		hash, asked := want[uid]
		same := intake.FromHeader(h.account, header).HeaderHash == hash
		equal[uid] = asked && same
		differs = differs || asked && !same
	})
	if err != nil || differs || len(equal) < leastSamples {
		return err
	}
	for _, n := range all {
		bind(n.message, open[n.uid], equal[n.uid])
	}
	return nil
}

// byHeaders binds by the fields of the header, and among equals by the complete
// header.
func byHeaders(ctx context.Context, h here, listing Listing, open map[uint32]int, taken map[localstore.MessageID]bool, box Mailbox, bind func(localstore.MessageID, int, bool)) error {
	candidates := h.forInbox(taken)
	if len(open) == 0 || len(candidates) == 0 {
		return nil
	}
	var uids []uint32
	for uid := range open {
		uids = append(uids, uid)
	}
	slices.Sort(uids)
	index := map[uint32]int{}
	for j, uid := range uids {
		index[uid] = j
	}
	there := make([]hashes, len(uids))
	err := box.Headers(ctx, uids, false, func(uid uint32, header []byte) {
		if j, asked := index[uid]; asked {
			there[j].fields = intake.FromFields(h.account, header).FieldsHash
		}
	})
	if err != nil {
		return err
	}
	var ask []uint32
	for _, j := range ambiguous(candidates, there) {
		ask = append(ask, uids[j])
	}
	if len(ask) > 0 {
		err = box.Headers(ctx, ask, true, func(uid uint32, header []byte) {
			if j, asked := index[uid]; asked {
				there[j].header = intake.FromHeader(h.account, header).HeaderHash
			}
		})
	}
	if err != nil {
		return err
	}
	for _, p := range match(candidates, there) {
		bind(candidates[p.mine].Message, open[uids[p.there]], p.proven)
	}
	return nil
}

// forInbox returns the messages that the server's inbox may list: those of the
// inbox here, and those that the maildrop, which is that inbox, still holds.
func (h here) forInbox(taken map[localstore.MessageID]bool) []mine {
	inDrop := map[localstore.MessageID]bool{}
	for _, r := range h.ledger {
		inDrop[r.Message] = true
	}
	var all []mine
	for _, m := range h.messages {
		if taken[m.Message] || h.located[m.Message] || m.Folder != h.inbox && !inDrop[m.Message] {
			continue
		}
		c := mine{Recognisable: m}
		if m.Folder != h.inbox {
			c.rank++
		}
		if !inDrop[m.Message] {
			c.rank += 2
		}
		all = append(all, c)
	}
	return all
}
