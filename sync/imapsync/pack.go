package imapsync

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// Limits of what is fetched for a pack between two looks for what a person
// waits for.
const (
	packMails  = 50
	packBytes  = 1 << 20
	packPiece  = 256 << 10 // of an attachment; a cut costs at most this much again
	packWhole  = 64 << 10  // up to this size a mail comes whole where bytes do not matter
	thinWhole  = 2 << 10   // and where they do
	packSpare  = 512       // of a budget, for what ends the connection
	packFolder = "The folder was made anew on the server."
)

// packing is what a link knows of the pack that it carries.
type packing struct {
	began    time.Time // which pack it is
	reserved int64     // bytes that were counted before they are moved
}

// pack fetches the next lot of the account's pack under way, in the order of
// rank, and tells whether there may be another. What does not fit into what is
// left of the budget fails, and what is smaller comes after all.
func (l *Link) pack(ctx context.Context) (more bool, err error) {
	var (
		p      localstore.Pack
		wishes []localstore.Wish
		on     bool
	)
	err = l.store.Read(ctx, func(v *localstore.View) (err error) {
		if p, on, err = v.PackOf(l.account.ID); err != nil || !on || !p.UnderWay() {
			on = false
			return err
		}
		wishes, err = v.PackWishes(l.account.ID, packMails)
		return err
	})
	if err != nil || !on {
		return false, err
	}
	if len(wishes) == 0 { // what it asked for is gone
		return false, l.write(ctx, "imap pack", func(tx *localstore.Tx) error { return tx.EndPack(l.account.ID) })
	}
	left := l.packLeft(p)
	l.options.Progress(p.Total-p.Open, p.Total, p.Spent)
	if left < answerBytes {
		return true, l.write(ctx, "imap pack budget", func(tx *localstore.Tx) error {
			if err := l.spend(tx); err != nil {
				return err
			}
			for _, w := range wishes {
				if err := tx.FailOverBudget(w.Content, w.Section, p.Choice.Budget); err != nil {
					return err
				}
			}
			return nil
		})
	}
	lot, err := l.packLot(ctx, wishes)
	if err != nil || len(lot) == 0 {
		return true, err
	}
	valid, err := l.openAs(ctx, lot[0].at.rf, false)
	switch {
	case err != nil && fault.Of(err).Scope >= fault.Folder:
		return true, l.failLot(ctx, lot, fault.Of(err).Error())
	case err != nil:
		return false, err
	case !valid:
		return true, l.tryLot(ctx, lot, packFolder)
	}
	if lot[0].wish.Section == localstore.WishText {
		return true, l.packTexts(ctx, p, lot, left)
	}
	return true, l.packParts(ctx, p, lot, left)
}

// packLeft is what is left of a pack's budget.
func (l *Link) packLeft(p localstore.Pack) int64 {
	if !l.packing.began.Equal(p.Begun) {
		l.packing = packing{began: p.Begun}
		switch since := l.meter.SinceMark(); {
		case p.Begun.After(l.opened.at):
			l.meter.Mark(l.meter.Total())
		case since > l.meter.Total()-l.opened.bytes:
			l.meter.Mark(l.opened.bytes)
		}
	}
	if p.Choice.Budget == 0 {
		return math.MaxInt64
	}
	return p.Choice.Budget - packSpare - p.Spent - l.meter.SinceMark()
}

// reserve counts what is about to be moved, so that the budget holds also when
// the program ends before it is counted.
func (l *Link) reserve(ctx context.Context, p localstore.Pack, bytes int64) error {
	if p.Choice.Budget == 0 || bytes == 0 {
		return nil
	}
	return l.write(ctx, "imap pack reserve", func(tx *localstore.Tx) error {
		if err := l.spend(tx); err != nil {
			return err
		}
		l.packing.reserved = bytes
		return tx.SpendPack(l.account.ID, bytes)
	})
}

