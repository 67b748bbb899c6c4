package main

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

// removalsShown is how many removals ledger --removed lists.
const removalsShown = 200

// ledgerJSON is a mail in a maildrop, or one that was there.
type ledgerJSON struct {
	UIDL      string               `json:"uidl"`
	Size      int64                `json:"size"`
	State     localstore.PopState  `json:"state"`
	Message   localstore.MessageID `json:"message"`
	Until     string               `json:"until"`
	Why       string               `json:"why"`
	Pinned    bool                 `json:"pinned"`
	MessageID string               `json:"message_id"`
	From      string               `json:"from"`
	Subject   string               `json:"subject"`
	StoredAt  string               `json:"stored_at"`
	GoneAt    string               `json:"gone_at"`
	Tries     int                  `json:"tries"`    // times that fetching it was given up
	RetryAt   string               `json:"retry_at"` // not fetched, or removed again, before
	Deletes   int                  `json:"deletes"`  // times that the server has agreed to remove it
}

// totalsJSON sums up what lies in a maildrop.
type totalsJSON struct {
	Mails      int    `json:"mails"` // listed by the server
	Bytes      int64  `json:"bytes"`
	Leaving    int    `json:"leaving"`     // with the next connection
	LeaveLater int    `json:"leave_later"` // on a date
	First      string `json:"first"`       // of these dates
	Last       string `json:"last"`
	Kept       int    `json:"kept"` // no date is set for them
	Pinned     int    `json:"pinned"`
	Skipped    int    `json:"skipped"`     // not fetched yet
	Foreign    int    `json:"foreign"`     // taken by another program
	Agreed     int    `json:"agreed"`      // not in mails: their removal is confirmed with the next connection
	Waits      bool   `json:"waits"`       // nothing is removed before the first yes
	ExpireZero bool   `json:"expire_zero"` // the server removes by itself what was fetched
}

func (a *app) ledgerCmd() *cobra.Command {
	var (
		keep, release []string
		removed       bool
	)
	cmd := &cobra.Command{
		Use:   "ledger NAME",
		Short: "What lies in a POP maildrop, until when, and why",
		Args:  exactly(1, "ledger needs one NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			if removed && len(keep)+len(release) > 0 {
				return usage("--removed goes with neither --keep nor --release: what was removed cannot be kept")
			}
			if len(keep)+len(release) > 0 {
				err := a.write(c.Context(), "keep on server", func(tx *localstore.Tx) error {
					return keepMails(tx, args[0], keep, release)
				})
				if err != nil {
					return err
				}
			}
			return a.showLedger(c.Context(), args[0], removed)
		},
	}
	cmd.Flags().StringArrayVar(&keep, "keep", nil, "keep the mail of this `UIDL` on the server, whatever the policy says")
	cmd.Flags().StringArrayVar(&release, "release", nil, "let the policy hold again for the mail of this `UIDL`")
	cmd.Flags().BoolVar(&removed, "removed", false, "list the last 200 mails that left the server instead")
	return cmd
}

// popAccount returns an account that has a maildrop by its name, and the
// maildrop; known is false before the first connection.
func popAccount(v *localstore.View, name string) (account localstore.Account, m localstore.Maildrop, known bool, err error) {
	if account, err = v.AccountByName(name); err != nil {
		return account, m, false, err
	}
	if account.Mode != localstore.POP {
		return account, m, false, badData(name+" is not kept by POP: its mail stays where it is, and there is no ledger of removals.", nil)
	}
	m, known, err = v.OpenMaildropOf(account.ID)
	return account, m, known, err
}

// keepMails keeps mails on the server, or lets the policy hold for them again.
func keepMails(tx *localstore.Tx, name string, keep, release []string) error {
	_, m, known, err := popAccount(tx.View, name)
	if err != nil {
		return err
	}
	var rows []localstore.PopLocation
	if known {
		if rows, err = tx.Ledger(m.ID, localstore.PopKept, localstore.PopDeleting); err != nil {
			return err
		}
	}
	for _, change := range []struct {
		uidls []string
		keep  bool
	}{{keep, true}, {release, false}} {
		for _, uidl := range change.uidls {
			var ids []localstore.LocationID
			for _, r := range rows {
				if r.UIDL == uidl && uidl != "" {
					ids = append(ids, r.ID)
				}
			}
			if len(ids) == 0 {
				return missing("No mail with the UIDL %q is on the server of %s and here.", uidl, name)
			}
			if err := tx.KeepOnServer(m.ID, ids, change.keep); err != nil {
				return err
			}
		}
	}
	return nil
}

