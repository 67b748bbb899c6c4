package localstore

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"paquebot.app/internal/fault"
)

func TestLockNamesItsHolder(t *testing.T) {
	s := newStore(t)
	other := startChild(t, "lock", s.Dir())
	other.want("locked")
	_, err := s.Lock()
	if !fault.Is(err, fault.Later) || !strings.Contains(err.Error(), fmt.Sprint(other.cmd.Process.Pid)) {
		t.Errorf("while process %d holds it: %v", other.cmd.Process.Pid, err)
	}
	// It reads and writes nevertheless.
	write(t, s, func(tx *Tx) error { return tx.SetSetting("a", "b") })
	other.cmd.Process.Kill() // the lock goes with the process
	other.cmd.Wait()
	release, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Lock()
	if !fault.Is(err, fault.Later) {
		t.Errorf("locked twice: %v", err)
	}
	if again != nil {
		t.Error("a release without a lock")
	}
	release()
	release()
	if release, err = s.Lock(); err != nil {
		t.Fatal(err)
	}
	release()
}

// watchdog is the end of a wait in a test that would otherwise be for ever.
const watchdog = 30 * time.Second

func TestOtherProcessesAreNoticed(t *testing.T) {
	s := newStore(t)
	other := startChild(t, "write", s.Dir())
	for range 2 {
		w := s.Watch(TopicDrafts)
		other.goOn()
		other.want("written")
		ctx, cancel := context.WithTimeout(t.Context(), watchdog)
		select {
		case <-w.Ready():
		case <-ctx.Done():
			t.Fatal("nothing heard of another process")
		}
		cancel()
		if got, over := w.Take(); len(got) != 0 || !over {
			t.Errorf("%+v, overflow %v", got, over)
		}
		w.Close()
	}
}

// TestOpenAtOnce: several processes and stores make one profile at once.
func TestOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Add(1)
		go func() {
			defer all.Done()
			s, err := Open(context.Background(), dir)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			err = s.Write(context.Background(), "test", func(tx *Tx) error {
				_, err := tx.Wake(0)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	other := startChild(t, "write", dir)
	other.goOn()
	other.want("written")
	all.Wait()
	s := openStore(t, dir)
	read(t, s, func(v *View) error {
		wakes, err := v.Wakes()
		if len(wakes) != 5 {
			t.Errorf("%d writes are left of 5", len(wakes))
		}
		accounts, err2 := v.Accounts()
		if len(accounts) != 1 || err2 != nil {
			t.Errorf("%d accounts", len(accounts))
		}
		return err
	})
}

// TestOwnWritesAreNotOthers: neither making a profile nor writing to it looks
// like the work of another process.
func TestOwnWritesAreNotOthers(t *testing.T) {
	f := newFixture(t, Local)
	for range 2 {
		c, err := f.writer.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		others := c.othersWrote(t.Context())
		f.writer.give(c)
		if others {
			t.Error("our own writing looks like another process's")
		}
		f.put(f.inbox, f.content())
	}
}
