package localstore

import (
	"os"

	"golang.org/x/sys/windows"
)

// traitsOf asks the file system about an open file. Windows lets programs set
// every time, so that none says when the file was changed.
func traitsOf(f *os.File) (t traits, err error) {
	var x windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &x); err != nil {
		return t, err
	}
	return traits{Inode: uint64(x.FileIndexHigh)<<32 | uint64(x.FileIndexLow), Born: x.CreationTime.Nanoseconds()}, nil
}
