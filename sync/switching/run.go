package switching

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// Switcher carries one switch that the store says is under way. Nobody else
// applies or receives for the account meanwhile.
type Switcher struct {
	Store   *localstore.Store
	Account localstore.Account
	Switch  localstore.Switch
	Free    func() (int64, error) // room on the disk; nil: not known
	Turned  func(done, total int) // told of bodies as they come; nil: nobody
	// Elsewhere: bodies come over another connection. They are only asked for, some
	// hundred at a time, and ErrGoesOn says that they have not come yet.
	Elsewhere bool
}

// around is called with every commit; tests end the program in it.
var around = func(write func() error) error { return write() }

const (
	bindAtOnce = 500 // bindings a commit
	mostRounds = 5   // of draining, while the user goes on
)

func (s *Switcher) write(ctx context.Context, why string, f func(*localstore.Tx) error) error {
	return around(func() error { return s.Store.Write(ctx, why, f) })
}

// ToImap binds what the IMAP server's inbox lists to what is here and changes
// the mode. box is nil for who goes back to it without a network: what he had
// there counts again.
func (s *Switcher) ToImap(ctx context.Context, box Mailbox) error {
	id := s.Switch.ID
	if box != nil {
		h, err := load(ctx, s.Store, s.Account, s.Switch.Choice)
		if err != nil {
			return err
		}
		found, err := recogniseInbox(ctx, h.without(s.Switch), box)
		if err != nil {
			return err
		}
		if err := s.bindInbox(ctx, found); err != nil {
			return err
		}
	}
	return s.write(ctx, "switch: commit", func(tx *localstore.Tx) error { return tx.CommitSwitch(id) })
}

