package submit

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/smtpreply"
	"paquebot.app/localstore"
)

// send takes one letter as far as it goes. progress tells that some recipients
// have it and the others may be tried at once. The error is the run's.
func (r *run) send(l localstore.Letter) (progress bool, err error) {
	blob, size, err := r.begin(&l)
	if err != nil {
		return false, err
	}
	if most := r.session.limit(); most > 0 && size > most {
		return false, r.refused(l, smtpreply.Exceeds(size, most, r.account.SMTP.Host), l.Recipients)
	}
	international, err := r.international(blob)
	if err != nil {
		return false, err
	}
	// A letter that could not be sent before goes step by step: the server may
	// not be able to do what it offers.
	recipients, err := r.session.transaction(l, size, international, r.careful || l.Error != "")
	var sender *senderError
	switch answer := reply(err); {
	case errors.As(err, &sender):
		return false, r.refused(l, "The letter cannot go out from "+l.EnvelopeFrom+". "+sender.why, l.Recipients)
	case answer != nil && demandsSignIn(answer):
		if err := r.again(l, words(answer), l.Recipients, true); err != nil {
			return false, err
		}
		return false, cmp.Or(r.session.conn.WantsTLS(answer.Message), signInDemanded(answer))
	case err != nil:
		return false, r.failed(l, err, l.Recipients)
	}
	accepted, open := standing(l.Recipients, recipients)
	switch {
	case accepted == 0 && open > 0:
		r.session.reset()
		return false, r.again(l, firstReply(recipients, localstore.RecipientQueued), recipients, true)
	case accepted == 0:
		r.session.reset()
		return false, r.refused(l, firstReply(recipients, localstore.RecipientRefused), recipients)
	}
	return r.data(l, blob, recipients, international)
}

// international tells whether the header that goes out is not ASCII.
func (r *run) international(blob localstore.BlobID) (bool, error) {
	stored, err := r.store.OpenBlob(r.ctx, blob)
	if err != nil {
		return false, err
	}
	defer stored.Close()
	return letter.International(letter.StripBcc(stored.Reader()))
}

