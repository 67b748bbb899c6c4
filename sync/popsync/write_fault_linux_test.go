package popsync

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/realserver"
)

// TestFaultAtEveryWrite has the system fail the n-th write of a process that
// downloads and deletes, for every n: by a kill, by a disk that is full from
// then on, by one that fails once. What is left behind is whole, and a healthy
// pass makes it complete.
func TestFaultAtEveryWrite(t *testing.T) {
	strace := realserver.Strace(t)
	for _, fault := range []string{"signal=KILL:when=%d", "error=ENOSPC:when=%d+", "error=EIO:when=%d"} {
		faults := 0
		for at := firstWrite(); ; at += writeStep() {
			r := newRig(t, mailsOfInterrupt, fakepop.Options{})
			dir := r.store.Dir()
			r.store.Close()
			trace := filepath.Join(t.TempDir(), "trace")
			cmd := exec.Command(strace, "-f", "-qq", "-o", trace, "-e", "trace=pwrite64", "-e", "inject=pwrite64:"+fmt.Sprintf(fault, at),
				os.Args[0], "-test.run=^TestKill$", "-test.timeout=60s")
			cmd.Env = append(os.Environ(), childDir+"="+dir, "PAQUEBOT_POPSYNC_KILL=-1")
			out, err := cmd.CombinedOutput()
			if strings.Contains(string(out), "panic") {
				t.Errorf(fault+": %s", at, out)
			}
			said, readErr := os.ReadFile(trace)
			if readErr != nil {
				t.Fatal(readErr)
			}
			struck := strings.Contains(string(said), "INJECTED") || err != nil
			r.wantNoSins(fmt.Sprintf(fault, at))
			r.open(dir)
			r.settle(fmt.Sprintf(fault, at))
			r.wantSound(fmt.Sprintf(fault, at))
			r.store.Close()
			r.server.Close()
			if !struck {
				break
			}
			faults++
		}
		t.Logf("%d writes failed by %s: nothing lost, nothing double: %v", faults, fault, !t.Failed())
		if faults == 0 {
			t.Errorf("%s: no write failed", fault)
		}
	}
}

// firstWrite and writeStep choose the writes that fail: a few by the seed, all
// with PAQUEBOT_TORTURE=1.
func firstWrite() int {
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		return 1
	}
	seed, _ := strconv.Atoi(os.Getenv("PAQUEBOT_SEED"))
	return 1 + seed%writeStep()
}

func writeStep() int {
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		return 1
	}
	return 23
}
