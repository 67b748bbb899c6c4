package main

import (
	"strings"

	"github.com/spf13/cobra"

	"paquebot.app/localstore"
)

func (a *app) flagCmd() *cobra.Command {
	var set, clear []string
	cmd := &cobra.Command{
		Use:   "flag ID…",
		Short: "Set and clear flags: seen, answered, flagged, draft, forwarded, junk, or a keyword",
		Args:  atLeastOne("flag needs an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(set)+len(clear) == 0 {
				return usage("flag needs --set or --clear")
			}
			setFlags, setWords, err := parseFlags(set)
			if err != nil {
				return err
			}
			clearFlags, clearWords, err := parseFlags(clear)
			if err != nil {
				return err
			}
			return a.write(c.Context(), "flag", func(tx *localstore.Tx) error {
				ids, err := known(tx.View, args)
				if err != nil {
					return err
				}
				if setFlags|clearFlags != 0 {
					if err := tx.SetFlags(ids, setFlags, clearFlags); err != nil {
						return err
					}
				}
				if len(setWords)+len(clearWords) == 0 {
					return nil
				}
				return tx.SetKeywords(ids, setWords, clearWords)
			})
		},
	}
	cmd.Flags().StringSliceVar(&set, "set", nil, "flags to set")
	cmd.Flags().StringSliceVar(&clear, "clear", nil, "flags to clear")
	return cmd
}

// parseFlags sorts names into flags and keywords (RFC 9051 §2.3.2).
func parseFlags(names []string) (flags localstore.Flags, words []string, err error) {
	for _, n := range names {
		if f, ok := localstore.ParseFlag(n); ok {
			flags |= f
			continue
		}
		if n == "" || strings.ContainsFunc(n, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\]`, r) }) {
			return 0, nil, usage("%q is no flag and no keyword", n)
		}
		words = append(words, n)
	}
	return flags, words, nil
}

// toFolder is a command that takes ids and a folder as its last argument.
func (a *app) toFolder(use, short string, do func(*localstore.Tx, []localstore.MessageID, localstore.FolderID) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("%s", use)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "to folder", func(tx *localstore.Tx) error {
				ids, err := known(tx.View, args[:len(args)-1])
				if err != nil {
					return err
				}
				first, err := tx.Message(ids[0])
				if err != nil {
					return err
				}
				f, err := folderFor(tx.View, first.Account, args[len(args)-1])
				if err != nil {
					return err
				}
				return do(tx, ids, f.ID)
			})
		},
	}
}

func (a *app) moveCmd() *cobra.Command {
	return a.toFolder("move ID… FOLDER", "Move messages to a folder", (*localstore.Tx).Move)
}

func (a *app) copyCmd() *cobra.Command {
	return a.toFolder("copy ID… FOLDER", "Copy messages to a folder", func(tx *localstore.Tx, ids []localstore.MessageID, to localstore.FolderID) error {
		_, err := tx.Copy(ids, to)
		return err
	})
}

func (a *app) deleteCmd() *cobra.Command {
	var now bool
	cmd := &cobra.Command{
		Use:   "delete ID…",
		Short: "Move messages to the Trash; what is there already is deleted for good",
		Args:  atLeastOne("delete needs an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "delete", func(tx *localstore.Tx) error {
				ids, err := known(tx.View, args)
				if err != nil {
					return err
				}
				if now {
					return tx.DeleteNow(ids)
				}
				return tx.Delete(ids)
			})
		},
	}
	cmd.Flags().BoolVar(&now, "now", false, "delete for good")
	return cmd
}

func (a *app) archiveCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "archive ID…",
		Short: "Move messages to the Archive",
		Args:  atLeastOne("archive needs an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "archive", func(tx *localstore.Tx) error {
				_, err := toRole(tx, args, localstore.RoleArchive)
				return err
			})
		},
	}
}

func (a *app) junkCmd() *cobra.Command {
	var not bool
	cmd := &cobra.Command{
		Use:   "junk ID…",
		Short: "Mark messages as junk and move them to the Junk folder; with --not back to the inbox",
		Args:  atLeastOne("junk needs an ID"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.write(c.Context(), "junk", func(tx *localstore.Tx) error {
				role, set, clear := localstore.RoleJunk, localstore.Junk, localstore.Flags(0)
				if not {
					role, set, clear = localstore.RoleInbox, 0, localstore.Junk
				}
				ids, err := toRole(tx, args, role)
				if err != nil {
					return err
				}
				return tx.SetFlags(ids, set, clear)
			})
		},
	}
	cmd.Flags().BoolVar(&not, "not", false, "they are no junk")
	return cmd
}

// toRole moves messages to the folder of a role in their own accounts.
func toRole(tx *localstore.Tx, args []string, role localstore.Role) ([]localstore.MessageID, error) {
	ids, err := known(tx.View, args)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		m, err := tx.Message(id)
		if err != nil {
			return nil, err
		}
		f, err := tx.FolderByRole(m.Account, role)
		if err != nil {
			return nil, err
		}
		if err := tx.Move([]localstore.MessageID{id}, f.ID); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
