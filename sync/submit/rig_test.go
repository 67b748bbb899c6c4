package submit

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// sampled tells whether the i-th of many cases is played: every seventh, from
// where the seed says, or all of them with PAQUEBOT_TORTURE=1.
func sampled(i int) bool {
	seed, _ := strconv.Atoi(os.Getenv("PAQUEBOT_SEED"))
	return (i+seed)%7 == 0 || os.Getenv("PAQUEBOT_TORTURE") != ""
}

// rig is an account with an outbox and a submission server.
type rig struct {
	t        testing.TB
	server   *fakesmtp.Server
	store    *localstore.Store
	account  localstore.Account
	clock    *clock.Fake
	options  Options
	queued   int
	accounts int
	answers  localstore.ContentID // what the next letters answer
	sender   string               // of the next letters; "": anna@demo.example
}

func newRig(t testing.TB, o fakesmtp.Options) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewFake(fakeserver.Epoch)}
	r.options = Options{Clock: r.clock, stall: 20 * time.Second, dot: 20 * time.Second}
	r.open(testprofile.Dir(t))
	r.serve(o)
	return r
}

// serve gives the rig a server and an account of their own.
func (r *rig) serve(o fakesmtp.Options) {
	r.t.Helper()
	if r.server != nil {
		r.server.Close()
	}
	world := fakeserver.NewWorld()
	world.SetClock(r.clock)
	world.AddUser("anna", "secret")
	var err error
	if r.server, err = fakesmtp.Serve(world, o); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.server.Close)
	r.addAccount(localstore.Server{Host: r.server.Host(), Port: r.server.Port(), Security: localstore.Plain, User: "anna"})
}

func (r *rig) open(dir string) {
	r.t.Helper()
	store, err := localstore.Open(context.Background(), dir, localstore.WithClock(r.clock))
	if err != nil {
		r.t.Fatal(err)
	}
	r.store = store
	r.t.Cleanup(func() { store.Close() })
}

func (r *rig) addAccount(smtp localstore.Server) {
	r.accounts++
	r.account = localstore.Account{Name: fmt.Sprintf("Anna %d", r.accounts), Address: "anna@demo.example", Mode: localstore.POP, PopDelete: localstore.DeleteNever,
		POP: localstore.Server{Host: "127.0.0.1", Port: 1, Security: localstore.Plain, User: "anna"}, SMTP: smtp}
	r.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(r.account)
		if err != nil {
			return err
		}
		r.account, err = tx.Account(id)
		return err
	})
}

func (r *rig) write(f func(*localstore.Tx) error) {
	r.t.Helper()
	if err := r.store.Write(context.Background(), "test", f); err != nil {
		r.t.Fatal(err)
	}
}

// queue puts a letter to the given people into the outbox. A name without a
// domain is one of demo.example; the last of several goes into Bcc.
func (r *rig) queue(to ...string) localstore.OutboxID {
	r.t.Helper()
	return r.queueText("Text.\n.\n..dots\nEnd.", to...)
}

func (r *rig) queueText(text string, to ...string) localstore.OutboxID {
	r.t.Helper()
	r.queued++
	sender := cmp.Or(r.sender, "anna@demo.example")
	d := letter.Draft{From: letter.Address{Name: "Anna", Addr: sender}, Subject: fmt.Sprintf("Letter %d", r.queued),
		MessageID: fmt.Sprintf("%d.letter@demo.example", r.queued), Text: text}
	for i, name := range to {
		if !strings.Contains(name, "@") {
			name += "@demo.example"
		}
		if a := (letter.Address{Addr: name}); i > 0 && i == len(to)-1 {
			d.Bcc = append(d.Bcc, a)
		} else {
			d.To = append(d.To, a)
		}
	}
	recipients, err := d.Recipients()
	if err != nil {
		r.t.Fatal(err)
	}
	w := r.store.NewBlob(context.Background())
	if err := d.Write(w); err != nil {
		r.t.Fatal(err)
	}
	blobs, err := r.store.CompleteBlobs(context.Background(), w)
	if err != nil {
		r.t.Fatal(err)
	}
	b, err := r.store.OpenBlob(context.Background(), blobs[0].ID)
	if err != nil {
		r.t.Fatal(err)
	}
	defer b.Close()
	c, err := intake.FromBlob(r.account.ID, b, blobs[0].Size)
	if err != nil {
		r.t.Fatal(err)
	}
	c.Blob = blobs[0].ID
	var n localstore.OutboxID
	r.write(func(tx *localstore.Tx) (err error) {
		n, err = tx.Queue(localstore.NewLetter{Account: r.account.ID, Content: c, EnvelopeFrom: sender, Recipients: recipients, Answers: r.answers})
		return err
	})
	return n
}

func (r *rig) play(names ...string) {
	r.t.Helper()
	if err := r.server.Scenario(names...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) run() (Report, error) {
	return Run(context.Background(), r.store, r.account, "secret", r.options)
}

func (r *rig) letter(n localstore.OutboxID) (l localstore.Letter) {
	r.t.Helper()
	err := r.store.Read(context.Background(), func(v *localstore.View) (err error) {
		l, err = v.Letter(n)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return l
}

// want fails unless a letter is in the state.
func (r *rig) want(when string, n localstore.OutboxID, states ...localstore.OutboxState) {
	r.t.Helper()
	l := r.letter(n)
	for _, s := range states {
		if l.State == s {
			return
		}
	}
	r.t.Errorf("%s: letter %d is %s (%s), want %v", when, n, l.State, l.Error, states)
}

// accepted counts how often the server took responsibility for a letter to an
// address.
func (r *rig) accepted(n localstore.OutboxID) map[string]int {
	r.t.Helper()
	id := "<" + r.letter(n).HeaderID + ">"
	count := map[string]int{}
	for _, l := range r.server.Accepted() {
		if strings.Contains(string(l.Raw), "Message-ID: "+id) {
			for _, to := range l.To {
				count[strings.TrimSuffix(to, "@demo.example")]++
			}
		}
	}
	return count
}

func (r *rig) wantNoSins(when string) {
	r.t.Helper()
	for _, e := range r.server.Events() {
		r.t.Errorf("%s: %v", when, e)
	}
}

// blob returns the stored bytes of a letter.
func (r *rig) blob(n localstore.OutboxID) string {
	r.t.Helper()
	var id localstore.Identity
	l := r.letter(n)
	err := r.store.Read(context.Background(), func(v *localstore.View) (err error) {
		id, err = v.Identity(l.Content)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	b, err := r.store.OpenBlob(context.Background(), id.Blob)
	if err != nil {
		r.t.Fatal(err)
	}
	defer b.Close()
	text, err := io.ReadAll(b.Reader())
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

func (r *rig) message(id localstore.MessageID) (m localstore.Message, err error) {
	err = r.store.Read(context.Background(), func(v *localstore.View) error {
		m, err = v.Message(id)
		return err
	})
	return m, err
}

// folderOf returns the role of the folder in which a letter is shown.
func (r *rig) folderOf(n localstore.OutboxID) (role localstore.Role) {
	r.t.Helper()
	l := r.letter(n)
	err := r.store.Read(context.Background(), func(v *localstore.View) error {
		m, err := v.Message(l.Message)
		if err != nil {
			return err
		}
		f, err := v.Folder(m.Folder)
		role = f.Role
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return role
}
