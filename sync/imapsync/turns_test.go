package imapsync

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// newSecureHarness is newHarness with TLS from the first byte.
func newSecureHarness(t *testing.T, hide ...string) *harness {
	t.Helper()
	h := &harness{T: t, world: fakeserver.NewWorld(), clock: clock.NewFake(fakeserver.Epoch)}
	h.user = h.world.AddUser("anna", "secret")
	h.user.CreateUsual()
	h.server = fakeimap.Start(t, h.world, fakeimap.Options{Hide: hide, Transport: fakeserver.Transport{TLS: fakeserver.Implicit}})
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, fakeserver.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	h.join(localstore.Server{Host: h.server.Host(), Port: h.server.Port(), Security: localstore.TLS, User: "anna", CAFile: ca}, "secret")
	return h
}

// receive opens a link as a pass does, receives, and returns what it took.
func (h *harness) receive() link.Report {
	h.Helper()
	l, err := Open(context.Background(), h.store, h.account, h.secret, Options{Clock: h.clock, Receive: true})
	if err != nil {
		h.Fatal(err)
	}
	defer l.Close()
	if err := l.Receive(context.Background()); err != nil {
		h.Fatal(err)
	}
	return l.Report()
}

// goal is what a pass may take at most.
type goal struct {
	turns int
	bytes int64 // both ways
}

func (g goal) met(t *testing.T, what string, r link.Report) {
	t.Helper()
	t.Logf("%s: %d turns, %d B", what, r.RoundTrips, r.BytesIn+r.BytesOut)
	if r.RoundTrips > g.turns || r.BytesIn+r.BytesOut > g.bytes {
		t.Errorf("%s took %d turns and %d bytes, want at most %d and %d", what, r.RoundTrips, r.BytesIn+r.BytesOut, g.turns, g.bytes)
	}
}

// capabilitySet is a kind of server, and what a pass may take there.
type capabilitySet struct {
	name    string
	hide    []string // of the fake server
	dovecot string   // announced by Dovecot; "": everything
	message int64    // bytes for each message that is known
	nothing goal     // nothing is new
	changes goal     // 10 new, 100 flags changed, 10 gone
}

var capabilitySets = []capabilitySet{
	{name: "QRESYNC", nothing: goal{1, 2 << 10}, changes: goal{2, 20 << 10}},
	{name: "QRESYNC without LIST-STATUS", hide: []string{"LIST-STATUS"}, dovecot: "IMAP4rev1 SASL-IR LITERAL+ ENABLE ID IDLE UIDPLUS MOVE SPECIAL-USE LIST-EXTENDED ESEARCH UNSELECT NAMESPACE CONDSTORE QRESYNC",
		nothing: goal{1, 2 << 10}, changes: goal{2, 20 << 10}},
	{name: "CONDSTORE", hide: []string{"QRESYNC", "LIST-STATUS"}, dovecot: "IMAP4rev1 SASL-IR LITERAL+ ID IDLE UIDPLUS MOVE SPECIAL-USE LIST-EXTENDED ESEARCH UNSELECT NAMESPACE CONDSTORE",
		nothing: goal{1, 2 << 10}, changes: goal{2, 20 << 10}},
	{name: "IMAP4rev1", hide: servers["IMAP4rev1"], dovecot: "IMAP4rev1",
		message: 40, nothing: goal{4, 4 << 10}, changes: goal{4, 20 << 10}},
}

// TestTurnsAndBytes holds the numbers for every capability set, on a server
// that is known and protected by TLS.
func TestTurnsAndBytes(t *testing.T) {
	const mails = 300
	for _, c := range capabilitySets {
		t.Run(c.name, func(t *testing.T) {
			h := newSecureHarness(t, c.hide...)
			h.deliver("INBOX", 0, mails)
			box := h.user.Mailbox("INBOX")
			c.holds(h, mails, func() {
				h.deliver("INBOX", mails, 10)
				for uid := uint32(1); uid <= 100; uid++ {
					box.AddFlags(uid, `\Seen`)
				}
				for uid := uint32(101); uid <= 110; uid++ {
					box.Expunge(uid)
				}
			})
			h.noSins()
		})
	}
}

// TestTurnsAndBytesOfDovecot does the same on a real server.
func TestTurnsAndBytesOfDovecot(t *testing.T) {
	const mails = 130
	for _, c := range capabilitySets {
		t.Run(c.name, func(t *testing.T) {
			v := newVoyage(t, realserver.Options{IMAPCapability: c.dovecot})
			v.harness.end() // it has been told the port of STARTTLS
			v.join(localstore.Server{Host: v.dovecot.Host, Port: v.dovecot.IMAPS, Security: localstore.TLS, User: v.user, CAFile: v.dovecot.CAFile}, realserver.Password)
			v.deliver("INBOX", 0, mails)
			c.holds(v.harness, mails, func() {
				v.deliver("INBOX", mails, 10)
				v.dovecot.Command(t, v.user, "INBOX", `UID STORE 1:110 +FLAGS (\Seen)`)
				v.dovecot.Command(t, v.user, "INBOX", `UID STORE 101:110 +FLAGS (\Deleted)`)
				v.dovecot.Command(t, v.user, "INBOX", `UID EXPUNGE 101:110`)
			})
		})
	}
}

