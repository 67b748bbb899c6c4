package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

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

// textOnlyCmd is the switch for thin lines.
func (a *app) textOnlyCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "text-only [on|off]",
		Short: "Fetch only texts unasked, for thin lines; an attachment comes when you ask for it",
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 1 && (args[0] == "on" || args[0] == "off"):
				err := a.write(c.Context(), "text only", func(tx *localstore.Tx) error { return tx.SetTextOnly(args[0] == "on") })
				if err != nil {
					return err
				}
			case len(args) > 0:
				return usage("text-only is on or off")
			}
			var on bool
			err := a.read(c.Context(), func(v *localstore.View) (err error) {
				on, err = v.TextOnly()
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]bool{"text_only": on}, func(w io.Writer) {
				fmt.Fprintln(w, map[bool]string{true: "on: only texts are fetched unasked", false: "off"}[on])
			})
		},
	}
}
