package localstore

import (
	"context"
	"errors"
	"reflect"
	"testing"
)

func ready(w *Watcher) bool {
	select {
	case <-w.Ready():
		return true
	default:
		return false
	}
}

func TestWatchersHearWhatWasCommitted(t *testing.T) {
	f := newFixture(t, Local)
	messages := f.Watch(TopicMessages)
	all := f.Watch()
	defer messages.Close()
	defer all.Close()
	id := f.put(f.inbox, f.content())
	m := f.message(id)
	want := []Change{{TopicMessages, Added, f.account, f.inbox, id, m.Content}}
	if !ready(messages) || ready(messages) {
		t.Error("Ready is not there exactly once")
	}
	if got, over := messages.Take(); !reflect.DeepEqual(got, want) || over {
		t.Errorf("%+v, %v", got, over)
	}
	if got, over := messages.Take(); got != nil || over {
		t.Errorf("taken again: %+v", got)
	}
	if got, _ := all.Take(); len(got) != 2 { // and the folder's counts
		t.Errorf("all topics: %+v", got)
	}
	failed := errors.New("no")
	err := f.Write(context.Background(), "test", func(tx *Tx) error {
		if err := tx.SetSetting("a", "b"); err != nil {
			return err
		}
		return failed
	})
	if err != failed {
		t.Errorf("%v", err)
	}
	if got, over := all.Take(); len(got) != 0 || over {
		t.Errorf("what was rolled back is announced: %+v", got)
	}
	messages.Close()
	f.put(f.inbox, f.content())
	if got, over := messages.Take(); len(got) != 0 || over {
		t.Errorf("a closed watcher hears %+v", got)
	}
}

func TestWatcherOverflows(t *testing.T) {
	f := newFixture(t, Local)
	w := f.Watch(TopicSettings, TopicWakes)
	defer w.Close()
	f.write(func(tx *Tx) error {
		for i := range AccountID(maxChanges + 1) {
			tx.note(Change{Topic: TopicWakes, Account: i})
			tx.note(Change{Topic: TopicDrafts, Account: i}) // not asked for
		}
		return nil
	})
	if got, over := w.Take(); len(got) != 0 || !over {
		t.Errorf("%d changes, overflow %v", len(got), over)
	}
	f.write(func(tx *Tx) error {
		for range 2 * maxChanges { // each change is announced once
			tx.note(Change{Topic: TopicWakes})
		}
		return nil
	})
	if got, over := w.Take(); len(got) != 1 || over {
		t.Errorf("%d changes, overflow %v", len(got), over)
	}
}

// TestWriteRollsBack: an error and a panic leave nothing, and the next write
// works.
func TestWriteRollsBack(t *testing.T) {
	f := newFixture(t, Local)
	set := func(end func() error) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = errors.New("panicked")
			}
		}()
		return f.Write(context.Background(), "test", func(tx *Tx) error {
			if err := tx.SetSetting("a", "b"); err != nil {
				return err
			}
			return end()
		})
	}
	for _, end := range []func() error{func() error { return errors.New("no") }, func() error { panic("no") }} {
		if set(end) == nil {
			t.Error("no error")
		}
		f.read(func(v *View) error {
			got, err := v.Setting("a")
			if got != "" {
				t.Errorf("%q is left", got)
			}
			return err
		})
	}
	if err := set(func() error { return nil }); err != nil {
		t.Error(err)
	}
}

// TestSnapshot: a Read sees one state, whatever is written meanwhile.
func TestSnapshot(t *testing.T) {
	f := newFixture(t, Local)
	f.read(func(v *View) error {
		before, err := v.Folder(f.inbox)
		if err != nil {
			return err
		}
		f.put(f.inbox, f.content())
		after, err := v.Folder(f.inbox)
		if after != before {
			t.Errorf("%+v, then %+v", before, after)
		}
		return err
	})
}

func TestReadersCannotWrite(t *testing.T) {
	s := newStore(t)
	err := s.Read(context.Background(), func(v *View) error { return v.do(putSetting, "a", "b") })
	if err == nil {
		t.Error("a reader wrote")
	}
}

func TestClosed(t *testing.T) {
	f := newFixture(t, Local)
	w := f.Watch()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Read(context.Background(), func(*View) error { return nil }); err == nil {
		t.Error("Read after Close")
	}
	if err := f.Write(context.Background(), "test", func(*Tx) error { return nil }); err == nil {
		t.Error("Write after Close")
	}
	w.Close()
}
