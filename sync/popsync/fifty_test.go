package popsync

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
)

// The two tests hold what a well-known mail program does not: of 50 mails it
// makes 30 twice when the session ends before QUIT, and 26 when it is killed
// while it downloads.

const fifty = 50

// TestFiftyMailsAndNoQUIT: the session ends when QUIT comes, three times.
func TestFiftyMailsAndNoQUIT(t *testing.T) {
	r := newRig(t, fifty, fakepop.Options{})
	r.play("drop-before-quit")
	for range 3 {
		r.receive()
		r.wantAll("without QUIT")
		r.wantOnServer("without QUIT", fifty)
	}
	r.play()
	r.settle("in the end")
	r.wantNoSins("in the end")
	r.wantSound("in the end")
}

// TestFiftyMailsAndAKill: the program is killed five times, each time farther
// in its download.
func TestFiftyMailsAndAKill(t *testing.T) {
	r := newRig(t, fifty, fakepop.Options{})
	dir := r.store.Dir()
	r.store.Close()
	kills := 0
	for at := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$", "-test.timeout=60s")
		cmd.Env = append(os.Environ(), childDir+"="+dir, fmt.Sprintf("PAQUEBOT_POPSYNC_KILL=%d", 3+2*at))
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("kill %d did not strike: %s", at, out)
		}
		if !cmd.ProcessState.Success() {
			kills++
		}
	}
	r.open(dir)
	r.settle("in the end")
	r.wantNoSins("in the end")
	r.wantSound("in the end")
	t.Logf("%d kills: 50 of 50", kills)
}
