package localstore

import (
	"context"

	"paquebot.app/internal/clock"
)

// Store is an open profile. See the package comment for what it guarantees.
type Store struct {
	// filled by the implementation
	clock clock.Clock
}

// Option changes how Open works.
type Option func(*Store)

// WithClock makes the store ask c for the time.
func WithClock(c clock.Clock) Option { return func(s *Store) { s.clock = c } }

// Open opens the profile in dir and makes it when there is none. Migrations
// run under the lock, after a copy of mail.db where the disk allows. It fails
// with a fault.Error of cause Disk for a database that is newer than this
// program, damaged or no Paquebot profile. A profile that cannot be written
// opens for reading; Write then fails with cause Disk.
func Open(ctx context.Context, dir string, options ...Option) (*Store, error) { panic("not built") }

// Close waits for readers and the writer and closes the files.
func (s *Store) Close() error { panic("not built") }

// Dir returns the profile folder.
func (s *Store) Dir() string { panic("not built") }

// ReadOnly tells whether the profile cannot be written.
func (s *Store) ReadOnly() bool { panic("not built") }

// Read runs f on one consistent snapshot. Up to four run at once; f must not
// keep the View.
func (s *Store) Read(ctx context.Context, f func(*View) error) error { panic("not built") }

// Write runs f in the one write transaction and makes it durable; an error of
// f or a panic rolls it back. why is a constant phrase for the log, which
// tells of waits over 1 s and of transactions over 100 ms. Changes are
// announced to watchers after the commit.
func (s *Store) Write(ctx context.Context, why string, f func(*Tx) error) error { panic("not built") }

// Lock makes this process the one that runs the engine. It fails at once with
// remedy Later when another process holds it (and names it), and with remedy
// User on a network filesystem. The lock is the operating system's: it goes
// with the process, however that ends.
func (s *Store) Lock() (release func(), err error) { panic("not built") }

// Verify rehashes stored bodies and checks the files. damaged names what is
// not what it was: contents whose blob is missing, incomplete or differs.
func (s *Store) Verify(ctx context.Context, progress func(done, total int)) (VerifyReport, error) {
	panic("not built")
}

// VerifyReport is what Verify found.
type VerifyReport struct {
	Checked int
	Damaged []Damage
}

// Damage is one thing that Verify found damaged.
type Damage struct {
	Content ContentID // 0 when it is not one content's
	Blob    BlobID
	What    string
}

// View reads one snapshot of the store. It must not outlive its Read.
type View struct{}

// Tx writes; it embeds View, so that a write reads what it has written.
type Tx struct{ *View }
