package engine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/intake"
	"paquebot.app/internal/outgoing"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// client is a Paquebot: a profile, an engine and a line to the server.
type client struct {
	*testing.T
	name    string
	clock   *clock.Fake
	cord    *cord
	secret  string
	store   *localstore.Store
	account localstore.Account
	engine  *engine.Engine
	release func()
	away    int // operations until it is online again

	drafts  map[localstore.DraftID]string // their last text
	letters []localstore.OutboxID
}

func newClient(t *testing.T, name string, server other) *client {
	c := &client{T: t, name: name, clock: clock.NewFake(fakeserver.Epoch), drafts: map[localstore.DraftID]string{}}
	s, secret := server.login()
	c.secret, c.cord = secret, newCord(t, s.Host, s.Port)
	s.Port = c.cord.port
	dir := testprofile.Dir(t)
	store, err := localstore.Open(context.Background(), dir, localstore.WithClock(c.clock))
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(context.Background(), "test", func(tx *localstore.Tx) error {
		_, err := tx.AddAccount(localstore.Account{Name: "anna", Address: "anna@example.org", Mode: localstore.IMAP, SecretRef: "anna", IMAP: s})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	store.Close()
	c.open(dir)
	t.Cleanup(c.close)
	return c
}

// open opens the profile, as a start of the program does.
func (c *client) open(dir string) {
	c.Helper()
	ctx := context.Background()
	var err error
	if c.store, err = localstore.Open(ctx, dir, localstore.WithClock(c.clock)); err != nil {
		c.Fatalf("%s: %v", c.name, err)
	}
	c.read(func(v *localstore.View) (err error) {
		c.account, err = v.AccountByName("anna")
		return err
	})
	if c.release, err = c.store.Lock(); err != nil {
		c.Fatalf("%s: %v", c.name, err)
	}
	c.engine = engine.New(engine.Config{Store: c.store, Clock: c.clock, Password: func(context.Context, localstore.Account) (string, error) { return c.secret, nil }})
	if err := c.engine.Recover(ctx); err != nil {
		c.Fatalf("%s: %v", c.name, err)
	}
}

// close closes the profile after a look at its counts.
func (c *client) close() {
	c.read((*localstore.View).CheckCounts)
	c.release()
	c.store.Close()
}

func (c *client) read(f func(*localstore.View) error) {
	c.Helper()
	if err := c.store.Read(context.Background(), f); err != nil {
		c.Fatalf("%s: %v", c.name, err)
	}
}

func (c *client) write(f func(*localstore.Tx) error) {
	c.Helper()
	if err := c.store.Write(context.Background(), "test", f); err != nil {
		c.Fatalf("%s: %v", c.name, err)
	}
}

// pass runs one pass and returns its report.
func (c *client) pass() engine.Report {
	return c.engine.Pass(context.Background(), c.account)
}

// childDir names the profile and the time in the environment of a process that
// runs one pass.
const (
	childDir    = "PAQUEBOT_CONVERGE_CHILD"
	childNow    = "PAQUEBOT_CONVERGE_NOW"
	childSecret = "PAQUEBOT_CONVERGE_SECRET"
)

// TestMain: the processes that are killed in the midst of a pass are this test
// program, started with a profile.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	now, err := time.Parse(time.RFC3339Nano, os.Getenv(childNow))
	if err == nil {
		c := &client{T: &testing.T{}, name: "child", clock: clock.NewFake(now), secret: os.Getenv(childSecret)}
		c.open(dir)
		c.pass()
		return 0
	}
	return 1
}

// killed runs a pass in a process of its own that is killed after so many
// bytes, if it takes as many.
func (c *client) killed(bytes int) (was bool) {
	dir := c.store.Dir()
	c.close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childNow+"="+c.clock.Now().Format(time.RFC3339Nano), childSecret+"="+c.secret)
	started := make(chan struct{})
	c.cord.after(bytes, func() bool {
		<-started
		was = cmd.Process.Kill() == nil
		return false
	})
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	close(started)
	err := cmd.Wait()
	c.cord.after(0, nil)
	if err != nil && !was {
		c.Errorf("%s: the process ended with %v", c.name, err)
	}
	c.open(dir)
	return was
}

// add puts a new mail into a folder here, to be put on the server.
func (c *client) add(folder localstore.FolderID, raw []byte) error {
	ctx := context.Background()
	content, err := c.content(raw)
	if err != nil {
		return err
	}
	return c.store.Write(ctx, "test", func(tx *localstore.Tx) error {
		id, err := tx.AddContent(content)
		if err == nil {
			_, err = tx.Append(localstore.NewMessage{Folder: folder, Content: id, Arrived: c.clock.Now(), Flags: localstore.Seen})
		}
		return err
	})
}

// queue puts a letter into the outbox that waits for a word.
func (c *client) queue(raw []byte) error {
	content, err := c.content(raw)
	if err != nil {
		return err
	}
	return c.store.Write(context.Background(), "test", func(tx *localstore.Tx) error {
		n, err := tx.Queue(localstore.NewLetter{Account: c.account.ID, Content: content, EnvelopeFrom: "anna@example.org", Recipients: []string{"tom@bannister.example"}, HoldReason: "undo"})
		if err == nil {
			c.letters = append(c.letters, n)
		}
		return err
	})
}

func (c *client) content(raw []byte) (localstore.NewContent, error) {
	ctx := context.Background()
	w := c.store.NewBlob(ctx)
	if _, err := w.Write(raw); err != nil {
		return localstore.NewContent{}, err
	}
	blobs, err := c.store.CompleteBlobs(ctx, w)
	if err != nil {
		return localstore.NewContent{}, err
	}
	content, err := intake.FromBlob(c.account.ID, bytes.NewReader(raw), int64(len(raw)))
	content.Blob = blobs[0].ID
	return content, err
}

// save saves a draft; 0 makes one.
func (c *client) save(id localstore.DraftID, text string) error {
	w := outgoing.Writing{Account: c.account.ID, To: "tom@bannister.example", Text: text}
	subject, _, _ := strings.Cut(text, ",")
	w.Subject = subject
	id, err := outgoing.SaveDraft(context.Background(), c.store, id, w, c.clock.Now())
	if err == nil {
		c.drafts[id] = text
	}
	return err
}

// shown returns the messages of a folder, and those of all folders that a
// server may hold.
func (c *client) shown(f localstore.Folder) (out []localstore.Message) {
	c.read(func(v *localstore.View) error {
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, 100_000)
		if err == nil {
			out, err = v.Messages(ids)
		}
		return err
	})
	return out
}

// waits tells whether a message waits for an answer.
func (c *client) waits(m localstore.Message) (waits bool) {
	c.read(func(v *localstore.View) (err error) {
		waits, err = v.Waits(m)
		return err
	})
	return waits
}

func (c *client) folders() (out []localstore.Folder) {
	c.read(func(v *localstore.View) error {
		all, err := v.Folders(c.account.ID)
		for _, f := range all {
			if f.Role != localstore.RoleOutbox {
				out = append(out, f)
			}
		}
		return err
	})
	return out
}

func (c *client) sum(m localstore.Message) string {
	if m.Blob == 0 {
		return "no body"
	}
	r, err := c.store.OpenBlob(context.Background(), m.Blob)
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r.Reader()); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%.4x", sum.Sum(nil))
}
