package localstore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"paquebot.app/internal/fault"
)

// errHeld is what lockFile returns when another process has the lock.
var errHeld = errors.New("held by another process")

// Lock makes this process the one that runs the engine. It fails at once with
// remedy Later when another process holds it (and names it), and with remedy
// User on a network filesystem. The lock is the operating system's: it goes
// with the process, however that ends.
func (s *Store) Lock() (release func(), err error) {
	if err := s.WhyReadOnly(); err != nil {
		return nil, err
	}
	if network, err := onNetwork(s.dir); err != nil {
		return nil, diskFault("lock the profile", err)
	} else if network {
		return nil, &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "lock the profile",
			Text: "This profile lies on a network drive, where two computers could write to it at once. Please move it to a disk of this computer."}
	}
	f, err := os.OpenFile(filepath.Join(s.dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, diskFault("lock the profile", err)
	}
	if err := lockFile(f); err != nil {
		defer f.Close()
		if errors.Is(err, errHeld) {
			return nil, &fault.Error{Remedy: fault.Later, Scope: fault.App, Cause: fault.Disk, Op: "lock the profile",
				Text: "Another Paquebot is running with this profile" + holder(f) + "."}
		}
		return nil, diskFault("lock the profile", err)
	}
	// The number only helps to find the process: on a full disk the lock
	// holds without it.
	if f.Truncate(0) == nil {
		fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	s.locked.Store(true)
	var once sync.Once
	return func() {
		once.Do(func() {
			s.locked.Store(false)
			f.Truncate(0)
			f.Close()
		})
	}, nil
}

// holder names the process that holds the lock, as far as its file tells.
func holder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return ""
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(" (process %d)", pid)
}
