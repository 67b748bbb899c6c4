package vm

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"paquebot.app/localstore"
)

// SwitchPlan is what a switch of an account's mode would find and do. What is
// not known without a connection is nil, and Unknown names it.
type SwitchPlan struct {
	Here         int
	OnServer     *int
	Recognised   *int
	OnlyHere     *int
	OnlyOnServer *int
	BytesToFetch *int64
	FreeDisk     *int64
	Waiting      int // changes that the server has to be told first
	Stuck        int // of these, how many it refuses for good
	DeletedHere  int // deleted here, still on the server: shown again
	Folders      []SwitchFolder
	Unknown      []string
	Refused      string // why it cannot be done; "" where it can be
	Promise      string
	Offline      bool // made without a connection: it begins with the next one
}

// SwitchFolder is what a plan says of one folder.
type SwitchFolder struct {
	Path        string
	Here, Whole int
	OnServer    *int
	Bytes       *int64
}

// SwitchPhase is what the page of a switch shows.
type SwitchPhase int

const (
	SwitchChoosing SwitchPhase = iota // the two ways
	SwitchPlanning                    // a server is asked
	SwitchPlanned
	SwitchUnderWay // wanted, and the account is still kept as it was
	SwitchDone
)

// Switching is the page on which an account's mail comes to be kept in the other
// way: a plan, the switch while it is under way, and its undo.
type Switching struct {
	// Changed is called when anything that is shown changed.
	Changed func()
	// Refused is told why something cannot be done.
	Refused func(err error)

	env    *Env
	engine Engine
	jobs   serial
	id     atomic.Int64 // an AccountID; 0: the page is closed
	asked  atomic.Int64 // of Plan: only the last answer counts

	state    switchState
	planning bool
	plan     *SwitchPlan // nil: none was made
	choice   localstore.SwitchChoice
	without  map[string]bool // paths of folders whose mail stays behind
}

// switchState is what was read of the store.
type switchState struct {
	ready     bool
	account   localstore.Account
	open      localstore.Switch
	under     bool
	last      localstore.Switch
	until     time.Time // when the undo ends; zero: there is none
	here      int       // of the chosen folders while a switch to POP is under way,
	whole     int       // and how many of them are here whole
	localOnly []LocalOnly
}

// LocalOnly is a folder with mail that only this computer has.
type LocalOnly struct {
	Folder localstore.Folder
	Mails  []localstore.MessageID
}

// NewSwitching returns a page that shows nothing until Show. engine may be nil:
// then nothing can be planned.
func NewSwitching(env *Env, engine Engine) *Switching {
	return &Switching{env: env, engine: engine, jobs: serial{env: env, what: "switch"}, without: map[string]bool{},
		Changed: func() {}, Refused: func(error) {}}
}

// Show shows an account and follows it; 0 ends that.
func (s *Switching) Show(account localstore.AccountID) {
	s.id.Store(int64(account))
	s.asked.Add(1)
	s.state, s.plan, s.planning, s.choice, s.without = switchState{}, nil, false, localstore.SwitchChoice{}, map[string]bool{}
	if account != 0 {
		s.Load()
	}
}

func (s *Switching) account() localstore.AccountID { return localstore.AccountID(s.id.Load()) }

// Follow takes changes of the store; it is called off the window's goroutine.
func (s *Switching) Follow(c Changes) {
	if s.account() != 0 && (c.About(localstore.TopicAccounts) || c.About(localstore.TopicBodies) || c.About(localstore.TopicPending)) {
		s.Load()
	}
}

// Load reads the store.
func (s *Switching) Load() {
	s.jobs.do(false, func(ctx context.Context) func() {
		account, state := s.account(), switchState{}
		if account == 0 {
			return nil
		}
		err := s.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			state, err = s.read(v, account)
			return err
		})
		if err != nil {
			s.env.Failed("switch", err)
			return nil
		}
		return func() {
			if account != s.account() {
				return
			}
			if state.under || state.account.Mode != s.state.account.Mode {
				s.plan = nil // it was of another state
			}
			s.state = state
			s.Changed()
		}
	})
}

