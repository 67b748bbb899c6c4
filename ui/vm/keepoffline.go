package vm

import (
	"context"

	"paquebot.app/localstore"
)

// Keep is how much of the mail on an IMAP server comes here by itself.
type Keep struct {
	Words  string
	Policy localstore.BodyPolicy // "": as in the account
	Days   int
	Now    bool // it holds
}

// Keeps are the choices for an account, from little to all.
func Keeps() []Keep {
	return []Keep{
		{Words: "Only the names of folders", Policy: localstore.FetchNone},
		{Words: "Senders and subjects", Policy: localstore.FetchHeaders},
		{Words: "The text of the last 30 days", Policy: localstore.FetchText, Days: 30},
		{Words: "The text of the last 90 days", Policy: localstore.FetchText, Days: 90},
		{Words: "The text of the last year", Policy: localstore.FetchText, Days: 365},
		{Words: "Everything", Policy: localstore.FetchAll},
	}
}

// KeepAt is the place of a policy among choices; of days that are not among
// them, of the next longer time.
func KeepAt(all []Keep, p localstore.BodyPolicy, days int) int {
	for i, k := range all {
		if k.Policy == p && days <= k.Days {
			return i
		}
	}
	return len(all) - 1
}

// folderKeeps are the choices for a folder.
func folderKeeps(p localstore.FolderPolicy) []Keep {
	all := append([]Keep{{Words: "As in the account"}}, Keeps()...)
	all[1].Words = "Nothing until it is opened"
	all[KeepAt(all, p.Policy, p.Days)].Now = true
	return all
}

// KeepsOf reads the choices for a folder and what holds now; then is told them,
// unless no IMAP server has the folder.
func (a *Actions) KeepsOf(folder localstore.FolderID, then func([]Keep)) {
	a.env.Go("keep offline", func(ctx context.Context) func() {
		var all []Keep
		err := a.env.Store.Read(ctx, func(v *localstore.View) error {
			all = nil
			f, err := v.Folder(folder)
			if err != nil {
				return err
			}
			if _, remote, err := v.FetchingOf(f); err != nil || !remote {
				return err
			}
			p, err := v.FolderPolicy(folder)
			all = folderKeeps(p)
			return err
		})
		if err != nil {
			return func() { a.Refused(err) }
		}
		if all == nil {
			return nil
		}
		return func() { then(all) }
	})
}

// SetKeep changes what of a folder's mail comes by itself. It holds at once.
func (a *Actions) SetKeep(folder localstore.FolderID, k Keep) {
	a.folder("keep offline", "", func(tx *localstore.Tx) error {
		p, err := tx.FolderPolicy(folder)
		if err != nil {
			return err
		}
		p.Policy, p.Days = k.Policy, k.Days
		return tx.SetFolderPolicy(folder, p)
	})
}

// openFolder tells that a folder is looked at: one of which only the name is
// kept is read then.
func (e *Env) openFolder(id localstore.FolderID) {
	if id == 0 {
		return
	}
	e.Go("open folder", func(ctx context.Context) func() {
		none := false
		err := e.Store.Read(ctx, func(v *localstore.View) error {
			f, err := v.Folder(id)
			if err != nil {
				return err
			}
			one, remote, err := v.FetchingOf(f)
			none = remote && one.Policy == localstore.FetchNone
			return err
		})
		if err == nil && none {
			err = e.Store.Write(ctx, "open folder", func(tx *localstore.Tx) error { return tx.OpenFolder(id) })
		}
		e.Failed("open folder", err)
		return nil
	})
}
