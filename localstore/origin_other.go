//go:build unix && !linux && !darwin

package localstore

import (
	"os"
	"syscall"
)

// traitsOf asks the file system about an open file.
func traitsOf(f *os.File) (t traits, err error) {
	info, err := f.Stat()
	if err != nil {
		return t, err
	}
	if x, ok := info.Sys().(*syscall.Stat_t); ok {
		t.Inode = uint64(x.Ino)
	}
	return t, nil
}
