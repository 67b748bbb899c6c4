package fakeserver

import (
	"context"
	"sort"
	"strings"
	"sync"
	"time"

	"paquebot.app/internal/clock"
)

// World is a set of users with their mailboxes. Any number of servers may
// serve the same World at once, as a provider offers one mailbox through POP
// and IMAP. All its methods, and those of User and Mailbox, are safe for
// concurrent use.
type World struct {
	mu       sync.Mutex
	clock    clock.Clock
	users    []*User
	validity uint32        // the UIDVALIDITY given last
	changed  chan struct{} // closed and replaced whenever a mailbox changes
}

// Epoch is what the clock of a new World shows.
var Epoch = time.Date(2026, 3, 14, 10, 42, 0, 0, time.UTC)

// firstValidity lies where servers that take the time as UIDVALIDITY have it.
const firstValidity = 1700000000

// NewWorld returns a World without users, whose clock stands still at Epoch.
func NewWorld() *World {
	return &World{
		clock:    clock.NewFake(Epoch),
		validity: firstValidity,
		changed:  make(chan struct{}),
	}
}

// SetClock makes c the World's clock: it dates what arrives without a date
// and measures the delays of slow servers. It is to be called before anything
// is served.
func (w *World) SetClock(c clock.Clock) { w.clock = c }

// Clock returns the World's clock.
func (w *World) Clock() clock.Clock { return w.clock }

// Changed returns a channel that is closed at the next change of any mailbox.
func (w *World) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// touch tells everyone who waits on Changed. The lock is held.
func (w *World) touch() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// AddUser adds a user who signs in with name and password and has an INBOX.
// A name may be a whole address.
func (w *World) AddUser(name, password string) *User {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := &User{world: w, name: name, password: password, maildrop: make(chan struct{}, 1)}
	w.users = append(w.users, u)
	u.create("INBOX")
	return u
}

// SignIn returns the user of that name and password, or nil.
func (w *World) SignIn(name, password string) *User {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range w.users {
		if u.name == name && u.password == password {
			return u
		}
	}
	return nil
}

// Users returns the users in the order they were added.
func (w *World) Users() []*User {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*User(nil), w.users...)
}

// User returns the user of that name, or nil.
func (w *World) User(name string) *User {
	for _, u := range w.Users() {
		if u.name == name {
			return u
		}
	}
	return nil
}

// Recipient returns the user to whom mail for address is delivered, or nil:
// the one of that very name, else of the same local part.
func (w *World) Recipient(address string) *User {
	w.mu.Lock()
	defer w.mu.Unlock()
	local := localPart(address)
	var byLocal *User
	for _, u := range w.users {
		if strings.EqualFold(u.name, address) {
			return u
		}
		if byLocal == nil && strings.EqualFold(localPart(u.name), local) {
			byLocal = u
		}
	}
	return byLocal
}

func localPart(address string) string {
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		return address[:at]
	}
	return address
}

// User owns mailboxes.
type User struct {
	world    *World
	name     string
	password string
	boxes    []*Mailbox
	maildrop chan struct{} // full while a POP session holds the maildrop
}

// Name returns the name the user signs in with.
func (u *User) Name() string { return u.name }

// Password returns what signs the user in.
func (u *User) Password() string {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	return u.password
}

// SetPassword changes the password; sessions that are open go on.
func (u *User) SetPassword(password string) {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	u.password = password
}

// Deliver puts a mail into the user's INBOX, as unseen. A zero date means the
// time of the World's clock. raw is kept as it is, byte for byte.
func (u *User) Deliver(raw []byte, date time.Time) Message {
	return u.Mailbox("INBOX").Append(raw, date)
}

// Mailbox returns the mailbox of that name, or nil. INBOX is matched in any
// case (RFC 3501 §5.1).
func (u *User) Mailbox(name string) *Mailbox {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	return u.find(name)
}

func (u *User) find(name string) *Mailbox {
	if strings.EqualFold(name, "INBOX") {
		name = "INBOX"
	}
	for _, b := range u.boxes {
		if b.name == name {
			return b
		}
	}
	return nil
}

// Mailboxes returns the user's mailboxes by name, INBOX first.
func (u *User) Mailboxes() []*Mailbox {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	list := append([]*Mailbox(nil), u.boxes...)
	sort.SliceStable(list, func(i, j int) bool {
		if (list[i].name == "INBOX") != (list[j].name == "INBOX") {
			return list[i].name == "INBOX"
		}
		return list[i].name < list[j].name
	})
	return list
}

// Create makes a mailbox with attributes such as `\Sent` and returns it, or
// nil when there is one of that name. Levels are separated by "/".
func (u *User) Create(name string, attributes ...string) *Mailbox {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	if u.find(name) != nil {
		return nil
	}
	u.world.touch()
	return u.create(name, attributes...)
}

// CreateUsual makes the mailboxes that most providers have: Drafts, Sent,
// Archive, Junk and Trash, with their special uses (RFC 6154).
func (u *User) CreateUsual() {
	for _, name := range []string{"Drafts", "Sent", "Archive", "Junk", "Trash"} {
		u.Create(name, `\`+name)
	}
}

func (u *User) create(name string, attributes ...string) *Mailbox {
	u.world.validity++
	b := &Mailbox{
		user: u, name: name, attributes: attributes,
		validity: u.world.validity, uidNext: 1, modSeq: 1,
	}
	u.boxes = append(u.boxes, b)
	return b
}

// Rename gives a mailbox and all below it another name and tells whether it
// could. Renaming the INBOX moves its mail (RFC 3501 §6.3.5).
func (u *User) Rename(from, to string) bool {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	b := u.find(from)
	if b == nil || u.find(to) != nil {
		return false
	}
	u.world.touch()
	if b.name == "INBOX" {
		target := u.create(to)
		for _, m := range b.messages {
			target.append(m.Raw, m.InternalDate, m.Flags)
		}
		b.expunge(func(*Message) bool { return true })
		return true
	}
	for _, other := range u.boxes {
		if strings.HasPrefix(other.name, from+"/") {
			other.name = to + strings.TrimPrefix(other.name, from)
		}
	}
	b.name = to
	return true
}

// Delete removes a mailbox and its mail and tells whether it could; the INBOX
// stays.
func (u *User) Delete(name string) bool {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	for i, b := range u.boxes {
		if b.name == name && name != "INBOX" {
			u.boxes = append(u.boxes[:i:i], u.boxes[i+1:]...)
			u.world.touch()
			return true
		}
	}
	return false
}

// lockPatience is how long a POP session waits for the maildrop. A client that
// has closed its connection may be back before the server has noticed.
const lockPatience = 500 * time.Millisecond

// LockMaildrop gives a POP session the exclusive lock of RFC 1939 §4, or
// tells that another session has it and does not let go of it.
func (u *User) LockMaildrop() bool {
	patience, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	select {
	case u.maildrop <- struct{}{}:
		return true
	case <-patience.Done():
		return false
	}
}

// UnlockMaildrop ends what LockMaildrop began.
func (u *User) UnlockMaildrop() { <-u.maildrop }
