package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

type damageJSON struct {
	Content localstore.ContentID `json:"content_id"`
	What    string               `json:"what"`
}

func (a *app) verifyCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Rehash every stored mail and check the files",
		Args:  exactly(0, "verify takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			store, err := a.open(c.Context())
			if err != nil {
				return err
			}
			report, err := store.Verify(c.Context(), a.verifying())
			if err != nil {
				return err
			}
			damaged := []damageJSON{}
			for _, d := range report.Damaged {
				damaged = append(damaged, damageJSON{d.Content, d.What})
			}
			err = a.print(map[string]any{"checked": report.Checked, "damaged": damaged, "refetched": 0}, func(w io.Writer) {
				fmt.Fprintf(w, "%d bodies checked, %d damaged\n", report.Checked, len(damaged))
				for _, d := range damaged {
					fmt.Fprintf(w, "  content %d: %s\n", d.Content, d.What)
				}
			})
			if err == nil && len(damaged) > 0 {
				err = silent{&fault.Error{Remedy: fault.User, Cause: fault.Disk, Op: "verify", Text: "Some mail is damaged."}}
			}
			return err
		},
	}
}

// verifying shows how far verify is, on a terminal.
func (a *app) verifying() func(done, total int) {
	f, ok := a.err.(*os.File)
	if !ok || a.json || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(a.err, "\r%d of %d\x1b[K", done, total)
		if done == total {
			fmt.Fprint(a.err, "\r\x1b[K")
		}
	}
}
