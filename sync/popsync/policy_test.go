package popsync

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// policy changes when mail leaves the maildrop.
func (r *rig) policy(p localstore.DeletePolicy) {
	r.t.Helper()
	r.account.PopDelete = p
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
}

// inbox returns the messages of the account's INBOX, newest first.
func (r *rig) inbox() (messages []localstore.Message) {
	r.t.Helper()
	r.read(func(v *localstore.View) error {
		f, err := v.FolderByRole(r.account.ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 1000)
		if err != nil {
			return err
		}
		messages, err = v.Messages(ids)
		return err
	})
	return messages
}

func TestTheFirstDeletionOfAnOldMaildropWaitsForTheYes(t *testing.T) {
	r := newRig(t, 51, fakepop.Options{})
	for range 3 {
		if report := r.mustReceive(); report.Removed != 0 {
			t.Errorf("%+v", report)
		}
	}
	r.wantAll("before the yes")
	r.wantOnServer("before the yes", 51)
	r.write(func(tx *localstore.Tx) error {
		m, _, err := tx.OpenMaildropOf(r.account.ID)
		if err != nil {
			return err
		}
		return tx.AllowDeletes(m.ID)
	})
	if report := r.mustReceive(); report.Removed != 51 || report.Received != 0 {
		t.Errorf("after the yes: %+v", report)
	}
	r.wantOnServer("after the yes", 0)
	r.wantAll("after the yes")
	r.wantNoSins("in the end")
}

// TestTheFirstSightIsRemembered: whether the first deletions wait for a yes is
// decided by what the maildrop held at first, whenever they come.
func TestTheFirstSightIsRemembered(t *testing.T) {
	for first, left := range map[int]int{5: 0, 51: 71} {
		r := newRig(t, first, fakepop.Options{})
		r.policy(localstore.DeleteNever)
		r.mustReceive()
		for n := range 20 {
			r.deliver(testMail(200 + n))
		}
		for range 4 {
			r.mustReceive()
		}
		r.account.PopDelete = localstore.DeleteNow
		r.read(func(v *localstore.View) error {
			plan, err := v.PlanPolicy(r.account)
			if plan.Waits != (left > 0) || plan.Remove != first+20 {
				t.Errorf("%d at first: %+v", first, plan)
			}
			return err
		})
		r.policy(localstore.DeleteNow)
		r.mustReceive()
		r.wantAll("in the end")
		r.wantOnServer(fmt.Sprint(first, " at first"), left)
	}
}

func TestAnInexactListingIsNoFirstSight(t *testing.T) {
	r := newRig(t, 51, fakepop.Options{})
	r.play("uidl-short")
	r.mustReceive()
	r.play()
	r.mustReceive()
	r.wantOnServer("in the end", 51)
}

func TestPolicyNeverAndBack(t *testing.T) {
	r := newRig(t, 3, fakepop.Options{})
	r.policy(localstore.DeleteNever)
	for range 2 {
		r.mustReceive()
		r.wantOnServer("never", 3)
	}
	r.wantAll("never")
	before := r.server.Stats().Out
	r.mustReceive()
	if out := r.server.Stats().Out - before; out > 1000 {
		t.Errorf("a pass with nothing new costs %d bytes", out)
	}
}

func TestAServerThatRemovesWhatWasFetched(t *testing.T) {
	r := newRig(t, 5, fakepop.Options{Expire: "0"})
	r.policy(localstore.DeleteNever)
	report := r.mustReceive()
	if len(report.Conflicts) != 1 || !strings.Contains(report.Conflicts[0], "removes mail") {
		t.Errorf("told %q", report.Conflicts)
	}
	r.mustReceive()
	r.wantAll("in the end")
	r.wantOnServer("in the end", 0)
}

