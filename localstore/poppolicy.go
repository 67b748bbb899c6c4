package localstore

import (
	"fmt"
	"time"
)

var (
	policyRows = onMail(`SELECT id, size, state, pinned, message_id IS NULL, stored_at, until, ` + safeHere + ` FROM pop_locations
		WHERE maildrop_id = ? AND state IN ('kept', 'deleting') ORDER BY id`)
	setFate   = onMail(`UPDATE pop_locations SET state = ?, until = ?, why = '' WHERE id = ?`)
	setPinned = onMail(`UPDATE pop_locations SET pinned = ? WHERE id = ?`)
)

// policyRow is what decides when a mail leaves a maildrop.
type policyRow struct {
	id            LocationID
	size          int64
	state         PopState
	pinned, safe  bool
	removed       bool // the user has deleted it here for good
	stored, until time.Time
}

func scanPolicyRow(r scanner) (p policyRow, err error) {
	var stored, until int64
	err = r.Scan(&p.id, &p.size, &p.state, &p.pinned, &p.removed, &stored, &until, &p.safe)
	p.stored, p.until = fromUnix(stored), fromUnix(until)
	return p, err
}

// policy is an account's policy of deletion at one moment.
type policy struct {
	delete DeletePolicy
	days   int
	ok     bool // the maildrop has its yes
	now    time.Time
	since  time.Time // days count from then at the earliest: the account was switched
}

// fate returns the state of a row under a policy, and until when its mail stays
// on the server (zero: no date).
func (p policy) fate(r policyRow) (PopState, time.Time) {
	if r.pinned || !r.safe {
		return PopKept, time.Time{}
	}
	switch p.delete {
	case DeleteNow:
		if p.ok {
			return PopDeleting, time.Time{}
		}
	case DeleteDays:
		from := r.stored
		if p.since.After(from) {
			from = p.since
		}
		until := from.Add(time.Duration(p.days) * 24 * time.Hour)
		if p.ok && !until.After(p.now) {
			return PopDeleting, until
		}
		return PopKept, until
	case DeleteWhen:
		if r.removed {
			return PopDeleting, time.Time{}
		}
	}
	return PopKept, time.Time{}
}

// PolicyPlan says what a policy of deletion does to the mail that is here and
// in the maildrop.
type PolicyPlan struct {
	OnServer    int       // mails that are here and there
	Remove      int       // leave the server at the next connection
	RemoveBytes int64     // as the server lists them
	Later       int       // leave it on a date
	First, Last time.Time // the dates of the first and the last of them
	Keep        int       // stay, unless the user deletes them here or asks for it
	Pinned      int       // of these, by the user's own word
	Waits       bool      // nothing is removed before the user has said yes to the first time; where Unseen, if it is old
	Unseen      bool      // the maildrop was never listed: what it holds is not known
}

// PlanPolicy tells what SetAccount with another policy of deletion, and perhaps
// another server, would do, and changes nothing.
func (v *View) PlanPolicy(a Account) (PolicyPlan, error) {
	how, days := a.PopDelete, a.PopDays
	m, ok, err := v.OpenMaildropOf(a.ID)
	if err != nil {
		return PolicyPlan{}, err
	}
	if in := a.POP; !ok || m.Host != in.Host || m.Port != in.Port || m.User != in.User {
		return PolicyPlan{Unseen: true, Waits: how != DeleteNever}, nil
	}
	rows, err := collect(v.session, policyRows, scanPolicyRow, m.ID)
	if err != nil {
		return PolicyPlan{}, err
	}
	// What it does once the yes is given is what the user has to know.
	p := policy{how, days, true, v.s.clock.Now(), m.SwitchedAt}
	plan := PolicyPlan{OnServer: len(rows), Unseen: m.FirstMails < 0 && m.Sessions == 0 && len(rows) == 0, Waits: m.asks() && how != DeleteNever}
	for _, r := range rows {
		state, until := p.fate(r)
		switch {
		case state == PopDeleting:
			plan.Remove++
			plan.RemoveBytes += max(r.size, 0)
		case !until.IsZero():
			plan.Later++
			if plan.First.IsZero() || until.Before(plan.First) {
				plan.First = until
			}
			if until.After(plan.Last) {
				plan.Last = until
			}
		default:
			plan.Keep++
			if r.pinned {
				plan.Pinned++
			}
		}
	}
	return plan, nil
}

// applyPolicy makes an account's policy of deletion hold for what lies in its
// maildrop. One that was small at first sight needs no yes.
func (tx *Tx) applyPolicy(account AccountID) error {
	m, ok, err := tx.OpenMaildropOf(account)
	if err != nil || !ok {
		return err
	}
	a, err := tx.Account(account)
	if err != nil {
		return err
	}
	if !m.DeleteOK && !m.asks() && a.PopDelete != DeleteNever {
		m.DeleteOK = true
		if err := tx.do(allowDeletes, m.ID); err != nil {
			return err
		}
		tx.note(Change{Topic: TopicAccounts, Kind: Changed, Account: account})
	}
	rows, err := collect(tx.session, policyRows, scanPolicyRow, m.ID)
	if err != nil {
		return err
	}
	tx.note(Change{Topic: TopicPending, Kind: Changed, Account: account})
	p := policy{a.PopDelete, a.PopDays, m.DeleteOK, tx.s.clock.Now(), m.SwitchedAt}
	for _, r := range rows {
		if err := tx.decide(p, r); err != nil {
			return err
		}
	}
	return nil
}

// decide writes the fate of one row where it changes.
func (tx *Tx) decide(p policy, r policyRow) error {
	state, until := p.fate(r)
	if state == r.state && until.Equal(r.until) {
		return nil
	}
	return tx.do(setFate, state, unix(until), r.id)
}

// KeepOnServer keeps mails of a maildrop on the server whatever the policy
// says, and takes back a deletion that is due; with keep false the policy holds
// for them again. A row whose mail is gone is refused with cause Missing.
func (tx *Tx) KeepOnServer(maildrop MaildropID, ids []LocationID, keep bool) error {
	m, err := tx.maildrop(maildrop)
	if err != nil {
		return err
	}
	a, err := tx.Account(m.Account)
	if err != nil {
		return err
	}
	rows, err := collect(tx.session, policyRows, scanPolicyRow, maildrop)
	if err != nil {
		return err
	}
	byID := map[LocationID]policyRow{}
	for _, r := range rows {
		byID[r.id] = r
	}
	p := policy{a.PopDelete, a.PopDays, m.DeleteOK, tx.s.clock.Now(), m.SwitchedAt}
	for _, id := range ids {
		r, ok := byID[id]
		if !ok {
			return unknown("ledger", fmt.Sprintf("Mail %d of the ledger is not on the server, or not here yet.", id))
		}
		if r.pinned = keep; keep {
			r.state = PopKept
		}
		if err := tx.do(setPinned, oneIf(keep), id); err != nil {
			return err
		}
		if err := tx.do(setFate, r.state, 0, id); err != nil {
			return err
		}
		r.until = time.Time{}
		if err := tx.decide(p, r); err != nil {
			return err
		}
		if err := tx.noteLedger(id); err != nil {
			return err
		}
	}
	tx.note(Change{Topic: TopicPending, Kind: Changed, Account: m.Account})
	return nil
}
