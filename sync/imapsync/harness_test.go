package imapsync

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// harness is one user with one account of IMAP mode and one server.
type harness struct {
	*testing.T
	world   *fakeserver.World
	user    *fakeserver.User
	server  *fakeimap.Server
	store   *localstore.Store
	account localstore.Account
	secret  string
	clock   *clock.Fake
	end     func() // checks and closes store and server, once; so does the end of the test
}

func newHarness(t *testing.T, hide ...string) *harness {
	t.Helper()
	h := &harness{T: t, world: fakeserver.NewWorld(), clock: clock.NewFake(fakeserver.Epoch)}
	h.user = h.world.AddUser("anna", "secret")
	h.user.CreateUsual()
	h.server = fakeimap.Start(t, h.world, fakeimap.Options{Hide: hide})
	h.join(localstore.Server{Host: h.server.Host(), Port: h.server.Port(), Security: localstore.Plain, User: "anna"}, "secret")
	return h
}

// join opens a store with one account on a server.
func (h *harness) join(in localstore.Server, secret string) {
	h.Helper()
	h.secret = secret
	h.open(testprofile.Dir(h))
	h.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "anna", Address: "anna@example.org", Mode: localstore.IMAP, SecretRef: "anna", IMAP: in})
		if err != nil {
			return err
		}
		h.account, err = tx.Account(id)
		return err
	})
}

func (h *harness) open(dir string) {
	h.Helper()
	store, err := localstore.Open(context.Background(), dir, localstore.WithClock(h.clock))
	if err != nil {
		h.Fatal(err)
	}
	h.store = store
	h.end = sync.OnceFunc(func() {
		if err := store.Read(context.Background(), (*localstore.View).CheckCounts); err != nil {
			h.Error(err)
		}
		store.Close()
		if h.server != nil {
			h.server.Close()
		}
	})
	h.Cleanup(h.end)
}

func (h *harness) write(f func(*localstore.Tx) error) {
	h.Helper()
	if err := h.store.Write(context.Background(), "test", f); err != nil {
		h.Fatal(err)
	}
}

func (h *harness) read(f func(*localstore.View) error) {
	h.Helper()
	if err := h.store.Read(context.Background(), f); err != nil {
		h.Fatal(err)
	}
}

// link signs in.
func (h *harness) link() *Link {
	h.Helper()
	l, err := Open(context.Background(), h.store, h.account, h.secret, Options{Clock: h.clock, Batch: 7, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { l.Close() })
	return l
}

// try runs one pass and returns its error.
func (h *harness) try() error {
	l, err := Open(context.Background(), h.store, h.account, h.secret, Options{Clock: h.clock, Batch: 7})
	if err != nil {
		return err
	}
	defer l.Close()
	if err := l.Apply(context.Background()); err != nil {
		return err
	}
	if err := l.Receive(context.Background()); err != nil {
		return err
	}
	return l.Bodies(context.Background())
}

// pass runs one pass that must succeed.
func (h *harness) pass() {
	h.Helper()
	if err := h.try(); err != nil {
		h.Fatal(err)
	}
}

// deliver puts n numbered mails into a mailbox of the server.
func (h *harness) deliver(box string, from, n int) {
	h.Helper()
	m := h.user.Mailbox(box)
	for i := from; i < from+n; i++ {
		m.Append(mail(i), fakeserver.Epoch.Add(time.Duration(i-1000)*time.Minute))
	}
}

func mail(i int) []byte {
	return fmt.Appendf(nil, "Received: from a by b; Sat, 14 Mar 2026 09:%02d:00 +0000\r\nFrom: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: letter %d\r\nMessage-ID: <%d@fournier.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nThis is letter %d.\r\n", i%60, i, i, i)
}

// subjects returns the subjects of a folder here, newest first.
func (h *harness) subjects(path string) []string {
	h.Helper()
	var out []string
	for _, m := range h.messages(path) {
		out = append(out, m.Subject)
	}
	return out
}

func (h *harness) messages(path string) []localstore.Message {
	h.Helper()
	var out []localstore.Message
	h.read(func(v *localstore.View) error {
		f, err := v.FolderByPath(h.account.ID, path)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 1000)
		if err != nil {
			return err
		}
		out, err = v.Messages(ids)
		return err
	})
	return out
}

// server state of a mailbox: "subject flags", in the order of UIDs.
func (h *harness) onServer(box string) []string {
	var out []string
	for _, m := range h.user.Mailbox(box).Messages() {
		_, rest, _ := strings.Cut(string(m.Raw), "Subject: ")
		subject, _, _ := strings.Cut(rest, "\r\n")
		out = append(out, strings.TrimSpace(subject+" "+strings.Join(m.Flags, " ")))
	}
	return out
}

func (h *harness) noSins() {
	h.Helper()
	for _, e := range h.server.Events() {
		h.Errorf("the server noticed: %v", e)
	}
}

func (h *harness) pendings() []localstore.Pending {
	h.Helper()
	var out []localstore.Pending
	h.read(func(v *localstore.View) (err error) {
		out, err = v.Pendings(h.account.ID)
		return err
	})
	return out
}

func (h *harness) folder(path string) localstore.FolderID {
	h.Helper()
	var id localstore.FolderID
	h.read(func(v *localstore.View) error {
		f, err := v.FolderByPath(h.account.ID, path)
		id = f.ID
		return err
	})
	return id
}

func ids(messages ...localstore.Message) []localstore.MessageID {
	var out []localstore.MessageID
	for _, m := range messages {
		out = append(out, m.ID)
	}
	return out
}

func splitLines(raw []byte) []string { return strings.Split(string(raw), "\r\n") }

// content stores raw whole and returns its row.
func (h *harness) content(raw []byte) localstore.NewContent {
	h.Helper()
	ctx := context.Background()
	w := h.store.NewBlob(ctx)
	if _, err := w.Write(raw); err != nil {
		h.Fatal(err)
	}
	blobs, err := h.store.CompleteBlobs(ctx, w)
	if err != nil {
		h.Fatal(err)
	}
	c, err := intake.FromBlob(h.account.ID, bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		h.Fatal(err)
	}
	c.Blob = blobs[0].ID
	return c
}

// asksHeaders tells whether a line asks for headers of messages that are known:
// UIDs above the known ones are asked for unseen, in case there are some.
func asksHeaders(line fakeserver.Line) bool {
	if !line.Client || !strings.Contains(line.Text, "HEADER.FIELDS") {
		return false
	}
	_, set, _ := strings.Cut(line.Text, " FETCH ")
	var lo, hi int
	n, _ := fmt.Sscanf(set, "%d:%d", &lo, &hi)
	return n < 2 || hi-lo != freshWidth-1
}
