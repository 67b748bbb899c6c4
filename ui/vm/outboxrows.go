package vm

import (
	"fmt"
	"time"

	"paquebot.app/localstore"
)

// OutboxTone says how much a letter calls for a look.
type OutboxTone int

// The tones.
const (
	ToneQuiet OutboxTone = iota // it goes by itself
	ToneGood                    // it went
	ToneAsk                     // somebody has to say something
	ToneBad                     // it was refused
)

// OutboxRow is a letter as the Outbox shows it.
type OutboxRow struct {
	N       localstore.OutboxID
	Message localstore.MessageID // 0: shown nowhere
	Account localstore.AccountID
	To      string // "Ana Lima, Tom Bannister"
	Subject string
	Queued  string // when it was written: "10:42"
	Icon    string
	Tone    OutboxTone
	State   string // "Waits for a connection"
	Words   string // the server's own; "" for none
	// People are the recipients, where they fare differently.
	People []OutboxPerson

	Edit, Cancel, Retry bool
	RetryLabel          string
	Newer               localstore.MessageID // what came in its conversation; 0: it does not wait for that
	Unsure              bool                 // it went out, or is to be sent again: the user says
}

// OutboxPerson is what became of one recipient.
type OutboxPerson struct {
	Address, State string
	Bad            bool
}

// Rows returns the letters, first queued first.
func (o *Outbox) Rows() []OutboxRow {
	now := o.env.Clock.Now().In(o.env.Zone)
	rows := make([]OutboxRow, 0, len(o.letters))
	for _, l := range o.letters {
		rows = append(rows, o.row(l, now))
	}
	return rows
}

// Summary says how many letters there are: "3 waiting".
func (o *Outbox) Summary() string {
	letters := make([]localstore.Letter, 0, len(o.letters))
	for _, l := range o.letters {
		letters = append(letters, l.Letter)
	}
	text, _ := outboxCount(letters)
	return text
}

func (o *Outbox) row(l sighted, now time.Time) OutboxRow {
	r := OutboxRow{N: l.N, Message: l.Message, Account: l.Account, To: l.to, Subject: l.subject,
		Queued: shortDate(l.Queued.In(o.env.Zone), now), Icon: "clock", Words: l.Error, RetryLabel: "Send now"}
	if r.To == "" && len(l.Recipients) > 0 { // Bcc only
		r.To = l.Recipients[0].Address
		if n := len(l.Recipients); n > 1 {
			r.To += fmt.Sprintf(" and %d more", n-1)
		}
	}
	if r.Subject == "" {
		r.Subject = "No subject"
	}
	clock := func(t time.Time) string { return t.In(o.env.Zone).Format("15:04") }
	r.Edit, r.Cancel = waits(l.State), waits(l.State)
	switch l.State {
	case localstore.OutQueued:
		r.State, r.Retry = o.waiting(l.Letter, now)
	case localstore.OutHeld:
		r.Tone, r.Icon, r.Retry = ToneAsk, "pause", true
		r.State, r.Words = "Waits for your word", l.HoldReason
		if r.Newer = l.Newer; r.Newer != 0 {
			r.RetryLabel = "Send anyway"
		}
	case localstore.OutSending:
		r.Icon, r.State, r.Words = "send", "Going out…", ""
	case localstore.OutUnsure:
		if asks := l.AsksAt(); asks.IsZero() || asks.After(now) { // its traces are looked for first
			r.Icon, r.State, r.Words = "search", "Looking whether it went out", "The connection broke before the server's answer came. Sent and the answers that come show it; if nothing does, you are asked."
			break
		}
		r.Tone, r.Icon, r.Unsure = ToneAsk, "warning", true
		r.State, r.Words = "It may have gone out", "The connection broke before the server's answer came."
	case localstore.OutSent:
		r.Tone, r.Icon, r.State, r.Words = ToneGood, "check", "Sent "+clock(l.Sent), ""
	case localstore.OutRefused:
		r.Tone, r.Icon, r.Retry, r.RetryLabel = ToneBad, "warning", true, "Try again"
		r.State = "The server refused it"
	}
	if r.People = recipientsOf(l.Letter, r.Words); len(r.People) > 0 && l.State == localstore.OutRefused {
		r.Words = "" // it stands beside those whom it is about
	}
	return r
}

// waiting says what a queued letter waits for, and whether it could go now.
func (o *Outbox) waiting(l localstore.Letter, now time.Time) (state string, retry bool) {
	due := l.NotBefore.In(o.env.Zone)
	online := o.desk.online(l.Account)
	ahead := due.After(now)
	chosen := ahead && l.Attempts == 0 && l.Error == "" // by the user, or to be undone
	switch s := o.desk.status[l.Account]; {
	case chosen && due.Sub(now) > localstore.MostUndoSend+time.Second:
		return "Goes out " + dateAhead(due, now), online
	case s.Phase == NeedsUser && s.SignIn:
		return "Waits until the account can sign in", false
	case !online:
		return "Waits for a connection", false
	case chosen:
		return "Goes out in a moment", true
	case ahead:
		return "Next try " + due.Format("15:04"), true
	}
	return "Goes out now", false
}

// recipientsOf tells the recipients apart where one of them fares differently.
func recipientsOf(l localstore.Letter, words string) []OutboxPerson {
	if len(l.Recipients) == 0 {
		return nil
	}
	first := l.Recipients[0]
	differ := false
	for _, p := range l.Recipients {
		if p.State != first.State || p.Sent != first.Sent || p.State == localstore.RecipientRefused && p.Reply != words {
			differ = true
		}
	}
	if !differ {
		return nil
	}
	all := make([]OutboxPerson, 0, len(l.Recipients))
	for _, p := range l.Recipients {
		one := OutboxPerson{Address: p.Address, State: "waits"}
		switch {
		case p.Sent:
			one.State = "has it"
		case p.State == localstore.RecipientRefused:
			one.State, one.Bad = orElse(p.Reply, "refused"), true
		case p.State == localstore.RecipientAccepted:
			one.State = "accepted"
		}
		all = append(all, one)
	}
	return all
}
