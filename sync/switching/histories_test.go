package switching_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// failing makes a history's failures known to the search for a shorter one.
type failing struct {
	testing.TB
	rt *rapid.T
}

func (f failing) Helper()                           {}
func (f failing) Error(args ...any)                 { f.rt.Error(args...) }
func (f failing) Errorf(format string, args ...any) { f.rt.Errorf(format, args...) }
func (f failing) Fatal(args ...any)                 { f.rt.Fatal(args...) }
func (f failing) Fatalf(format string, args ...any) { f.rt.Fatalf(format, args...) }

// voyage is a history: what was done to an account, and what must hold.
type voyage struct {
	*strait
	rt      *rapid.T
	raws    [][]byte // every mail that there ever was
	letters int
}

// TestHistories: whatever is received, read, filed, deleted and sent, by us and
// by another client, whenever the account is switched, cut off or killed: no
// switch deletes, uploads or loses anything, nothing is shown more often than it
// was here or is there, and every letter goes out once. make test plays 200
// histories, make torture 2,000.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pop := uidls[rapid.SampledFrom([]string{"dovecot", "uw", "cyrus", "hashes"}).Draw(rt, "uidl")]
		mode := rapid.SampledFrom([]localstore.Mode{localstore.POP, localstore.IMAP}).Draw(rt, "mode")
		v := &voyage{rt: rt, strait: newStrait(failing{t, rt}, mode, pop, fakeimap.Options{})}
		defer v.end()
		v.deliverSome()
		does := map[string]func(){
			"deliver": v.deliverSome, "again": v.deliverAgain, "pass": v.pass, "mark": v.mark1, "file": v.file, "delete": v.remove,
			"letter": v.letter, "other": v.other, "crash": v.reopen, "back": v.thereAndBack,
			"renumber": func() { v.user.Mailbox("INBOX").Revalidate(0, 1) },
			"switch":   func() { v.turn(0) },
			"cut":      func() { v.turn(rapid.IntRange(1, 60).Draw(rt, "cut at line")) },
		}
		names := slices.Sorted(maps.Keys(does))
		for range rapid.IntRange(2, 14).Draw(rt, "steps") {
			does[rapid.SampledFrom(names).Draw(rt, "does")]()
		}
		v.arrive()
	})
}

// pass runs one pass, or another where a folder has to be read again first.
func (v *voyage) pass() {
	for range 3 {
		r := v.engine.Pass(context.Background(), v.account())
		if r.Error == nil {
			return
		}
		if r.Error.Exit != fault.ExitLater {
			v.Fatalf("pass: %+v", r.Error)
		}
	}
	v.Fatalf("three passes were put off")
}

func (v *voyage) end() {
	v.store.Close()
	v.pop.Close()
	v.imap.Close()
	v.smtp.Close()
	os.RemoveAll(v.dir)
}

func (v *voyage) deliverSome() {
	for range rapid.IntRange(1, 4).Draw(v.rt, "mails") {
		raw := v.mail()
		v.raws = append(v.raws, raw)
		v.user.Deliver(raw, v.clock.Now())
	}
}

// deliverAgain brings a mail a second time: another delivery, or the very same
// bytes.
func (v *voyage) deliverAgain() {
	raw := v.raws[rapid.IntRange(0, len(v.raws)-1).Draw(v.rt, "again")]
	if rapid.Bool().Draw(v.rt, "another way") {
		raw = append([]byte("Received: from c by a; Sat, 14 Mar 2026 10:00:00 +0000\r\n"), raw...)
	}
	v.user.Deliver(raw, v.clock.Now())
}

// some draws a few of the messages that are shown.
func (v *voyage) some() []localstore.Message {
	all := slices.DeleteFunc(v.messages(""), func(m localstore.Message) bool { return v.path(m.Folder) == "Outbox" || v.path(m.Folder) == "Sent" })
	if len(all) == 0 {
		return nil
	}
	from := rapid.IntRange(0, len(all)-1).Draw(v.rt, "from")
	return all[from:min(len(all), from+rapid.IntRange(1, 3).Draw(v.rt, "messages"))]
}

func (v *voyage) mark1() {
	set := rapid.SampledFrom([]localstore.Flags{localstore.Seen, localstore.Flagged, localstore.Answered}).Draw(v.rt, "flag")
	some := v.some()
	v.write(func(tx *localstore.Tx) error {
		if rapid.Bool().Draw(v.rt, "clear") {
			return tx.SetFlags(ids(some...), 0, set)
		}
		return tx.SetFlags(ids(some...), set, 0)
	})
}

// file moves messages to a folder. What is not here whole cannot go to a folder
// of this computer.
func (v *voyage) file() {
	to := rapid.SampledFrom([]string{"INBOX", "Archive", "Work"}).Draw(v.rt, "to")
	some := v.some()
	_ = v.store.Write(context.Background(), "test", func(tx *localstore.Tx) error {
		id, err := tx.EnsureFolder(v.id, to, localstore.RoleNone)
		if err != nil {
			return err
		}
		return tx.Move(ids(some...), id)
	})
}

func (v *voyage) remove() {
	some := v.some()
	_ = v.store.Write(context.Background(), "test", func(tx *localstore.Tx) error { return tx.Delete(ids(some...)) })
}

func (v *voyage) letter() {
	v.letters++
	v.queue(fmt.Sprintf("From the ferry, %d.", v.letters))
}

