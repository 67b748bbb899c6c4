package localstore

import (
	"os"

	sys "golang.org/x/sys/unix"
)

// traitsOf asks the file system about an open file.
func traitsOf(f *os.File) (t traits, err error) {
	var x sys.Stat_t
	if err := sys.Fstat(int(f.Fd()), &x); err != nil {
		return t, err
	}
	return traits{Inode: x.Ino, Born: x.Btim.Nano(), Changed: x.Ctim.Nano()}, nil
}