// bindInbox writes down what of the inbox is here. By UIDs that mean nothing
// tomorrow nothing is bound.
func (s *Switcher) bindInbox(ctx context.Context, found inboxFound) error {
	id := s.Switch.ID
	if found.listing.UIDValidity == 0 {
		return nil
	}
	var inbox localstore.RemoteFolderID
	err := s.write(ctx, "switch: inbox", func(tx *localstore.Tx) (err error) {
		inbox, err = tx.OpenInbox(id, found.listing.UIDValidity)
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(found.bindings, bindAtOnce) {
		err := s.write(ctx, "switch: bind", func(tx *localstore.Tx) error {
			return tx.BindInbox(id, inbox, found.listing.UIDValidity, some)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ToPop drains what waits for the IMAP server, brings here what is only there,
// binds what the maildrop lists and changes the mode. l is a link to the IMAP
// server. open begins a session with the maildrop; both are nil for who goes
// back without a network, where nothing waits and nothing is missing.
func (s *Switcher) ToPop(ctx context.Context, l link.Link, open func(context.Context) (Maildrop, func(), error)) error {
	if err := s.step(ctx, localstore.SwitchCompleting); err != nil {
		return err
	}
	for round := 1; ; round++ {
		err := s.toPopOnce(ctx, l, open)
		if err == nil || round == mostRounds || !errors.Is(err, errMore) {
			return err
		}
	}
}

// errMore says that something came in between, which is done first.
var errMore = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "switch", Text: "There is more to be carried first."}

func (s *Switcher) toPopOnce(ctx context.Context, l link.Link, open func(context.Context) (Maildrop, func(), error)) error {
	id := s.Switch.ID
	if l != nil {
		if err := s.drain(ctx, l); err != nil {
			return err
		}
		bring := func() error { return s.complete(ctx, l) }
		if s.Elsewhere {
			bring = func() error { return s.ask(ctx) }
		}
		if err := bring(); err != nil {
			return err
		}
	}
	if open != nil {
		if err := s.bindDrop(ctx, open); err != nil {
			return err
		}
	}
	if l != nil { // what came while all this took its time
		if err := s.carry(ctx, l); err != nil {
			return err
		}
	}
	err := s.write(ctx, "switch: commit", func(tx *localstore.Tx) error { return tx.CommitSwitch(id) })
	if fault.Is(err, fault.Later) && fault.Of(err).Op == "switch" && l != nil {
		return errors.Join(errMore, err)
	}
	return err
}

func (s *Switcher) step(ctx context.Context, to localstore.SwitchStep) error {
	return s.write(ctx, "switch: step", func(tx *localstore.Tx) error { return tx.StepSwitch(s.Switch.ID, to, "") })
}

// carry applies and receives. What one folder or message alone has against it
// is no reason to stop.
func (s *Switcher) carry(ctx context.Context, l link.Link) error {
	if err := l.Apply(ctx); err != nil && fault.Of(err).Scope < fault.Folder {
		return err
	}
	return l.Receive(ctx) // every folder has to be read
}

// drain carries everything that the user did. What the server refuses for good
// is taken back where he chose that, else it is named.
func (s *Switcher) drain(ctx context.Context, l link.Link) error {
	if err := s.carry(ctx, l); err != nil {
		return err
	}
	var stuck, waiting []localstore.Pending
	err := s.write(ctx, "switch: refused", func(tx *localstore.Tx) error {
		stuck, waiting = nil, nil
		all, err := tx.Pendings(s.Account.ID)
		for _, p := range all {
			switch {
			case err != nil:
				return err
			case p.State != localstore.PendStuck:
				waiting = append(waiting, p)
			case s.Switch.Choice.DropRefused:
				err = tx.CancelPending(p.ID)
			default:
				stuck = append(stuck, p)
			}
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case len(stuck) > 0:
		return refusedFor(fault.User, fmt.Sprintf("The server refuses %s. Take that back, or switch without it: --on-refused drop.", intents(stuck)))
	case len(waiting) > 0:
		return refusedFor(fault.Later, fmt.Sprintf("%s must reach the server before the switch.", intents(waiting)))
	}
	return nil
}

func refusedFor(remedy fault.Remedy, text string) error {
	return &fault.Error{Remedy: remedy, Scope: fault.Account, Cause: fault.Server, Op: "switch waits", Text: text}
}

// intents names intents.
func intents(all []localstore.Pending) string {
	if len(all) == 1 {
		p := all[0]
		return fmt.Sprintf("one change (%s, number %d)", p.Kind, p.ID)
	}
	return fmt.Sprintf("%d changes, the first of them number %d (%s)", len(all), all[0].ID, all[0].Kind)
}

// bindDrop writes into the ledger what of the maildrop is here.
func (s *Switcher) bindDrop(ctx context.Context, open func(context.Context) (Maildrop, func(), error)) error {
	h, err := load(ctx, s.Store, s.Account, s.Switch.Choice)
	if err != nil {
		return err
	}
	drop, end, err := open(ctx)
	if err != nil {
		return err
	}
	defer end()
	if why := cannotName(drop); why != "" {
		return refusedFor(fault.User, why)
	}
	found, err := recogniseDrop(ctx, h.without(s.Switch), drop)
	if err != nil {
		return err
	}
	var maildrop localstore.MaildropID
	err = s.write(ctx, "switch: maildrop", func(tx *localstore.Tx) (err error) {
		maildrop, _, err = tx.OpenDrop(s.Switch.ID)
		return err
	})
	if err != nil {
		return err
	}
	// What is not here whole is compared when it comes.
	rows := slices.DeleteFunc(found.rows, func(r localstore.PopLocation) bool { return r.HeaderHash == none })
	for some := range slices.Chunk(rows, bindAtOnce) {
		err := s.write(ctx, "switch: bind", func(tx *localstore.Tx) error {
			for i := range some {
				some[i].Maildrop = maildrop
			}
			return tx.BindDrop(s.Switch.ID, some)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// without returns what was here before a switch: what an earlier try of it has
// bound is bound anew.
func (h here) without(s localstore.Switch) here {
	for uid, l := range h.inInboxAt {
		if s.To == localstore.IMAP && l > s.Choice.LastImap {
			delete(h.located, h.inInbox[uid])
			delete(h.inInbox, uid)
		}
	}
	h.ledger = slices.DeleteFunc(h.ledger, func(r localstore.PopLocation) bool {
		return s.To == localstore.POP && r.ID > s.Choice.LastPop
	})
	return h
}
