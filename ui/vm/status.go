package vm

import (
	"context"

	"paquebot.app/localstore"
)

// Card is the line at the foot of the sidebar: how mail and network stand.
type Card struct {
	Icon, Title, Line string
	Warn              bool // something waits for the user
}

// Notice is a banner: one sentence with at most one action, or the question
// about a folder that is paused.
type Notice struct {
	Account localstore.AccountID
	Text    string
	Action  string              // "" for none
	SignIn  bool                // the action asks for a password
	Folder  localstore.FolderID // of the question; its answers are those of localstore.Answer
}

// Condition is how all accounts stand together.
type Condition struct {
	Card        Card
	Notices     []Notice
	Online      bool // at least one account has a connection
	WorkOffline bool // the user's wish
	Elsewhere   bool // another process carries the mail
	Busy        bool // mail is coming or may be about to
	TextOnly    bool // only texts are fetched unasked
	Restored    bool // the profile is a copy or was restored: its letters wait for a word
	Accounts    int
}

// Status follows the engine for the window.
type Status struct {
	// Changed is called when Condition changed.
	Changed func()
	// Told is called with each sentence that an account's passes have to say.
	Told func(text string)

	env    *Env
	engine Engine
	jobs   serial
	now    Condition
	rates  rates // of jobs
	told   map[string]bool
}

// NewStatus returns the status of an engine, which may be nil: then nothing
// carries mail.
func NewStatus(env *Env, engine Engine) *Status {
	return &Status{env: env, engine: engine, jobs: serial{env: env, what: "status"}, Changed: func() {}, Told: func(string) {}, told: map[string]bool{}}
}

// Condition returns how things stand.
func (s *Status) Condition() Condition { return s.now }

// Online tells whether there is a connection.
func (s *Status) Online() bool { return s.now.Online }

// WorkOffline sets the user's wish to work without network.
func (s *Status) WorkOffline(offline bool) {
	if s.engine != nil {
		s.env.Go("work offline", func(context.Context) func() {
			s.engine.WorkOffline(offline)
			return nil
		})
	}
}

// SetTextOnly sets whether only texts are fetched unasked.
func (s *Status) SetTextOnly(on bool) {
	s.env.write("text only", func(tx *localstore.Tx) error { return tx.SetTextOnly(on) })
}

// ReleaseRestored says that a profile that was copied or restored goes on here.
func (s *Status) ReleaseRestored() {
	s.env.Go("release letters", func(ctx context.Context) func() {
		err := s.env.Store.Write(ctx, "release letters", func(tx *localstore.Tx) error {
			_, err := tx.ReleaseRestored()
			return err
		})
		if err != nil {
			s.env.Failed("release letters", err)
			return nil
		}
		if s.engine != nil {
			s.engine.Wake()
		}
		return nil
	})
}

// Check asks for mail now.
func (s *Status) Check() {
	if s.engine != nil {
		s.env.Go("check for mail", func(context.Context) func() {
			s.engine.Wake()
			return nil
		})
	}
}

