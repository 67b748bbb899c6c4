package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"paquebot.app/internal/fault"
)

// File is secrets.json: readable text that only its owner may read. It takes
// secrets only after the user has said yes to that, which the existence of the
// file says as well.
type File struct {
	path string

	mu  sync.Mutex
	yes bool
}

// NewFile returns the store in the file at path, which need not exist.
func NewFile(path string) *File { return &File{path: path} }

// Allow notes that the user has agreed to secrets in a readable file.
func (f *File) Allow() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.yes = true
}

// Get implements Store.
func (f *File) Get(_ context.Context, ref string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept, err := f.read()
	if err != nil {
		return "", err
	}
	secret, ok := kept[ref]
	if !ok {
		return "", none("read the file of secrets")
	}
	return secret, nil
}

// Set implements Store. When it returns nil, the secret is on the disk.
func (f *File) Set(_ context.Context, ref, secret string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := os.Stat(f.path); !f.yes && errors.Is(err, fs.ErrNotExist) {
		return noStore("write the file of secrets", nil)
	}
	kept, err := f.read()
	if err != nil {
		return err
	}
	kept[ref] = secret
	return f.write(kept)
}

// Delete implements Store.
func (f *File) Delete(_ context.Context, ref string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept, err := f.read()
	if err != nil {
		return err
	}
	if _, ok := kept[ref]; !ok {
		return nil
	}
	delete(kept, ref)
	return f.write(kept)
}

// read returns all that is kept; a file that does not exist keeps nothing.
func (f *File) read() (map[string]string, error) {
	kept := map[string]string{}
	b, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kept, nil
	case err != nil:
		return nil, onDisk("The file of secrets cannot be read.", err)
	}
	if err := json.Unmarshal(b, &kept); err != nil || kept == nil {
		// What json says may quote the file.
		return nil, onDisk("The file of secrets is damaged. Remove it, and the passwords are asked for again.", errors.New(f.path))
	}
	return kept, nil
}

// write replaces the file so that at any moment either the old one is whole or
// the new one is. A crash may leave a temporary file, which the next write
// takes over.
func (f *File) write(kept map[string]string) error {
	const text = "The file of secrets cannot be written."
	b, err := json.MarshalIndent(kept, "", "\t")
	if err != nil {
		return onDisk(text, err)
	}
	temp := f.path + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return onDisk(text, err)
	}
	if err := writeSynced(temp, append(b, '\n')); err != nil {
		os.Remove(temp)
		return onDisk(text, err)
	}
	if err := os.Rename(temp, f.path); err != nil {
		os.Remove(temp)
		return onDisk(text, err)
	}
	if err := syncFolder(filepath.Dir(f.path)); err != nil {
		return onDisk(text, err)
	}
	return nil
}

// writeSynced creates a file that only its owner may read and waits until its
// bytes are on the disk.
func writeSynced(name string, b []byte) error {
	w, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return errors.Join(err, w.Sync(), w.Close())
}

// syncFolder makes a rename in a folder last. Windows cannot and need not.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// onDisk says what went wrong with the file.
func onDisk(text string, err error) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Disk, Op: "file of secrets", Text: text, Err: err}
}
