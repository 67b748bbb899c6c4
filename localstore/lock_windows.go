package localstore

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes the lock of an open file, for as long as it is open. What is
// locked on Windows cannot be read by others: a byte far behind the text is.
func lockFile(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: 1}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errHeld
	}
	return err
}

// isReadOnly tells whether a file could not be opened for writing because of
// where it lies or whose it is.
func isReadOnly(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, windows.ERROR_WRITE_PROTECT)
}

// onNetwork tells whether a folder lies on another computer's disk.
func onNetwork(dir string) (bool, error) {
	full, err := windows.FullPath(dir)
	if err != nil {
		return false, err
	}
	if len(full) > 1 && full[0] == '\\' && full[1] == '\\' {
		return true, nil
	}
	root, err := windows.UTF16PtrFromString(full[:2] + `\`)
	if err != nil {
		return false, err
	}
	return windows.GetDriveType(root) == windows.DRIVE_REMOTE, nil
}
