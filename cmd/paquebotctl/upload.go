package main

import (
	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

func (a *app) uploadCmd() *cobra.Command {
	var folder string
	cmd := &cobra.Command{
		Use:   "upload ID…",
		Short: "Put mail that only this computer has on the server, into the folder it lies in; works offline",
		Args: func(_ *cobra.Command, args []string) error {
			if (len(args) == 0) == (folder == "") {
				return usage("upload needs ids or --folder")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			var done localstore.Settled
			err := a.write(c.Context(), "upload", func(tx *localstore.Tx) error {
				ids, err := uploadNamed(tx.View, args, folder)
				if err != nil {
					return err
				}
				done, err = tx.Upload(ids)
				return err
			})
			if err != nil {
				return err
			}
			return a.settled(done, folder == "")
		},
	}
	cmd.Flags().StringVar(&folder, "folder", "", "all mail of this `folder` that its server does not have")
	return cmd
}

// uploadNamed returns the messages to be put on a server.
func uploadNamed(v *localstore.View, args []string, folder string) ([]localstore.MessageID, error) {
	if folder == "" {
		return known(v, args)
	}
	f, err := folderOf(v, folder)
	if err != nil {
		return nil, err
	}
	ids, err := idsOf(v, localstore.List{Folder: f.ID}, 0, false)
	if err != nil {
		return nil, err
	}
	messages, err := v.Messages(ids)
	if err != nil {
		return nil, err
	}
	var here []localstore.MessageID
	for _, m := range messages {
		if m.Where == localstore.WhereHere {
			here = append(here, m.ID)
		}
	}
	return here, nil
}
