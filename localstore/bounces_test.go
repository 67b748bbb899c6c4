package localstore

import "testing"

func TestWhatComesBack(t *testing.T) {
	f := newFixture(t, IMAP)
	both, one, open := f.queue(nil, "bo@example.org", "cy@example.org"), f.queue(nil, "dee@example.org"), f.queue(nil, "bo@example.org")
	f.sendNow(both, "2.0.0 ok")
	f.write(func(tx *Tx) error {
		if err := tx.LetterSending(one, NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterDot(one, f.clock.Now(), nil); err != nil {
			return err
		}
		return tx.LetterUnsure(one, "no answer")
	})
	report := func(n OutboxID, header, address string) (news bool) {
		if n != 0 {
			header = f.letter(n).HeaderID
		}
		f.write(func(tx *Tx) (err error) {
			news, err = tx.Bounced(f.account, header, []Bounce{{address, "550 no such user"}, {"", "x"}})
			return err
		})
		return news
	}
	if !report(both, "", "CY@example.org") || report(both, "", "cy@example.org") || report(both, "", "who@example.org") {
		t.Error("said again, or of somebody else")
	}
	if r := f.letter(both).Recipients; r[0].Bounced != "" || r[1].Bounced != "550 no such user" || !r[1].Sent {
		t.Errorf("%+v", r)
	}
	if !report(one, "", "forwarded@elsewhere.example") {
		t.Error("of a letter to one person nothing is known")
	}
	if l := f.letter(one); l.State != OutSent || l.Recipients[0].Bounced == "" {
		t.Errorf("the unsure one is %s, %+v", l.State, l.Recipients)
	}
	if report(0, "unknown@example.org", "bo@example.org") || report(0, "", "bo@example.org") {
		t.Error("a report about no letter of ours says something")
	}
	report(open, "", "bo@example.org") // before it has left: nobody can know of it
	if l := f.letter(open); l.State != OutQueued {
		t.Errorf("a report took a letter out of the queue: %s", l.State)
	}
}
