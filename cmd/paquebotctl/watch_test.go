package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
)

// listener is where a running command writes; heard gets all of it so far at
// every write.
type listener struct {
	all   bytes.Buffer
	heard chan string
}

func (l *listener) Write(p []byte) (int, error) {
	n, err := l.all.Write(p)
	l.heard <- l.all.String()
	return n, err
}

// start runs a command until the test ends; until waits for its words.
func (s *shell) start(args ...string) (until func(words string) string, stop func()) {
	s.Helper()
	l := &listener{heard: make(chan string, 1000)}
	return s.startFor(l, &bytes.Buffer{}, l, args...)
}

// startFor runs a command that writes to out and errs, one of which is l.
func (s *shell) startFor(l *listener, out, errs io.Writer, args ...string) (until func(words string) string, stop func()) {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"--profile", s.dir}, args...), strings.NewReader(""), out, errs)
	}()
	stopped := false
	stop = func() {
		if cancel(); !stopped {
			stopped = true
			<-ended
		}
	}
	s.Cleanup(stop)
	return func(words string) string {
		for {
			if all := <-l.heard; strings.Contains(all, words) {
				return all
			}
		}
	}, stop
}

func TestWatchObeysTheNames(t *testing.T) {
	s, v := newShell(t), startServers(t, 2)
	s.add(v, "imap")
	s.want(0, "account", "add", "other", "--address", "other@example.org", "--mode", "imap", "--user", "anna", "--no-check",
		"--incoming", v.imap.Addr(), "--incoming-tls", "plain", "--password-command", "echo secret")
	until, stop := s.start("sync", "--watch", "anna")
	until("anna  idle")
	stop()
	var list struct{ Folders []folderJSON }
	s.json(&list, "folders")
	for _, f := range list.Folders {
		if f.Account == "other" && f.Total > 0 {
			t.Errorf("%+v was synced", f)
		}
	}
	s.want(66, "sync", "--watch", "nobody")
}

func TestWatchFollowsTheProcessThatRunsTheEngine(t *testing.T) {
	s, v := newShell(t), startServers(t, 2)
	s.add(v, "imap")
	until, stop := s.start("sync", "--watch")
	until("anna  idle")
	follow, stopFollowing := s.start("sync", "--watch", "anna")
	said := follow("anna: received")
	if !strings.Contains(said, "Another Paquebot is running") {
		t.Errorf("said %q", said)
	}
	stop()
	follow("anna  idle") // it carries the mail itself now
	stopFollowing()
}

// TestWatchPrintsADocumentForEachPass: one on a line, of the engine here, of
// passes that fail, and of the engine of another process.
func TestWatchPrintsADocumentForEachPass(t *testing.T) {
	s, v := newShell(t), startServers(t, 2)
	s.add(v, "imap")
	l := &listener{heard: make(chan string, 1000)}
	until, stop := s.startFor(l, l, io.Discard, "--json", "sync", "--watch")
	all := until(`"total":2`)
	v.user.Deliver([]byte("From: bo@example.org\r\nSubject: one more\r\n\r\n1\r\n"), fakeserver.Epoch)
	until(`"total":3`)

	other := &listener{heard: make(chan string, 1000)}
	follow, stopFollowing := s.startFor(other, other, io.Discard, "--json", "sync", "--watch")
	all += follow(`"received":`)
	stopFollowing()
	v.imap.Offline()
	all += until(`"remedy":"online"`)
	stop()
	for line := range strings.Lines(all) {
		var doc struct {
			Accounts []struct {
				Account, Mode string
				Online        bool
				Error         *struct{ Remedy, Scope, Text string }
			}
		}
		if err := json.Unmarshal([]byte(line), &doc); err != nil || len(doc.Accounts) != 1 || doc.Accounts[0].Account != "anna" || doc.Accounts[0].Mode != "imap" ||
			doc.Accounts[0].Online == (doc.Accounts[0].Error != nil) {
			t.Errorf("%v: %s", err, line)
		}
	}
}

// TestSyncWhereTheOtherProcessAnswersNobody: the lock is held by one that runs
// no engine, as another sync does, and ends.
func TestSyncWhereTheOtherProcessAnswersNobody(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	s.add(v, "imap")
	other, err := localstore.Open(context.Background(), filepath.Clean(s.dir))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	release, err := other.Lock()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan result, 1)
	go func() { done <- s.run("", "--json", "sync") }()
	watch := other.Watch(localstore.TopicWakes)
	defer watch.Close()
	for asked := false; !asked; {
		<-watch.Ready()
		watch.Take()
		err := other.Read(context.Background(), func(v *localstore.View) error {
			wakes, err := v.Wakes()
			asked = len(wakes) > 0
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	release()
	if r := <-done; r.code != 0 || !strings.Contains(r.out, fmt.Sprintf("%q: 3", "received")) {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
}