// begin commits that the letter is being sent, and freezes its bytes at the
// first attempt. It returns the blob that goes out.
func (r *run) begin(l *localstore.Letter) (localstore.BlobID, int64, error) {
	var content localstore.Identity
	err := r.store.Read(r.ctx, func(v *localstore.View) (err error) {
		content, err = v.Identity(l.Content)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	var frozen localstore.NewContent
	if !l.Frozen {
		frozen, err = freeze(r.ctx, r.store, r.account.ID, content.Blob, r.options.Clock.Now())
		if err != nil {
			return 0, 0, err
		}
		content.Blob, content.Size = frozen.Blob, frozen.Size
	}
	err = r.write("letter sending", func(tx *localstore.Tx) error { return tx.LetterSending(l.N, frozen) })
	return content.Blob, content.Size, err
}

// data sends the letter itself. Where the header is not ASCII and the server
// takes no other, those who can be written to get it in ASCII.
func (r *run) data(l localstore.Letter, blob localstore.BlobID, recipients []localstore.Recipient, international bool) (bool, error) {
	stored, err := r.store.OpenBlob(r.ctx, blob)
	if err != nil {
		return false, err
	}
	defer stored.Close()
	bytes := letter.StripBcc(stored.Reader())
	if international && !r.session.takesUTF8() {
		if bytes, err = letter.ASCIIHeader(bytes); err != nil {
			return false, err
		}
	}
	command, err := r.session.upload(bytes)
	if err != nil {
		return false, r.failed(l, err, l.Recipients)
	}
	if !r.session.conn.Quiet() {
		return false, r.failed(l, errBroken, l.Recipients)
	}
	err = r.write("letter dot", func(tx *localstore.Tx) error {
		return tx.LetterDot(l.N, r.options.Clock.Now(), recipients)
	})
	if err != nil {
		r.session.close()
		return false, err
	}
	answer, dotted, err := r.session.finish(command)
	switch refusal := reply(err); {
	case err == nil:
		return r.accepted(l, answer, recipients)
	case refusal != nil && refusal.Code >= 500:
		return false, r.refused(l, words(refusal), refuseAll(l.Recipients, recipients, words(refusal)))
	case refusal != nil:
		return false, r.failed(l, err, l.Recipients)
	case !dotted:
		// Known as well as by an answer: the server cannot have taken it.
		r.session.close()
		return false, r.again(l, r.session.fault("smtp send", err).Error(), l.Recipients, true)
	}
	r.session.close()
	r.report.Unsure++
	r.options.Log.Warn("letter unsure", "account", r.account.ID, "letter", l.N, "err", err)
	return false, r.write("letter unsure", func(tx *localstore.Tx) error {
		return tx.LetterUnsure(l.N, "The connection ended before the server had said whether it took the letter.")
	})
}

// accepted records the server's 250, and files the letter unless some
// recipients are still to get it. Both are one commit; where filing fails it is
// left to File, and that the letter went out is recorded alone.
func (r *run) accepted(l localstore.Letter, answer string, recipients []localstore.Recipient) (progress bool, err error) {
	now := r.options.Clock.Now()
	_, open := standing(l.Recipients, recipients)
	sent := func(tx *localstore.Tx) error { return tx.LetterSent(l.N, now, answer) }
	if open == 0 {
		err = r.write("letter sent and filed", func(tx *localstore.Tx) error {
			if err := sent(tx); err != nil {
				return err
			}
			return r.file(tx, l.N)
		})
		if err == nil {
			r.report.Sent++
			return false, nil
		}
	}
	if failed := r.write("letter sent", sent); failed != nil {
		return false, failed
	}
	if open == 0 {
		r.report.Sent++
		return false, err
	}
	r.report.Later++
	if !tooMany(recipients) {
		return false, nil
	}
	return true, r.write("letter to the others", func(tx *localstore.Tx) error {
		return tx.LetterAgain(l.N, firstReply(recipients, localstore.RecipientQueued), now, nil, false)
	})
}

// failed records that a letter did not go out: for now, unless the server said
// for good.
func (r *run) failed(l localstore.Letter, err error, recipients []localstore.Recipient) error {
	answer := reply(err)
	switch {
	case answer == nil:
		r.careful = r.careful || r.session.flown
		r.broke[l.N]++
		r.session.close()
		return r.again(l, r.session.fault("smtp send", err).Error(), recipients, false)
	case answer.Code == 421:
		r.session.close()
	default:
		r.session.reset()
	}
	if answer.Code >= 500 {
		return r.refused(l, words(answer), recipients)
	}
	return r.again(l, words(answer), recipients, true)
}

// again returns a letter to the queue.
func (r *run) again(l localstore.Letter, why string, recipients []localstore.Recipient, counted bool) error {
	r.report.Later++
	return r.write("letter again", func(tx *localstore.Tx) error {
		return tx.LetterAgain(l.N, why, r.retryAt(l), recipients, counted)
	})
}

// refused records a refusal for good.
func (r *run) refused(l localstore.Letter, why string, recipients []localstore.Recipient) error {
	r.report.Refused++
	return r.write("letter refused", func(tx *localstore.Tx) error {
		return tx.LetterRefused(l.N, why, recipients)
	})
}

// onceMore tells whether a letter is tried again before those behind it: the
// line broke for the first time, and that may not be the letter's doing.
func (r *run) onceMore(n localstore.OutboxID) bool { return r.broke[n] == 1 }

// retryAt returns when a letter is tried again: at once where only the line
// broke, else after one minute, two, four, then every five.
func (r *run) retryAt(l localstore.Letter) time.Time {
	if r.onceMore(l.N) {
		return time.Time{}
	}
	wait := min(time.Minute<<min(l.Attempts, 3), 5*time.Minute)
	return r.options.Clock.Now().Add(wait)
}

// standing counts the recipients that were accepted now and those that are
// still to be tried.
func standing(before, now []localstore.Recipient) (accepted, open int) {
	for i, r := range now {
		switch {
		case r.State == localstore.RecipientAccepted && before[i].State != localstore.RecipientAccepted:
			accepted++
		case r.State == localstore.RecipientQueued:
			open++
		}
	}
	return accepted, open
}

// refuseAll turns those accepted in this attempt into refused: the server took
// their addresses and then not the letter.
func refuseAll(before, now []localstore.Recipient, why string) []localstore.Recipient {
	out := append([]localstore.Recipient(nil), now...)
	for i := range out {
		if out[i].State == localstore.RecipientAccepted && before[i].State != localstore.RecipientAccepted {
			out[i].State, out[i].Reply = localstore.RecipientRefused, why
		}
	}
	return out
}

// firstReply returns the server's words about the first recipient of a state.
func firstReply(recipients []localstore.Recipient, state string) string {
	for _, r := range recipients {
		if r.State == state && r.Reply != "" {
			return r.Reply
		}
	}
	return ""
}

// tooMany tells that the server only wants the other recipients in a
// transaction of their own (RFC 5321 §4.5.3.1.10).
func tooMany(recipients []localstore.Recipient) bool {
	for _, r := range recipients {
		if r.State == localstore.RecipientQueued && !strings.HasPrefix(r.Reply, "452 ") {
			return false
		}
	}
	return true
}
