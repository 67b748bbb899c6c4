package localstore

import (
	"os"

	sys "golang.org/x/sys/unix"
)

// traitsOf asks the file system about an open file.
func traitsOf(f *os.File) (t traits, err error) {
	var x sys.Statx_t
	err = sys.Statx(int(f.Fd()), "", sys.AT_EMPTY_PATH, sys.STATX_BASIC_STATS|sys.STATX_BTIME, &x)
	if err != nil {
		return t, err
	}
	t = traits{Inode: x.Ino, Changed: nanoseconds(x.Ctime)}
	if x.Mask&sys.STATX_BTIME != 0 {
		t.Born = nanoseconds(x.Btime)
	}
	return t, nil
}

func nanoseconds(t sys.StatxTimestamp) int64 { return t.Sec*1e9 + int64(t.Nsec) }
