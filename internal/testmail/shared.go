package testmail

import (
	"os"
	"path/filepath"
)

// Shared returns the folder of mails collected from other projects, "mail"
// beside the folder "shared" that stands next to the repository, if there is
// one. It is looked for upwards from the working directory. Tests read it in
// place and must pass without it.
func Shared(t interface{ Helper() }) (dir string, ok bool) {
	t.Helper()
	at, err := os.Getwd()
	for err == nil {
		dir = filepath.Join(at, "shared", "mail")
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir, true
		}
		up := filepath.Dir(at)
		if up == at {
			break
		}
		at = up
	}
	return "", false
}
