package vm

import (
	"strings"
	"time"

	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/richtext"
	"paquebot.app/localstore"
)

// ComposeField is a field of a composer that can be wrong.
type ComposeField int

// The fields.
const (
	FieldFrom ComposeField = iota
	FieldTo
	FieldCc
	FieldBcc
	composeFields
)

// Composer is a letter that is being written. What is typed is on the disk two
// seconds later, as a version of a draft.
type Composer struct {
	// Changed is called when anything but the typed text changed.
	Changed func()
	// Closed is called when the letter was queued, put aside or thrown away.
	Closed func()

	desk     *Desk
	env      *Env
	jobs     serial
	w        outgoing.Writing
	body     []*richtext.Para // in place of its Text, HTML and Quote
	fold     *richtext.Para   // what it quotes, while nobody changed that; nil: nothing
	senders  senders
	files    []*composeFile
	note     string
	reply    bool
	forwards localstore.MessageID // what it passes on; 0: nothing
	problems [composeFields]string
	unsaved  string // why it could not be saved
	asking   bool   // an attachment seems to be forgotten
	sendAt   time.Time

	touched bool // something was typed since it was opened
	dirty   bool // … and is not on the disk
	waiting bool // for the time to save
	busy    bool // it is going to the Outbox or the Trash
	closed  bool
	savedAt time.Time
	draft   localstore.DraftID // as the window knows it
	queueID string             // Message-ID of the letter, once it was tried to queue it

	// Only jobs touch these.
	saved localstore.DraftID
	gone  bool // it is in the Outbox: a version saved now would be a second letter
}

func newComposer(d *Desk, f found, from senders) *Composer {
	c := &Composer{desk: d, env: d.env, jobs: serial{env: d.env, what: "compose"}, Changed: func() {}, Closed: func() {},
		w: f.w, body: f.w.Paras(), note: f.note, reply: f.reply, forwards: f.forwards, draft: f.draft, saved: f.draft}
	if last := c.body[len(c.body)-1]; last.Kind == richtext.Fold {
		c.fold = last
	}
	for _, file := range f.w.Files {
		c.files = append(c.files, &composeFile{file: file})
	}
	c.setSenders(from)
	return c
}

// Writing returns what the fields show.
func (c *Composer) Writing() outgoing.Writing { return c.snapshot().writing() }

// Body returns the text of the letter, what it quotes folded below it.
func (c *Composer) Body() []*richtext.Para { return c.body }

// Reply tells whether the letter answers one, so that its text is what is to
// be written first.
func (c *Composer) Reply() bool { return c.reply }

// Title names the letter.
func (c *Composer) Title() string {
	if s := strings.TrimSpace(c.w.Subject); s != "" {
		return s
	}
	return "New message"
}

// SetTo, SetCc and SetBcc take what was typed into the fields of addresses.
func (c *Composer) SetTo(s string) { c.setAddresses(FieldTo, &c.w.To, s) }

// SetCc: see SetTo.
func (c *Composer) SetCc(s string) { c.setAddresses(FieldCc, &c.w.Cc, s) }

// SetBcc: see SetTo.
func (c *Composer) SetBcc(s string) { c.setAddresses(FieldBcc, &c.w.Bcc, s) }

func (c *Composer) setAddresses(f ComposeField, field *string, s string) {
	s = addressLine(s)
	if s == *field {
		return
	}
	*field = s
	c.touch()
	if c.problems[f] != "" {
		c.problems[f] = ""
		c.Changed()
	}
}

// SetSubject takes the subject.
func (c *Composer) SetSubject(s string) {
	if s = strings.Join(strings.FieldsFunc(s, isBreak), " "); s != c.w.Subject {
		c.w.Subject = s
		c.touch()
	}
}

// SetBody takes the text of the letter as it stands. The list is the composer's
// own from then on; it is read on other goroutines.
func (c *Composer) SetBody(paras []*richtext.Para) {
	c.body = paras
	c.touch()
	if c.asking {
		c.asking = false
		c.Changed()
	}
}

// addressLine makes pasted lines of addresses one list.
func addressLine(s string) string {
	if !strings.ContainsFunc(s, isBreak) {
		return s
	}
	var parts []string
	for _, p := range strings.FieldsFunc(s, isBreak) {
		if p = strings.Trim(p, " ,;\t"); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' || r == 0 || r == 0x2028 || r == 0x2029 }

// Problem says in a sentence what is wrong with a field; "" for nothing.
func (c *Composer) Problem(f ComposeField) string { return c.problems[f] }

// CheckField looks at a field of addresses that was left.
func (c *Composer) CheckField(f ComposeField) {
	if p := addressProblem(c.addresses(f)); p != c.problems[f] {
		c.problems[f] = p
		c.Changed()
	}
}

func (c *Composer) addresses(f ComposeField) string {
	switch f {
	case FieldTo:
		return c.w.To
	case FieldCc:
		return c.w.Cc
	case FieldBcc:
		return c.w.Bcc
	}
	return ""
}

// addressProblem says which of the typed addresses a letter cannot be sent to.
func addressProblem(typed string) string {
	d := letter.Draft{To: letter.ParseAddresses(typed)}
	if err := d.Check(); err != nil {
		return err.Error()
	}
	return ""
}

// Note says what the writer should know; "" for nothing.
func (c *Composer) Note() string {
	if c.unsaved != "" {
		return c.unsaved
	}
	return c.note
}

// DropNote takes the note away.
func (c *Composer) DropNote() {
	c.note, c.unsaved = "", ""
	c.Changed()
}

// Asking tells whether it is asked if an attachment was forgotten. Send then
// sends without.
func (c *Composer) Asking() bool { return c.asking }

// Busy tells that the letter is on its way out of the composer: nothing may be
// typed.
func (c *Composer) Busy() bool { return c.busy }
