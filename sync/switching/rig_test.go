package switching_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
	"paquebot.app/sync/switching"
)

// strait is one mailbox that is offered by POP and by IMAP, and an account of
// it that is kept by one or the other.
type strait struct {
	testing.TB
	world  *fakeserver.World
	user   *fakeserver.User
	pop    *fakepop.Server
	imap   *fakeimap.Server
	smtp   *fakesmtp.Server
	clock  *clock.Fake
	dir    string
	store  *localstore.Store
	engine *engine.Engine
	id     localstore.AccountID
	secret string
	n      int // mails made
}

func newStrait(t testing.TB, mode localstore.Mode, pop fakepop.Options, imap fakeimap.Options) *strait {
	t.Helper()
	s := &strait{TB: t, world: fakeserver.NewWorld(), clock: clock.NewFake(fakeserver.Epoch), secret: "secret"}
	s.world.SetClock(s.clock)
	s.user = s.world.AddUser("anna", "secret")
	s.user.CreateUsual()
	s.pop, s.imap, s.smtp = fakepop.Start(t, s.world, pop), fakeimap.Start(t, s.world, imap), fakesmtp.Start(t, s.world, fakesmtp.Options{})
	s.dir = testprofile.Dir(t)
	s.open()
	s.write(func(tx *localstore.Tx) (err error) {
		s.id, err = tx.AddAccount(localstore.Account{Name: "anna", Address: "anna@example.org", Mode: mode, SecretRef: "anna", PopDelete: localstore.DeleteNever,
			Policy: localstore.FetchAll, POP: s.at(s.pop.Server), IMAP: s.at(s.imap.Server), SMTP: s.at(s.smtp.Server)})
		return err
	})
	return s
}

func (s *strait) at(server *fakeserver.Server) localstore.Server {
	return localstore.Server{Host: server.Host(), Port: server.Port(), Security: localstore.Plain, User: "anna"}
}

// open opens the profile, as a program that starts does.
func (s *strait) open() {
	s.Helper()
	var err error
	if s.store, err = localstore.Open(context.Background(), s.dir, localstore.WithClock(s.clock)); err != nil {
		s.Fatal(err)
	}
	store := s.store
	s.Cleanup(func() { store.Close() })
	s.engine = engine.New(engine.Config{Store: s.store, Clock: s.clock, Password: func(context.Context, localstore.Account) (string, error) { return s.secret, nil }})
}

// realTime gives the engine the system's clock.
func (s *strait) realTime() {
	s.engine = engine.New(engine.Config{Store: s.store, Password: func(context.Context, localstore.Account) (string, error) { return s.secret, nil }})
}

// reopen ends the program and starts it again.
func (s *strait) reopen() {
	s.Helper()
	s.store.Close()
	s.open()
	if err := s.engine.Recover(context.Background()); err != nil {
		s.Fatal(err)
	}
}

func (s *strait) write(f func(*localstore.Tx) error) {
	s.Helper()
	if err := s.store.Write(context.Background(), "test", f); err != nil {
		s.Fatal(err)
	}
}

func (s *strait) read(f func(*localstore.View) error) {
	s.Helper()
	if err := s.store.Read(context.Background(), f); err != nil {
		s.Fatal(err)
	}
}

func (s *strait) account() (a localstore.Account) {
	s.Helper()
	s.read(func(v *localstore.View) (err error) {
		a, err = v.Account(s.id)
		return err
	})
	return a
}

// mail makes a mail that differs from all others.
func (s *strait) mail() []byte {
	s.n++
	return fmt.Appendf(nil, "Received: from a by b; Sat, 14 Mar 2026 0%d:%02d:%02d +0000\r\nFrom: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: letter %d\r\nMessage-ID: <%d@fournier.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n\r\nThis is letter %d.\r\n",
		s.n/3600%10, s.n/60%60, s.n%60, s.n, s.n, s.n)
}

// deliver brings new mail to the inbox.
func (s *strait) deliver(n int) {
	for range n {
		s.user.Deliver(s.mail(), s.clock.Now())
	}
}

// pass runs one pass, which must succeed.
func (s *strait) pass() engine.Report {
	s.Helper()
	r := s.engine.Pass(context.Background(), s.account())
	if r.Error != nil {
		s.Fatalf("pass: %+v", r.Error)
	}
	return r
}

func (s *strait) choice(to localstore.Mode) localstore.SwitchChoice {
	if to == localstore.POP {
		return localstore.SwitchChoice{Server: s.at(s.pop.Server)}
	}
	return localstore.SwitchChoice{Server: s.at(s.imap.Server)}
}

func (s *strait) begin(to localstore.Mode, c localstore.SwitchChoice) {
	s.Helper()
	s.write(func(tx *localstore.Tx) error {
		_, err := tx.BeginSwitch(s.id, to, c)
		return err
	})
}

// switchTo switches and runs the first pass after it.
func (s *strait) switchTo(to localstore.Mode) {
	s.Helper()
	s.begin(to, s.choice(to))
	a, err := s.engine.Switch(context.Background(), s.id)
	if err != nil || a.Mode != to {
		s.Fatalf("switch to %s: %v, it is %s", to, err, a.Mode)
	}
	s.pass()
}

