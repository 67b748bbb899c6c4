//go:build unix

package localstore

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock of an open file, for as long as it is open.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		}
		return err
	}
}

// isReadOnly tells whether a file could not be opened for writing because of
// where it lies or whose it is.
func isReadOnly(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS)
}
