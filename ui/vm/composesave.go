package vm

import (
	"context"
	"slices"
	"time"

	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// saveAfter is how long typing goes on before it is saved: with the commit no
// more than two seconds of it are ever in memory alone.
const saveAfter = 1500 * time.Millisecond

// touch notes that something was typed and sees that it is saved soon.
func (c *Composer) touch() {
	c.touched, c.dirty = true, true
	if c.waiting || c.closed {
		return
	}
	c.waiting = true
	due := c.env.Clock.After(saveAfter)
	c.env.Go("autosave", func(ctx context.Context) func() {
		select {
		case <-due:
		case <-ctx.Done():
		}
		return func() {
			c.waiting = false
			if c.dirty && !c.busy && !c.closed {
				c.Save()
			}
		}
	})
}

// Save saves a version now.
func (c *Composer) Save() { c.flush(func(error) {}) }

// flush brings what was typed to the disk and then calls then.
func (c *Composer) flush(then func(err error)) {
	if !c.touched {
		then(nil)
		return
	}
	if c.dirty {
		c.dirty = false
		w := c.snapshot()
		c.jobs.do(false, func(ctx context.Context) func() {
			if c.gone {
				return func() { then(nil) }
			}
			now := c.env.Clock.Now()
			id, err := outgoing.SaveDraft(ctx, c.env.Store, c.saved, w.writing(), now)
			if err == nil {
				c.saved = id
			}
			return func() { c.settle(id, now, err, then) }
		})
		return
	}
	c.jobs.do(false, func(context.Context) func() { return func() { then(nil) } })
}

func (c *Composer) settle(id localstore.DraftID, at time.Time, err error, then func(error)) {
	if err != nil {
		c.env.Log.Error("save draft", "err", err)
		c.unsaved = "This letter is not saved yet. " + Sentence(err)
		if !c.closed {
			c.touch()
		}
	} else {
		c.draft, c.savedAt, c.unsaved = id, at, ""
	}
	c.Changed()
	then(err)
}

// version is a letter as it stands, for another goroutine.
type version struct {
	w    outgoing.Writing
	body []*richtext.Para
	fold *richtext.Para
}

func (c *Composer) snapshot() version {
	w := c.w
	w.References = slices.Clone(w.References)
	w.Pictures = slices.Clone(w.Pictures)
	w.Files = nil
	for _, f := range c.files {
		if f.file.Blob != 0 {
			w.Files = append(w.Files, f.file)
		}
	}
	return version{w, c.body, c.fold}
}

// writing is the version with its text, which takes long where that is long.
func (v version) writing() outgoing.Writing {
	v.w.SetParas(v.body, v.fold)
	return v.w
}

// State says how safe the letter is: "Saved 10:42".
func (c *Composer) State() string {
	switch {
	case c.unsaved != "":
		return "Not saved yet"
	case c.savedAt.IsZero():
		return ""
	}
	return "Saved " + c.savedAt.In(c.env.Zone).Format("15:04")
}

// Close puts the letter aside: what was typed stays as a draft.
func (c *Composer) Close() {
	if c.closed || c.busy {
		return
	}
	if c.Writing().Empty() && c.Copying() == "" {
		c.throwAway("")
		return
	}
	c.flush(func(err error) {
		if err != nil || c.closed {
			return // the note says why it stays open
		}
		if !c.touched {
			c.finish("", "", nil)
			return
		}
		id := c.draft
		c.finish("Saved in Drafts", "Open", func() { c.desk.Draft(id) })
	})
}

// Discard throws the letter away: its draft goes to the Trash, and the undo
// opens it again.
func (c *Composer) Discard() {
	if !c.closed && !c.busy {
		c.throwAway("Draft discarded")
	}
}

// throwAway closes the letter and moves its draft to the Trash, the last words
// in it.
func (c *Composer) throwAway(text string) {
	if c.draft == 0 && !c.touched {
		c.finish("", "", nil)
		return
	}
	c.flush(func(err error) {
		if err != nil || c.closed {
			return
		}
		id := c.draft
		c.busy = true
		c.jobs.do(false, func(ctx context.Context) func() {
			err := c.env.Store.Write(ctx, "discard draft", func(tx *localstore.Tx) error {
				d, err := tx.Draft(c.saved)
				if err != nil || d.Message == 0 {
					return err
				}
				return tx.Delete([]localstore.MessageID{d.Message})
			})
			if isMissing(err) {
				err = nil
			}
			return func() {
				c.busy = false
				if err != nil {
					c.note = Sentence(err)
					c.Changed()
					return
				}
				c.finish(text, "Undo", func() { c.desk.restore(id) })
			}
		})
	})
}

// finish takes the composer away.
func (c *Composer) finish(text, action string, act func()) {
	c.closed = true
	c.desk.forget(c)
	c.Closed()
	if text != "" {
		c.desk.Said(text, action, act)
	}
}