// TestThePasswordIsNowhere looks for it in the log and in all files, after
// passes that went well and badly.
func TestThePasswordIsNowhere(t *testing.T) {
	const canary = "S3cr3t-canary"
	r := newRig(t, 3, fakepop.Options{})
	r.user.SetPassword(canary)
	var log bytes.Buffer
	r.options.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.options.stall = 150 * time.Millisecond
	for _, name := range append([]string{""}, fakepop.Scenarios()...) {
		if s, ok := scenarios[name]; name != "" && (!ok || s.quick) {
			continue
		}
		if name != "" {
			r.play(name)
		}
		l, err := Open(context.Background(), r.store, r.account, canary, r.options)
		if err == nil {
			err = l.Receive(context.Background())
			l.Close()
		}
		fmt.Fprintln(&log, err)
	}
	secrets := []string{canary, base64.StdEncoding.EncodeToString([]byte("\x00anna\x00" + canary))}
	wantNone := func(where string, text []byte) {
		for _, s := range secrets {
			if bytes.Contains(text, []byte(s)) {
				t.Errorf("the password stands in %s", where)
			}
		}
	}
	wantNone("the log", log.Bytes())
	err := filepath.WalkDir(r.store.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		wantNone(path, text)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPolicyDays(t *testing.T) {
	r := newRig(t, 3, fakepop.Options{})
	r.policy(localstore.DeleteDays)
	r.mustReceive()
	r.clock.Advance(7*24*time.Hour - time.Minute)
	r.mustReceive()
	r.wantOnServer("a minute before seven days", 3)
	r.clock.Advance(2 * time.Minute)
	r.mustReceive()
	r.wantOnServer("after seven days", 0)
	r.wantAll("after seven days")
	r.wantNoSins("in the end")
}

func TestPolicyWhenDeleted(t *testing.T) {
	r := newRig(t, 3, fakepop.Options{})
	r.policy(localstore.DeleteWhen)
	r.mustReceive()
	doomed := []localstore.MessageID{r.inbox()[1].ID}
	r.write(func(tx *localstore.Tx) error { return tx.Delete(doomed) })
	r.mustReceive()
	r.wantOnServer("in the Trash", 3)
	r.write(func(tx *localstore.Tx) error { return tx.DeleteNow(doomed) })
	r.mustReceive()
	r.wantOnServer("out of the Trash", 2)
	if report := r.mustReceive(); report.Received != 0 || len(r.inbox()) != 2 {
		t.Errorf("it came back: %+v", report)
	}
	r.wantNoSins("in the end")
}

func TestTheServerIsWipedAndRestored(t *testing.T) {
	for _, hide := range [][]string{nil, {"TOP"}} {
		r := newRig(t, 5, fakepop.Options{Hide: hide})
		r.policy(localstore.DeleteNever)
		r.mustReceive()
		r.play("wipe")
		r.mustReceive()
		r.wantAll("while the server looks empty")
		if got := r.ledger(); got[localstore.PopGone] != 5 {
			t.Errorf("%v", got)
		}
		r.play()
		if report := r.mustReceive(); report.Received != 0 {
			t.Errorf("fetched again: %+v", report)
		}
		r.wantAll("when all are listed again")
		if got := r.ledger(); got[localstore.PopKept] != 5 {
			t.Errorf("%v", got)
		}
	}
}

func TestAMailThatComesBackIsDeletedAgain(t *testing.T) {
	r := newRig(t, 5, fakepop.Options{})
	r.play("quit-err")
	r.mustReceive()
	r.play()
	r.mustReceive()
	r.mustReceive()
	r.wantOnServer("in the end", 0)
	r.wantAll("in the end")
}

// TestEqualMailsAreBothKept holds that identity is not the Message-ID, and not
// even the bytes.
func TestEqualMailsAreBothKept(t *testing.T) {
	for name, uidl := range map[string]func(uint32, fakeserver.Message) string{"numbers": nil, "hashes": fakepop.UIDLHash} {
		for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteNever} {
			r := newRig(t, 0, fakepop.Options{UIDL: uidl})
			r.policy(policy)
			for range 3 {
				r.deliver(testMail(1))
			}
			other := strings.Replace(string(testMail(1)), "That was", "This is", 1)
			r.deliver([]byte(other))
			r.mustReceive()
			r.wantAll(name)
			if name == "hashes" && policy == localstore.DeleteNow {
				continue // one more would be taken for one that the server did not delete
			}
			r.deliver(testMail(1))
			r.mustReceive()
			r.mustReceive()
			r.wantAll(name + " and one more")
			r.wantNoSins(name)
		}
	}
}

// TestAnotherServerWithTheSameMail changes the provider: what is here is
// recognised, not fetched, and nothing is deleted at first.
func TestAnotherServerWithTheSameMail(t *testing.T) {
	r := newRig(t, 10, fakepop.Options{})
	r.policy(localstore.DeleteNever)
	r.mustReceive()
	r.policy(localstore.DeleteNow)
	second := fakepop.Start(t, r.world, fakepop.Options{UIDL: fakepop.UIDLCyrus})
	r.server, r.account.POP.Port = second, second.Port()
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
	r.deliver(testMail(100))
	if report := r.mustReceive(); report.Received != 1 || report.Removed != 0 {
		t.Errorf("the first session: %+v", report)
	}
	r.wantAll("after the first session")
	r.wantOnServer("after the first session", 11)
	r.mustReceive()
	r.wantAll("after the second session")
	for _, l := range second.Transcript() {
		if l.Client && strings.HasPrefix(l.Text, "RETR") && l.Text != "RETR 11" {
			t.Errorf("said %q", l.Text)
		}
	}
}

// TestASkippedMailIsShownAndCanBeAskedFor follows a mail that the server does
// not hand out.
func TestASkippedMailIsShownAndCanBeAskedFor(t *testing.T) {
	r := newRig(t, 4, fakepop.Options{})
	r.play("retr-err")
	l, err := Open(context.Background(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	receive := func() {
		t.Helper()
		if err := l.Receive(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	receive()
	if here, stubs := r.localMails(); len(here) != 3 || stubs != 1 {
		t.Fatalf("%d mails and %d stubs", len(here), stubs)
	}
	if c := l.Report().Conflicts; len(c) != 1 || !strings.Contains(c[0], "cannot read this message") {
		t.Errorf("told: %q", c)
	}
	tries := func() int {
		n := 0
		for _, line := range r.server.Transcript() {
			if line.Client && strings.HasPrefix(line.Text, "RETR 2") {
				n++
			}
		}
		return n
	}
	// In the next passes the good ones are gone and it is number 1.
	receive()
	if tries() != 1 {
		t.Error("no back-off")
	}
	var stub localstore.Message
	for _, m := range r.inbox() {
		if m.Body != localstore.BodyWhole {
			stub = m
		}
	}
	r.write(func(tx *localstore.Tx) error { return tx.Want(stub.Content, localstore.WishWhole) })
	if err := l.Bodies(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.read(func(v *localstore.View) error {
		wishes, err := v.Wishes(r.account.ID)
		if len(wishes) != 1 || wishes[0].Error == "" {
			t.Errorf("wishes: %+v", wishes)
		}
		return err
	})
	r.play()
	r.write(func(tx *localstore.Tx) error { return tx.Want(stub.Content, localstore.WishWhole) })
	if err := l.Bodies(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := l.Report().Bodies; got != 1 {
		t.Errorf("%d wishes fulfilled", got)
	}
	r.wantAll("when it was asked for")
	receive()
	r.wantOnServer("in the end", 0)
	r.wantAll("in the end")
	r.wantNoSins("in the end")
}

func TestWaitIsTheClocksAndEndsWithTheLink(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	l, err := Open(context.Background(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	wait := func() { done <- l.Wait(context.Background()) }
	before := r.clock.Waiters()
	go wait()
	for r.clock.Waiters() == before {
		runtime.Gosched()
	}
	r.clock.Advance(5 * time.Minute)
	if err := <-done; err != nil {
		t.Error(err)
	}
	go wait()
	l.Close()
	if err := <-done; err == nil {
		t.Error("a closed link waits for nothing")
	}
}

func TestASwitchedAccountIsLeftAlone(t *testing.T) {
	r := newRig(t, 3, fakepop.Options{})
	l, err := Open(context.Background(), r.store, r.account, "secret", r.options)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.account.Generation--
	if err := l.Receive(context.Background()); !fault.Is(err, fault.Later) {
		t.Errorf("%v", err)
	}
	if here, _ := r.localMails(); len(here) != 0 {
		t.Error("mail was stored for another generation")
	}
	r.wantOnServer("in the end", 3)
}

func TestCredentials(t *testing.T) {
	for _, hide := range [][]string{nil, {"USER"}, {"CAPA"}, {"SASL"}} {
		r := newRig(t, 0, fakepop.Options{Hide: hide})
		if err := Check(context.Background(), r.account, "secret"); err != nil {
			t.Errorf("without %v: %v", hide, err)
		}
		if err := Check(context.Background(), r.account, "wrong"); fault.Of(err) == nil || fault.Of(err).Cause != fault.SignIn {
			t.Errorf("without %v: %v", hide, err)
		}
		said := len(r.server.Transcript())
		for _, password := range []string{"a\r\nDELE 1", "a\n", "a\x00b"} {
			if err := Check(context.Background(), r.account, password); !fault.Is(err, fault.User) {
				t.Errorf("%q: %v", password, err)
			}
		}
		if len(r.server.Transcript()) != said {
			t.Error("something was said")
		}
	}
}
