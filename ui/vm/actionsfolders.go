package vm

import (
	"context"
	"strings"

	"paquebot.app/localstore"
)

// NewFolder makes a folder in an account; within is the path of the folder that
// it goes into, "" for none.
func (a *Actions) NewFolder(account localstore.AccountID, within, name string) {
	path := strings.TrimSpace(name)
	if within != "" {
		path = within + "/" + path
	}
	a.folder("new folder", "Folder “"+path+"” made", func(tx *localstore.Tx) error {
		_, err := tx.CreateFolder(account, path)
		return err
	})
}

// RenameFolder gives the folder at a path another name; it stays where it is.
func (a *Actions) RenameFolder(folder localstore.FolderID, path, name string) {
	to := path[:strings.LastIndexByte(path, '/')+1] + strings.TrimSpace(name)
	a.folder("rename folder", "Folder renamed to “"+to+"”", func(tx *localstore.Tx) error { return tx.RenameFolder(folder, to) })
}

// DeleteFolder deletes a folder and those below it, after asking; their
// messages go to the Trash.
func (a *Actions) DeleteFolder(folder localstore.FolderID, path string) {
	a.env.Go("delete folder", func(ctx context.Context) func() {
		n := 0
		err := a.env.Store.Read(ctx, func(v *localstore.View) error {
			n = 0
			f, err := v.Folder(folder)
			if err != nil {
				return err
			}
			all, err := v.Folders(f.Account)
			for _, o := range all {
				if o.ID == folder || strings.HasPrefix(o.Path, f.Path+"/") {
					n += o.Total
				}
			}
			return err
		})
		if err != nil {
			return func() { a.Refused(err) }
		}
		question := "Delete the folder “" + path + "”?"
		switch {
		case n == 1:
			question += " Its message goes to the Trash."
		case n > 1:
			question += " Its " + count(n, "message") + " go to the Trash."
		}
		return func() {
			a.Ask(question, "Delete", func() {
				a.folder("delete folder", "Folder “"+path+"” deleted", func(tx *localstore.Tx) error { return tx.DeleteFolder(folder) })
			})
		}
	})
}

func (a *Actions) folder(why, done string, f func(*localstore.Tx) error) {
	a.env.Go(why, func(ctx context.Context) func() {
		err := a.env.Store.Write(ctx, why, f)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return func() { a.Refused(err) }
		}
		return func() { a.Done(done, nil) }
	})
}
