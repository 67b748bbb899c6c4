package vm

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"paquebot.app/internal/journey"
	"paquebot.app/localstore"
)

// Journeys are the reports of times without a network, the newest first.
type Journeys struct {
	// Changed is called when anything that is shown changed.
	Changed func()
	// Came is told the headline of a report that has come.
	Came func(headline string)
	// Refused is told why something cannot be done.
	Refused func(err error)

	env   *Env
	desk  *Desk
	jobs  serial
	shown atomic.Bool
	all   []JourneyPage
	at    int
	ready bool
	last  localstore.JourneyID // the newest that is known
}

// mostJourneys are looked through on the page; the command line has all.
const mostJourneys = 30

// JourneyPage is a report as the page shows it.
type JourneyPage struct {
	localstore.Journey
	Account string
	open    map[int][]string // by the number of a conflict: the choices that are left
}

// NewJourneys returns reports that are not read yet. The desk opens letters to
// be written on; it may be nil.
func NewJourneys(env *Env, desk *Desk) *Journeys {
	return &Journeys{env: env, desk: desk, jobs: serial{env: env, what: "journeys"}, Changed: func() {}, Came: func(string) {}, Refused: func(error) {}}
}

// Show follows the store for the page while it is in sight.
func (j *Journeys) Show(on bool) {
	if j.shown.Store(on); on {
		j.at = 0
		j.Load()
	}
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (j *Journeys) Follow(c Changes) {
	if c.About(localstore.TopicJourneys) || j.shown.Load() && (c.About(localstore.TopicOutbox) || c.About(localstore.TopicFolders) || c.About(localstore.TopicPending)) {
		j.Load()
	}
}

// Load reads the store. A report that has come since the first time is told.
func (j *Journeys) Load() {
	j.jobs.do(false, func(ctx context.Context) func() {
		var all []JourneyPage
		err := j.env.Store.Read(ctx, func(v *localstore.View) (err error) {
			all, err = journeyPages(v)
			return err
		})
		if err != nil {
			j.env.Failed("journeys", err)
			return nil
		}
		return func() { j.take(all) }
	})
}

func (j *Journeys) take(all []JourneyPage) {
	first := !j.ready
	var shown localstore.JourneyID
	if p := j.Page(); p != nil {
		shown = p.ID
	}
	j.all, j.ready = all, true
	j.at = max(slices.IndexFunc(all, func(p JourneyPage) bool { return p.ID == shown }), 0)
	if len(all) > 0 && all[0].ID > j.last {
		j.last = all[0].ID
		if !first {
			j.at = 0
			j.Came(journey.Headline(all[0].Journey))
		}
	}
	j.Changed()
}

func journeyPages(v *localstore.View) ([]JourneyPage, error) {
	journeys, err := v.Journeys(0, mostJourneys)
	if err != nil {
		return nil, err
	}
	accounts, err := v.Accounts()
	if err != nil {
		return nil, err
	}
	names := map[localstore.AccountID]string{}
	for _, a := range accounts {
		names[a.ID] = a.Address
	}
	var all []JourneyPage
	for _, one := range journeys {
		p := JourneyPage{Journey: one, Account: names[one.Account], open: map[int][]string{}}
		for i, c := range one.Conflicts {
			is, err := isOpen(v, one, c)
			if err != nil {
				return nil, err
			}
			if is {
				p.open[i] = c.Choices
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// isOpen tells whether what a report asks is still to be answered.
func isOpen(v *localstore.View, j localstore.Journey, c localstore.JourneyConflict) (bool, error) {
	switch {
	case len(c.Choices) == 0:
		return false, nil
	case c.Letter != 0:
		letters, err := v.Outbox(j.Account, false)
		for _, l := range letters {
			if l.N == c.Letter {
				return l.State == stateThen(j, c.Letter), err
			}
		}
		return false, err
	case c.Folder != 0:
		folders, err := v.Folders(j.Account)
		return slices.ContainsFunc(folders, func(f localstore.Folder) bool { return f.ID == c.Folder && f.Paused != "" }), err
	}
	pending, err := v.Pendings(j.Account)
	return slices.ContainsFunc(pending, func(p localstore.Pending) bool { return p.ID == c.Intent && p.State == localstore.PendStuck }), err
}

// stateThen is how a letter stood when a report was made.
func stateThen(j localstore.Journey, n localstore.OutboxID) localstore.OutboxState {
	for _, l := range j.Waiting {
		if l.Letter == n {
			return l.State
		}
	}
	return ""
}

// Ready tells whether the store was read.
func (j *Journeys) Ready() bool { return j.ready }

// Page is the report that is shown; nil where there is none.
func (j *Journeys) Page() *JourneyPage {
	if j.at >= len(j.all) {
		return nil
	}
	return &j.all[j.at]
}

// Older and Newer go through the reports; they tell whether there was one.
func (j *Journeys) Older() bool { return j.step(1) }
func (j *Journeys) Newer() bool { return j.step(-1) }

// HasOlder and HasNewer tell whether there is another.
func (j *Journeys) HasOlder() bool { return j.at+1 < len(j.all) }
func (j *Journeys) HasNewer() bool { return j.at > 0 }

func (j *Journeys) step(by int) bool {
	to := j.at + by
	if to < 0 || to >= len(j.all) {
		return false
	}
	j.at = to
	j.Changed()
	return true
}

// Text is the report that is shown as a text to keep.
func (j *Journeys) Text() string {
	p := j.Page()
	if p == nil {
		return ""
	}
	return journey.Text(p.Journey, p.Account, j.env.Zone)
}

// Headline is the report in one line.
func (p *JourneyPage) Headline() string { return journey.Headline(p.Journey) }

// Spell says from when until when there was no network.
func (j *Journeys) Spell() string {
	p := j.Page()
	if p == nil {
		return ""
	}
	at := func(t time.Time) string { return t.In(j.env.Zone).Format("Mon, 2 January at 15:04") }
	return "Offline since " + at(p.Since) + ", online again " + at(p.Online)
}

// Left are the choices that conflict i of a report still leaves.
func (p *JourneyPage) Left(i int) []string { return p.open[i] }

// Choose answers a conflict of the report that is shown.
func (j *Journeys) Choose(i int, choice string) {
	p := j.Page()
	if p == nil || i >= len(p.Conflicts) {
		return
	}
	c := p.Conflicts[i]
	if choice == localstore.ChoiceEdit && j.desk != nil {
		j.desk.Letter(c.Letter)
		return
	}
	unsure := stateThen(p.Journey, c.Letter) == localstore.OutUnsure
	j.env.Go("answer a report", func(ctx context.Context) func() {
		err := answer(ctx, j.env.Store, c, choice, unsure)
		if err == nil && j.desk != nil && j.desk.engine != nil {
			j.desk.engine.Wake()
		}
		j.Load()
		return func() {
			if err != nil {
				j.Refused(err)
			}
		}
	})
}

// answers are the words of a folder that is paused.
var answers = map[string]localstore.Answer{
	localstore.ChoiceKeep: localstore.KeepHere, localstore.ChoicePutBack: localstore.PutBack, localstore.ChoiceRemove: localstore.Remove,
}

func answer(ctx context.Context, store *localstore.Store, c localstore.JourneyConflict, choice string, unsure bool) error {
	if a, ok := answers[choice]; ok {
		_, err := store.EndPause(ctx, c.Folder, a)
		return err
	}
	return store.Write(ctx, "answer a report", func(tx *localstore.Tx) error {
		switch {
		case choice == localstore.ChoiceRelease:
			_, err := tx.ReleaseRestored()
			return err
		case choice == localstore.ChoiceSent, choice == localstore.ChoiceSend && unsure:
			return tx.ConfirmLetter(c.Letter, choice == localstore.ChoiceSent)
		case choice == localstore.ChoiceSend:
			return tx.RetryLetter(c.Letter)
		case c.Intent != 0:
			return tx.CancelPending(c.Intent)
		}
		return tx.CancelLetter(c.Letter)
	})
}