// showLedger prints what lies in an account's maildrop, or what left it.
func (a *app) showLedger(ctx context.Context, name string, removed bool) error {
	var (
		rows   []ledgerJSON
		totals totalsJSON
	)
	err := a.read(ctx, func(v *localstore.View) error {
		account, m, known, err := popAccount(v, name)
		if err != nil {
			return err
		}
		rows, totals = []ledgerJSON{}, totalsJSON{Waits: known && !m.DeleteOK && account.PopDelete != localstore.DeleteNever}
		if !known {
			return nil
		}
		totals.ExpireZero = m.ExpireZero
		var found []localstore.PopLocation
		if removed {
			found, err = v.Removals(m.ID, removalsShown)
		} else {
			found, err = v.Ledger(m.ID, localstore.PopKept, localstore.PopDeleting, localstore.PopSkipped, localstore.PopForeign)
			totals.add(found)
		}
		if err != nil {
			return err
		}
		rows, err = ledgerRows(v, account, m, found)
		return err
	})
	if err != nil {
		return err
	}
	if removed {
		return a.print(map[string]any{"ledger": rows}, printRemovals(rows))
	}
	return a.print(map[string]any{"ledger": rows, "totals": totals}, printLedger(name, rows, totals))
}

// ledgerRows describes rows of a maildrop with what is known of their mails.
func ledgerRows(v *localstore.View, account localstore.Account, m localstore.Maildrop, found []localstore.PopLocation) ([]ledgerJSON, error) {
	var ids []localstore.MessageID
	for _, l := range found {
		if l.Message != 0 {
			ids = append(ids, l.Message)
		}
	}
	messages, err := v.Messages(ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(messages, func(a, b localstore.Message) int { return int(a.ID - b.ID) })
	rows := []ledgerJSON{}
	for _, l := range found {
		row := ledgerJSON{UIDL: l.UIDL, Size: l.Size, State: l.State, Message: l.Message, Until: stamp(l.Until), Pinned: l.Pinned,
			Why: whyThere(account, m, l), StoredAt: stamp(l.StoredAt), GoneAt: stamp(l.GoneAt),
			Tries: l.Tries, RetryAt: stamp(l.RetryAt), Deletes: l.Deletes}
		at, ok := slices.BinarySearchFunc(messages, l.Message, func(m localstore.Message, id localstore.MessageID) int { return int(m.ID - id) })
		if ok {
			of := messages[at]
			row.From, row.Subject = of.Sender, of.Subject
			if of.HeaderID != "" {
				row.MessageID = "<" + of.HeaderID + ">"
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// whyThere says why a mail lies on the server, or does not.
func whyThere(account localstore.Account, m localstore.Maildrop, l localstore.PopLocation) string {
	switch {
	case l.State == localstore.PopDeleting && l.Deletes > 1:
		return "The server agrees to remove it and lists it again." + again(l)
	case l.Why != "":
		return l.Why + again(l)
	case l.State == localstore.PopGone:
		return "It was removed from the server."
	case l.State == localstore.PopForeign:
		return "Another program removed it from the server before it was fetched."
	case l.State == localstore.PopSkipped:
		return "It is not fetched yet."
	case l.State == localstore.PopDeleting:
		return "It leaves the server with the next connection."
	case l.Pinned:
		return "You keep it on the server."
	case account.PopDelete == localstore.DeleteNever:
		return "The account removes nothing from the server."
	case !m.DeleteOK:
		return "Nothing is removed before you say yes to the first time."
	case !l.Until.IsZero():
		return "It is kept until then."
	case account.PopDelete == localstore.DeleteWhen:
		return "It leaves the server when you delete it here for good."
	}
	return "It leaves the server once it is safe here."
}

// again says when what went wrong is tried once more.
func again(l localstore.PopLocation) string {
	if l.RetryAt.IsZero() {
		return ""
	}
	return " It is tried again after " + l.RetryAt.Local().Format("2006-01-02 15:04") + "."
}

// agreed tells a mail that the server has agreed to remove and was not seen to
// list since: where it does, it is asked once more.
func agreed(l localstore.PopLocation) bool {
	return l.State == localstore.PopDeleting && l.Deletes == 1 && l.Why != ""
}

// add sums up the rows of a maildrop.
func (t *totalsJSON) add(rows []localstore.PopLocation) {
	var first, last time.Time
	for _, l := range rows {
		if l.State == localstore.PopForeign {
			t.Foreign++
			continue
		}
		if agreed(l) {
			t.Agreed++
			continue
		}
		t.Mails++
		t.Bytes += max(l.Size, 0)
		switch {
		case l.State == localstore.PopSkipped:
			t.Skipped++
		case l.State == localstore.PopDeleting:
			t.Leaving++
		case l.Until.IsZero():
			t.Kept++
		default:
			t.LeaveLater++
			if first.IsZero() || l.Until.Before(first) {
				first = l.Until
			}
			if l.Until.After(last) {
				last = l.Until
			}
		}
		if l.Pinned {
			t.Pinned++
		}
	}
	t.First, t.Last = stamp(first), stamp(last)
}
