package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/assets"
	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/secrets"
	"paquebot.app/localstore"
)

// finding is one thing doctor looked at.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
}

func (a *app) doctorCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Look at what Paquebot needs: what is there, and what to do",
		Args:  exactly(0, "doctor takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			findings := []finding{display(), fonts(), keyring(c.Context()), clockFinding(now())}
			findings = append(findings, a.disk(c.Context())...)
			findings = append(findings, authorities())
			database, err := a.database(c.Context())
			findings = append(findings, database...)
			printed := a.print(map[string]any{"findings": findings}, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
				for _, f := range findings {
					mark := "ok"
					if !f.OK {
						mark = "!!"
					}
					fmt.Fprintf(t, "%s\t%s\t%s\n", mark, f.What, f.Text)
					if f.Advice != "" {
						fmt.Fprintf(t, "\t\t%s\n", f.Advice)
					}
				}
				t.Flush()
			})
			if err != nil {
				return silent{err}
			}
			return printed
		},
	}
}

func display() finding {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return finding{What: "display", OK: true, Text: "that of the system"}
	}
	for _, name := range []string{"WAYLAND_DISPLAY", "DISPLAY"} {
		if value := os.Getenv(name); value != "" {
			return finding{What: "display", OK: true, Text: name + "=" + value}
		}
	}
	return finding{What: "display", Text: "none", Advice: "The window needs one; paquebotctl does not."}
}

func fonts() finding {
	return finding{What: "fonts", OK: len(assets.Font(assets.FontRegular)) > 0, Text: "Inter is built in; other scripts come from the system"}
}

// keyring asks whether passwords have a place to be kept.
func keyring(ctx context.Context) finding {
	if secrets.NewKeyring("Paquebot", clock.System).Answers(ctx) {
		return finding{What: "keyring", OK: true, Text: "answers"}
	}
	return finding{What: "keyring", Text: "none", Advice: "Use --password-command, or --store-password-in-file after thinking it over."}
}

// clockFinding checks that the clock shows a time after this was written.
func clockFinding(t time.Time) finding {
	f := finding{What: "clock", OK: t.Year() >= 2026 && t.Year() < 2100, Text: t.Format(time.RFC1123Z)}
	if !f.OK {
		f.Advice = "Set the clock: certificates are judged by it."
	}
	return f
}

func authorities() finding {
	if _, err := x509.SystemCertPool(); err != nil {
		return finding{What: "certificates", Text: err.Error(), Advice: "Install ca-certificates, or give accounts a --ca-file."}
	}
	return finding{What: "certificates", OK: true, Text: "the system's store is there"}
}

// noDatabase names the file of a profile that does not begin like a database
// (https://www.sqlite.org/fileformat.html#the_database_header); "" for none.
func (a *app) noDatabase() string {
	dir, err := profile.Dir(a.dir)
	if err != nil {
		return ""
	}
	const magic = "SQLite format 3\x00"
	for _, name := range []string{"mail.db", "bodies.db"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		b := make([]byte, len(magic))
		n, _ := io.ReadFull(f, b) // an empty file is a database too
		f.Close()
		if n > 0 && string(b[:n]) != magic {
			return " It is " + name + "."
		}
	}
	return ""
}

// database looks at the profile; its error is the first thing wrong with it.
func (a *app) database(ctx context.Context) ([]finding, error) {
	store, err := a.open(ctx)
	if err != nil {
		return []finding{{What: "profile", Text: fault.Of(err).Error() + a.noDatabase(), Advice: "Mend what is said here, or name another profile with --profile; nothing in it was changed."}}, err
	}
	place := finding{What: "profile", OK: true, Text: store.Dir()}
	if why := store.WhyReadOnly(); why != nil {
		place.OK, place.Advice = false, fault.Of(why).Error()
	}
	var messages int
	err = store.Read(ctx, func(v *localstore.View) error {
		accounts, err := v.Accounts()
		if err != nil {
			return err
		}
		for _, account := range accounts {
			folders, err := v.Folders(account.ID)
			if err != nil {
				return err
			}
			for _, f := range folders {
				messages += f.Total
			}
		}
		return nil
	})
	if err == nil {
		err = store.Sound(ctx)
	}
	counts := finding{What: "database", OK: err == nil, Text: fmt.Sprintf("%d messages", messages)}
	if err != nil {
		counts.Text, counts.Advice = fault.Of(err).Error(), "Run paquebotctl verify: it names the mail that is damaged."
	}
	return []finding{place, counts}, err
}
