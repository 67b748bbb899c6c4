package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"paquebot.app/sync/switching"
)

// switchJSON is what account switch prints: the plan, and what became of it.
type switchJSON struct {
	switching.Plan
	State     string `json:"state"` // planned, scheduled, done
	Why       string `json:"why,omitempty"`
	UndoUntil string `json:"undo_until,omitempty"`
}

func (a *app) printSwitch(s switchJSON, name string) error {
	return a.print(s, func(w io.Writer) {
		fmt.Fprintf(w, "%s: from %s to %s\n", name, s.From, s.To)
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		line := func(what string, n *int) {
			if n == nil {
				fmt.Fprintf(t, "  %s\tnot known\n", what)
			} else {
				fmt.Fprintf(t, "  %s\t%d\n", what, *n)
			}
		}
		line("messages here", &s.Here)
		line("on the server", s.OnServer)
		line("recognised as the same", s.Recognised)
		line("only on this computer", s.OnlyHere)
		line("only on the server", s.OnlyOnServer)
		byteLine(t, "to fetch", s.BytesToFetch)
		byteLine(t, "free on the disk", s.FreeDisk)
		t.Flush()
		if s.Waiting > 0 {
			fmt.Fprintf(w, "  %d changes must reach the server first; %d of them it refuses.\n", s.Waiting, s.Stuck)
		}
		if s.DeletedHere > 0 {
			fmt.Fprintf(w, "  %d mails that you deleted here lie on the server and will be shown again.\n", s.DeletedHere)
		}
		for _, f := range s.Folders {
			if f.Here == 0 && (f.OnServer == nil || *f.OnServer == 0) {
				continue
			}
			fmt.Fprintf(w, "  %s: %d here, %d of them whole%s\n", f.Path, f.Here, f.Whole, there(f.OnServer))
		}
		for _, u := range s.Unknown {
			fmt.Fprintln(w, "  "+u)
		}
		fmt.Fprintln(w, s.Promise)
		switch {
		case s.Refused != nil:
			fmt.Fprintln(w, "It cannot be done: "+*s.Refused)
		case s.State == "scheduled" && s.Why != "":
			fmt.Fprintln(w, "It waits: "+s.Why)
		case s.State == "scheduled":
			fmt.Fprintln(w, "It begins when the server is reached.")
		case s.State == "done":
			fmt.Fprintf(w, "Done. It can be undone until %s: account switch %s --undo\n", s.UndoUntil, name)
		}
		if s.State == "done" && s.To == "pop" {
			fmt.Fprintf(w, "All mail stays on the server until you choose otherwise: account set %s pop-delete=… --plan\n", name)
			fmt.Fprintln(w, "What other programs read, move or file there is not seen here any more.")
		}
	})
}

func there(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf(", %d on the server", *n)
}

func byteLine(t io.Writer, what string, n *int64) {
	if n == nil {
		fmt.Fprintf(t, "  %s\tnot known\n", what)
		return
	}
	fmt.Fprintf(t, "  %s\t%s\n", what, size(*n))
}
