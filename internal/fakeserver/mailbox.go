package fakeserver

import (
	"sort"
	"time"
)

// Message is a mail in a Mailbox. It is a copy: changing it changes nothing,
// and Raw must not be written to.
type Message struct {
	UID          uint32
	Flags        []string // sorted, system flags as `\Seen`
	Raw          []byte   // as it was delivered, byte for byte
	InternalDate time.Time
	ModSeq       uint64 // RFC 7162 §3.1.1
}

// Has tells whether the message carries flag.
func (m Message) Has(flag string) bool {
	for _, f := range m.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

// Mailbox is a folder of a User.
type Mailbox struct {
	user       *User
	name       string
	attributes []string
	validity   uint32
	uidNext    uint32
	modSeq     uint64
	messages   []*Message // ascending by UID
	gone       []Gone     // ascending by ModSeq
}

// Gone is a message that was expunged (RFC 7162 §3.2.5.1).
type Gone struct {
	UID    uint32
	ModSeq uint64
}

// Status is what a mailbox says about itself.
type Status struct {
	Name        string
	Attributes  []string
	UIDValidity uint32
	UIDNext     uint32
	ModSeq      uint64 // HIGHESTMODSEQ: of the last change, a loss included
	Messages    int
	Unseen      int
}

// Status returns name, numbers and counts at one instant.
func (b *Mailbox) Status() Status {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	s := Status{
		Name: b.name, Attributes: b.attributes, UIDValidity: b.validity,
		UIDNext: b.uidNext, ModSeq: b.modSeq, Messages: len(b.messages),
	}
	for _, m := range b.messages {
		if !m.Has(`\Seen`) {
			s.Unseen++
		}
	}
	return s
}

// Version returns UIDVALIDITY and HIGHESTMODSEQ: a mailbox that has not
// changed answers the same.
func (b *Mailbox) Version() (validity uint32, modSeq uint64) {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	return b.validity, b.modSeq
}

// Message returns the message of a UID, and false where there is none.
func (b *Mailbox) Message(uid uint32) (Message, bool) {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	m := b.message(uid)
	if m == nil {
		return Message{}, false
	}
	return *m, true
}

// Messages returns all messages, ascending by UID.
func (b *Mailbox) Messages() []Message {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	list := make([]Message, len(b.messages))
	for i, m := range b.messages {
		list[i] = *m
	}
	return list
}

// Gone returns what was expunged after modSeq.
func (b *Mailbox) Gone(modSeq uint64) []Gone {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	i := sort.Search(len(b.gone), func(i int) bool { return b.gone[i].ModSeq > modSeq })
	return append([]Gone(nil), b.gone[i:]...)
}

// Append adds a mail and returns it with its UID. A zero date means the time
// of the World's clock.
func (b *Mailbox) Append(raw []byte, date time.Time, flags ...string) Message {
	if date.IsZero() {
		date = b.user.world.clock.Now()
	}
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	b.user.world.touch()
	return *b.append(raw, date, flags)
}

func (b *Mailbox) append(raw []byte, date time.Time, flags []string) *Message {
	b.modSeq++
	m := &Message{
		UID: b.uidNext, Raw: raw, InternalDate: date, ModSeq: b.modSeq,
		Flags: flagSet(flags, nil),
	}
	b.uidNext++
	b.messages = append(b.messages, m)
	return m
}

// CopyTo copies the messages of uids to another mailbox of the same World and
// returns pairs of old and new UID; UIDs that do not exist are passed over.
func (b *Mailbox) CopyTo(target *Mailbox, uids ...uint32) (from, to []uint32) {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	want := uidSet(uids)
	for _, m := range append([]*Message(nil), b.messages...) {
		if want[m.UID] {
			from = append(from, m.UID)
			to = append(to, target.append(m.Raw, m.InternalDate, m.Flags).UID)
		}
	}
	b.user.world.touch()
	return from, to
}

// SetFlags makes the flags of a message what change makes of them, and tells
// whether the message exists. The order and doubles do not matter.
func (b *Mailbox) SetFlags(uid uint32, change func(old []string) []string) (Message, bool) {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	m := b.message(uid)
	if m == nil {
		return Message{}, false
	}
	flags := flagSet(change(m.Flags), nil)
	if !sameFlags(flags, m.Flags) {
		b.modSeq++
		m.Flags, m.ModSeq = flags, b.modSeq
		b.user.world.touch()
	}
	return *m, true
}

// AddFlags and RemoveFlags change a message as another client would.
func (b *Mailbox) AddFlags(uid uint32, flags ...string) {
	b.SetFlags(uid, func(old []string) []string { return append(append([]string(nil), old...), flags...) })
}

// RemoveFlags is the opposite of AddFlags.
func (b *Mailbox) RemoveFlags(uid uint32, flags ...string) {
	b.SetFlags(uid, func(old []string) []string { return flagSet(old, flags) })
}

func (b *Mailbox) message(uid uint32) *Message {
	i := sort.Search(len(b.messages), func(i int) bool { return b.messages[i].UID >= uid })
	if i < len(b.messages) && b.messages[i].UID == uid {
		return b.messages[i]
	}
	return nil
}

// Expunge removes the messages of uids and returns the UIDs that existed.
func (b *Mailbox) Expunge(uids ...uint32) []uint32 {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	want := uidSet(uids)
	return b.expunge(func(m *Message) bool { return want[m.UID] })
}

func (b *Mailbox) expunge(doomed func(*Message) bool) []uint32 {
	var removed []uint32
	left := make([]*Message, 0, len(b.messages))
	for _, m := range b.messages {
		if !doomed(m) {
			left = append(left, m)
			continue
		}
		b.modSeq++
		b.gone = append(b.gone, Gone{m.UID, b.modSeq})
		removed = append(removed, m.UID)
	}
	b.messages = left
	if len(removed) > 0 {
		b.user.world.touch()
	}
	return removed
}

// Revalidate gives the mailbox a new UIDVALIDITY and its messages new UIDs,
// from first on, as a server does whose index was lost. The new validity is
// larger than any other unless it is named.
func (b *Mailbox) Revalidate(validity, first uint32) {
	b.user.world.mu.Lock()
	defer b.user.world.mu.Unlock()
	if validity == 0 {
		b.user.world.validity++
		validity = b.user.world.validity
	}
	b.validity, b.uidNext, b.gone = validity, first, nil
	for _, m := range b.messages {
		b.modSeq++
		m.UID, m.ModSeq = b.uidNext, b.modSeq
		b.uidNext++
	}
	b.user.world.touch()
}

func uidSet(uids []uint32) map[uint32]bool {
	set := make(map[uint32]bool, len(uids))
	for _, uid := range uids {
		set[uid] = true
	}
	return set
}

// flagSet returns flags sorted, each once, without those of minus.
func flagSet(flags, minus []string) []string {
	out := make([]string, 0, len(flags))
	seen := map[string]bool{}
	for _, f := range minus {
		seen[f] = true
	}
	for _, f := range flags {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	sort.Strings(out)
	return out
}

func sameFlags(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
