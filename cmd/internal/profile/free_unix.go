//go:build linux || darwin || freebsd

package profile

import "syscall"

// FreeBytes returns how much room a user has on the disk a folder lies on.
func FreeBytes(dir string) (int64, error) {
	for {
		var at syscall.Statfs_t
		err := syscall.Statfs(dir, &at)
		if err != syscall.EINTR {
			return int64(at.Bavail) * int64(at.Bsize), err
		}
	}
}
