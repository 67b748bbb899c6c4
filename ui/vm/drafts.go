package vm

import (
	"context"
	"errors"
	"strings"

	"paquebot.app/internal/fault"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// Message opens a message of the Drafts or the Outbox folder, or any other, to
// go on writing it: a draft as it is, a letter that has not left back from the
// Outbox, another mail as a new letter with its words.
func (d *Desk) Message(id localstore.MessageID) {
	d.env.Go("open draft", func(ctx context.Context) func() {
		var draft localstore.DraftID
		var l localstore.Letter
		var isDraft, isLetter bool
		err := d.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			if draft, isDraft, err = v.DraftOf(id); err != nil || isDraft {
				return err
			}
			l, isLetter, err = v.LetterOf(id)
			return err
		})
		return func() {
			switch {
			case err != nil:
				d.Refused(err)
			case isDraft:
				d.Draft(draft)
			case isLetter && waits(l.State):
				d.Letter(l.N)
			default:
				d.again(id)
			}
		}
	})
}

// waits tells whether a letter can still be taken back.
func waits(s localstore.OutboxState) bool {
	return s == localstore.OutQueued || s == localstore.OutHeld || s == localstore.OutRefused
}

// again opens a new letter with the words of a mail.
func (d *Desk) again(id localstore.MessageID) {
	d.begin(opening{what: "write again", find: func(ctx context.Context) (found, error) {
		w, err := outgoing.FromMessage(ctx, d.env.Store, id)
		return found{w: w}, err
	}})
}

// Draft opens a draft, or shows the composer it is open in.
func (d *Desk) Draft(id localstore.DraftID) {
	for _, c := range d.open {
		if c.draft == id {
			d.Opened(c)
			return
		}
	}
	d.openDraft(id, false)
}

// restore opens a discarded draft and brings it back from the Trash.
func (d *Desk) restore(id localstore.DraftID) { d.openDraft(id, true) }

func (d *Desk) openDraft(id localstore.DraftID, fresh bool) {
	d.begin(opening{what: "open draft", find: func(ctx context.Context) (found, error) {
		w, err := outgoing.OpenDraft(ctx, d.env.Store, id)
		return found{w: w, draft: id, reply: w.InReplyTo != "", fresh: fresh}, err
	}})
}

// Letter takes a letter that has not left out of the Outbox and opens it with
// the same words.
func (d *Desk) Letter(n localstore.OutboxID) {
	forwards := d.forwarded[n]
	d.begin(opening{what: "reopen letter", find: func(ctx context.Context) (found, error) {
		id, w, has, err := outgoing.Reopen(ctx, d.env.Store, n, d.env.Clock.Now())
		f := found{w: w, draft: id, reply: w.InReplyTo != "", forwards: forwards}
		if err == nil && forwards != 0 {
			d.env.Failed("take mark back", d.env.Store.Write(ctx, "take mark back", func(tx *localstore.Tx) error { return notForwarded(tx, forwards) }))
		}
		if len(has) > 0 {
			f.note = "Left out because the letter has reached them already: " + strings.Join(has, ", ")
		}
		return f, err
	}})
}

// isMissing tells that a row is not there any more.
func isMissing(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Cause == fault.Missing
}
