package tour

import (
	"fmt"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
	"slices"
	"strings"
)

func (t *tour) sendOnReturn() error {
	t.title("The network returns")
	if err := t.world.Online(); err != nil {
		return err
	}
	if err := t.store.Write(t.ctx, "wake letters", func(tx *localstore.Tx) error {
		a, err := tx.AccountByName("home")
		if err != nil {
			return err
		}
		return tx.WakeLetters(a.ID)
	}); err != nil {
		return err
	}
	r, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("the pass ends without an error", r.Error == nil, "%s", text(r))
	order := arrivals(t.world.SMTP.Accepted())
	t.check("five letters arrived, once each, in order", slices.Equal(order, []int{1, 2, 3, 4, 5}), "%v", order)
	filed, err := t.outbox(localstore.OutFiled)
	if err != nil {
		return err
	}
	t.check("and are filed in Sent", filed == replies, "%d", filed)
	here, err := t.messages("home", localstore.Inbox)
	if err != nil {
		return err
	}
	answered := 0
	for _, m := range here {
		if m.Flags&localstore.Answered != 0 {
			answered++
		}
	}
	t.check("what they answer is marked", answered == replies, "%d answered", answered)
	again, err := t.pass("home")
	if err != nil {
		return err
	}
	t.check("one more pass sends and receives nothing twice", again.Sent == 0 && len(t.world.SMTP.Accepted()) == len(order) && again.Error == nil, "%s", text(again))
	return nil
}

// arrivals returns the numbers of the replies, in the order they were accepted.
func arrivals(letters []fakesmtp.Letter) []int {
	var order []int
	for _, l := range letters {
		var n int
		body := letter.Parse(l.Raw).Text()
		if i := strings.Index(body, "Reply "); i >= 0 {
			if _, err := fmt.Sscanf(body[i:], "Reply %d", &n); err == nil {
				order = append(order, n)
			}
		}
	}
	return order
}
