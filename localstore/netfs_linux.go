package localstore

import (
	"errors"
	"syscall"
)

// networkFilesystems are the numbers that statfs(2) gives to filesystems of
// other computers, where locks and shared memory cannot be relied upon.
var networkFilesystems = map[uint32]string{
	0x6969:     "nfs",
	0x517B:     "smb",
	0xFF534D42: "cifs",
	0xFE534D42: "smb2",
	0x5346414F: "afs",
	0x73757245: "coda",
	0x00C36400: "ceph",
	0x01021997: "9p",
}

// onNetwork tells whether a folder lies on another computer's disk.
func onNetwork(dir string) (bool, error) {
	for {
		var at syscall.Statfs_t
		err := syscall.Statfs(dir, &at)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		return networkFilesystems[uint32(at.Type)] != "", err
	}
}
