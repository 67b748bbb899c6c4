package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

func (a *app) folderCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "folder",
		Short: "Make, rename, delete and set folders; works offline",
		Args:  exactly(0, "folder needs create, rename, delete, set or open"),
	}
	cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	cmd.AddCommand(a.folderCreateCmd(), a.folderRenameCmd(), a.folderDeleteCmd(), a.folderSetCmd(), a.folderOpenCmd())
	return cmd
}

func (a *app) folderCreateCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "create [ACCOUNT/]PATH",
		Short: "Make a folder, with / between levels",
		Args:  exactly(1, "folder create needs a path, such as Projects/2026 or work/Projects"),
		RunE: func(c *cobra.Command, args []string) error {
			var row folderJSON
			err := a.write(c.Context(), "create folder", func(tx *localstore.Tx) error {
				account, path, err := newFolder(tx.View, args[0])
				if err != nil {
					return err
				}
				id, err := tx.CreateFolder(account.ID, path)
				if err != nil {
					return err
				}
				row, err = folderNow(tx.View, id)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(row, func(io.Writer) {})
		},
	}
}

// newFolder splits [ACCOUNT/]PATH. Without an account it is the only one that
// has a server, or else "On this computer".
func newFolder(v *localstore.View, name string) (localstore.Account, string, error) {
	accounts, err := v.Accounts()
	if err != nil {
		return localstore.Account{}, "", err
	}
	var own, local []localstore.Account
	for _, account := range accounts {
		if path, ok := strings.CutPrefix(name, account.Name+"/"); ok {
			return account, path, nil
		}
		if account.Mode == localstore.Local {
			local = append(local, account)
		} else {
			own = append(own, account)
		}
	}
	switch {
	case len(own) == 1:
		return own[0], name, nil
	case len(own) == 0 && len(local) == 1:
		return local[0], name, nil
	}
	return localstore.Account{}, "", usage("there are several accounts; write ACCOUNT/%s", name)
}

func (a *app) folderRenameCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "rename [ACCOUNT/]FOLDER PATH",
		Short: "Give a folder, with those below it, another name or place",
		Args:  exactly(2, "folder rename needs a folder and its new path"),
		RunE: func(c *cobra.Command, args []string) error {
			var row folderJSON
			err := a.write(c.Context(), "rename folder", func(tx *localstore.Tx) error {
				f, err := folderOf(tx.View, args[0])
				if err != nil {
					return err
				}
				account, err := tx.Account(f.Account)
				if err != nil {
					return err
				}
				path := args[1]
				if strings.HasPrefix(args[0], account.Name+"/") { // then the new one may have it, too
					path = strings.TrimPrefix(path, account.Name+"/")
				}
				if err := tx.RenameFolder(f.ID, path); err != nil {
					return err
				}
				row, err = folderNow(tx.View, f.ID)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(row, func(io.Writer) {})
		},
	}
}

func folderNow(v *localstore.View, id localstore.FolderID) (folderJSON, error) {
	f, err := v.Folder(id)
	if err != nil {
		return folderJSON{}, err
	}
	account, err := v.Account(f.Account)
	if err != nil {
		return folderJSON{}, err
	}
	return folderRow(v, account.Name, f)
}

func (a *app) folderDeleteCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "delete [ACCOUNT/]FOLDER",
		Short: "Delete a folder and those below it; their messages go to the Trash",
		Args:  exactly(1, "folder delete needs a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "delete folder", func(tx *localstore.Tx) error {
				f, err := folderOf(tx.View, args[0])
				if err != nil {
					return err
				}
				return tx.DeleteFolder(f.ID)
			})
		},
	}
}
