package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/letter"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
)

// voyage is a profile that is opened and closed again while time passes by a
// clock of its own, and servers that can be out of reach.
type voyage struct {
	rig
	clock *clock.Fake
	dir   string
	stop  func()
}

func newVoyage(t *testing.T) *voyage {
	t.Helper()
	v := &voyage{clock: clock.NewFake(time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)), dir: testprofile.Dir(t)} // a Friday
	world := fakeserver.NewWorld()
	world.SetClock(v.clock)
	v.rig = rig{T: t, world: world, user: world.AddUser("anna", "secret")}
	v.password.Store("secret")
	v.user.CreateUsual()
	v.imap, v.smtp = fakeimap.Start(t, world, fakeimap.Options{}), fakesmtp.Start(t, world, fakesmtp.Options{Deliver: true})
	v.start()
	server := func(s *fakeserver.Server) localstore.Server {
		return localstore.Server{Host: s.Host(), Port: s.Port(), Security: localstore.Plain, User: "anna"}
	}
	v.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(localstore.Account{Name: "anna", Address: "anna@example.org", Mode: localstore.IMAP, SecretRef: "anna", IMAP: server(v.imap.Server), SMTP: server(v.smtp.Server)})
		if err != nil {
			return err
		}
		v.account, err = tx.Account(id)
		return err
	})
	t.Cleanup(func() { v.stop() })
	return v
}

// start opens the profile and runs the engine, as at the start of a day.
func (v *voyage) start() {
	v.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	store, err := localstore.Open(ctx, v.dir, localstore.WithClock(v.clock))
	if err != nil {
		v.Fatal(err)
	}
	v.store = store
	v.engine = New(Config{Store: store, Clock: v.clock, Password: func(context.Context, localstore.Account) (string, error) { return "secret", nil }})
	ended := make(chan error, 1)
	go func() { ended <- v.engine.Run(ctx) }()
	v.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			v.Errorf("Run: %v", err)
		}
		store.Close()
		v.stop = func() {}
	}
}

// online plugs the cables in, or pulls them.
func (v *voyage) online(on bool) {
	v.Helper()
	if !on {
		v.imap.Offline()
		v.smtp.Offline()
		return
	}
	for _, plug := range []func() error{v.smtp.Online, v.imap.Online} {
		if err := plug(); err != nil {
			v.Fatal(err)
		}
	}
}

// tick is how long a step of the clock lasts in the computer's time, so that
// hours do not go by while a connection is made. Nothing is awaited by it.
const tick = 5 * time.Millisecond

// pass lets time pass in steps until done.
func (v *voyage) pass(step time.Duration, done func() bool) {
	v.Helper()
	for !done() {
		v.clock.Advance(step)
		<-clock.System.After(tick)
	}
}

// passTime lets a time pass.
func (v *voyage) passTime(d, step time.Duration) {
	v.Helper()
	until := v.clock.Now().Add(d)
	v.pass(step, func() bool { return !v.clock.Now().Before(until) })
}

func (v *voyage) letter(i int, leaves time.Time, to ...string) localstore.OutboxID {
	v.Helper()
	d := &letter.Draft{To: letter.ParseAddresses(strings.Join(to, ", ")), Subject: fmt.Sprintf("Letter %02d", i), Text: "Written at sea."}
	n, err := outgoing.Queue(context.Background(), v.store, outgoing.Letter{Account: v.account, Draft: d, NotBefore: leaves})
	if err != nil {
		v.Fatal(err)
	}
	return n
}

// states counts the letters in each state.
func (v *voyage) states() map[localstore.OutboxState]int {
	v.Helper()
	count := map[localstore.OutboxState]int{}
	err := v.store.Read(context.Background(), func(view *localstore.View) error {
		all, err := view.Outbox(v.account.ID, true)
		for _, l := range all {
			count[l.State]++
		}
		return err
	})
	if err != nil {
		v.Fatal(err)
	}
	return count
}

func (v *voyage) journeys() (all []localstore.Journey) {
	v.Helper()
	err := v.store.Read(context.Background(), func(view *localstore.View) (err error) {
		all, err = view.Journeys(0, 100)
		return err
	})
	if err != nil {
		v.Fatal(err)
	}
	return all
}

// subjects are those of what the server took, in order.
func (v *voyage) subjects() (all []string) {
	for _, l := range v.smtp.Accepted() {
		h := letter.ParseHeader(l.Raw)
		all = append(all, h.Subject)
	}
	return all
}

