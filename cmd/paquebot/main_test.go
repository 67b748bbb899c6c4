package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

// beProgram makes this test binary the program itself.
const beProgram = "PAQUEBOT_TEST_BE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is the program with a home of its own and, of the variables that say
// what display and language there is, those in env alone.
func program(t *testing.T, ctx context.Context, env []string, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	stderr = new(bytes.Buffer)
	cmd = exec.CommandContext(ctx, self, args...)
	cmd.Env = append([]string{beProgram + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home, "TMPDIR=" + home}, env...)
	cmd.Stderr = stderr
	return cmd, stderr
}

func TestADisplayThatIsGone(t *testing.T) {
	for _, env := range []string{
		"",
		"DISPLAY=:987654",
		"DISPLAY=localhost:11.0",
		"DISPLAY=nonsense",
		"WAYLAND_DISPLAY=wayland-gone",
		"DISPLAY=:987654 WAYLAND_DISPLAY=wayland-gone",
		"DISPLAY=:987654 WAYLAND_DISPLAY=wayland-gone XDG_SESSION_TYPE=wayland",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), watchdog)
		cmd, stderr := program(t, ctx, strings.Fields(env), "--demo")
		err := cmd.Run()
		cancel()
		if code := cmd.ProcessState.ExitCode(); code != fault.ExitOffline || !strings.HasPrefix(stderr.String(), "There is no display here") {
			t.Errorf("%q: %v\n%s", env, err, stderr)
		}
	}
}

// TestNothingSaidOfALocale: a locale without a language is no error.
func TestNothingSaidOfALocale(t *testing.T) {
	for _, env := range []string{"", "LANG=C", "LANG=C.UTF-8", "LC_ALL=C.UTF-8 LANG=de_DE.UTF-8", "LC_MESSAGES=C.utf8", "LC_ALL=POSIX", "LANG=de_DE.UTF-8"} {
		cmd, stderr := program(t, t.Context(), strings.Fields(env), "--help")
		if err := cmd.Run(); err != nil || !strings.HasPrefix(stderr.String(), "Paquebot reads") {
			t.Errorf("%q: %v\n%s", env, err, stderr)
		}
	}
}
