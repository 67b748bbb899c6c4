package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

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
	ctx, cancel := context.WithCancel(context.Background())
	l := &listener{heard: make(chan string, 1000)}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"--profile", s.dir}, args...), strings.NewReader(""), &bytes.Buffer{}, l)
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