func (s *strait) plan(to localstore.Mode) switching.Plan {
	s.Helper()
	p, err := s.engine.PlanSwitch(context.Background(), s.account(), to, s.choice(to), false)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// shown returns what the account shows, "path subject flags where", sorted.
func (s *strait) shown() (out []string) {
	s.Helper()
	for _, m := range s.messages("") {
		out = append(out, fmt.Sprintf("%s | %s | %v %v", s.path(m.Folder), m.Subject, m.Flags.Names(), m.Keywords))
	}
	slices.Sort(out)
	return out
}

func (s *strait) path(id localstore.FolderID) (path string) {
	s.read(func(v *localstore.View) error {
		f, err := v.Folder(id)
		path = f.Path
		return err
	})
	return path
}

// messages returns the shown messages of a folder, "" of all.
func (s *strait) messages(path string) (out []localstore.Message) {
	s.Helper()
	s.read(func(v *localstore.View) error {
		folders, err := v.Folders(s.id)
		if err != nil {
			return err
		}
		for _, f := range folders {
			if path != "" && f.Path != path {
				continue
			}
			ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 100_000)
			if err != nil {
				return err
			}
			some, err := v.Messages(ids)
			if err != nil {
				return err
			}
			out = append(out, some...)
		}
		return nil
	})
	return out
}

// bodies returns how often each mail is here whole, by SHA-256, in all folders
// but those of letters.
func (s *strait) bodies() map[[32]byte]int {
	s.Helper()
	all := map[[32]byte]int{}
	for _, m := range s.messages("") {
		if where := s.path(m.Folder); where == "Outbox" || where == "Sent" {
			continue // a letter is dated when it leaves
		}
		if sum, whole := s.sum(m); whole {
			all[sum]++
		}
	}
	return all
}

// sum returns the SHA-256 of a mail that is here whole.
func (s *strait) sum(m localstore.Message) (sum [32]byte, whole bool) {
	s.Helper()
	if m.Body != localstore.BodyWhole {
		return sum, false
	}
	b, err := s.store.OpenBlob(context.Background(), m.Blob)
	if err != nil {
		s.Fatal(err)
	}
	defer b.Close()
	raw, err := io.ReadAll(b.Reader())
	if err != nil {
		s.Fatal(err)
	}
	return sha256.Sum256(raw), true
}

// onServer returns how many messages each mailbox of the server holds.
func (s *strait) onServer() map[string]int {
	all := map[string]int{}
	for _, b := range s.user.Mailboxes() {
		st := b.Status()
		all[st.Name] = st.Messages
	}
	return all
}

// forbidden are commands by which something leaves or comes to a server.
var forbidden = []string{"DELE ", "EXPUNGE", `\Deleted`, "APPEND", " MOVE ", " COPY "}

// said returns the commands of clients that hold one of some words, from a line
// of each transcript on.
func (s *strait) said(from mark, words ...string) (out []string) {
	for _, l := range slices.Concat(s.pop.Transcript()[from.pop:], s.imap.Transcript()[from.imap:]) {
		if l.Client && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToUpper(l.Text), strings.ToUpper(w)) }) {
			out = append(out, l.Text)
		}
	}
	return out
}

// mark is a place in the transcripts.
type mark struct{ pop, imap int }

func (s *strait) mark() mark { return mark{len(s.pop.Transcript()), len(s.imap.Transcript())} }

func (s *strait) innocent(from mark) {
	s.Helper()
	if bad := s.said(from, forbidden...); len(bad) > 0 {
		s.Errorf("said to a server: %q", bad)
	}
}

func (s *strait) queue(subject string) {
	s.Helper()
	a := s.account()
	d := &letter.Draft{From: outgoing.From(a), To: letter.ParseAddresses("tom@bannister.example"), Subject: subject, Text: "We land at nine."}
	if _, err := outgoing.Queue(context.Background(), s.store, outgoing.Letter{Account: a, Draft: d}); err != nil {
		s.Fatal(err)
	}
}

// same fails the test where two views differ.
func (s *strait) same(what string, got, want []string) {
	s.Helper()
	if slices.Equal(got, want) {
		return
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			s.Errorf("%s: too much: %s", what, g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			s.Errorf("%s: missing: %s", what, w)
		}
	}
	s.Errorf("%s: %d, want %d", what, len(got), len(want))
}

// run starts the engine, as the window does, until the test ends.
func (s *strait) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.engine.Run(ctx) }()
	s.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			s.Errorf("Run: %v", err)
		}
	})
}

// until waits until the store is as wanted. The test's own time-out ends a wait
// that never succeeds.
func (s *strait) until(f func(*localstore.View) (bool, error)) {
	s.Helper()
	watch := s.store.Watch()
	defer watch.Close()
	for {
		var ok bool
		s.read(func(v *localstore.View) (err error) {
			ok, err = f(v)
			return err
		})
		if ok {
			return
		}
		<-watch.Ready()
		watch.Take()
	}
}