// other is what another client does.
func (v *voyage) other() {
	box := v.user.Mailbox(rapid.SampledFrom([]string{"INBOX", "Archive"}).Draw(v.rt, "box"))
	all := box.Messages()
	if len(all) == 0 {
		return
	}
	m := all[rapid.IntRange(0, len(all)-1).Draw(v.rt, "which")]
	switch rapid.IntRange(0, 3).Draw(v.rt, "does") {
	case 0:
		box.Expunge(m.UID)
	case 1:
		box.AddFlags(m.UID, `\Seen`)
	case 2:
		box.RemoveFlags(m.UID, `\Seen`)
	case 3:
		box.CopyTo(v.user.Mailbox("Archive"), m.UID)
		box.Expunge(m.UID)
	}
}

// place is one mail in one folder.
type place struct {
	folder string
	sum    [32]byte
}

// copies returns how often each mail is shown in each folder, of those that are
// here whole.
func (v *voyage) copies() map[place]int {
	n := map[place]int{}
	for _, m := range v.messages("") {
		if sum, whole := v.sum(m); whole {
			n[place{v.path(m.Folder), sum}]++
		}
	}
	return n
}

// there returns how often the server has it.
func (v *voyage) there() map[place]int {
	n := map[place]int{}
	for _, b := range v.user.Mailboxes() {
		for _, m := range b.Messages() {
			n[place{b.Status().Name, sha256.Sum256(m.Raw)}]++
		}
	}
	return n
}

// turn switches the account to the other mode. The cable is pulled at the given
// line that a server hears; 0: it is not.
func (v *voyage) turn(cut int) {
	v.settle()
	to := localstore.IMAP
	if v.account().Mode == localstore.IMAP {
		to = localstore.POP
	}
	bodies, copies, there, waiting, at := v.bodies(), v.copies(), v.onServer(), v.outbox(), v.mark()
	lines := v.pull(cut)
	v.begin(to, v.choice(to))
	_, _ = v.engine.Switch(context.Background(), v.id)
	lines()
	if mode := v.account().Mode; mode != localstore.POP && mode != localstore.IMAP {
		v.Fatalf("the account is kept by %q", mode)
	}
	if cut > 0 {
		v.reopen()
	}
	if now := v.outbox(); now != waiting {
		v.Errorf("%d letters are in the outbox, %d before", now, waiting)
	}
	if bad := slices.DeleteFunc(v.said(at, forbidden...), func(l string) bool { return strings.Contains(l, "Sent") }); len(bad) > 0 {
		v.Errorf("said to a server: %q", bad)
	}
	if now := v.onServer(); fmt.Sprint(now) != fmt.Sprint(there) {
		v.Errorf("on the server %v, before %v", now, there)
	}
	v.pass()
	v.pass()
	if mode := v.account().Mode; mode != to {
		v.Fatalf("the account is kept by %s, not by %s", mode, to)
	}
	now := v.bodies()
	for sum, n := range bodies {
		if now[sum] < n {
			v.Errorf("after a switch to %s a mail is here %d times, before %d", to, now[sum], n)
		}
	}
	server := v.there()
	for what, n := range v.copies() {
		if most := max(copies[what], server[what]); n > most && what.folder != "Sent" {
			v.Errorf("after a switch to %s a mail is shown %d times in %s, %d before, %d on the server", to, n, what.folder, copies[what], server[what])
		}
	}
	if bad := v.said(mark{}, "DELE "); len(bad) > 0 {
		v.Errorf("%q", bad)
	}
}

// settle carries everything that was done.
func (v *voyage) settle() {
	v.pass()
	v.pass()
	v.read(func(view *localstore.View) error {
		left, err := view.Pendings(v.id)
		for _, p := range left {
			v.Errorf("still waiting: %+v", p)
		}
		return err
	})
}

func (v *voyage) outbox() (n int) {
	v.read(func(view *localstore.View) error {
		all, err := view.Outbox(v.id, true)
		n = len(all)
		return err
	})
	return n
}

// pull pulls the cable of the server that hears the n-th line; what it returns
// plugs it in again.
func (v *voyage) pull(n int) (mend func()) {
	if n == 0 {
		return func() {}
	}
	heard := make(chan struct{}, n)
	for range n - 1 {
		heard <- struct{}{}
	}
	servers := []*fakeserver.Server{v.pop.Server, v.imap.Server}
	for _, server := range servers {
		server.Watch(func(l fakeserver.Line) {
			if !l.Client {
				return
			}
			select {
			case <-heard:
			default:
				server.Offline()
			}
		})
	}
	return func() {
		for _, server := range servers {
			server.Watch(nil)
			if err := server.Online(); err != nil {
				v.Fatal(err)
			}
		}
	}
}

// thereAndBack switches twice; on the way back no body is fetched.
func (v *voyage) thereAndBack() {
	v.turn(0)
	at := v.strait.mark()
	v.turn(0)
	if fetched := v.said(at, "RETR ", "BODY.PEEK[]"); v.account().Mode == localstore.IMAP && len(fetched) > 0 {
		v.Errorf("fetched on the way back: %q", fetched)
	}
}

// arrive ends a history: every letter has gone out once.
func (v *voyage) arrive() {
	v.settle()
	times := map[string]int{}
	for _, l := range v.smtp.Accepted() {
		_, rest, _ := bytes.Cut(l.Raw, []byte("Subject: "))
		subject, _, _ := bytes.Cut(rest, []byte("\r\n"))
		times[string(subject)]++
	}
	for i := range v.letters {
		if n := times[fmt.Sprintf("From the ferry, %d.", i+1)]; n != 1 {
			v.Errorf("letter %d went out %d times", i+1, n)
		}
	}
	v.read(func(view *localstore.View) error { return view.CheckCounts() })
}