func (s *Switching) read(v *localstore.View, id localstore.AccountID) (state switchState, err error) {
	state.ready = true
	if state.account, err = v.Account(id); err != nil {
		return state, err
	}
	if state.open, state.under, err = v.OpenSwitch(id); err != nil {
		return state, err
	}
	state.under = state.under && !state.open.Begun()
	last, until, ok, err := v.Undoable(id, s.env.Clock.Now())
	if err != nil {
		return state, err
	}
	if ok && last.To == state.account.Mode {
		state.last, state.until = last, until
	}
	folders, err := v.Folders(id)
	if err != nil {
		return state, err
	}
	for _, f := range folders {
		if state.under && state.open.To == localstore.POP && state.open.Choice.Chosen(f) {
			here, whole, _, err := v.FolderHolds(f.ID)
			if err != nil {
				return state, err
			}
			state.here, state.whole = state.here+here, state.whole+whole
		}
		if state.account.Mode == localstore.IMAP && !state.under {
			some, err := v.HasOnlyHere(f.ID)
			if err != nil {
				return state, err
			}
			if !some {
				continue
			}
			mails, _, err := v.MessageIDs(localstore.List{Folder: f.ID, OnlyHere: true}, 0, 1<<30)
			if err != nil {
				return state, err
			}
			if len(mails) > 0 {
				state.localOnly = append(state.localOnly, LocalOnly{f, mails})
			}
		}
	}
	return state, nil
}

// Ready tells whether the store was read.
func (s *Switching) Ready() bool { return s.state.ready }

// Account is the account as it is now.
func (s *Switching) Account() localstore.Account { return s.state.account }

// Phase is what the page shows.
func (s *Switching) Phase() SwitchPhase {
	switch {
	case s.state.under:
		return SwitchUnderWay
	case s.planning:
		return SwitchPlanning
	case s.plan != nil:
		return SwitchPlanned
	case !s.state.until.IsZero():
		return SwitchDone
	}
	return SwitchChoosing
}

// To is the mode that the page is about to change to, or has changed to.
func (s *Switching) To() localstore.Mode {
	switch {
	case s.state.under:
		return s.state.open.To
	case s.Phase() == SwitchDone:
		return s.state.last.To
	}
	return other(s.state.account.Mode)
}

// Before is how the mail was kept before the last switch.
func (s *Switching) Before() localstore.Mode { return s.state.last.From }

func other(m localstore.Mode) localstore.Mode {
	if m == localstore.POP {
		return localstore.IMAP
	}
	return localstore.POP
}

// Plan asks what a switch to the other mode would find and do.
func (s *Switching) Plan() {
	if s.engine == nil || s.Phase() == SwitchPlanning {
		return
	}
	s.planning = true
	turn, account, choice := s.asked.Add(1), s.state.account, s.choice
	s.Changed()
	s.env.Go("plan switch", func(ctx context.Context) func() {
		plan, chosen, err := s.engine.PlanSwitch(ctx, account, other(account.Mode), choice)
		return func() {
			if turn != s.asked.Load() {
				return
			}
			if s.planning = false; err != nil {
				s.Refused(err)
			} else {
				s.plan, s.choice = &plan, chosen
			}
			s.Changed()
		}
	})
}

// Planned is the plan; nil where there is none.
func (s *Switching) Planned() *SwitchPlan { return s.plan }

// Leave goes back to the choice: nothing was changed.
func (s *Switching) Leave() {
	s.asked.Add(1)
	s.plan, s.planning, s.without = nil, false, map[string]bool{}
	s.Changed()
}

// Comes tells whether the mail of a folder comes here whole before a switch to
// POP.
func (s *Switching) Comes(path string) bool { return !s.without[path] }

// SetComes changes what Comes tells.
func (s *Switching) SetComes(path string, comes bool) {
	s.without[path] = !comes
	s.Changed()
}

