package vm

import (
	"time"

	"paquebot.app/localstore"
)

// ledgerKind is why a mail lies on the server.
type ledgerKind int

const (
	notFetched  ledgerKind = iota // it waits for the user, or could not be had
	leavesNext                    // at the next connection
	leavesOnYes                   // once the first deletions are allowed
	leavesLater                   // on a date
	keptByUser
	staysThere
)

var kindTitles = [...]string{"Not fetched", "Leaves at the next connection", "Leaves once you say yes", "Leaves later", "Kept by you", "Stays on the server"}

// LedgerTone is how a row's state is meant.
type LedgerTone int

// The tones.
const (
	LedgerQuiet  LedgerTone = iota
	LedgerLeaves            // it goes soon
	LedgerKept              // by the user's own word
	LedgerBad               // it could not be had
)

// LedgerRow is what a row of the ledger shows. Two equal rows look the same.
type LedgerRow struct {
	ID      localstore.LocationID
	Message localstore.MessageID // 0: it is not here
	Who     string
	Subject string
	Avatar  string // key of a colour
	Size    string
	State   string
	Tone    LedgerTone
	Action  string // what can be done about it; "" for nothing
}

// The actions of rows.
const (
	ActKeep   = "Keep"
	ActUnkeep = "Don’t keep"
	ActFetch  = "Fetch"
)

// kind is why a mail lies where it does.
func (s *ledgerState) kind(p localstore.PopLocation) ledgerKind {
	policy := s.account.PopDelete
	switch {
	case p.State == localstore.PopSkipped:
		return notFetched
	case p.State == localstore.PopDeleting:
		return leavesNext
	case p.Pinned:
		return keptByUser
	case !p.Until.IsZero() && p.Until.After(s.today):
		return leavesLater
	case !p.Until.IsZero() && !s.maildrop.DeleteOK, policy == localstore.DeleteNow && !s.maildrop.DeleteOK:
		return leavesOnYes
	case !p.Until.IsZero():
		return leavesNext
	}
	return staysThere
}

// Row returns a row; false for one that is not loaded yet.
func (l *Ledger) Row(i int) (LedgerRow, bool) {
	p := l.shown()[i]
	head, known := l.heads[p.Message]
	if p.Message != 0 && !known {
		return LedgerRow{}, false
	}
	r := LedgerRow{ID: p.ID, Message: p.Message, Who: head.who, Subject: head.subject, Avatar: head.avatar, Size: size(max(p.Size, 0))}
	if !head.here {
		r.Message, r.Avatar = 0, p.UIDL
		r.Who, r.Subject = p.UIDL, "It was never fetched"
		if p.UIDL == "" {
			r.Who = "A message without a name"
		}
		if p.State != localstore.PopSkipped && p.State != localstore.PopForeign {
			r.Subject = "You deleted it here"
		}
	}
	if l.left {
		r.State = l.now.leftWords(p)
		return r, true
	}
	l.now.say(&r, p, head)
	return r, true
}

// say puts the state of a mail on the server into words.
func (s *ledgerState) say(r *LedgerRow, p localstore.PopLocation, head ledgerHead) {
	switch s.kind(p) {
	case notFetched:
		s.sayMissing(r, p, head)
	case leavesNext:
		if p.Deletes > 1 {
			r.State, r.Tone, r.Action = "The server does not remove it."+s.again(p), LedgerBad, ActKeep
			return
		}
		r.State, r.Tone, r.Action = "Leaves at the next connection", LedgerLeaves, ActKeep
	case leavesOnYes:
		r.State, r.Action = "Leaves once you say yes", ActKeep
	case leavesLater:
		r.State, r.Action = "Leaves "+dayAhead(p.Until.In(s.today.Location()), s.today), ActKeep
	case keptByUser:
		r.State, r.Tone, r.Action = "Kept by you", LedgerKept, ActUnkeep
	default:
		r.State, r.Action = "Stays", ActKeep
		if s.account.PopDelete == localstore.DeleteWhen {
			r.State = "Stays until you delete it here"
		}
		if s.account.PopDelete == localstore.DeleteNever {
			r.Action = "" // there is nothing to keep it from
		}
	}
}

// sayMissing says why a mail was not fetched.
func (s *ledgerState) sayMissing(r *LedgerRow, p localstore.PopLocation, head ledgerHead) {
	wish, asked := s.wished[head.content]
	asked = asked && head.here
	switch {
	case asked && wish.Error == "":
		r.State = "Comes at the next connection"
		return
	case asked:
		r.State, r.Tone = wish.Error, LedgerBad
	case s.account.PopLimit > 0 && p.Size > s.account.PopLimit:
		r.State = "Too large: fetched when you ask"
	default:
		r.State, r.Tone = "Could not be fetched", LedgerBad
		if p.Why != "" {
			r.State += ": " + p.Why + s.again(p)
		}
	}
	if head.here {
		r.Action = ActFetch
	}
}

// again says when what went wrong is tried once more, if that is to come.
func (s *ledgerState) again(p localstore.PopLocation) string {
	if !p.RetryAt.After(s.today) {
		return ""
	}
	at := p.RetryAt.In(s.today.Location())
	return " Tried again " + dayAhead(at, s.today) + " at " + at.Format("15:04") + "."
}

// leftWords says when and why a mail left the server.
func (s *ledgerState) leftWords(p localstore.PopLocation) string {
	when := dayPast(p.GoneAt.In(s.today.Location()), s.today)
	switch {
	case p.State == localstore.PopForeign:
		return "Another program took it " + when
	case p.Why != "":
		return "Left " + when + ". " + p.Why
	}
	return "Removed " + when + ", safe here"
}

// LedgerGroup is a title above a row.
type LedgerGroup struct {
	First int
	Title string
}

// Groups returns the titles between the rows.
func (l *Ledger) Groups() (all []LedgerGroup) {
	if l.left {
		return nil
	}
	last := ledgerKind(-1)
	for i, p := range l.now.there {
		if k := l.now.place(p).kind; k != last {
			all = append(all, LedgerGroup{i, kindTitles[k]})
			last = k
		}
	}
	if len(all) == 1 && last == staysThere {
		return nil // the line above says it
	}
	return all
}

// dayAhead is a day to come within a sentence: "today", "on 3 December".
func dayAhead(t, now time.Time) string {
	switch -days(t, now) {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	}
	return "on " + dayOf(t, now)
}

// dayPast is a day that was: "today", "yesterday", "on 3 November".
func dayPast(t, now time.Time) string {
	switch days(t, now) {
	case 0:
		return "today"
	case 1:
		return "yesterday"
	}
	return "on " + dayOf(t, now)
}

func dayOf(t, now time.Time) string {
	if t.Year() == now.Year() {
		return t.Format("2 January")
	}
	return t.Format("2 January 2006")
}
