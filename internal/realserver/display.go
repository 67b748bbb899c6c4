package realserver

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
)

// suiteWindow is the name under which a missing X server is reported.
const suiteWindow = "window on a virtual display"

// Display starts a private X server of that many pixels, with a window
// manager, and returns the value for $DISPLAY. Both are stopped when the test
// ends.
func Display(t testing.TB, width, height int) string {
	t.Helper()
	xvfb := program(t, suiteWindow, "Xvfb", "xvfb")
	openbox := program(t, suiteWindow, "openbox", "openbox")
	dir := privateDir(t)

	number, tell, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	cmd := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{tell}
	x, err := start("Xvfb", filepath.Join(dir, "xvfb.log"), cmd)
	tell.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.stop(t) })

	said := make(chan string, 1)
	go func() { // ends with Xvfb at the latest
		b, _ := io.ReadAll(number)
		said <- strings.TrimSpace(string(b))
	}()
	var display string
	select {
	case display = <-said:
	case <-clock.System.After(startWithin):
	}
	if display == "" {
		t.Fatalf("Xvfb did not start: %s", tail(filepath.Join(dir, "xvfb.log")))
	}

	wm := exec.Command(openbox, "--sm-disable")
	wm.Env = append(os.Environ(), "DISPLAY=:"+display, "HOME="+dir)
	manager, err := start("openbox", filepath.Join(dir, "openbox.log"), wm)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { manager.stop(t) })
	return ":" + display
}

// Xdotool runs xdotool, the hand on keyboard and mouse, on a display, and
// returns what it says. It is ended when ctx is.
func Xdotool(t testing.TB, ctx context.Context, display string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(ctx, program(t, suiteWindow, "xdotool", "xdotool"), args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display)
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("xdotool %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), err
}