// Run follows the engine until the window ends.
func (s *Status) Run(ctx context.Context) {
	if s.engine == nil {
		s.Load()
		return
	}
	changed, stop := s.engine.StatusChanged()
	defer stop()
	for {
		s.Load()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		select {
		case <-s.env.Clock.After(settleTime):
		case <-ctx.Done():
			return
		}
	}
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (s *Status) Follow(c Changes) {
	for _, topic := range []localstore.Topic{localstore.TopicAccounts, localstore.TopicFolders, localstore.TopicBodies, localstore.TopicSettings} {
		if c.About(topic) {
			s.Load()
			return
		}
	}
}

// Load asks engine and store.
func (s *Status) Load() {
	s.jobs.do(false, func(ctx context.Context) func() {
		var all []AccountStatus
		var offline, elsewhere bool
		if s.engine != nil {
			all, offline = s.engine.Status()
			elsewhere = s.engine.Elsewhere()
		}
		var accounts []localstore.Account
		var paused []localstore.Folder
		var packs []localstore.Pack
		var textOnly, restored bool
		err := s.env.Store.Read(ctx, func(v *localstore.View) error {
			accounts, paused, packs = nil, nil, nil
			every, err := v.Accounts()
			if err != nil {
				return err
			}
			if textOnly, err = v.TextOnly(); err != nil {
				return err
			}
			if _, restored, err = v.Restored(); err != nil {
				return err
			}
			for _, a := range every {
				if a.Mode == localstore.Local {
					continue
				}
				accounts = append(accounts, a)
				pack, on, err := v.PackOf(a.ID)
				if err != nil {
					return err
				}
				if on && pack.UnderWay() {
					packs = append(packs, pack)
				}
				folders, err := v.Folders(a.ID)
				if err != nil {
					return err
				}
				for _, f := range folders {
					if f.Paused != "" {
						paused = append(paused, f)
					}
				}
			}
			return nil
		})
		if err != nil {
			s.env.Failed("status", err)
			return nil
		}
		now := condition(accounts, all, offline)
		now.fetching(accounts, all, s.rates.measure(all, s.env.Clock.Now()))
		now.TextOnly, now.Restored = textOnly, restored
		now.packing(packs)
		if elsewhere && len(accounts) > 0 {
			now.elsewhere()
		}
		for _, f := range paused {
			now.Notices = append(now.Notices, Notice{Account: f.Account, Folder: f.ID, Text: pausedWords(accounts, f)})
		}
		return func() {
			s.now = now
			s.Changed()
			s.tell(accounts, all)
		}
	})
}

// tell passes on what was not said before.
func (s *Status) tell(accounts []localstore.Account, all []AccountStatus) {
	names := map[localstore.AccountID]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	for _, one := range all {
		for _, text := range one.Told {
			if text = names[one.Account] + ": " + text; !s.told[text] {
				s.told[text] = true
				s.Told(text)
			}
		}
	}
}

// pausedWords name a folder that is paused, and say why it is.
func pausedWords(accounts []localstore.Account, f localstore.Folder) string {
	name := "“" + FolderTitle(f) + "”"
	for _, a := range accounts {
		if a.ID == f.Account && len(accounts) > 1 {
			name += ", " + a.Name
		}
	}
	return name + ": " + f.Paused
}

// condition puts the accounts' states into words.
func condition(accounts []localstore.Account, all []AccountStatus, offline bool) Condition {
	c := Condition{WorkOffline: offline, Accounts: len(accounts)}
	by := map[localstore.AccountID]AccountStatus{}
	for _, one := range all {
		by[one.Account] = one
	}
	var away, known, busy, done, total int
	var warn, awayName, why string
	for _, a := range accounts {
		one, ok := by[a.ID]
		if !ok {
			continue
		}
		known++
		switch one.Phase {
		case Offline:
			away++
			awayName, why = a.Name, one.Text
		case Idle:
			c.Online = true
		case Connecting:
			busy++
		case Syncing:
			busy++
			c.Online = true
			done, total = done+one.Done, total+one.Total
		case NeedsUser:
			if warn = a.Name + " needs you"; one.SignIn {
				warn = "Sign in to " + a.Name
			}
			c.Notices = append(c.Notices, noticeOf(a, one))
		}
	}
	c.Busy = busy > 0 && !offline
	const saved = "Everything read is saved here"
	switch {
	case offline:
		c.Online = false
		c.Card = Card{Icon: "cloud-off", Title: "Working offline", Line: saved}
	case warn != "":
		c.Card = Card{Icon: "warning", Title: warn, Line: saved, Warn: true}
	case known == 0:
		c.Card = Card{Icon: "cloud", Title: "Ready", Line: saved}
	case away == known:
		c.Card = Card{Icon: "cloud-off", Title: "Offline", Line: saved}
	case total > 0:
		c.Card = Card{Icon: "refresh", Title: "Syncing", Line: thousands(done) + " of " + thousands(total)}
	case busy > 0 && !c.Online:
		c.Card = Card{Icon: "refresh", Title: "Connecting…", Line: saved}
	case away > 0:
		c.Card = Card{Icon: "cloud-off", Title: awayName + " is offline", Line: orElse(why, saved)}
	case busy > 0:
		c.Card = Card{Icon: "refresh", Title: "Checking for mail…", Line: saved}
	default:
		c.Card = Card{Icon: "check", Title: "Up to date", Line: saved}
	}
	return c
}

// packing says how far a pack under way is, where nothing else is the matter.
func (c *Condition) packing(packs []localstore.Pack) {
	var total, open int
	for _, p := range packs {
		total, open = total+p.Total, open+p.Open
	}
	if len(packs) == 0 || !c.Online || c.Card.Warn {
		return
	}
	c.Card = Card{Icon: "download", Title: "Getting ready to go", Line: thousands(total-open) + " of " + thousands(total)}
}

// elsewhere says that another process carries the mail: what is done here
// waits in the store for it.
func (c *Condition) elsewhere() {
	c.Elsewhere, c.Online, c.WorkOffline = true, true, false
	c.Card = Card{Icon: "computer", Title: "Second window", Line: "Another one carries the mail"}
}

func noticeOf(a localstore.Account, s AccountStatus) Notice {
	n := Notice{Account: a.ID, Text: s.Text, Action: "Try again", SignIn: s.SignIn}
	if s.SignIn {
		n.Action = "Sign in…"
	}
	if n.Text == "" {
		n.Text = "The account needs a look."
	}
	n.Text = a.Name + ": " + n.Text
	return n
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
