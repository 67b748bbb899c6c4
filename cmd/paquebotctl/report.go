package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// reportJSON is what happened to an account at the last pass, and what its
// connections moved.
type reportJSON struct {
	Account string         `json:"account"`
	At      string         `json:"at"`   // of the last pass; "" before the first
	Last    *engine.Report `json:"last"` // null before the first
	Up      int64          `json:"up"`   // in all the days
	Down    int64          `json:"down"`
	Days    []trafficJSON  `json:"days"` // the latest first
}

// trafficJSON is what went over the wire on a day.
type trafficJSON struct {
	Day  string `json:"day"`
	Up   int64  `json:"up"`
	Down int64  `json:"down"`
}

func (a *app) reportCmd() *cobra.Command {
	var last bool
	var days int
	cmd := &cobra.Command{
		Use:   "report [NAME…]",
		Short: "What happened at the last pass, and how many bytes went over the network",
		RunE: func(c *cobra.Command, args []string) error {
			if days < 1 {
				return usage("--days needs a number of days")
			}
			accounts, err := a.accountsNamed(c.Context(), args)
			if err != nil {
				return err
			}
			rows := []reportJSON{}
			err = a.read(c.Context(), func(v *localstore.View) (err error) {
				rows, err = reports(v, accounts, days)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"accounts": rows}, func(w io.Writer) { printReport(w, rows, last) })
		},
	}
	cmd.Flags().BoolVar(&last, "last", false, "only the last pass")
	cmd.Flags().IntVar(&days, "days", 30, "bytes of the last `N` days")
	return cmd
}

func reports(v *localstore.View, accounts []localstore.Account, days int) ([]reportJSON, error) {
	traffic, err := v.TrafficSince(clock.System.Now().AddDate(0, 0, 1-days))
	if err != nil {
		return nil, err
	}
	rows := []reportJSON{}
	for _, account := range accounts {
		row := reportJSON{Account: account.Name, Days: []trafficJSON{}}
		for _, t := range traffic {
			if t.Account == account.ID {
				row.Up, row.Down = row.Up+t.Up, row.Down+t.Down
				row.Days = append(row.Days, trafficJSON{t.Day, t.Up, t.Down})
			}
		}
		pass, ok, err := v.LastNote(account.ID, engine.StepPass)
		if err != nil {
			return nil, err
		}
		if ok {
			row.At = pass.At.UTC().Format(time.RFC3339)
			if err := json.Unmarshal([]byte(pass.Result), &row.Last); err != nil {
				return nil, &fault.Error{Remedy: fault.Bug, Cause: fault.Data, Op: "read report", Err: err}
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func printReport(w io.Writer, rows []reportJSON, last bool) {
	for _, r := range rows {
		if r.Last == nil {
			fmt.Fprintf(w, "%s: no pass was asked for yet\n", r.Account)
		} else {
			fmt.Fprintf(w, "%s: received %d, sent %d, applied %d, fetched %d, removed from the server %d; %s down, %s up, at %s\n", r.Account,
				r.Last.Received, r.Last.Sent, r.Last.Applied, r.Last.Bodies, r.Last.Removed, size(r.Last.BytesIn), size(r.Last.BytesOut), r.At)
			if r.Last.Error != nil {
				fmt.Fprintln(w, "  "+r.Last.Error.Text)
			}
		}
		if last {
			continue
		}
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
		for _, d := range append(r.Days, trafficJSON{"", r.Up, r.Down}) {
			fmt.Fprintf(t, "%s\t%s down\t%s up\t\n", cmp.Or(d.Day, "in all"), size(d.Down), size(d.Up))
		}
		t.Flush()
	}
}
