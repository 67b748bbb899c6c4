package vm

import (
	"context"
	"slices"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/localstore"
)

// Desk opens composers, and knows which are open and which accounts can send
// at once. Its methods are called on the window's goroutine unless they say
// otherwise.
type Desk struct {
	// Opened shows a composer; it is called again for one that is open when
	// its draft is asked for once more.
	Opened func(*Composer)
	// Said tells in a short sentence what was done, and what could be done
	// next, such as "Undo"; action is "" where there is nothing.
	Said func(text, action string, act func())
	// Refused is told why something cannot be done.
	Refused func(err error)
	// StatusChanged is called when an account came online or went offline.
	StatusChanged func()

	env     *Env
	engine  Engine
	open    []*Composer
	people  correspondents
	status  map[localstore.AccountID]AccountStatus
	offline bool // the user's wish
	// What letters of this run pass on that were marked forwarded for it.
	forwarded map[localstore.OutboxID]localstore.MessageID
}

// NewDesk returns a desk; engine may be nil: then nothing leaves.
func NewDesk(env *Env, engine Engine) *Desk {
	return &Desk{env: env, engine: engine, Opened: func(*Composer) {}, Said: func(_, _ string, _ func()) {}, Refused: func(error) {},
		StatusChanged: func() {}, forwarded: map[localstore.OutboxID]localstore.MessageID{}}
}

// Run follows the engine until ctx ends; it has a goroutine of its own.
func (d *Desk) Run(ctx context.Context) {
	if d.engine == nil {
		return
	}
	changed, stop := d.engine.StatusChanged()
	defer stop()
	for {
		all, offline := d.engine.Status()
		d.env.Dispatch.Do(func() { d.setStatus(all, offline) })
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
		select {
		case <-d.env.Clock.After(settleTime):
		case <-ctx.Done():
			return
		}
	}
}

func (d *Desk) setStatus(all []AccountStatus, offline bool) {
	d.status, d.offline = map[localstore.AccountID]AccountStatus{}, offline
	for _, s := range all {
		d.status[s.Account] = s
	}
	for _, c := range d.open {
		c.Changed()
	}
	d.StatusChanged()
}

// online tells whether letters of an account leave at once.
func (d *Desk) online(account localstore.AccountID) bool {
	s, known := d.status[account]
	return known && !d.offline && (s.Phase == Idle || s.Phase == Syncing)
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (d *Desk) Follow(changes Changes) {
	if changes.About(localstore.TopicAccounts) {
		d.env.Dispatch.Do(func() {
			for _, c := range d.open {
				c.loadSenders()
			}
		})
	}
}

// Compose opens a letter that something began, such as a mailto link; began may
// be nil, for an empty one. It goes from an account; 0 is the first that can send.
func (d *Desk) Compose(from localstore.AccountID, began *letter.Draft) {
	d.begin(opening{what: "new letter", find: func(ctx context.Context) (f found, err error) {
		f.w, err = outgoing.Blank(ctx, d.env.Store, from, began)
		return f, err
	}})
}

// Reply opens an answer to a message, with all to everybody but ourselves.
func (d *Desk) Reply(id localstore.MessageID, all bool) {
	d.begin(opening{what: "reply", find: func(ctx context.Context) (found, error) {
		b, err := outgoing.Reply(ctx, d.env.Store, id, all)
		if err != nil {
			return found{}, err
		}
		defer b.Close()
		f := found{reply: true}
		if !b.Quoted() {
			f.note = "The text of the message is still on the server, so it is not quoted here."
		}
		f.w, err = b.Writing(ctx, d.env.Store)
		return f, err
	}})
}

// Forward opens a letter that passes a message on.
func (d *Desk) Forward(id localstore.MessageID) {
	d.begin(opening{what: "forward", find: func(ctx context.Context) (found, error) {
		b, err := outgoing.Forward(ctx, d.env.Store, id)
		if err != nil {
			return found{}, err
		}
		defer b.Close()
		f := found{note: leftBehind(b), forwards: id}
		f.w, err = b.Writing(ctx, d.env.Store)
		return f, err
	}})
}

// leftBehind says what a forwarded message does not carry on.
func leftBehind(b outgoing.Beginning) string {
	if !b.Quoted() {
		return "The text of the message is still on the server, so it does not go along. Open the message while online, then forward it."
	}
	switch names := b.Behind(); len(names) {
	case 0:
		return ""
	case 1:
		return "“" + names[0] + "” is still on the server and does not go along."
	default:
		return count(len(names), "attachment") + " are still on the server and do not go along."
	}
}

// opening is a letter about to be opened.
type opening struct {
	what string
	find func(ctx context.Context) (found, error)
}

// found is what a composer begins with.
type found struct {
	w        outgoing.Writing
	draft    localstore.DraftID   // 0: none yet
	forwards localstore.MessageID // what it passes on; 0: nothing
	note     string               // what the writer should know
	reply    bool                 // the text is what is missing, not the address
	fresh    bool                 // save it at once
}

// begin finds a letter off the window's goroutine and opens a composer for it.
func (d *Desk) begin(o opening) {
	d.people.refresh(d.env)
	d.env.Go(o.what, func(ctx context.Context) func() {
		f, err := o.find(ctx)
		var from senders
		if err == nil {
			from, err = d.env.senders(ctx)
		}
		if err != nil {
			return func() { d.Refused(err) }
		}
		return func() {
			c := newComposer(d, f, from)
			d.open = append(d.open, c)
			d.Opened(c)
			if f.fresh {
				c.touch()
				c.Save()
			}
		}
	})
}

// Open returns the composers that are open.
func (d *Desk) Open() []*Composer { return slices.Clone(d.open) }

// SaveAll brings everything that was typed to the disk before the window
// closes. then is told the first thing that went wrong.
func (d *Desk) SaveAll(then func(err error)) {
	left := len(d.open)
	if left == 0 {
		then(nil)
		return
	}
	var first error
	for _, c := range d.Open() {
		c.flush(func(err error) {
			if first == nil {
				first = err
			}
			if left--; left == 0 {
				then(first)
			}
		})
	}
}

func (d *Desk) forget(c *Composer) {
	d.open = slices.DeleteFunc(d.open, func(o *Composer) bool { return o == c })
}

// Unsaved tells whether something that was typed is not on the disk.
func (d *Desk) Unsaved() bool {
	return slices.ContainsFunc(d.open, func(c *Composer) bool { return c.dirty })
}
