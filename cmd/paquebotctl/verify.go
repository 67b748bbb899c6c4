package main

import (
	"context"
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
			report, err := a.verify(c.Context())
			if err != nil && fault.Of(err).Cause != fault.Disk {
				return err
			}
			damaged := []damageJSON{}
			for _, d := range report.Damaged {
				damaged = append(damaged, damageJSON{d.Content, d.What})
			}
			if err != nil { // as far as it got, and what it could not read
				damaged = append(damaged, damageJSON{What: fault.Of(err).Error()})
			} else if len(damaged) > 0 {
				err = &fault.Error{Remedy: fault.User, Cause: fault.Disk, Op: "verify", Text: "Some mail is damaged."}
			}
			printed := a.print(map[string]any{"checked": report.Checked, "damaged": damaged, "refetched": 0}, func(w io.Writer) {
				fmt.Fprintf(w, "%d bodies checked, %d damaged\n", report.Checked, len(damaged))
				for _, d := range damaged {
					if d.Content == 0 {
						fmt.Fprintf(w, "  %s\n", d.What)
						continue
					}
					fmt.Fprintf(w, "  content %d: %s\n", d.Content, d.What)
				}
			})
			if err != nil {
				return err
			}
			return printed
		},
	}
}

// verify checks the store; where it fails, the report is of what it had checked.
func (a *app) verify(ctx context.Context) (localstore.VerifyReport, error) {
	store, err := a.open(ctx)
	if err != nil {
		return localstore.VerifyReport{}, err
	}
	return store.Verify(ctx, a.verifying())
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
