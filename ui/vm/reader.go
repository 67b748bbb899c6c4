package vm

import (
	"context"
	"errors"
	"image"
	"slices"
	"time"

	"paquebot.app/internal/content"
	"paquebot.app/internal/letter"
	"paquebot.app/localstore"
)

// ReaderState is what the reader can show.
type ReaderState int

// The states.
const (
	Nothing  ReaderState = iota // no message is chosen
	Several                     // more than one is
	Opening                     // it is being read from the disk
	Readable                    // Document is there
	Coming                      // the text is on the server and asked for
	Offered                     // it is too large to be fetched unasked: Fetch
	Broken                      // Problem says why it cannot be shown
)

// seenAfter is how long a letter is shown before it counts as read.
const seenAfter = 700 * time.Millisecond

// hugeMail is the size from which a letter's head is shown before its text.
const hugeMail = 1 << 20

// Detail is a line of a letter's header.
type Detail struct{ Label, Value string }

// Letter is an open letter as the reader shows it. It never changes.
type Letter struct {
	Message     localstore.Message
	State       ReaderState
	Subject     string
	Name        string // of the sender, as lists call him
	Address     string // the sender's true address
	To          string // "to me, Tom Bannister"
	Date        string // "Today, 10:42"
	Details     []Detail
	Doubt       string // what is odd about the sender; "" for nothing
	Document    *letter.Document
	Pictures    map[string]image.Image // of the letter's own, by Content-ID
	Attachments []Attachment
	ReplyTo     string // first name or address of who gets an answer
	Problem     string
	Fetch       string // what fetching it would cost, while it is Offered: "Fetch it (38 MB)"
	Own         bool   // the user wrote it
	Waiting     bool   // it is in the Outbox
	Held        string // its server has it no more, and until when it is kept; "" where that is not so
	lacks       bool   // pictures that its text shows are on the server
}

// Reader is the letter that is read.
type Reader struct {
	// Changed is called when Letter, State or Chosen changed. other says that
	// it is another letter than before.
	Changed func(other bool)
	// Came is called when an attachment is here that OpenWhenHere waited for.
	Came func(a Attachment)

	env      *Env
	jobs     serial
	chosen   []localstore.MessageID
	shown    *Letter
	state    ReaderState
	turn     int
	cancel   context.CancelFunc
	kept     bool            // it stays unread while it is shown
	glance   bool            // nobody asked to see it
	asked    bool            // its text was asked for
	askedAll bool            // all of it was, for the pictures in its text
	awaited  map[string]bool // sections to open when they are here
}

// NewReader returns a reader that shows nothing.
func NewReader(env *Env) *Reader {
	return &Reader{env: env, jobs: serial{env: env, what: "open letter"}, Changed: func(bool) {}, Came: func(Attachment) {}, awaited: map[string]bool{}}
}

// Letter returns the open letter; nil unless exactly one message is chosen and
// its head has been read.
func (r *Reader) Letter() *Letter { return r.shown }

// State returns what can be shown.
func (r *Reader) State() ReaderState { return r.state }

// Chosen returns how many messages are chosen.
func (r *Reader) Chosen() int { return len(r.chosen) }

// IDs returns the messages that are chosen.
func (r *Reader) IDs() []localstore.MessageID { return slices.Clone(r.chosen) }

// Open shows the chosen messages: one is read, of several only their number
// is told. The letter shown before stays until the next is there. It returns
// false for those that are chosen already.
func (r *Reader) Open(ids []localstore.MessageID) bool {
	if slices.Equal(ids, r.chosen) {
		return false
	}
	r.chosen, r.kept, r.glance, r.asked, r.askedAll = ids, false, false, false, false
	r.turn++
	clear(r.awaited)
	if r.cancel != nil {
		r.cancel()
	}
	switch len(ids) {
	case 0:
		r.shown, r.state = nil, Nothing
		r.Changed(true)
	case 1:
		r.load(ids[0], true)
	default:
		r.shown, r.state = nil, Several
		r.Changed(true)
	}
	return true
}

// Glance shows a message that nobody asked for: it stays unread until Attend.
func (r *Reader) Glance(id localstore.MessageID) {
	if r.Open([]localstore.MessageID{id}) {
		r.kept, r.glance = true, true
	}
}

// Glancing tells that the letter is shown unasked.
func (r *Reader) Glancing() bool { return r.glance }

// Attend says that the user turned to the letter that is shown.
func (r *Reader) Attend() {
	if !r.glance {
		return
	}
	r.glance, r.kept = false, false
	if r.shown != nil {
		r.readLater(r.shown)
	}
}

