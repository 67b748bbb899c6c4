package vm

import (
	"context"
	"sync/atomic"
	"time"

	"paquebot.app/localstore"
)

// PackScope is which folders are packed.
type PackScope int

const (
	PackInbox PackScope = iota
	PackAll             // but Junk, Trash and All mail
	PackSome            // those that are chosen
)

// PackInput is what is chosen on the page.
type PackInput struct {
	Account     localstore.AccountID // 0: all
	Scope       PackScope
	Folders     map[localstore.FolderID]bool // of PackSome
	Days        int                          // 0: of any age
	Flagged     bool
	Threads     bool
	Attachments int64
	Budget      int64 // 0: none
}

// PackPhase is how far a pack is.
type PackPhase int

const (
	PackChoosing PackPhase = iota
	PackRunning
	PackDone
)

// Pack is the page that makes the mail ready for a time without a network.
type Pack struct {
	// Changed is called when anything that is shown changed.
	Changed func()
	// Refused is told why something cannot be done.
	Refused func(err error)

	env    *Env
	engine Engine
	jobs   serial
	shown  atomic.Bool
	asked  atomic.Int64 // of Load: only the last answer counts
	input  PackInput
	state  packState
	again  bool // the user chooses anew although there is a receipt
}

// packState is what was read of the store.
type packState struct {
	ready    bool
	accounts []localstore.Account
	folders  []localstore.Folder // of the account that is chosen, or of all there are
	plan     localstore.PackPlan
	packs    []localstore.Pack // of the accounts that have one
	receipt  localstore.PackReceipt
	textOnly bool
	traffic  []PackTraffic
}

// PackTraffic is what an account moved.
type PackTraffic struct{ Account, Today, Month string }

// NewPack returns the model; Show fills it. engine may be nil.
func NewPack(env *Env, engine Engine) *Pack {
	return &Pack{env: env, engine: engine, jobs: serial{env: env, what: "pack"}, Changed: func() {}, Refused: func(error) {},
		input: PackInput{Days: 30, Flagged: true, Threads: true, Attachments: 1_000_000, Folders: map[localstore.FolderID]bool{}}}
}

// Show reads the store and follows it until it is called with false.
func (p *Pack) Show(on bool) {
	p.shown.Store(on)
	if on {
		p.Load()
	}
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (p *Pack) Follow(c Changes) {
	if !p.shown.Load() {
		return
	}
	for _, topic := range []localstore.Topic{localstore.TopicBodies, localstore.TopicAccounts, localstore.TopicFolders, localstore.TopicTraffic, localstore.TopicSettings} {
		if c.About(topic) {
			p.Load()
			return
		}
	}
}

// Input is what is chosen.
func (p *Pack) Input() PackInput { return p.input }

// Set changes what is chosen; the estimate follows.
func (p *Pack) Set(change func(*PackInput)) {
	change(&p.input)
	p.Changed()
	p.Load()
}

// Ready tells whether the store was read.
func (p *Pack) Ready() bool { return p.state.ready }

// Accounts are those that can be packed.
func (p *Pack) Accounts() []localstore.Account { return p.state.accounts }

// Folders are those that can be chosen one by one.
func (p *Pack) Folders() []localstore.Folder { return p.state.folders }

// TextOnly tells whether only texts are fetched unasked.
func (p *Pack) TextOnly() bool { return p.state.textOnly }

// Traffic is what the accounts moved.
func (p *Pack) Traffic() []PackTraffic { return p.state.traffic }

// SetTextOnly switches it.
func (p *Pack) SetTextOnly(on bool) {
	p.env.write("text only", func(tx *localstore.Tx) error { return tx.SetTextOnly(on) })
}

// receiptShown is how long a receipt is what the page opens with.
const receiptShown = 12 * time.Hour

// Phase is how far the last pack is.
func (p *Pack) Phase() PackPhase {
	done := PackChoosing
	for _, one := range p.state.packs {
		if one.UnderWay() {
			return PackRunning
		}
		if !p.again && p.env.Clock.Now().Sub(one.Ended) < receiptShown {
			done = PackDone
		}
	}
	return done
}

// Again goes back from the receipt to the choice.
func (p *Pack) Again() {
	p.again = true
	p.Changed()
}

// choice is the input as the store takes it, for one of n accounts.
func (i PackInput) choice(folders []localstore.Folder, n int) localstore.PackChoice {
	c := localstore.PackChoice{Days: i.Days, Flagged: i.Flagged, Threads: i.Threads, Attachments: i.Attachments}
	if i.Budget > 0 {
		c.Budget = i.Budget / int64(max(n, 1))
	}
	for _, f := range folders {
		switch {
		case i.Scope == PackInbox && f.Role == localstore.RoleInbox,
			i.Scope == PackSome && i.Folders[f.ID],
			i.Scope == PackAll && packed(f):
			c.Folders = append(c.Folders, f.ID)
		}
	}
	return c
}

// packed tells whether a folder can be packed.
func packed(f localstore.Folder) bool {
	switch f.Role {
	case localstore.RoleJunk, localstore.RoleTrash, localstore.RoleAll, localstore.RoleOutbox:
		return false
	}
	return true
}

// chosen returns the accounts that an input is about, each with its choice;
// those of which no folder is chosen are left out.
func (i PackInput) chosen(v *localstore.View) (accounts []localstore.Account, choices []localstore.PackChoice, err error) {
	all, err := v.Accounts()
	if err != nil {
		return nil, nil, err
	}
	var of []localstore.Account
	for _, a := range all {
		if a.Mode != localstore.Local && (i.Account == 0 || i.Account == a.ID) {
			of = append(of, a)
		}
	}
	for _, a := range of {
		folders, err := v.Folders(a.ID)
		if err != nil {
			return nil, nil, err
		}
		if c := i.choice(folders, len(of)); len(c.Folders) > 0 {
			accounts, choices = append(accounts, a), append(choices, c)
		}
	}
	return accounts, choices, nil
}

// Begin fetches what is chosen; the engine does it as soon as there is a
// connection.
func (p *Pack) Begin() {
	p.again = false
	input := p.input
	p.jobs.do(true, func(ctx context.Context) func() {
		err := p.env.Store.Write(ctx, "begin pack", func(tx *localstore.Tx) error {
			accounts, choices, err := input.chosen(tx.View)
			if err != nil {
				return err
			}
			for i, a := range accounts {
				if err := tx.BeginPack(a.ID, choices[i], p.env.Clock.Now()); err != nil {
					return err
				}
				if err := tx.SettlePack(a.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return func() { p.Refused(err) }
		}
		if p.engine != nil {
			p.engine.Wake() // who is offline tries now
		}
		return p.Load
	})
}

// Cancel ends what is under way; what came stays.
func (p *Pack) Cancel() {
	running := p.state.packs
	p.jobs.do(true, func(ctx context.Context) func() {
		err := p.env.Store.Write(ctx, "end pack", func(tx *localstore.Tx) error {
			for _, one := range running {
				if err := tx.EndPack(one.Account); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return func() { p.Refused(err) }
		}
		return p.Load
	})
}
