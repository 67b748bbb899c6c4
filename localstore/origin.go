package localstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paquebot.app/internal/fault"
)

// originName is the file that knows what mail.db should know.
const originName = "origin"

// restoredReason is why letters of a restored profile wait.
const restoredReason = "This profile is a copy or was restored: the letter may have gone out since. It waits for your word."

var (
	originRow     = onMail(`SELECT id, count, file, restored_at FROM origin`)
	putOrigin     = onMail(`INSERT INTO origin (one, id, count, file) VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET id = excluded.id, count = excluded.count, file = excluded.file`)
	markRestored  = onMail(`UPDATE origin SET restored_at = ?`)
	restoredAt    = onMail(`SELECT restored_at FROM origin`)
	restoredDoubt = onMail(`UPDATE outbox_recipients SET reply = 'unsure: the profile was restored' WHERE state = 'queued'
		AND outbox_id IN (SELECT id FROM outbox WHERE state IN ('queued', 'held'))`)
	holdRestored    = onMail(`UPDATE outbox SET state = 'held', hold_reason = ? WHERE state = 'queued'`)
	releaseRestored = onMail(`UPDATE outbox SET state = 'queued', hold_reason = '' WHERE state = 'held' AND hold_reason = ?`)
)

// origin is what a profile knows of itself.
type origin struct {
	id    string
	count int64
	file  traits // of the file; Changed is 0 while it was not seen to hold the count
}

// traits are what a file system says of a file. A copy has none of the first
// three in common with its original; who writes into a file changes the last.
type traits struct {
	Inode   uint64 `json:"inode"`
	Born    int64  `json:"born"`    // Unix nanoseconds; 0: not known here
	Changed int64  `json:"changed"` // the inode, Unix nanoseconds: no program can set it; 0: not known here
}

// rounding is by how much a file system may round the times of its files.
const rounding = int64(2 * time.Second)

// same tells whether a file is the one that it was. One trait is enough: some
// file systems number files anew at each mount, others know no birth.
func (was traits) same(now traits) bool {
	return was.Inode == now.Inode || was.Born != 0 && near(was.Born, now.Born) || was.unchanged(now)
}

func (was traits) unchanged(now traits) bool {
	return was.Changed != 0 && near(was.Changed, now.Changed)
}

// near tells whether two times are one, where the file system has rounded: then
// one of them is a whole second.
func near(a, b int64) bool {
	if rounded := a%int64(time.Second) == 0 || b%int64(time.Second) == 0; !rounded {
		return a == b
	}
	return a-b <= rounding && b-a <= rounding
}

// RecoverOrigin finds out whether this profile is a copy of another, or an older
// state of itself that was put back: letters that wait in it may have gone out
// since. Then all of them are held until ReleaseRestored, and no mail leaves a
// POP maildrop. The holder of Lock calls it before anything is sent. It returns
// whether the profile was found to be one now.
//
// What it cannot see is a whole disk that was taken back to an earlier state.
func (s *Store) RecoverOrigin(ctx context.Context) (restored bool, err error) {
	var known origin
	err = s.Read(ctx, func(v *View) error {
		known, err = v.origin()
		return err
	})
	if err != nil {
		return false, err
	}
	if known.id == "" {
		return false, s.stampWaiting(ctx)
	}
	there, err := s.readOrigin()
	if err != nil || !known.differs(there) {
		return false, err
	}
	if err := s.Write(ctx, "hold restored letters", (*Tx).holdRestored); err != nil {
		return true, err
	}
	// A name of its own, so that neither is taken for the other from now on.
	return true, s.stampOrigin(ctx, origin{id: rand.Text(), count: known.count})
}

// stampWaiting stamps a profile in which letters wait from before there was an
// origin.
func (s *Store) stampWaiting(ctx context.Context) error {
	var letters []Letter
	err := s.Read(ctx, func(v *View) (err error) {
		letters, err = v.Outbox(0, false)
		return err
	})
	if err != nil || len(letters) == 0 {
		return err
	}
	return s.StampOrigin(ctx)
}

// ensureOrigin stamps a profile in which a letter is queued for the first time.
// The file is written before the commit: without that it is nobody's.
func (tx *Tx) ensureOrigin() error {
	known, err := tx.origin()
	if err != nil || known.id != "" {
		return err
	}
	o := origin{id: rand.Text(), count: 1}
	if o.file, err = tx.s.writeOrigin(o); err != nil {
		return err
	}
	return tx.putOrigin(o)
}

func (tx *Tx) putOrigin(o origin) error {
	file := ""
	if o.file != (traits{}) {
		text, err := json.Marshal(o.file)
		if err != nil {
			return err
		}
		file = string(text)
	}
	return tx.do(putOrigin, o.id, o.count, file)
}

