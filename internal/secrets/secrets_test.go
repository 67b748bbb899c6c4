package secrets

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
)

const ref, secret = "account-1/incoming", "S3cr3t-canary"

// get demands a secret.
func get(t *testing.T, s Store, want string) {
	t.Helper()
	got, err := s.Get(t.Context(), ref)
	if err != nil || got != want {
		t.Fatalf("Get = %q, %v, want %q", got, err, want)
	}
}

// lacks demands an error by which a chain goes on.
func lacks(t *testing.T, s Store) {
	t.Helper()
	got, err := s.Get(t.Context(), ref)
	if got != "" || !Missing(err) {
		t.Fatalf("Get = %q, %v, want a missing secret", got, err)
	}
	if fault.Of(err).Remedy != fault.User {
		t.Errorf("remedy %v: a bug of ours?", fault.Of(err).Remedy)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryStoreKeepsReplacesAndForgets(t *testing.T) {
	keyring.MockInit()
	file := NewFile(filepath.Join(t.TempDir(), "secrets.json"))
	file.Allow()
	for name, s := range map[string]Store{
		"memory":  NewMemory(),
		"keyring": NewKeyring("Paquebot test", clock.System),
		"file":    file,
		"chain":   NewChain(NewMemory()),
	} {
		t.Run(name, func(t *testing.T) {
			lacks(t, s)
			must(t, s.Delete(t.Context(), ref))
			must(t, s.Set(t.Context(), ref, "older"))
			must(t, s.Set(t.Context(), ref, secret))
			must(t, s.Set(t.Context(), "another", "x"))
			get(t, s, secret)
			must(t, s.Delete(t.Context(), ref))
			lacks(t, s)
		})
	}
}

func TestAKeyringThatFailsCountsAsNone(t *testing.T) {
	keyring.MockInitWithError(errors.New("org.freedesktop.secrets was not provided by any .service files"))
	defer keyring.MockInit()
	k := NewKeyring("Paquebot test", clock.System)
	lacks(t, k)
	if err := k.Set(t.Context(), ref, secret); !Missing(err) {
		t.Errorf("Set = %v, want no store", err)
	}
}

func TestAKeyringThatHangsIsLeftAfterFiveSeconds(t *testing.T) {
	fake := clock.NewFake(time.Unix(0, 0))
	k := NewKeyring("Paquebot test", fake)
	release := make(chan struct{})
	defer close(release)
	got := make(chan error)
	go func() {
		_, err := k.limit(context.Background(), "hang", func() (string, error) { <-release; return secret, nil })
		got <- err
	}()
	for fake.Waiters() == 0 {
		runtime.Gosched()
	}
	fake.Advance(KeyringWithin - time.Nanosecond)
	select {
	case err := <-got:
		t.Fatalf("left too early: %v", err)
	default:
	}
	fake.Advance(time.Nanosecond)
	if err := <-got; !Missing(err) {
		t.Errorf("after the limit: %v, want no store", err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := k.limit(ctx, "hang", func() (string, error) { <-release; return secret, nil }); !errors.Is(err, context.Canceled) || Missing(err) {
		t.Errorf("a cancelled look-up: %v", err)
	}
}

func TestCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the lines below are for sh
	}
	var line string
	c := NewCommand(func(string) string { return line }, clock.System)
	lacks(t, c)
	line = "printf 'S3cr3t-canary\\r\\nuser: me\\n'"
	get(t, c, secret)
	for l, want := range map[string]string{
		"echo S3cr3t-canary; echo 'gpg: no key' >&2; exit 2": "gpg: no key",
		"echo S3cr3t-canary; exit 3":                         "exit status 3",
		"true":                                               "printed nothing",
	} {
		line = l
		_, err := c.Get(t.Context(), ref)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v, want %q and no secret", l, err, want)
		}
		if fault.Of(err).Cause != fault.Settings {
			t.Errorf("%q: cause %v", l, fault.Of(err).Cause)
		}
	}
	if err := c.Set(t.Context(), ref, secret); !Missing(err) {
		t.Errorf("Set = %v: a command keeps nothing", err)
	}
}

func TestACommandThatHangsIsEnded(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the lines below are for sh
	}
	fake := clock.NewFake(time.Unix(0, 0))
	c := NewCommand(func(string) string { return "exec sleep 600" }, fake)
	got := make(chan error)
	go func() {
		_, err := c.Get(context.Background(), ref)
		got <- err
	}()
	for fake.Waiters() == 0 {
		runtime.Gosched()
	}
	fake.Advance(CommandWithin)
	if err := <-got; err == nil || !strings.Contains(err.Error(), "within a minute") {
		t.Errorf("%v, want an end after a minute", err)
	}
}