// load reads a letter; an answer that comes after another was chosen is
// dropped.
func (r *Reader) load(id localstore.MessageID, other bool) {
	turn := r.turn
	ctx, cancel := context.WithCancel(r.env.Ctx)
	if other {
		r.cancel = cancel
	}
	r.jobs.do(true, func(context.Context) func() {
		defer cancel()
		show := func(l *Letter) func() {
			return func() {
				if turn == r.turn {
					r.show(l, other)
				}
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		l, err := r.env.read(ctx, id, func(head *Letter) {
			if other {
				r.env.Dispatch.Do(show(head))
			}
		})
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			l = &Letter{State: Broken, Problem: Sentence(err), Message: localstore.Message{ID: id}}
		}
		return show(l)
	})
}

func (r *Reader) show(l *Letter, other bool) {
	first := other && (r.shown == nil || r.shown.Message.ID != l.Message.ID)
	r.shown, r.state = l, l.State
	r.Changed(first)
	if l.State == Coming && !r.asked {
		r.asked = true // once: each wish is a change that brings us here again
		r.want(l.Message.Content, localstore.WishText)
	}
	if l.State == Readable && l.lacks && l.Message.Size <= hugeMail && !r.askedAll {
		r.askedAll = true
		r.want(l.Message.Content, localstore.WishWhole)
	}
	r.readLater(l)
	for _, a := range l.Attachments {
		if a.Here && r.awaited[a.Section] {
			delete(r.awaited, a.Section)
			r.Came(a)
		}
	}
}

// readLater marks a letter read soon that is to be read.
func (r *Reader) readLater(l *Letter) {
	if l.State == Readable && l.Message.Flags&localstore.Seen == 0 && !r.kept {
		r.readSoon()
	}
}

// readSoon marks the letter read when it was shown for a moment.
func (r *Reader) readSoon() {
	turn := r.turn
	r.env.Go("mark read", func(ctx context.Context) func() {
		select {
		case <-r.env.Clock.After(seenAfter):
		case <-ctx.Done():
			return nil
		}
		return func() {
			if turn != r.turn || r.kept || r.shown == nil {
				return
			}
			m := r.shown.Message
			r.env.write("mark read", func(tx *localstore.Tx) error {
				if err := tx.SetRead(m.Content, r.env.Clock.Now()); err != nil {
					return err
				}
				return tx.SetFlags([]localstore.MessageID{m.ID}, localstore.Seen, 0)
			})
		}
	})
}

// KeepUnread says that the user marked messages unread: the reader does not
// mark them read again while they are shown.
func (r *Reader) KeepUnread(ids []localstore.MessageID) {
	if r.shown != nil && slices.Contains(ids, r.shown.Message.ID) {
		r.kept, r.glance = true, false
	}
}

// Want asks for the whole letter, with "" as the section, or for one part.
func (r *Reader) Want(section string) {
	if r.shown != nil {
		r.want(r.shown.Message.Content, section)
	}
}

// Pin keeps the whole letter on this computer whatever room there is, or ends
// that.
func (r *Reader) Pin(on bool) {
	if r.shown != nil {
		id := r.shown.Message.Content
		r.env.write("pin", func(tx *localstore.Tx) error { return tx.SetPinned(id, on) })
	}
}

func (r *Reader) want(id localstore.ContentID, section string) {
	r.env.write("want", func(tx *localstore.Tx) error { return tx.Want(id, section) })
}

// Follow takes changes of the store; it is called off the window's goroutine.
func (r *Reader) Follow(c Changes) {
	if !c.About(localstore.TopicMessages) && !c.About(localstore.TopicBodies) {
		return
	}
	r.env.Dispatch.Do(func() {
		if r.shown == nil || len(r.chosen) != 1 {
			return
		}
		m := r.shown.Message
		for _, one := range c.List {
			if one.Message == m.ID || one.Content != 0 && one.Content == m.Content {
				r.load(m.ID, false)
				return
			}
		}
		if c.Overflow {
			r.load(m.ID, false)
		}
	})
}

// write runs a write that nobody waits for.
func (e *Env) write(why string, f func(*localstore.Tx) error) {
	e.Go(why, func(ctx context.Context) func() {
		e.Failed(why, e.Store.Write(ctx, why, f))
		return nil
	})
}

// read opens a message as a letter. early is given the head of a letter whose
// text takes long.
func (e *Env) read(ctx context.Context, id localstore.MessageID, early func(*Letter)) (*Letter, error) {
	var self []string
	var m localstore.Message
	var wishes []localstore.Wish
	var account localstore.Account
	own, waiting := false, false
	heldText := ""
	err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
		if m, err = v.Message(id); err != nil {
			return err
		}
		f, err := v.Folder(m.Folder)
		if err != nil {
			return err
		}
		own, waiting = holdsOwn(f.Role), f.Role == localstore.RoleOutbox
		if heldText, err = e.heldWords(v, m); err != nil {
			return err
		}
		accounts, err := v.Accounts()
		self = self[:0]
		for _, a := range accounts {
			self = append(self, a.Address)
			if a.ID == m.Account {
				account = a
			}
		}
		if err == nil {
			wishes, err = v.Wishes(m.Account)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if m.Size > hugeMail {
		head := e.headOf(m, self, own)
		head.State = Opening
		early(head)
	}
	mail, err := content.Open(ctx, e.Store, id)
	if err != nil {
		return nil, err
	}
	defer mail.Close()
	l := e.headOf(mail.Message, self, own)
	l.Waiting, l.Held = waiting, heldText
	l.header(&mail.Letter.Header, mail.Blob != 0)
	l.Attachments = attachmentsOf(mail, wishes)
	if !mail.Readable() {
		l.missing(account, wishes)
		return l, nil
	}
	l.Document, l.State = mail.Letter.Document(), Readable
	l.Pictures, l.lacks = picturesOf(ctx, mail, l.Document)
	if err := mail.Letter.ReadError; err != nil && !errors.Is(err, context.Canceled) {
		return l, err
	}
	return l, nil
}
