package popsync

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
)

// TestNothingIsRemovedOntoADamagedFile: a database with a few damaged pages
// opens and takes rows. Mail that arrives in it stays on the server.
func TestNothingIsRemovedOntoADamagedFile(t *testing.T) {
	damaged := 0
	for at := range 12 {
		r := newRig(t, 150, fakepop.Options{})
		r.allow()
		r.mustReceive()
		r.wantOnServer("before", 0)
		dir := r.store.Dir()
		r.store.Close()
		if !spoil(t, filepath.Join(dir, "mail.db"), 3+at) {
			break
		}
		r.open(dir)
		if r.store.Sound(t.Context()) == nil {
			continue // nothing was there
		}
		damaged++
		for i := range 5 {
			r.deliver(testMail(1000 + i))
		}
		report, err := r.receive()
		if len(r.user.Mailbox("INBOX").Messages()) != 5 {
			t.Errorf("page %d from the end: %d of 5 mails are on the server; %+v, %v", 3+at, len(r.user.Mailbox("INBOX").Messages()), report, err)
		}
		if err == nil && len(report.Conflicts) == 0 {
			t.Errorf("page %d from the end: nobody was told", 3+at)
		}
		r.store.Close()
	}
	if damaged < 3 {
		t.Errorf("%d pages were damaged", damaged)
	}
}

// spoil overwrites a piece of the n-th page from the end of a file.
func spoil(t *testing.T, path string, n int) bool {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := len(raw) - n*4096
	if at < 4096 {
		return false
	}
	random := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range 512 {
		raw[at+i] = byte(random.Uint32())
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}
