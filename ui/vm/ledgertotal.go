package vm

import (
	"context"
	"strings"
	"time"

	"paquebot.app/localstore"
)

// Account names whose ledger is shown.
func (l *Ledger) Account() string { return l.now.account.Address }

// Total says how much lies on the server: "1,204 messages, 31 MB".
func (l *Ledger) Total() string {
	if !l.now.ready {
		return ""
	}
	if l.left {
		return count(len(l.now.gone), "message") + " left the server of late"
	}
	var bytes int64
	for _, p := range l.now.there {
		bytes += max(p.Size, 0)
	}
	if len(l.now.there) == 0 {
		return "Nothing lies on the server"
	}
	return count(len(l.now.there), "message") + ", " + size(bytes)
}

// Outlook says what becomes of it: "12 leave at the next connection, 40 between
// 3 and 9 December, 3 stay."
func (l *Ledger) Outlook() string {
	if l.left {
		return ""
	}
	var n [len(kindTitles)]int
	var first, last time.Time
	for _, p := range l.now.there {
		k := l.now.kind(p)
		n[k]++
		if k == leavesLater {
			if first.IsZero() || p.Until.Before(first) {
				first = p.Until
			}
			if p.Until.After(last) {
				last = p.Until
			}
		}
	}
	var parts []string
	add := func(n int, one, many string) {
		if n == 1 {
			parts = append(parts, "1 "+one)
		} else if n > 1 {
			parts = append(parts, thousands(n)+" "+many)
		}
	}
	add(n[leavesNext], "leaves at the next connection", "leave at the next connection")
	add(n[leavesOnYes], "leaves once you say yes", "leave once you say yes")
	when := span(first.In(l.env.Zone), last.In(l.env.Zone), l.now.today)
	add(n[leavesLater], "leaves "+when, "leave "+when)
	add(n[staysThere]+n[keptByUser], "stays", "stay")
	add(n[notFetched], "was not fetched", "were not fetched")
	var words []string
	if len(parts) > 0 {
		words = append(words, strings.Join(parts, ", ")+".")
	}
	if l.now.maildrop.ExpireZero {
		words = append(words, "This server removes mail by itself as soon as it was fetched.")
	}
	return strings.Join(words, " ")
}

// span is a stretch of days: "on 3 December", "between 3 December and 9 December".
func span(first, last, now time.Time) string {
	if sameDay(first, last) {
		return dayAhead(first, now)
	}
	return "between " + dayOf(first, now) + " and " + dayOf(last, now)
}

// Act does what the button of a row says.
func (l *Ledger) Act(i int) {
	r, ok := l.Row(i)
	switch {
	case !ok:
	case r.Action == ActFetch:
		l.fetch(r)
	case r.Action != "":
		l.Keep([]localstore.LocationID{r.ID}, r.Action == ActKeep)
	}
}

// Keep keeps mails on the server whatever the policy says, and takes back a
// deletion that is due; or lets the policy hold for them again. Those for which
// it is so already, or that are not here yet, are left out.
func (l *Ledger) Keep(ids []localstore.LocationID, keep bool) {
	var change []localstore.LocationID
	for _, id := range ids {
		if i, ok := l.now.rows[id]; ok && l.now.there[i].State != localstore.PopSkipped && l.now.there[i].Pinned != keep {
			change = append(change, id)
		}
	}
	if len(change) == 0 {
		return
	}
	text := "Stays on the server"
	switch {
	case keep && len(change) > 1:
		text = count(len(change), "message") + " stay on the server"
	case !keep && len(change) > 1:
		text = count(len(change), "message") + " leave the server as the account says"
	case !keep:
		text = "Leaves the server as the account says"
	}
	maildrop := l.now.maildrop.ID
	l.hold(change)
	l.write("keep on the server", func(tx *localstore.Tx) error { return tx.KeepOnServer(maildrop, change, keep) }, func() {
		l.Done(text, func() {
			l.write("undo keep", func(tx *localstore.Tx) error { return tx.KeepOnServer(maildrop, change, !keep) }, func() {})
		})
	})
}

// fetch asks for a mail of which only the header is here.
func (l *Ledger) fetch(r LedgerRow) {
	content := l.heads[r.Message].content
	l.write("fetch", func(tx *localstore.Tx) error { return tx.Want(content, localstore.WishWhole) }, func() {})
}

// write changes the store and reads the ledger again.
func (l *Ledger) write(why string, f func(*localstore.Tx) error, then func()) {
	l.env.Go(why, func(ctx context.Context) func() {
		err := l.env.Store.Write(ctx, why, f)
		l.Load()
		return func() {
			if err != nil {
				l.Refused(err)
				return
			}
			then()
		}
	})
}