// ToFetch is how many bytes are still to come of the folders that are chosen,
// and whether the disk has room for them. The size is negative where it is not
// known.
func (s *Switching) ToFetch() (bytes int64, fits bool) {
	p := s.plan
	if p == nil || p.BytesToFetch == nil {
		return -1, true
	}
	if bytes = *p.BytesToFetch; s.To() == localstore.POP {
		bytes = 0
		for _, f := range p.Folders {
			if f.Bytes != nil && s.Comes(f.Path) {
				bytes += *f.Bytes
			}
		}
	}
	return bytes, p.FreeDisk == nil || bytes == 0 || bytes+bytes/10 <= *p.FreeDisk
}

// Begin wants the switch that was planned.
func (s *Switching) Begin() {
	if s.plan == nil {
		return
	}
	choice := s.choice
	if s.To() == localstore.POP && slices.ContainsFunc(s.plan.Folders, func(f SwitchFolder) bool { return !s.Comes(f.Path) }) {
		choice.Folders = []string{}
		for _, f := range s.plan.Folders {
			if s.Comes(f.Path) {
				choice.Folders = append(choice.Folders, f.Path)
			}
		}
	}
	s.begin(s.To(), choice)
}

// Undo takes the last switch back, which is a switch too.
func (s *Switching) Undo() {
	if s.Phase() != SwitchDone {
		return
	}
	a, choice := s.state.account, localstore.SwitchChoice{Undo: true}
	if choice.Server = a.IMAP; s.state.last.From == localstore.POP {
		choice.Server = a.POP
	}
	s.begin(s.state.last.From, choice)
}

func (s *Switching) begin(to localstore.Mode, choice localstore.SwitchChoice) {
	id := s.account()
	s.write("begin switch", func(tx *localstore.Tx) error {
		_, err := tx.BeginSwitch(id, to, choice)
		return err
	})
}

// Cancel takes back a switch that is under way: nothing of it is left.
func (s *Switching) Cancel() {
	id := s.account()
	s.write("cancel switch", func(tx *localstore.Tx) error { return tx.CancelSwitch(id) })
}

// Paused tells whether the switch under way waits for the user.
func (s *Switching) Paused() bool { return s.state.under && s.state.open.Choice.Paused }

// SetPaused changes what Paused tells.
func (s *Switching) SetPaused(on bool) {
	id := s.account()
	s.write("pause switch", func(tx *localstore.Tx) error { return tx.PauseSwitch(id, on) })
}

// Upload puts on the server what only this computer has of a folder.
func (s *Switching) Upload(l LocalOnly) {
	s.write("put on the server", func(tx *localstore.Tx) error {
		_, err := tx.Upload(l.Mails)
		return err
	})
}

func (s *Switching) write(why string, f func(*localstore.Tx) error) {
	s.jobs.do(true, func(ctx context.Context) func() {
		err := s.env.Store.Write(ctx, why, f)
		if err == nil && s.engine != nil {
			s.engine.Wake()
		}
		s.Load()
		return func() {
			if err != nil {
				s.Refused(err)
				return
			}
			s.plan, s.without = nil, map[string]bool{}
		}
	})
}

// Progress is how far a switch under way is, between 0 and 1, and what it does
// or waits for, in words.
func (s *Switching) Progress() (done float32, words string) {
	open := s.state.open
	switch {
	case s.Paused():
		words = "Paused. The account goes on as it was."
	case open.Why != "":
		words = open.Why
	case open.Step == localstore.SwitchScheduled:
		words = "It begins with the next connection."
	case open.Step == localstore.SwitchBinding:
		words = "What is here is found again on the server…"
	case s.state.whole < s.state.here:
		words = thousands(s.state.whole) + " of " + thousands(s.state.here) + " messages are here with all they hold."
	default:
		words = "Almost there…"
	}
	if open.To == localstore.POP && s.state.here > 0 {
		done = float32(s.state.whole) / float32(s.state.here)
	}
	return done, words
}

// UndoUntil is the day until which the last switch can be undone.
func (s *Switching) UndoUntil() string {
	return s.state.until.In(s.env.Zone).Format("2 January")
}

// LocalOnly are the folders with mail that only this computer has, while the
// account is kept by IMAP.
func (s *Switching) LocalOnly() []LocalOnly { return s.state.localOnly }