// TestSevenDaysAtSea: fifty letters in seven days without a network, with a
// restart each day, then a line that breaks three times: in the middle of a
// letter, and twice between a letter and its answer, for half an hour each. Every
// letter goes out once, in the order they were queued, and one report tells of
// it.
func TestSevenDaysAtSea(t *testing.T) {
	v := newVoyage(t)
	const letters, flaps = 50, "12 25 38"
	for i := range 3 {
		v.deliver(i)
	}
	v.inbox(3)
	v.phase(Idle)
	v.online(false)
	v.phase(Offline)
	left := v.clock.Now()
	written := 0
	for day := range 7 {
		for ; written < letters*(day+1)/7; written++ {
			to := []string{fmt.Sprintf("port%d@example.net", written+1), "anna@example.org"}
			switch written + 1 {
			case 12:
				to = append(to, "drop-mid-data@demo.example")
			case 25, 38:
				to = append(to, "slow@demo.example")
			}
			v.letter(written+1, time.Time{}, to...)
		}
		v.passTime(24*time.Hour, time.Hour)
		v.stop()
		v.start()
		v.phase(Offline)
	}
	if n := v.states()[localstore.OutQueued]; n != letters || len(v.smtp.Accepted()) != 0 {
		t.Fatalf("after seven days %d letters wait", n)
	}
	for i := range 4 {
		v.user.Deliver(fmt.Appendf(nil, "From: Tom <tom@bannister.example>\r\nTo: anna@example.org\r\nSubject: news %d\r\nMessage-ID: <news%d@bannister.example>\r\n\r\nNews.\r\n", i, i), v.clock.Now())
	}
	for _, at := range []int{25, 38} {
		v.online(true)
		before := len(v.smtp.Accepted())
		v.pass(time.Minute, func() bool { return len(v.smtp.Accepted()) > before })
		for changed := v.world.Changed(); len(v.smtp.Accepted()) < at; changed = v.world.Changed() {
			<-changed // no clock is needed while letters leave
		}
		v.online(false)
		v.until("unsure", func(*localstore.View) (bool, error) { return v.states()[localstore.OutUnsure] == 1, nil })
		v.phase(Offline)
		v.passTime(30*time.Minute, 5*time.Minute)
	}
	v.online(true)
	v.pass(time.Minute, func() bool { return v.states()[localstore.OutFiled] == letters })
	v.pass(time.Minute, func() bool { return len(v.journeys()) > 0 })

	got := v.subjects()
	for i := range max(len(got), letters) {
		if i >= len(got) || got[i] != fmt.Sprintf("Letter %02d", i+1) {
			t.Fatalf("the flaps were at %s; out of order, missing or twice: %v", flaps, got)
		}
	}
	all := v.journeys()
	if len(all) != 1 {
		t.Fatalf("%d reports", len(all))
	}
	j := all[0]
	if len(j.Sent) != letters || len(j.Waiting) != 0 || j.Since.After(left) || j.Online.Sub(left) < 7*24*time.Hour || j.Ended.Before(j.Online) {
		t.Errorf("sent %d, waiting %d, %v to %v", len(j.Sent), len(j.Waiting), j.Since, j.Online)
	}
	for _, l := range j.Sent {
		for _, r := range l.Recipients {
			if !r.Sent {
				t.Errorf("letter %d, %s: %+v", l.Letter, r.Address, r)
			}
		}
	}
	received := 0
	for _, f := range j.Received {
		received += f.New
	}
	if received < 4 {
		t.Errorf("received: %+v", j.Received)
	}
	v.wantNoSins()
}

func (v *voyage) wantNoSins() {
	v.Helper()
	for _, e := range v.smtp.Events() {
		v.Errorf("%v", e)
	}
}

// TestWhenOnlineAgainAfterMondayAtNine: not before the hour though there is a
// line, and with the first line after it.
func TestWhenOnlineAgainAfterMondayAtNine(t *testing.T) {
	v := newVoyage(t)
	monday := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	v.inbox(0)
	v.letter(1, monday, "port@example.net")
	v.letter(2, time.Time{}, "port@example.net")
	v.pass(time.Minute, func() bool { return len(v.smtp.Accepted()) == 1 })
	v.pass(10*time.Minute, func() bool { return !v.clock.Now().Before(monday.Add(-30 * time.Minute)) })
	if got := v.subjects(); len(got) != 1 || got[0] != "Letter 02" {
		t.Fatalf("before Monday at nine: %v", got)
	}
	v.online(false)
	v.stop()
	v.start()
	v.pass(10*time.Minute, func() bool { return v.clock.Now().After(monday.Add(3 * time.Hour)) })
	if n := len(v.smtp.Accepted()); n != 1 || v.states()[localstore.OutQueued] != 1 {
		t.Fatalf("without a line: %d accepted, %v", n, v.states())
	}
	v.online(true)
	v.pass(time.Minute, func() bool { return v.states()[localstore.OutFiled] == 2 })
	if got := v.subjects(); len(got) != 2 || got[1] != "Letter 01" {
		t.Errorf("with the next line: %v", got)
	}
	v.wantNoSins()
}
