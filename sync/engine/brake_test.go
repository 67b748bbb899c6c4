package engine

import (
	"fmt"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// TestAReplyWaitsWhenItsConversationWentOn: five replies are written offline;
// meanwhile somebody writes in the conversation of the third. At the next pass
// four leave, one waits for a word, and leaves when it has it. With the brake
// off five leave.
func TestAReplyWaitsWhenItsConversationWentOn(t *testing.T) {
	for _, brake := range []bool{true, false} {
		t.Run(fmt.Sprint("brake ", brake), func(t *testing.T) {
			const replies, stale = 5, 2
			r := newRig(t)
			for i := range replies {
				r.user.Deliver(fmt.Appendf(nil, "From: bo@example.org\r\nSubject: Question %d\r\nMessage-ID: <q%d@example.org>\r\n\r\nWell?\r\n", i, i),
					fakeserver.Epoch.Add(time.Duration(i)*time.Minute))
			}
			pass := func(sent int) {
				t.Helper()
				if report := r.engine.Pass(t.Context(), r.account); report.Error != nil || report.Sent != sent {
					t.Errorf("%+v", report)
				}
			}
			r.write(func(tx *localstore.Tx) error { return tx.SetBrakes(brake) })
			pass(0)
			letters := map[string]localstore.OutboxID{}
			for _, m := range r.inbox(replies) {
				d := &letter.Draft{From: letter.Address{Addr: r.account.Address}, To: []letter.Address{{Addr: "bo@example.org"}}, Subject: "Re: " + m.Subject, Text: "Yes."}
				n, err := outgoing.Queue(t.Context(), r.store, outgoing.Letter{Account: r.account, Draft: d, Answers: m.Content})
				if err != nil {
					t.Fatal(err)
				}
				letters[m.Subject] = n
			}
			r.user.Deliver(fmt.Appendf(nil, "From: cy@example.org\r\nSubject: Re: Question %d\r\nMessage-ID: <more@example.org>\r\nIn-Reply-To: <q%d@example.org>\r\n\r\nNever mind.\r\n", stale, stale),
				fakeserver.Epoch.Add(time.Hour))
			if !brake {
				pass(replies)
				return
			}
			pass(replies - 1)
			n := letters[fmt.Sprint("Question ", stale)]
			var l localstore.Letter
			r.read(func(v *localstore.View) (err error) {
				l, err = v.Letter(n)
				return err
			})
			if l.State != localstore.OutHeld || l.Newer == 0 {
				t.Errorf("%+v", l)
			}
			pass(0)
			r.write(func(tx *localstore.Tx) error { return tx.RetryLetter(n) })
			pass(1)
			if got := len(r.smtp.Accepted()); got != replies {
				t.Errorf("%d letters accepted", got)
			}
		})
	}
}
