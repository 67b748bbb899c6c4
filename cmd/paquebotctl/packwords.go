package main

import (
	"fmt"
	"io"

	"paquebot.app/localstore"
)

// printPlan writes what a pack would do.
func printPlan(w io.Writer, messages, readable int, bytes int64) {
	fmt.Fprintf(w, "%s chosen, %d readable here already; the rest moves about %s\n", counted(messages, "message"), readable, size(bytes))
}

// missingShown is how many missing items are listed for people.
const missingShown = 20

// printReceipt writes what can be read without a network.
func printReceipt(w io.Writer, r localstore.PackReceipt) {
	fmt.Fprintf(w, "%d of %s can be read without a network", r.Readable, counted(r.Messages, "message"))
	switch {
	case r.Attachments > 0:
		fmt.Fprintf(w, ", with %s", counted(r.Attachments, "attachment"))
	case r.Readable > 0 && r.AttachmentsSkipped > 0:
		fmt.Fprint(w, ", without attachments")
	}
	fmt.Fprintf(w, "; %s moved\n", size(r.Bytes))
	reasons := map[string]int{}
	var order []string
	for _, m := range r.Missing {
		if reasons[m.Reason] == 0 {
			order = append(order, m.Reason)
		}
		reasons[m.Reason]++
	}
	for _, reason := range order {
		fmt.Fprintf(w, "\n%s not here. %s\n", counted(reasons[reason], "item"), reason)
		shown := 0
		for _, m := range r.Missing {
			if m.Reason != reason {
				continue
			}
			if shown++; shown > missingShown {
				fmt.Fprintf(w, "  … and %d more\n", reasons[reason]-missingShown)
				break
			}
			what := m.Subject
			if m.Part != "" {
				what = m.Name + " in " + m.Subject
			}
			fmt.Fprintf(w, "  %d  %s  %s\n", m.ID, harmless(what), size(m.Bytes))
		}
	}
}

// counted is "1 message" or "2 messages".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
