package vm

import (
	"context"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Actions are what the user does to messages. Each is one write of intents: it
// works offline, and the window shows it when it is on the disk.
type Actions struct {
	// Done is told in a short sentence what was done, with its inverse; undo
	// is nil where there is none. Text is "" for what the window shows anyway.
	Done func(text string, undo func())
	// Refused is told why something cannot be done.
	Refused func(err error)
	// Ask asks before something that cannot be undone.
	Ask func(question, yes string, then func())

	env *Env
}

// NewActions returns the actions on a store.
func NewActions(env *Env) *Actions {
	return &Actions{env: env, Done: func(string, func()) {}, Refused: func(error) {}, Ask: func(_, _ string, then func()) { then() }}
}

// spotOf is where a message was.
type spotOf struct {
	id     localstore.MessageID
	folder localstore.FolderID
	flags  localstore.Flags
}

// deed is one write of a user.
type deed struct {
	why  string
	do   func(tx *localstore.Tx, was []spotOf) error
	text func(n int) string
	undo func(tx *localstore.Tx, was []spotOf) error // nil: none
}

// run does a deed to messages.
func (a *Actions) run(ids []localstore.MessageID, d deed) {
	if len(ids) == 0 {
		return
	}
	ids = slices.Clone(ids)
	a.env.Go(d.why, func(ctx context.Context) func() {
		var was []spotOf
		var kept error // an error in spite of which wishes are kept
		err := a.env.Store.Write(ctx, d.why, func(tx *localstore.Tx) error {
			kept = nil
			messages, err := tx.Messages(ids)
			if err != nil {
				return err
			}
			was = was[:0]
			for _, m := range messages {
				was = append(was, spotOf{m.ID, m.Folder, m.Flags})
			}
			err = d.do(tx, was)
			if f := fault.Of(err); f != nil && f.Remedy == fault.User && f.Cause == fault.Data && f.Op == "move" {
				kept, err = err, nil
			}
			return err
		})
		if err == nil {
			err = kept
		}
		if ctx.Err() != nil {
			return nil
		}
		return func() { a.settled(was, d, err) }
	})
}

func (a *Actions) settled(was []spotOf, d deed, err error) {
	if err != nil {
		a.Refused(err)
		return
	}
	if len(was) == 0 {
		return
	}
	var undo func()
	if d.undo != nil {
		undo = func() {
			a.env.Go("undo "+d.why, func(ctx context.Context) func() {
				err := a.env.Store.Write(ctx, "undo "+d.why, func(tx *localstore.Tx) error { return d.undo(tx, was) })
				if err == nil || ctx.Err() != nil {
					return nil
				}
				return func() { a.Refused(err) }
			})
		}
	}
	text := ""
	if d.text != nil {
		text = d.text(len(was))
	}
	a.Done(text, undo)
}

// back puts messages where they were, with the marks they had.
func back(tx *localstore.Tx, was []spotOf) error {
	if err := forEach(was, func(w spotOf) localstore.FolderID { return w.folder }, tx.Move); err != nil {
		return err
	}
	return forEach(was, func(w spotOf) localstore.Flags { return w.flags & localstore.Junk }, func(ids []localstore.MessageID, f localstore.Flags) error {
		return tx.SetFlags(ids, f, localstore.Junk&^f)
	})
}

// forEach calls f once for the messages of each key.
func forEach[K comparable](was []spotOf, key func(spotOf) K, f func([]localstore.MessageID, K) error) error {
	groups := map[K][]localstore.MessageID{}
	var order []K
	for _, w := range was {
		k := key(w)
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], w.id)
	}
	for _, k := range order {
		if err := f(groups[k], k); err != nil {
			return err
		}
	}
	return nil
}

// byAccount gathers messages by the account of their folder.
func byAccount(tx *localstore.Tx, was []spotOf, f func([]localstore.MessageID, localstore.AccountID) error) error {
	accounts := map[localstore.FolderID]localstore.AccountID{}
	for _, w := range was {
		if accounts[w.folder] == 0 {
			folder, err := tx.Folder(w.folder)
			if err != nil {
				return err
			}
			accounts[w.folder] = folder.Account
		}
	}
	return forEach(was, func(w spotOf) localstore.AccountID { return accounts[w.folder] }, f)
}

