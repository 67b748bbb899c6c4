package localstore

import "syscall"

// mntLocal is MNT_LOCAL of mount(2): the filesystem is stored locally.
const mntLocal = 0x1000

// onNetwork tells whether a folder lies on another computer's disk.
func onNetwork(dir string) (bool, error) {
	var at syscall.Statfs_t
	if err := syscall.Statfs(dir, &at); err != nil {
		return false, err
	}
	return at.Flags&mntLocal == 0, nil
}