// spend counts for the pack what has been moved since it last was. It comes
// before what may end the pack.
func (l *Link) spend(tx *localstore.Tx) error {
	total := l.meter.Total()
	moved := l.meter.SinceMark() - l.packing.reserved
	l.packing.reserved = 0
	l.meter.Mark(total)
	return tx.SpendPack(l.account.ID, moved)
}

// share is as much of a budget as may be under way at a time.
func share(p localstore.Pack, most int64) int64 {
	if p.Choice.Budget == 0 {
		return most
	}
	return min(most, max(16<<10, p.Choice.Budget/40))
}

// packLot takes the first wishes that are of one kind and in one folder. What
// is not on the server any more fails.
func (l *Link) packLot(ctx context.Context, wishes []localstore.Wish) (lot []*item, err error) {
	var gone []*item
	for _, w := range wishes {
		i := &item{wish: w}
		found := false
		if i.at, found, err = l.locate(ctx, w.Content); err != nil {
			return nil, err
		}
		if !found {
			gone = append(gone, i)
			continue
		}
		text := w.Section == localstore.WishText
		if len(lot) > 0 && (i.at.rf.ID != lot[0].at.rf.ID || text != (lot[0].wish.Section == localstore.WishText) || w.Tries > 0) {
			break
		}
		lot = append(lot, i)
		if w.Tries > 0 {
			break // a connection broke at this one, or at one that was asked for with it
		}
	}
	if len(gone) > 0 {
		err = l.failLot(ctx, gone, errGone.Text)
	}
	return lot, err
}

// packTexts fetches the texts of a lot, as many as the budget allows.
func (l *Link) packTexts(ctx context.Context, p localstore.Pack, lot []*item, left int64) error {
	small := int64(thinWhole)
	if p.Choice.Budget == 0 {
		small = max(small, min(packWhole, p.Choice.Attachments))
	}
	most := packMails
	if p.Choice.Budget > 0 { // the description of a mail costs too, and how much is not known before
		most = int(min(packMails, max(1, left/(8<<10))))
	}
	lot = lot[:min(most, len(lot))]
	var total int64
	for n, i := range lot { // a mail is fetched whole at worst
		if total += min(i.at.size, packWhole); n > 0 && total > share(p, packBytes) {
			lot = lot[:n]
			break
		}
	}
	if err := l.describeTexts(ctx, lot, small); err != nil {
		return l.brokeAtPack(ctx, lot, err)
	}
	return l.packItems(ctx, p, lot, left)
}

// packParts fetches attachments.
func (l *Link) packParts(ctx context.Context, p localstore.Pack, lot []*item, left int64) error {
	for _, i := range lot {
		part, err := l.partOf(ctx, i.wish)
		if err != nil {
			return err
		}
		i.askPart(part)
	}
	if err := l.whatCame(ctx, lot); err != nil {
		return err
	}
	return l.packItems(ctx, p, lot, left)
}

// packItems fetches small items many at once, of a large one, or one that has
// begun to come, the next piece.
func (l *Link) packItems(ctx context.Context, p localstore.Pack, lot []*item, left int64) error {
	var total int64
	for n, i := range lot {
		large := i.begun || i.bytes() > share(p, packPiece)
		if large && n == 0 {
			return l.packLarge(ctx, p, i, left)
		}
		if total += i.bytes(); large || n > 0 && total > share(p, packBytes) {
			lot = lot[:n]
			break
		}
	}
	return l.fetchPacked(ctx, p, lot)
}

