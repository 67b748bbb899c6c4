package popsync

import (
	"context"

	"paquebot.app/localstore"
)

// mostFinds is how many finds are noted at once.
const mostFinds = 1000

// find is a row that was found in this session, and what the store has to know
// of that.
type find struct {
	entry    *entry
	relisted bool // after it was gone
	bound    bool // the row is new: its mail was here before the maildrop
}

// found notes that a row's mail is the one listed as m: perhaps under another
// UIDL, perhaps again after it was gone.
func (p *pass) found(e *entry, m *listed) error {
	e.listed, e.proven = m, true
	relisted := !e.active()
	uidl, size := m.uidl, m.size
	if uidl == "" {
		uidl = e.UIDL // the server shows none today
	}
	if size < 0 {
		size = e.Size
	}
	if uidl == e.UIDL && size == e.Size && !relisted {
		return nil
	}
	e.UIDL, e.Size = uidl, size
	return p.find(find{entry: e, relisted: relisted})
}

// find keeps a find until noteFinds.
func (p *pass) find(f find) error {
	p.finds, p.progress = append(p.finds, f), true
	if len(p.finds) < mostFinds {
		return nil
	}
	return p.noteFinds(p.ctx)
}

// noteFinds writes down what was found. For mail that is listed again after it
// was gone the account's policy holds anew; what was never here whole is to be
// fetched.
func (p *pass) noteFinds(ctx context.Context) error {
	finds := p.finds
	p.finds = nil
	if len(finds) == 0 {
		return nil
	}
	deleting := map[localstore.LocationID]bool{}
	err := p.link.write(ctx, "pop recognised", func(tx *localstore.Tx) error {
		var whole []localstore.LocationID
		for _, f := range finds {
			if err := noteFind(tx, f); err != nil {
				return err
			}
			if f.relisted && !f.entry.stub() && !f.entry.Pinned {
				whole = append(whole, f.entry.ID)
			}
		}
		if len(whole) == 0 {
			return nil
		}
		if err := tx.KeepOnServer(p.link.maildrop, whole, false); err != nil {
			return err
		}
		rows, err := tx.Ledger(p.link.maildrop, localstore.PopDeleting)
		for _, row := range rows {
			deleting[row.ID] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range finds {
		if f.relisted {
			f.entry.Deletes = 0
		}
		switch e := f.entry; {
		case !f.relisted:
		case e.stub():
			e.State = localstore.PopSkipped
		case deleting[e.ID]:
			e.State, e.Why = localstore.PopDeleting, ""
		default:
			e.State = localstore.PopKept
		}
	}
	return nil
}

func noteFind(tx *localstore.Tx, f find) (err error) {
	e := f.entry
	if f.bound {
		e.ID, err = tx.AddPopLocation(e.PopLocation)
		return err
	}
	if err := tx.SetPopListing(e.ID, e.UIDL, e.Size); err != nil || !f.relisted {
		return err
	}
	state := localstore.PopKept
	if e.stub() {
		state = localstore.PopSkipped
	}
	return tx.SetPopState([]localstore.LocationID{e.ID}, state, "The server listed it again.")
}