func (c capabilitySet) holds(h *harness, mails int, change func()) {
	h.Helper()
	nothing, changes := c.nothing, c.changes
	nothing.bytes += c.message * int64(mails)
	changes.bytes += c.message * int64(mails)
	goal{8, int64(mails)*1000 + 8<<10}.met(h.T, "the first pass", h.receive())
	nothing.met(h.T, "nothing new", h.quiet(nothing))
	change()
	r := h.receive()
	changes.met(h.T, "changes", r)
	got := h.messages("INBOX")
	seen := 0
	for _, m := range got {
		if m.Flags&localstore.Seen != 0 {
			seen++
		}
	}
	if len(got) != mails || got[0].Subject != fmt.Sprint("letter ", mails+9) || seen != 100 || r.Received != 10 {
		h.Errorf("%d messages, the first %q, %d seen; %+v", len(got), got[0].Subject, seen, r)
	}
	nothing.met(h.T, "nothing new again", h.quiet(nothing))
}

// quiet receives until nothing is new: Dovecot counts changes of its own for a
// while after somebody had a Maildir open. It returns the last pass.
func (h *harness) quiet(g goal) (r link.Report) {
	h.Helper()
	for range 6 {
		if r = h.receive(); r.RoundTrips <= g.turns {
			break
		}
	}
	return r
}

// TestTheFirstScreenComesAtOnce: the newest hundred are here after a few turns
// and few bytes, however large the folder is.
func TestTheFirstScreenComesAtOnce(t *testing.T) {
	for name, hide := range servers {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{300, 3000} {
				h := newHarness(t, hide...)
				h.deliver("INBOX", 0, size)
				var l *Link
				var first link.Report
				shown := func(done, _ int, _ int64) {
					if first.RoundTrips == 0 {
						first = l.Report()
						if got := h.subjects("INBOX"); len(got) != freshWidth || got[0] != fmt.Sprint("letter ", size-1) || done != freshWidth {
							t.Errorf("%d messages, the first %q", len(got), got[0])
						}
					}
				}
				l, err := Open(t.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Receive: true, Progress: shown})
				if err != nil {
					t.Fatal(err)
				}
				if err := l.Receive(t.Context()); err != nil {
					t.Fatal(err)
				}
				l.Close()
				goal{5, 60 << 10}.met(t, fmt.Sprintf("the first screen of %d", size), first)
				if n := len(h.subjectsUpTo("INBOX", size+1)); n != size {
					t.Errorf("%d messages in the end", n)
				}
			}
		})
	}
}

// TestManyFoldersTakeNoMoreTurns: twenty, of which none changed.
func TestManyFoldersTakeNoMoreTurns(t *testing.T) {
	for _, c := range capabilitySets {
		t.Run(c.name, func(t *testing.T) {
			h := newSecureHarness(t, c.hide...)
			for i := range 15 {
				h.user.Create(fmt.Sprint("Folder ", i))
			}
			for i, box := range h.user.Mailboxes() {
				h.deliver(box.Status().Name, 100*i, 2)
			}
			goal{10, 100 << 10}.met(t, "the first pass", h.receive())
			goal{c.nothing.turns, 10 << 10}.met(t, "nothing new", h.receive())
		})
	}
}

// allBodies keeps everything of the account here and returns what that took.
func (h *harness) allBodies() link.Report {
	h.Helper()
	h.account.Policy = localstore.FetchAll
	h.write(func(tx *localstore.Tx) error { return tx.SetAccount(h.account) })
	l, err := Open(h.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Receive: true})
	if err != nil {
		h.Fatal(err)
	}
	defer l.Close()
	if err := l.Receive(h.Context()); err != nil {
		h.Fatal(err)
	}
	if err := l.Bodies(h.Context()); err != nil {
		h.Fatal(err)
	}
	return l.Report()
}

// TestBodiesOfManyMailsTakeFewTurns: all of them, the newest first, and as the
// server has them.
func TestBodiesOfManyMailsTakeFewTurns(t *testing.T) {
	for name, hide := range servers {
		t.Run(name, func(t *testing.T) {
			const n = 1200
			h := newHarness(t, hide...)
			h.clock.Advance(24 * time.Hour)
			h.deliver("INBOX", 0, n)
			took := h.allBodies()
			goal{12, 1200 * n}.met(t, "all bodies", took)
			missing := true
			h.read(func(v *localstore.View) (err error) {
				missing, err = Unasked(v, h.account, h.clock.Now())
				return err
			})
			if missing || took.Bodies != n {
				t.Errorf("some have no body: %v; %+v", missing, took)
			}
		})
	}
}

// TestLargeMailsAmongSmallOnesTakeFewTurns: a large mail does not cut the flight
// that its neighbours come in.
func TestLargeMailsAmongSmallOnesTakeFewTurns(t *testing.T) {
	const n, large, every = 600, 3 << 20, 30
	h := newHarness(t)
	h.clock.Advance(24 * time.Hour)
	for i := range n {
		if i%every != 0 {
			h.deliver("INBOX", i, 1)
			continue
		}
		raw := append(mail(i), bytes.Repeat([]byte("Seventy bytes of a large letter that comes among many small others.\r\n"), large/70)...)
		h.user.Mailbox("INBOX").Append(raw, fakeserver.Epoch.Add(time.Duration(i-1000)*time.Minute))
	}
	took := h.allBodies()
	goal{20, n/every*large*11/10 + 1200*n}.met(t, "all bodies", took)
	if got := took.Bodies; got != n {
		t.Errorf("%d of %d bodies came", got, n)
	}
}
