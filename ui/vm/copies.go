package vm

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"sync"
)

// copies is the folder of files that were given to other programs.
type copies struct {
	mu  sync.Mutex
	dir string
}

// copiesOf is how the names of such folders begin for the windows of a profile.
func copiesOf(profile string) string {
	sum := sha256.Sum256([]byte(profile))
	return "paquebot-copies-" + hex.EncodeToString(sum[:6]) + "-"
}

// place makes a folder for one file, which nobody else may read.
func (c *copies) place(prefix string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dir == "" {
		dir, err := os.MkdirTemp("", prefix)
		if err != nil {
			return "", err
		}
		c.dir = dir
	}
	return os.MkdirTemp(c.dir, "")
}

// RemoveCopies removes the copies that TempCopy made.
func (e *Env) RemoveCopies() {
	e.copies.mu.Lock()
	defer e.copies.mu.Unlock()
	if e.copies.dir == "" {
		return
	}
	if err := os.RemoveAll(e.copies.dir); err != nil {
		e.Log.Error("copies", "err", err)
	}
	e.copies.dir = ""
}

// SweepCopies removes the copies that windows of this profile left behind which
// were killed. Call it when no other window of the profile runs.
func (e *Env) SweepCopies() {
	e.copies.mu.Lock()
	defer e.copies.mu.Unlock()
	left, err := filepath.Glob(filepath.Join(os.TempDir(), copiesOf(e.Store.Dir())+"*"))
	for _, dir := range left {
		if err == nil && dir != e.copies.dir {
			err = os.RemoveAll(dir)
		}
	}
	if err != nil { // such as somebody else's folder of that name
		e.Log.Warn("copies left behind", "err", err)
	}
}