// toRole moves each message to the folder of a role in its own account, which
// is made where there is none.
func toRole(tx *localstore.Tx, was []spotOf, role localstore.Role) error {
	return byAccount(tx, was, func(ids []localstore.MessageID, account localstore.AccountID) error {
		to, err := tx.FolderByRole(account, role)
		if f := fault.Of(err); f != nil && f.Cause == fault.Missing {
			to.ID, err = tx.EnsureFolder(account, roleTitles[role], role)
		}
		if err != nil {
			return err
		}
		return tx.Move(ids, to.ID)
	})
}

func done(what string) func(int) string {
	return func(n int) string {
		if n == 1 {
			return "Message " + what
		}
		return count(n, "message") + " " + what
	}
}

// Archive moves messages to the Archive.
func (a *Actions) Archive(ids []localstore.MessageID) {
	a.run(ids, deed{
		why: "archive", text: done("archived"), undo: back,
		do: func(tx *localstore.Tx, was []spotOf) error { return toRole(tx, was, localstore.RoleArchive) },
	})
}

// Junk moves messages to Junk, or, those that are there, back to the Inbox.
func (a *Actions) Junk(ids []localstore.MessageID, in localstore.Role) {
	to, what, set, clear := localstore.RoleJunk, "moved to Junk", localstore.Junk, localstore.Flags(0)
	if in == localstore.RoleJunk {
		to, what, set, clear = localstore.RoleInbox, "moved to the Inbox", 0, localstore.Junk
	}
	a.run(ids, deed{
		why: "junk", text: done(what), undo: back,
		do: func(tx *localstore.Tx, was []spotOf) error {
			if err := toRole(tx, was, to); err != nil {
				return err
			}
			return tx.SetFlags(ids, set, clear)
		},
	})
}

// Move moves messages to a folder.
func (a *Actions) Move(ids []localstore.MessageID, to localstore.FolderID, name string) {
	a.run(ids, deed{
		why: "move", text: done("moved to " + name),
		do:   func(tx *localstore.Tx, _ []spotOf) error { return tx.Move(ids, to) },
		undo: back,
	})
}

// Delete moves messages to the Trash; those in the Trash it deletes for good,
// after asking.
func (a *Actions) Delete(ids []localstore.MessageID, in localstore.Role) {
	if in == localstore.RoleTrash {
		a.Ask("Delete "+count(len(ids), "message")+" for good? This cannot be undone.", "Delete", func() {
			a.run(ids, deed{
				why: "delete for good", text: done("deleted for good"),
				do: func(tx *localstore.Tx, _ []spotOf) error { return tx.Delete(ids) },
			})
		})
		return
	}
	a.run(ids, deed{
		why: "delete", text: done("moved to the Trash"), undo: back,
		do: func(tx *localstore.Tx, was []spotOf) error {
			// Found messages may lie anywhere: what is in the Trash stays there.
			var away []localstore.MessageID
			for _, w := range was {
				f, err := tx.Folder(w.folder)
				if err != nil {
					return err
				}
				if f.Role != localstore.RoleTrash {
					away = append(away, w.id)
				}
			}
			return tx.Delete(away)
		},
	})
}

// Flag stars messages or takes the star away.
func (a *Actions) Flag(ids []localstore.MessageID, on bool) {
	a.mark(ids, "flag", localstore.Flagged, on)
}

// Read marks messages read or unread.
func (a *Actions) Read(ids []localstore.MessageID, on bool) {
	a.mark(ids, "mark read", localstore.Seen, on)
}

func (a *Actions) mark(ids []localstore.MessageID, why string, flag localstore.Flags, on bool) {
	set, clear := flag, localstore.Flags(0)
	if !on {
		set, clear = clear, set
	}
	a.run(ids, deed{why: why, do: func(tx *localstore.Tx, _ []spotOf) error { return tx.SetFlags(ids, set, clear) }})
}

// ReadAll marks all messages of a folder read.
func (a *Actions) ReadAll(folder localstore.FolderID) {
	a.env.Go("mark all read", func(ctx context.Context) func() {
		var ids []localstore.MessageID
		err := a.env.Store.Write(ctx, "mark all read", func(tx *localstore.Tx) (err error) {
			if ids, _, err = tx.MessageIDs(localstore.List{Folder: folder, Unread: true}, 0, 1<<30); err != nil {
				return err
			}
			return tx.SetFlags(ids, localstore.Seen, 0)
		})
		if err != nil {
			return func() { a.Refused(err) }
		}
		return func() {
			if len(ids) == 0 {
				return
			}
			a.Done(done("marked read")(len(ids)), func() { a.Read(ids, false) })
		}
	})
}