func TestFileNeedsAYesAndIsReadableByItsOwnerAlone(t *testing.T) {
	name := filepath.Join(t.TempDir(), "secrets.json")
	f := NewFile(name)
	if err := f.Set(t.Context(), ref, secret); !Missing(err) {
		t.Fatalf("without a yes: %v", err)
	}
	if _, err := os.Stat(name); err == nil {
		t.Fatal("without a yes there is a file")
	}
	f.Allow()
	must(t, os.WriteFile(name+".new", []byte("left by a crash"), 0o644))
	must(t, f.Set(t.Context(), ref, secret))
	info, err := os.Stat(name)
	must(t, err)
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v", info.Mode())
	}
	if _, err := os.Stat(name + ".new"); err == nil {
		t.Error("the temporary file is still there")
	}
	get(t, NewFile(name), secret)
	// The file itself tells a later run that the user has said yes.
	must(t, NewFile(name).Set(t.Context(), "another", "x"))
	get(t, f, secret)
}

func TestADamagedFileIsNeitherQuotedNorOverwritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "secrets.json")
	must(t, os.WriteFile(name, []byte(`{"account-1/incoming": "S3cr3t-canary`), 0o600))
	f := NewFile(name)
	_, err := f.Get(t.Context(), ref)
	if err == nil || Missing(err) || strings.Contains(err.Error(), secret) || fault.Of(err).Cause != fault.Disk {
		t.Errorf("Get: %v", err)
	}
	if err := f.Set(t.Context(), ref, "new"); err == nil {
		t.Error("a damaged file was overwritten")
	}
	// A chain still works, and prefers the answer that says more.
	c := NewChain(f, NewAsker(func(context.Context, string) (string, error) { return "asked", nil }))
	get(t, c, "asked")
	if _, err := NewChain(f, NewMemory()).Get(t.Context(), ref); fault.Of(err).Cause != fault.Disk {
		t.Errorf("the chain hides the damage: %v", err)
	}
}

func TestChainAsksOnceARun(t *testing.T) {
	keyring.MockInitWithError(errors.New("no bus"))
	defer keyring.MockInit()
	asked := 0
	asker := NewAsker(func(context.Context, string) (string, error) { asked++; return secret, nil })
	c := NewChain(NewKeyring("Paquebot test", clock.System), asker)
	get(t, c, secret)
	get(t, c, secret)
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	if err := c.Set(t.Context(), ref, "newer"); !NotKept(err) || fault.Of(err).Remedy != fault.User {
		t.Errorf("Set = %v, want a word that it lasts for this run only", err)
	}
	get(t, c, "newer")
	must(t, c.Delete(t.Context(), ref))
	get(t, c, secret)
	if asked != 2 {
		t.Errorf("asked %d times after Delete", asked)
	}
}

func TestManyWhoNeedTheSamePasswordAskOnce(t *testing.T) {
	asking, answer := make(chan struct{}), make(chan struct{})
	asked := 0
	a := NewAsker(func(context.Context, string) (string, error) {
		asked++ // a data race would tell of two questions at once
		close(asking)
		<-answer
		return secret, nil
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := a.Get(context.Background(), ref); got != secret || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	<-asking
	close(answer)
	wg.Wait()
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestWhoDeclinesIsNotAskedAgain(t *testing.T) {
	asked := 0
	a := NewAsker(func(context.Context, string) (string, error) { asked++; return "", errors.New("cancelled by the user") })
	lacks(t, a)
	lacks(t, a)
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestAQuestionBrokenOffIsAskedAgain(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	a := NewAsker(func(c context.Context, _ string) (string, error) {
		if c == ctx {
			cancel()
			return "", c.Err()
		}
		return secret, nil
	})
	if _, err := a.Get(ctx, ref); !errors.Is(err, context.Canceled) || Missing(err) {
		t.Errorf("broken off: %v", err)
	}
	get(t, a, secret)
}
