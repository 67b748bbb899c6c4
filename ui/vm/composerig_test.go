package vm

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
)

var morning = time.Date(2026, 11, 23, 10, 42, 0, 0, time.UTC) // a Monday

// writer is a person at a desk: a real store, a clock that stands still, a
// window's goroutine that the test drives.
type writer struct {
	*testing.T
	env     *Env
	clock   *clock.Fake
	queue   *Queue
	engine  *pretend
	desk    *Desk
	account localstore.AccountID
	end     context.CancelFunc

	composer *Composer // the last that was opened
	opened   int
	closed   bool
	said     string
	undo     func()
	refused  error
}

func newWriter(t *testing.T) *writer {
	t.Helper()
	w := &writer{T: t, clock: clock.NewFake(morning), queue: NewQueue(), engine: &pretend{}}
	store, err := localstore.Open(context.Background(), t.TempDir(), localstore.WithClock(w.clock))
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, w.end = context.WithCancel(context.Background())
	w.env = &Env{Ctx: ctx, Store: store, Dispatch: w.queue, Clock: w.clock, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Trouble: func(err error) { t.Errorf("trouble: %v", err) }}
	t.Cleanup(func() {
		w.end()
		w.env.Wait()
		store.Close()
	})
	w.account = w.addAccount("work", "mara@example.org")
	w.desk = NewDesk(w.env, w.engine)
	w.desk.Opened = func(c *Composer) {
		w.composer, w.closed = c, false
		w.opened++
		c.Closed = func() { w.closed = true }
	}
	w.desk.Said = func(text, _ string, act func()) { w.said, w.undo = text, act }
	w.desk.Refused = func(err error) { w.refused = err }
	return w
}

func (w *writer) addAccount(name, address string) (id localstore.AccountID) {
	w.Helper()
	server := localstore.Server{Host: "mail.example.org", Port: 993, Security: localstore.TLS, User: name}
	w.write(func(tx *localstore.Tx) (err error) {
		id, err = tx.AddAccount(localstore.Account{Name: name, Address: address, FullName: "Mara Lind", Mode: localstore.IMAP, IMAP: server, SMTP: server})
		return err
	})
	return id
}

func (w *writer) write(f func(*localstore.Tx) error) {
	w.Helper()
	if err := w.env.Store.Write(context.Background(), "test", f); err != nil {
		w.Fatal(err)
	}
}

func (w *writer) read(f func(*localstore.View) error) {
	w.Helper()
	if err := w.env.Store.Read(context.Background(), f); err != nil {
		w.Fatal(err)
	}
}

// open opens a composer and waits for it.
func (w *writer) open(how func()) *Composer {
	w.Helper()
	n := w.opened
	how()
	w.queue.Until(func() bool { return w.opened > n || w.refused != nil })
	if w.refused != nil {
		w.Fatal(w.refused)
	}
	return w.composer
}

// drafts returns the newest texts of all drafts.
func (w *writer) drafts() (all []localstore.DraftText) {
	w.Helper()
	w.read(func(v *localstore.View) (err error) {
		all, err = v.Drafts()
		return err
	})
	return all
}

// letters returns the whole outbox.
func (w *writer) letters() (all []localstore.Letter) {
	w.Helper()
	w.read(func(v *localstore.View) (err error) {
		all, err = v.Outbox(0, true)
		return err
	})
	return all
}

func (w *writer) file(name, text string) string {
	w.Helper()
	path := filepath.Join(w.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

func (w *writer) folder(role localstore.Role) (f localstore.Folder) {
	w.Helper()
	w.read(func(v *localstore.View) (err error) {
		f, err = v.FolderByRole(w.account, role)
		return err
	})
	return f
}

// mail puts a mail without a stored body into a folder.
func (w *writer) mail(role localstore.Role, from, to string) (id localstore.MessageID) {
	w.Helper()
	folder := w.folder(role).ID
	w.write(func(tx *localstore.Tx) error {
		c, err := tx.AddContent(localstore.NewContent{Account: w.account, HeaderID: strings.ReplaceAll(from+to, " ", "") + "@x", Sender: from, Recipients: to, Subject: "Figures"})
		if err != nil {
			return err
		}
		id, err = tx.AddMessage(localstore.NewMessage{Folder: folder, Content: c, Arrived: w.clock.Now()})
		return err
	})
	return id
}

// pretend is an engine in which nothing happens but what a test says.
type pretend struct {
	plan    SwitchPlan // what PlanSwitch returns,
	refused error      // and its error
	mu      sync.Mutex
	check   func(ctx context.Context, a localstore.Account, password string) error
	keyring bool
	file    bool
	kept    map[string]string
	woken   int
	status  []AccountStatus
	other   bool // another process carries the mail
}

func (p *pretend) set(status []AccountStatus) { p.mu.Lock(); p.status = status; p.mu.Unlock() }

func (p *pretend) Status() ([]AccountStatus, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status, false
}

func (p *pretend) StatusChanged() (<-chan struct{}, func()) {
	return make(chan struct{}), func() {}
}
func (p *pretend) Elsewhere() bool  { return p.other }
func (p *pretend) WorkOffline(bool) {}
func (p *pretend) Wake()            { p.mu.Lock(); p.woken++; p.mu.Unlock() }

func (p *pretend) Check(ctx context.Context, a localstore.Account, password string) error {
	p.mu.Lock()
	check := p.check
	p.mu.Unlock()
	if check == nil {
		return errors.New("no check")
	}
	return check(ctx, a, password)
}

func (p *pretend) KeepPassword(_ context.Context, a localstore.Account, password string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.keyring && !p.file {
		return false, nil
	}
	if p.kept == nil {
		p.kept = map[string]string{}
	}
	p.kept[a.SecretRef] = password
	return true, nil
}

func (p *pretend) PlanSwitch(_ context.Context, _ localstore.Account, to localstore.Mode, choice localstore.SwitchChoice) (SwitchPlan, localstore.SwitchChoice, error) {
	choice.Server = localstore.Server{Host: string(to) + ".example.org", Port: 995, User: "ada"}
	return p.plan, choice, p.refused
}

func (p *pretend) AllowFile() { p.mu.Lock(); p.file = true; p.mu.Unlock() }
