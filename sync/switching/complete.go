package switching

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

const (
	fetchAtOnce = 100 // mails asked for before the store is looked at again
	askAtOnce   = 500 // likewise, where they come over another connection
	mostTries   = 3   // for a mail that does not come
)

// ErrGoesOn says that mail is on its way here: the switch goes on when it has
// come.
var ErrGoesOn = &fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.Server, Op: "switch goes on", Text: "Mail is on its way to this computer; the switch follows."}

// ask asks for what is missing, where bodies come over another connection.
func (s *Switcher) ask(ctx context.Context) error {
	var left, some []localstore.Bodiless
	asked := map[localstore.ContentID]bool{}
	err := s.Store.Read(ctx, func(v *localstore.View) (err error) {
		if left, err = v.SwitchMissing(s.Switch, 1<<20); err != nil {
			return err
		}
		if some, err = v.SwitchFetchable(s.Switch, askAtOnce); err != nil {
			return err
		}
		wishes, err := v.Asked(s.Account.ID)
		for _, w := range wishes {
			asked[w.Content] = asked[w.Content] || w.Error == "" && w.Section == localstore.WishWhole
		}
		return err
	})
	if err == nil {
		err = s.room(left)
	}
	switch {
	case err != nil:
		return err
	case len(left) == 0:
		return s.unread(ctx)
	case len(some) == 0:
		return s.missing(ctx, left)
	case slices.ContainsFunc(some, func(b localstore.Bodiless) bool { return asked[b.Content] }):
		return ErrGoesOn
	}
	if err := s.want(ctx, some); err != nil {
		return err
	}
	return ErrGoesOn
}

func (s *Switcher) want(ctx context.Context, some []localstore.Bodiless) error {
	return s.write(ctx, "switch: want", func(tx *localstore.Tx) error {
		for _, b := range some {
			if err := tx.Want(b.Content, localstore.WishWhole); err != nil {
				return err
			}
		}
		return nil
	})
}

// complete brings here what is only on the server, the newest first, some at a
// time: what is cut goes on where it was.
func (s *Switcher) complete(ctx context.Context, l link.Link) error {
	total, done := 0, 0
	for try := 0; ; {
		if err := s.step(ctx, localstore.SwitchCompleting); err != nil { // paused, or taken back
			return err
		}
		var some, left []localstore.Bodiless
		err := s.Store.Read(ctx, func(v *localstore.View) (err error) {
			if left, err = v.SwitchMissing(s.Switch, 1<<20); err != nil {
				return err
			}
			some, err = v.SwitchFetchable(s.Switch, fetchAtOnce)
			return err
		})
		if err == nil {
			err = s.room(left)
		}
		if err != nil {
			return err
		}
		total = max(total, len(left))
		if done = total - len(left); s.Turned != nil {
			s.Turned(done, total)
		}
		switch {
		case len(left) == 0:
			return s.unread(ctx)
		case len(some) == 0 || try > 0 && len(some) == len(left):
			if try++; try >= mostTries {
				return s.missing(ctx, left)
			}
			some = left[:min(len(left), fetchAtOnce)]
		}
		if err = s.want(ctx, some); err == nil {
			err = l.Bodies(ctx)
		}
		if err != nil && fault.Of(err).Scope < fault.Folder {
			return err
		}
	}
}

// room refuses to go on where the disk does not hold what is to come.
func (s *Switcher) room(left []localstore.Bodiless) error {
	if s.Free == nil {
		return nil
	}
	free, err := s.Free()
	if err != nil {
		return nil // nobody knows: the disk itself says so when it is full
	}
	var bytes int64
	for _, b := range left {
		bytes += b.Size
	}
	if why := tooLittle(free, bytes); why != "" {
		return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Disk, Op: "switch waits", Text: why}
	}
	return nil
}

// unread refuses to go while the server has announced mail whose headers could
// not be read.
func (s *Switcher) unread(ctx context.Context) error {
	if s.Switch.Choice.GoWithout {
		return nil
	}
	return s.Store.Read(ctx, func(v *localstore.View) error {
		n, err := v.SwitchUnread(s.Switch)
		if err == nil && n > 0 {
			err = refusedFor(fault.User, fmt.Sprintf("The server does not hand out %d messages that it lists. To switch without them: --on-missing go.", n))
		}
		return err
	})
}

// missing names what could not be fetched, unless the user goes without it.
func (s *Switcher) missing(ctx context.Context, left []localstore.Bodiless) error {
	if s.Switch.Choice.GoWithout {
		return nil
	}
	var names []string
	err := s.Store.Read(ctx, func(v *localstore.View) error {
		names = nil
		for _, b := range left[:min(len(left), 3)] {
			m, err := v.Message(b.Message)
			if err != nil {
				return err
			}
			names = append(names, fmt.Sprintf("“%s”", m.Subject))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refusedFor(fault.User, fmt.Sprintf("%d messages cannot be fetched from the server: %s. To switch without them: --on-missing go.", len(left), strings.Join(names, ", ")))
}
