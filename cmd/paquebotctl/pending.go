package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

type pendingJSON struct {
	N      localstore.PendingID    `json:"n"`
	ID     localstore.MessageID    `json:"id"`
	Kind   localstore.PendingKind  `json:"kind"`
	Set    []string                `json:"set"`
	Clear  []string                `json:"clear"`
	Target string                  `json:"target"`
	State  localstore.PendingState `json:"state"`
	Error  string                  `json:"error"`
}

func (a *app) pendingCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "pending", Short: "What will happen at the next connection"}
	cmd.Args = exactly(0, "pending needs list or cancel")
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	list := &cobra.Command{
		Use:   "list",
		Short: "List what you did that the server has not confirmed",
		Args:  exactly(0, "pending list takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			rows := []pendingJSON{}
			err := a.read(c.Context(), func(v *localstore.View) error {
				all, err := v.Pendings(0)
				for _, p := range all {
					rows = append(rows, pendingRow(v, p))
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.print(map[string]any{"pending": rows}, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
				for _, r := range rows {
					fmt.Fprintf(t, "%d\t%s\tmessage %d\t+%v -%v\t%s\t%s\t%s\n", r.N, r.Kind, r.ID, r.Set, r.Clear, r.Target, r.State, r.Error)
				}
				t.Flush()
			})
		},
	}
	cancel := &cobra.Command{
		Use:   "cancel N…",
		Short: "Take something back that the server was not told yet",
		Args:  atLeastOne("pending cancel needs the number that pending list prints"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "cancel intent", func(tx *localstore.Tx) error {
				for _, s := range args {
					n, err := strconv.ParseInt(s, 10, 64)
					if err != nil || n <= 0 {
						return usage("%q is no number of an intent", s)
					}
					if err := tx.CancelPending(localstore.PendingID(n)); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	cmd.AddCommand(list, cancel)
	return cmd
}

func pendingRow(v *localstore.View, p localstore.Pending) pendingJSON {
	row := pendingJSON{
		N: p.ID, ID: p.Message, Kind: p.Kind, State: p.State, Error: p.Error, Target: p.Name,
		Set: append(p.Set.Names(), p.SetWords...), Clear: append(p.Clear.Names(), p.ClearWords...),
	}
	if p.Target != 0 {
		if f, err := v.Folder(p.Target); err == nil { // a folder that is gone has no name
			row.Target = f.Path
		}
	}
	return row
}
