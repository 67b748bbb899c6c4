package switching

import (
	"cmp"
	"context"
	"slices"

	"paquebot.app/internal/intake"
	"paquebot.app/localstore"
)

// dropFound is what of a POP maildrop is here.
type dropFound struct {
	rows  []localstore.PopLocation // to be added to the ledger
	known int                      // mails recognised, those among them that the ledger knew
}

// recogniseDrop finds out which mails of a maildrop an account that is kept by
// IMAP holds, in whatever folder.
func recogniseDrop(ctx context.Context, h here, drop Maildrop) (f dropFound, err error) {
	mails := slices.Clone(drop.Mails())
	slices.SortFunc(mails, func(a, b Dropped) int { return cmp.Compare(a.Number, b.Number) })
	open := map[int]Dropped{}
	byUIDL := map[string]int{}
	for _, m := range mails {
		open[m.Number] = m
		byUIDL[m.UIDL]++
	}
	taken := map[localstore.MessageID]bool{}
	ledger := map[string]localstore.PopLocation{}
	for _, r := range h.ledger {
		ledger[r.UIDL] = r
	}
	for _, m := range mails {
		if r, ok := ledger[m.UIDL]; ok && m.UIDL != "" && byUIDL[m.UIDL] == 1 && (m.Size == r.Size || m.Size < 0 || r.Size < 0) {
			taken[r.Message] = true
			delete(open, m.Number)
			f.known++
		}
	}
	bind := func(m localstore.Recognisable, d Dropped, header [32]byte) {
		taken[m.Message] = true
		delete(open, d.Number)
		f.known++
		f.rows = append(f.rows, localstore.PopLocation{UIDL: d.UIDL, HeaderHash: header, Size: max(d.Size, 0), Message: m.Message})
	}
	for _, p := range patterns {
		if err := dropByPattern(ctx, h, p, open, byUIDL, taken, drop, bind); err != nil {
			return f, err
		}
	}
	err = dropByHeaders(ctx, h, open, taken, drop, bind)
	return f, err
}

// dropByPattern binds the mails whose UIDL holds the UIDVALIDITY and UID of a
// message of the inbox, once samples have proven it.
func dropByPattern(ctx context.Context, h here, p pattern, open map[int]Dropped, byUIDL map[string]int, taken map[localstore.MessageID]bool, drop Maildrop, bind func(localstore.Recognisable, Dropped, [32]byte)) error {
	type candidate struct {
		localstore.Recognisable
		Dropped
	}
	var all []candidate
	for _, d := range sorted(open) {
		validity, uid, ok := p.read(d.UIDL)
		message := h.inInbox[uid]
		i, shown := h.byID[message]
		if !ok || !shown || validity != h.validity || byUIDL[d.UIDL] != 1 || taken[message] {
			continue
		}
		all = append(all, candidate{h.messages[i], d})
	}
	if len(all) < leastSamples {
		return nil
	}
	var numbers []int
	want := map[int]localstore.Recognisable{}
	for _, i := range spread(len(all)) {
		numbers = append(numbers, all[i].Number)
		want[all[i].Number] = all[i].Recognisable
	}
	equal, differs := 0, false
	err := drop.Headers(ctx, numbers, func(number int, header []byte) {
		m, asked := want[number]
		c := intake.FromHeader(h.account, header)
		if !asked {
			return
		}
		// Of what is not here whole the complete header is not known.
		if c.HeaderHash == m.HeaderHash || m.HeaderHash == none && c.FieldsHash == m.FieldsHash {
			equal++
		} else {
			differs = true
		}
	})
	if err != nil || differs || equal < leastSamples {
		return err
	}
	for _, c := range all {
		bind(c.Recognisable, c.Dropped, c.HeaderHash)
	}
	return nil
}

// dropByHeaders binds by headers that the server shows alone. Without that the
// sessions after the switch compare each mail when it has come.
func dropByHeaders(ctx context.Context, h here, open map[int]Dropped, taken map[localstore.MessageID]bool, drop Maildrop, bind func(localstore.Recognisable, Dropped, [32]byte)) error {
	var candidates []mine
	for _, m := range h.messages {
		if !taken[m.Message] {
			c := mine{Recognisable: m}
			if m.Folder != h.inbox {
				c.rank = 1
			}
			candidates = append(candidates, c)
		}
	}
	if len(open) == 0 || len(candidates) == 0 || !drop.HasTop() {
		return nil
	}
	left := sorted(open)
	index := map[int]int{}
	numbers := make([]int, len(left))
	for j, d := range left {
		index[d.Number], numbers[j] = j, d.Number
	}
	there := make([]hashes, len(left))
	err := drop.Headers(ctx, numbers, func(number int, header []byte) {
		if j, asked := index[number]; asked {
			c := intake.FromHeader(h.account, header)
			there[j] = hashes{c.FieldsHash, c.HeaderHash}
		}
	})
	if err != nil {
		return err
	}
	for _, p := range match(candidates, there) {
		bind(candidates[p.mine].Recognisable, left[p.there], there[p.there].header)
	}
	return nil
}

// sorted returns the mails by their numbers.
func sorted(open map[int]Dropped) []Dropped {
	all := make([]Dropped, 0, len(open))
	for _, d := range open {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Dropped) int { return cmp.Compare(a.Number, b.Number) })
	return all
}