// fetchPacked fetches what of a lot fits into the budget, and stores it.
func (l *Link) fetchPacked(ctx context.Context, p localstore.Pack, lot []*item) error {
	left := l.packLeft(p)
	var fit, over []*item
	var expected int64
	for _, i := range lot {
		bytes := i.bytes()
		if bytes > left {
			over = append(over, i)
			continue
		}
		if p.Choice.Budget > 0 {
			left -= bytes
		}
		fit = append(fit, i)
		expected += bytes
	}
	if err := l.reserve(ctx, p, expected); err != nil {
		return err
	}
	broken := l.fetchItems(ctx, fit)
	err := l.storeItems(context.WithoutCancel(ctx), came(fit), func(tx *localstore.Tx) error {
		if err := l.spend(tx); err != nil {
			return err
		}
		for _, i := range over {
			if err := tx.FailOverBudget(i.wish.Content, i.wish.Section, p.Choice.Budget); err != nil {
				return err
			}
		}
		for _, i := range fit {
			why := ""
			if e := refusal(i.err); e != nil && !damaged(i.err) {
				why = "The server refused: " + words(e)
			} else if errors.Is(i.err, errGone) {
				why = errGone.Text
			} else if i.err != nil && broken == nil {
				why = i.err.Error()
			}
			if why != "" {
				if err := tx.FailWish(i.wish.Content, i.wish.Section, why); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil || broken == nil {
		return err
	}
	lost := missed(fit)
	if err := l.keepCut(ctx, lost); err != nil {
		return err
	}
	return l.brokeAtPack(ctx, slices.DeleteFunc(lost, func(i *item) bool { return i.moved }), broken)
}

// packLarge fetches the next piece of an item.
func (l *Link) packLarge(ctx context.Context, p localstore.Pack, i *item, left int64) error {
	still, err := l.stillToCome(ctx, i)
	if err != nil {
		return err
	}
	if still > left {
		return l.write(ctx, "imap pack budget", func(tx *localstore.Tx) error {
			return tx.FailOverBudget(i.wish.Content, i.wish.Section, p.Choice.Budget)
		})
	}
	piece := share(p, packPiece)
	if err := l.reserve(ctx, p, min(piece, still)); err != nil {
		return err
	}
	done, err := l.advance(ctx, i, piece)
	switch {
	case err == nil && done:
		return l.storeItems(ctx, []*item{i}, l.spend)
	case err == nil:
		return l.write(ctx, "imap pack piece", l.spend)
	case fault.Of(err).Scope >= fault.Folder:
		return l.failLot(ctx, []*item{i}, fault.Of(err).Error())
	case i.moved:
		return l.brokeAtPack(ctx, nil, err) // the line broke, not the mail
	}
	return l.brokeAtPack(ctx, []*item{i}, err)
}

// stillToCome is about how many bytes of an item are still to be moved.
func (l *Link) stillToCome(ctx context.Context, i *item) (bytes int64, err error) {
	bytes = i.bytes()
	for _, s := range i.sections {
		if s.blob != 0 {
			continue
		}
		d, err := l.resume(ctx, i, s)
		if err != nil || s.blob != 0 {
			return i.bytes(), err
		}
		l.under = d
		return bytes - d.to.Offset(), nil
	}
	return bytes, nil
}

// failLot notes why items cannot be had.
func (l *Link) failLot(ctx context.Context, lot []*item, why string) error {
	return l.write(ctx, "imap pack failed", func(tx *localstore.Tx) error {
		for _, i := range lot {
			if err := tx.FailWish(i.wish.Content, i.wish.Section, why); err != nil {
				return err
			}
		}
		return nil
	})
}

// tryLot notes that items were asked for in vain.
func (l *Link) tryLot(ctx context.Context, lot []*item, why string) error {
	return l.write(ctx, "imap pack tried", func(tx *localstore.Tx) error {
		for _, i := range lot {
			if err := tx.TryPack(i.wish.Content, i.wish.Section, why); err != nil {
				return err
			}
		}
		return nil
	})
}

// brokeAtPack notes which items were waited for when the connection broke, and what
// it cost. The end of the budget, and of ctx, say nothing of an item.
func (l *Link) brokeAtPack(ctx context.Context, lot []*item, broken error) error {
	err := l.write(context.WithoutCancel(ctx), "imap pack broken", func(tx *localstore.Tx) error {
		if err := l.spend(tx); err != nil || ctx.Err() != nil || errors.Is(l.conn.Err(), netconn.ErrSpent) {
			return err
		}
		for _, i := range lot {
			if err := tx.TryPack(i.wish.Content, i.wish.Section, "The connection broke whenever it was asked for."); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return broken
}
