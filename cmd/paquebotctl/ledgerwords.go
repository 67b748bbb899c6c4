package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"paquebot.app/localstore"
)

// printLedger writes what lies in a maildrop for people.
func printLedger(name string, rows []ledgerJSON, t totalsJSON) func(io.Writer) {
	return func(w io.Writer) {
		table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, r := range rows {
			state := string(r.State)
			if r.Pinned {
				state += ", pinned"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", cut(r.UIDL, 40), size(max(r.Size, 0)), state, day(r.Until), r.Message, cut(sender(r.From), 24), cut(r.Subject, 40), r.Why)
		}
		table.Flush()
		for _, line := range t.words(name) {
			fmt.Fprintln(w, line)
		}
	}
}

// words says a maildrop's totals, a sentence a line.
func (t totalsJSON) words(name string) []string {
	lines := []string{fmt.Sprintf("%s on the server, %s.", count(t.Mails, "mail"), size(t.Bytes))}
	add := func(n int, format string, args ...any) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf("  %d %s", n, fmt.Sprintf(format, args...)))
		}
	}
	add(t.Leaving, "to be removed with the next connection.")
	add(t.LeaveLater, "to be removed %s.", between(t.First, t.Last))
	add(t.Kept, "kept without a date, %d of them by your word.", t.Pinned)
	add(t.Skipped, "not fetched yet.")
	if t.Agreed > 0 {
		lines = append(lines, fmt.Sprintf("The server has agreed to remove %s: the next connection confirms it.", count(t.Agreed, "mail")))
	}
	if t.Foreign > 0 {
		lines = append(lines, fmt.Sprintf("Another program has removed %s before Paquebot could fetch them.", count(t.Foreign, "mail")))
	}
	if t.ExpireZero {
		lines = append(lines, expireZero)
	}
	if t.Waits {
		lines = append(lines, waitsForYes(name))
	}
	return lines
}

// expireZero says what EXPIRE 0 means (RFC 2449 §6.7).
const expireZero = "This server removes mail by itself as soon as it was fetched (EXPIRE 0)."

// printRemovals writes what left a maildrop for people.
func printRemovals(rows []ledgerJSON) func(io.Writer) {
	return func(w io.Writer) {
		table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, r := range rows {
			here := fmt.Sprintf("here as %d", r.Message)
			if r.Message == 0 {
				here = "deleted here too"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", day(r.GoneAt), cut(r.UIDL, 40), size(max(r.Size, 0)), here, cut(sender(r.From), 24), cut(r.Subject, 40), r.Why)
		}
		table.Flush()
	}
}

// planJSON is what a policy of deletion does to what lies in a maildrop.
type planJSON struct {
	PopDelete   string `json:"pop_delete"`
	OnServer    int    `json:"on_server"` // here and there
	Remove      int    `json:"remove"`    // with the next connection
	RemoveBytes int64  `json:"remove_bytes"`
	Later       int    `json:"later"` // on a date
	First       string `json:"first"` // of these dates
	Last        string `json:"last"`
	Keep        int    `json:"keep"`
	Pinned      int    `json:"pinned"`
	Waits       bool   `json:"waits"`  // nothing is removed before the first yes
	Unseen      bool   `json:"unseen"` // the maildrop was never listed
	Host        string `json:"host"`
}

func planRow(a localstore.Account, p localstore.PolicyPlan) *planJSON {
	return &planJSON{deleteWords(a), p.OnServer, p.Remove, p.RemoveBytes, p.Later, stamp(p.First), stamp(p.Last), p.Keep, p.Pinned, p.Waits, p.Unseen, a.POP.Host}
}

// words says a plan, a sentence a line.
func (p *planJSON) words(name string) []string {
	if p.Unseen {
		lines := []string{fmt.Sprintf("What lies on %s is not known yet: nothing is planned for it.", p.Host)}
		if p.Waits {
			lines = append(lines, "If it holds more than 50 mails, or mail that is here already, the first removals wait for your yes.")
		}
		return lines
	}
	lines := []string{fmt.Sprintf("With pop-delete=%s, of %s on the server that are safe here", p.PopDelete, count(p.OnServer, "mail"))}
	when := "with the next connection"
	if p.Waits {
		when = "once you have said yes"
	}
	lines = append(lines, fmt.Sprintf("  %d (%s) are removed from the server %s,", p.Remove, size(p.RemoveBytes), when))
	if p.Later > 0 {
		later := between(p.First, p.Last)
		if p.Waits {
			later += ", once you have said yes"
		}
		lines = append(lines, fmt.Sprintf("  %d are removed %s,", p.Later, later))
	}
	lines = append(lines, fmt.Sprintf("  %d stay, %d of them by your word.", p.Keep, p.Pinned))
	if p.Waits && p.Remove+p.Later > 0 {
		lines = append(lines, waitsForYes(name))
	}
	return lines
}

func waitsForYes(name string) string {
	return "The first removals from a maildrop wait for your yes: account set " + name + " --yes."
}

// between writes one date or two.
func between(first, last string) string {
	if a, b := day(first), day(last); a != b {
		return "between " + a + " and " + b
	}
	return "on " + day(first)
}

// day writes the day of a stamp of ours in the computer's own zone; "" for none.
func day(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return t.Local().Format("2006-01-02")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