// differs tells whether the file beside the profile contradicts it.
func (known origin) differs(there origin) bool {
	switch {
	case there.id != known.id || there.count > known.count:
		return true // another profile's, or none, or of a later state
	case known.file == traits{}:
		return false // interrupted when it was first written
	case !known.file.same(there.file):
		return true
	}
	return there.count == known.count && known.file.Changed != 0 && !known.file.unchanged(there.file)
}

// StampOrigin notes that letters are about to leave: a state of the profile from
// before is known by it when it is put back. Without room on the disk it fails,
// and nothing may leave.
func (s *Store) StampOrigin(ctx context.Context) error {
	var known origin
	err := s.Read(ctx, func(v *View) (err error) {
		known, err = v.origin()
		return err
	})
	if err != nil {
		return err
	}
	if known.id == "" {
		known.id = rand.Text()
	}
	return s.stampOrigin(ctx, known)
}

// stampOrigin counts on: in mail.db first, then in the file, and then mail.db
// takes down what the file looks like.
func (s *Store) stampOrigin(ctx context.Context, o origin) error {
	put := func() error {
		return s.Write(ctx, "origin", func(tx *Tx) error { return tx.putOrigin(o) })
	}
	o.count++
	o.file.Changed = 0
	if err := put(); err != nil {
		return err
	}
	var err error
	if o.file, err = s.writeOrigin(o); err != nil {
		return err
	}
	return put()
}

func (v *View) origin() (o origin, err error) {
	var file string
	var at int64
	if _, err := v.one(originRow, []any{&o.id, &o.count, &file, &at}); err != nil || file == "" {
		return o, err
	}
	return o, json.Unmarshal([]byte(file), &o.file)
}

// writeOrigin writes the file in place: it keeps its inode.
func (s *Store) writeOrigin(o origin) (traits, error) {
	f, err := os.OpenFile(filepath.Join(s.dir, originName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return traits{}, diskFault("write the file origin", err)
	}
	defer f.Close()
	if _, err := f.WriteAt(fmt.Appendf(nil, "%s %020d\n", o.id, o.count), 0); err != nil {
		return traits{}, diskFault("write the file origin", err)
	}
	if err := f.Sync(); err != nil {
		return traits{}, diskFault("write the file origin", err)
	}
	t, err := traitsOf(f)
	return t, diskFault("write the file origin", err)
}

// readOrigin reads the file; one that is not there, or holds something else, is
// nobody's.
func (s *Store) readOrigin() (o origin, err error) {
	f, err := os.Open(filepath.Join(s.dir, originName))
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return o, diskFault("read the file origin", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 200))
	if err != nil {
		return o, diskFault("read the file origin", err)
	}
	if o.file, err = traitsOf(f); err != nil {
		return o, diskFault("read the file origin", err)
	}
	if n, err := fmt.Sscanf(strings.TrimSpace(string(text)), "%s %d", &o.id, &o.count); err != nil || n != 2 {
		return origin{}, nil
	}
	return o, nil
}

// holdRestored holds every letter that has not left. Whether it has since is not
// known: it is settled by evidence as unsure ones are.
func (tx *Tx) holdRestored() error {
	for _, do := range []struct {
		q    *query
		args []any
	}{
		{restoredDoubt, nil}, {holdRestored, []any{restoredReason}}, {markRestored, []any{max(tx.s.clock.Now().Unix(), 1)}},
	} {
		if err := tx.do(do.q, do.args...); err != nil {
			return err
		}
	}
	tx.note(Change{Topic: TopicOutbox, Kind: Changed})
	tx.note(Change{Topic: TopicSettings, Kind: Changed})
	return nil
}

// Restored tells whether a letter waits because its profile was restored.
func (l Letter) Restored() bool { return l.State == OutHeld && l.HoldReason == restoredReason }

// Restored tells whether the profile was found to be a copy, or restored, and
// waits for a word since.
func (v *View) Restored() (since time.Time, restored bool, err error) {
	n, err := v.number(restoredAt)
	return fromUnix(n), n != 0, err
}

// ReleaseRestored takes the user's word that the profile goes on where it is:
// the letters that were held for that may leave, and the policies of deletion
// hold again. Without a restored profile it is refused with cause Data.
func (tx *Tx) ReleaseRestored() (letters int, err error) {
	if _, restored, err := tx.Restored(); err != nil {
		return 0, err
	} else if !restored {
		return 0, &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Data, Op: "outbox", Text: "This profile is not held back: its letters leave as they are due."}
	}
	if err := tx.do(markRestored, 0); err != nil {
		return 0, err
	}
	tx.note(Change{Topic: TopicOutbox, Kind: Changed})
	tx.note(Change{Topic: TopicSettings, Kind: Changed})
	tx.note(Change{Topic: TopicPending, Kind: Changed})
	return tx.touch(releaseRestored, restoredReason)
}
