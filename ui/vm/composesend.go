package vm

import (
	"context"
	"strings"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// mostText is how much text a letter may have: what everybody can still open.
const mostText = 2 << 20

// SendLabel is what the button says that sends.
func (c *Composer) SendLabel() string {
	switch {
	case c.asking:
		return "Send without"
	case c.desk.engine != nil && !c.desk.online(c.w.Account):
		return "Send when online"
	}
	return "Send"
}

// Send puts the letter into the Outbox, unless something has to be said first.
func (c *Composer) Send() { c.send(time.Time{}) }

// SendLater puts the letter into the Outbox, to leave at a time.
func (c *Composer) SendLater(at time.Time) { c.send(at) }

func (c *Composer) send(at time.Time) {
	if c.closed || c.busy {
		return
	}
	if !c.sendable() {
		c.asking = false
		c.Changed()
		return
	}
	if len(c.files) == 0 && !c.asking && outgoing.PromisesFile(c.Writing().Text) {
		c.asking, c.sendAt = true, at
		c.Changed()
		return
	}
	if at.IsZero() && c.asking {
		at = c.sendAt
	}
	account := c.senders.accounts[c.w.Account]
	if c.queueID == "" {
		c.queueID = letter.NewMessageID(c.senders.all[c.sender()].Address)
	}
	id, now := c.queueID, c.snapshot()
	c.busy, c.asking, c.note = true, false, ""
	c.Changed()
	c.jobs.do(false, func(ctx context.Context) func() {
		leaves := at
		if leaves.IsZero() {
			leaves = c.env.held(ctx)
		}
		w := now.writing()
		d, err := w.Draft(ctx, c.env.Store)
		if err != nil {
			return func() { c.queued(0, at, err) }
		}
		d.MessageID = id
		n, err := outgoing.Queue(ctx, c.env.Store, outgoing.Letter{Account: account, Draft: d, Answers: w.Answers, Saved: c.saved, Continues: w.Continues, NotBefore: leaves})
		c.gone = err == nil
		marked := err == nil && c.env.markForwarded(ctx, c.forwards)
		return func() {
			if marked {
				c.desk.forwarded[n] = c.forwards
			}
			c.queued(n, at, err)
		}
	})
}

// held is until when a letter waits for an undo, in whole seconds, as the
// store keeps them.
func (e *Env) held(ctx context.Context) time.Time {
	var wait time.Duration
	err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
		wait, err = v.UndoSend()
		return err
	})
	if err != nil {
		e.Log.Warn("how long a letter waits is not known", "err", err)
		wait = localstore.MostUndoSend
	}
	if wait == 0 {
		return time.Time{}
	}
	return e.Clock.Now().Add(wait + time.Second - 1).Truncate(time.Second)
}

// sendable looks whether the letter can be sent and says what is missing.
func (c *Composer) sendable() bool {
	ok := true
	for f := FieldTo; f <= FieldBcc; f++ {
		c.problems[f] = addressProblem(c.addresses(f))
		ok = ok && c.problems[f] == ""
	}
	if ok && strings.Trim(c.w.To+c.w.Cc+c.w.Bcc, " ,;") == "" {
		c.problems[FieldTo] = "Say who the letter goes to."
		ok = false
	}
	if c.sender() < 0 {
		if c.problems[FieldFrom] == "" {
			c.problems[FieldFrom] = "Choose the account it goes from."
		}
		ok = false
	}
	if w := c.Writing(); ok && len(w.Text)+len(w.Quote) > mostText {
		c.note = "This letter is too long to be sent. Put the long part into a file and attach that."
		ok = false
	}
	if name := c.Copying(); ok && name != "" {
		c.note = "“" + name + "” is still being read. Send the letter when it is there."
		ok = false
	}
	return ok
}

func (c *Composer) queued(n localstore.OutboxID, at time.Time, err error) {
	c.busy = false
	if err != nil {
		c.note = Sentence(err)
		c.touch()
		c.Changed()
		return
	}
	c.dirty = false
	text := "Goes out now"
	switch {
	case !at.IsZero():
		text = "Goes out " + dateAhead(at.In(c.env.Zone), c.env.Clock.Now().In(c.env.Zone))
	case !c.desk.online(c.w.Account):
		text = "Waits in the Outbox until you are back online"
	}
	c.finish(text, "Undo", func() { c.desk.Letter(n) })
}

// Later is a time to send a letter at.
type Later struct {
	Label string
	At    time.Time
}

// LaterChoices returns times that people send letters at.
func (c *Composer) LaterChoices() []Later {
	now := c.env.Clock.Now().In(c.env.Zone)
	on := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, c.env.Zone)
	}
	all := []Later{{"In an hour", now.Add(time.Hour)}}
	if now.Hour() < 17 {
		all = append(all, Later{"This evening, 18:00", on(0, 18)})
	}
	all = append(all, Later{"Tomorrow morning, 08:00", on(1, 8)})
	if days := (int(time.Monday-now.Weekday())+6)%7 + 1; days > 1 {
		all = append(all, Later{"Monday morning, 08:00", on(days, 8)})
	}
	return all
}

// dateAhead is a time to come within a sentence: "at 18:00", "tomorrow at
// 08:00", "on Monday at 08:00".
func dateAhead(t, now time.Time) string {
	switch d := -days(t, now); {
	case d <= 0:
		return "at " + t.Format("15:04")
	case d == 1:
		return "tomorrow at " + t.Format("15:04")
	case d < 7:
		return "on " + t.Format("Monday at 15:04")
	case t.Year() == now.Year():
		return "on " + t.Format("2 January at 15:04")
	}
	return "on " + t.Format("2 January 2006 at 15:04")
}
